"""Who may do what: every route with every kind of caller, sign-in by one-time token, origins, headers."""

import re
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Final

import pytest
from fastapi.testclient import TestClient

from service.api.auth import COOKIE, CSRF_HEADER
from service.api.sessions import MAX_SESSIONS, SESSION_LIFETIME_S, TOKEN_LIFETIME_S, Sessions, SignInTokens
from tests.api.support import MakeClient, store_of
from tests.api.test_error_shape import assert_problem, routes

ORIGIN: Final = "https://shop.example"
OTHER: Final = "https://evil.example"
TURN: Final = {"turn_id": "t1", "role": "customer", "text": "hello"}
BODIES: Final = {
    "/v1/score": {"turns": [{"text": "hello"}]},
    "/v1/conversations/c1/turns": TURN,
    "/v1/conversations/c1/draft": {"text": "hello"},
    "/v1/conversations/c1/handoff": {"action": "claim", "by": "jana"},
    "/v1/replays": {"limit": 1},
    "/v1/alerts/c1": {"action": "acknowledge", "by": "mai"},
}

QUERIES: Final = {"/v1/events": "?after=none", "/v1/reports/escalation": "?by=day"}

# fmt: off
MATRIX: Final = {
    # route                                      secret  publishable  session  nobody
    ("POST",   "/v1/score"):                    (200,    200,         403,     401),
    ("POST",   "/v1/conversations/c1/turns"):   (201,    201,         403,     401),
    ("POST",   "/v1/conversations/c1/draft"):   (200,    403,         404,     401),
    ("POST",   "/v1/conversations/c1/handoff"): (200,    403,         404,     401),
    ("GET",    "/v1/conversations/c1/handoff"): (200,    403,         404,     401),
    ("GET",    "/v1/conversations"):            (200,    403,         200,     401),
    ("GET",    "/v1/conversations/c1"):         (404,    403,         404,     401),
    ("POST",   "/v1/replays"):                  (200,    403,         403,     401),
    ("GET",    "/v1/alerts"):                   (200,    403,         200,     401),
    ("GET",    "/v1/alerts/summary"):           (200,    403,         200,     401),
    ("POST",   "/v1/alerts/c1"):                (404,    403,         404,     401),
    ("GET",    "/v1/conversations/c1/similar"): (200,    403,         404,     401),
    ("GET",    "/v1/resolutions"):              (200,    403,         200,     401),
    ("GET",    "/v1/reports/escalation"):       (200,    403,         200,     401),
    ("GET",    "/v1/events"):                   (422,    403,         422,     401),
    ("DELETE", "/v1/contacts/c1"):              (200,    403,         403,     401),
    ("GET",    "/healthz"):                     (200,    200,         200,     200),
    ("GET",    "/readyz"):                      (200,    200,         200,     200),
    ("GET",    "/metrics"):                     (200,    200,         200,     200),
}
# fmt: on


def tokens_of(client: TestClient) -> SignInTokens:
    found: SignInTokens = client.app.state.runtime.tokens  # type: ignore[attr-defined]
    return found


def headers_of(client: TestClient, kind: str) -> dict[str, str]:
    if kind in ("secret", "publishable"):
        origins = (ORIGIN,) if kind == "publishable" else ()
        key = store_of(client).create_key(kind, "test", origins).secret_once  # type: ignore[arg-type]
        return {"Authorization": f"Bearer {key}", **({"Origin": ORIGIN} if origins else {})}
    if kind == "session":
        client.get("/", params={"token": tokens_of(client).mint()})
        return {"Sec-Fetch-Site": "same-origin"}
    return {}


@pytest.mark.parametrize(("column", "kind"), list(enumerate(("secret", "publishable", "session", "nobody"))))
def test_every_route_with_every_kind_of_caller(make_client: MakeClient, column: int, kind: str) -> None:
    client = make_client(signed=False)
    headers = headers_of(client, kind)
    assert set(MATRIX) == set(routes(client)), "a route is missing in the table"
    # DELETE comes after what it would erase; an event stream is only let to begin, with a refused parameter.
    for (method, path), expected in MATRIX.items():
        address = path + QUERIES.get(path, "")
        if path == "/v1/conversations/c1" and kind == "secret":
            address = "/v1/conversations/unknown"
        answer = client.request(method, address, headers=headers, json=BODIES.get(path))
        assert answer.status_code == expected[column], (method, path, answer.text)
        if answer.status_code >= 400:
            assert_problem(answer, expected[column])


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Basic d3Jvbmc=",
        "Bearer " + "x" * 5000,
        "bootstrap-key-of-the-tests",
        "Bearer ščř",
    ],
)
def test_a_wrong_key_is_nobody(make_client: MakeClient, header: str) -> None:
    client = make_client(signed=False)
    answer = client.get("/v1/conversations", headers={"Authorization": header.encode()})
    assert_problem(answer, 401)
    assert answer.headers["www-authenticate"] == 'Bearer realm="evenkeel"'


def test_a_wrong_key_is_refused_also_beside_a_good_session(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    headers_of(client, "session")
    assert client.get("/v1/conversations", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_a_revoked_key_is_nobody_at_once(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    made = store_of(client).create_key("secret", "short-lived")
    headers = {"Authorization": f"Bearer {made.secret_once}"}
    assert client.get("/v1/conversations", headers=headers).status_code == 200
    assert store_of(client).revoke_key(made.id)
    assert_problem(client.get("/v1/conversations", headers=headers), 401)


def test_without_a_bootstrap_key_nobody_has_an_empty_one(make_client: MakeClient) -> None:
    client = make_client(signed=False, bootstrap_key=None)
    for header in ("Bearer", "Bearer ", "Bearer None"):
        assert client.get("/v1/conversations", headers={"Authorization": header}).status_code == 401


@pytest.mark.parametrize(
    ("origin", "status"), [(ORIGIN, 200), (OTHER, 403), ("null", 403), (ORIGIN + ":8443", 403), (None, 403)]
)
def test_a_publishable_key_works_from_its_origins_only(
    make_client: MakeClient, origin: str | None, status: int
) -> None:
    client = make_client(signed=False)
    headers = headers_of(client, "publishable")
    del headers["Origin"]
    answer = client.post(
        "/v1/score", json=BODIES["/v1/score"], headers=headers | ({"Origin": origin} if origin else {})
    )
    assert answer.status_code == status
    assert answer.headers.get("access-control-allow-origin") == (origin if status == 200 else None)


@pytest.mark.parametrize(("role", "status"), [("customer", 201), ("agent", 403), ("bot", 403)])
def test_a_publishable_key_speaks_for_the_customer_only(make_client: MakeClient, role: str, status: int) -> None:
    client = make_client(signed=False)
    headers = headers_of(client, "publishable")
    answer = client.post("/v1/conversations/c1/turns", json=TURN | {"role": role}, headers=headers)
    assert answer.status_code == status
    assert store_of(client).conversation("c1") is None or role == "customer"


def test_an_origin_costs_no_look_at_the_keys_where_no_page_may_call(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client(cors_origins=(OTHER,))
    headers_of(client, "publishable")
    monkeypatch.setattr(store_of(client), "list_keys", lambda: pytest.fail("the keys were read"))
    for path in ("/v1/conversations", "/v1/conversations/c1", "/v1/scores", "/healthz", "/nothing"):
        for origin in (ORIGIN, OTHER):
            assert "access-control-allow-origin" not in client.get(path, headers={"Origin": origin}).headers


def test_a_browser_is_told_what_it_may_ask(make_client: MakeClient) -> None:
    client = make_client(signed=False, cors_origins=("https://help.example",))
    headers_of(client, "publishable")
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    for origin in (ORIGIN, "https://help.example"):
        granted = client.options("/v1/score", headers={"Origin": origin, **ask})
        assert granted.status_code == 204
        assert granted.headers["access-control-allow-origin"] == origin
        assert granted.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in granted.headers
    refused = client.options("/v1/score", headers={"Origin": OTHER, **ask})
    assert_problem(refused, 403)
    assert "access-control-allow-origin" not in refused.headers


def test_an_allowed_page_may_read_why_it_was_refused(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    answer = client.post("/v1/score", json={}, headers=headers_of(client, "publishable"))
    assert_problem(answer, 422)
    assert answer.headers["access-control-allow-origin"] == ORIGIN


def test_a_token_signs_in_once(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    token = tokens_of(client).mint()
    answer = client.get("/", params={"token": token}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    morsel = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "lax", "/"), (
        "a link in a mail must sign in"
    )
    assert not morsel["secure"], "over plain HTTP a secure cookie would never come back"
    assert "<!doctype html>" in client.get("/").text.lower()
    client.cookies.clear()
    assert client.get("/", params={"token": token}, follow_redirects=False).status_code == 401
    assert client.get("/").status_code == 401


def test_over_tls_the_cookie_is_secure(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    client.base_url = client.base_url.copy_with(scheme="https")
    answer = client.get("/", params={"token": tokens_of(client).mint()}, follow_redirects=False)
    assert SimpleCookie(answer.headers["set-cookie"])[COOKIE]["secure"] is True


@pytest.mark.parametrize("token", ["", "wrong", "../../etc/passwd", "é" * 50, "x" * 200])
def test_a_wrong_token_signs_nobody_in(make_client: MakeClient, token: str) -> None:
    client = make_client(signed=False)
    answer = client.get("/", params={"token": token}, follow_redirects=False)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 204),
        ({CSRF_HEADER: "1"}, 204),
    ],
)
def test_a_session_changes_something_only_from_our_own_page(
    make_client: MakeClient, headers: dict[str, str], status: int
) -> None:
    client = make_client(signed=False)
    headers_of(client, "session")
    assert client.delete("/session", headers=headers).status_code == status
    assert client.get("/v1/conversations").status_code == (401 if status == 204 else 200)


def test_security_headers_are_on_every_answer(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    for path in ("/", "/docs", "/healthz", "/v1/conversations", "/nothing", "/assets/nothing"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert re.search(r"script-src 'self';", policy), "no inline script, no other origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_an_old_token_is_worth_nothing(tmp_path: Path) -> None:
    now = [1_000_000.0]
    tokens = SignInTokens(tmp_path, clock=lambda: now[0])
    old, older = tokens.mint(), tokens.mint()
    now[0] += TOKEN_LIFETIME_S
    assert not tokens.exchange(old)
    fresh = tokens.mint()
    assert not (tmp_path / older).exists()
    assert len(list(tmp_path.iterdir())) == 1, "old tokens are swept away"
    assert tokens.exchange(fresh)
    assert all(fresh not in file.name for file in tmp_path.iterdir())


def test_a_session_ends_by_itself_and_their_number_is_bounded() -> None:
    now = [0.0]
    sessions = Sessions(clock=lambda: now[0])
    first = sessions.begin()
    assert sessions.holds(first)
    now[0] += SESSION_LIFETIME_S
    assert not sessions.holds(first)
    cookies = [sessions.begin() for _ in range(MAX_SESSIONS + 1)]
    assert [sessions.holds(cookie) for cookie in (cookies[0], cookies[1], cookies[-1])] == [False, True, True]
