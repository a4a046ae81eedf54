"""Who may do what: every route with every kind of caller, sign-in by one-time token, origins, headers."""

import re
from http.cookies import SimpleCookie
from typing import Final

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.api.auth import COOKIE
from service.store import RANKS
from tests.api.support import CHANGES_BY_SESSION, MakeClient, sign_in, spend, store_of
from tests.api.test_error_shape import assert_error, assert_problem, routes

ORIGIN: Final = "https://shop.example"
OTHER: Final = "https://evil.example"
TURN: Final = {"turn_id": "t1", "role": "customer", "text": "hello"}
BODIES: Final[dict[str, dict[str, object]]] = {
    "/v1/score": {"turns": [{"text": "hello"}]},
    "/v1alpha1/comments:analyze": {"comment": {"text": "hello"}, "requestedAttributes": {"TOXICITY": {}}},
    "/v1/moderations": {"input": "hello"},
    "/v1/conversations/c1/turns": TURN,
    "/v1/conversations/c1/draft": {"text": "hello"},
    "/v1/conversations/c1/handoff": {"action": "claim", "by": "jana"},
    "/v1/replays": {"limit": 1},
    "/v1/people": {"name": "new", "role": "agent"},
    "/v1/people/c1": {"role": "agent"},
    "/v1/keys": {"kind": "secret", "name": "new"},
    "/v1/connections": {"kind": "intercom", "name": "desk", "secrets": {"client_secret": "12345678"}},
    "/v1/connections/c1": {"enabled": False},
    "/v1/integrations/c1/c1": {},
    "/v1/settings": {"retention_days": 30},
    "/v1/conversations/c1/turns/c1/labels": {"by": "mai", "threat": 0},
    "/v1/policy/check": {"policy": "version: '1'"},
    "/v1/alerts/c1": {"action": "acknowledge", "by": "mai"},
    "/v1/webhooks": {"url": "https://shop.example/hook", "types": ["alert.raised"]},
    "/v1/webhooks/c1": {"enabled": False},
    "/v1/webhooks/c1/retry": {"since": "2026-12-01T08:00:00Z"},
    "/v1/panel/links": {"by": "some agent"},
}

DELIVERIES: Final = "/v1/webhooks/c1/deliveries"
LABELS: Final = "/v1/conversations/c1/turns/c1/labels"
QUERIES: Final = {LABELS: "?by=mai", "/v1/events": "?after=none", "/v1/reports/escalation": "?by=day"}

# fmt: off
MATRIX: Final = {
    # route                                      secret  publishable  agent  supervisor  admin  nobody
    ("POST",  "/v1/score"):                      (200,    200,         403,   403,        403,   401),
    ("POST",  "/v1alpha1/comments:analyze"):     (200,    200,         403,   403,        403,   401),
    ("POST",  "/v1alpha1/comments:suggestscore"): (501,   501,         403,   403,        403,   401),
    ("GET",   "/$discovery/rest"):               (200,    200,         200,   200,        200,   200),
    ("POST",  "/v1/moderations"):                (200,    200,         403,   403,        403,   401),
    ("POST",  "/v1/conversations/c1/turns"):     (201,    201,         403,   403,        403,   401),
    ("POST",  "/v1/conversations/c1/draft"):     (200,    403,         404,   404,        404,   401),
    ("POST",  "/v1/conversations/c1/handoff"):   (200,    403,         404,   404,        404,   401),
    ("GET",   "/v1/conversations/c1/handoff"):   (200,    403,         404,   404,        404,   401),
    ("GET",   "/v1/conversations"):              (200,    403,         200,   200,        200,   401),
    ("GET",   "/v1/conversations/c1"):           (404,    403,         404,   404,        404,   401),
    ("POST",  "/v1/replays"):                    (200,    403,         403,   200,        200,   401),
    ("GET",   "/v1/alerts"):                     (200,    403,         200,   200,        200,   401),
    ("GET",   "/v1/alerts/summary"):             (200,    403,         200,   200,        200,   401),
    ("GET",   "/v1/alerts/c1"):                  (404,    403,         404,   404,        404,   401),
    ("POST",  "/v1/alerts/c1"):                  (404,    403,         403,   404,        404,   401),
    ("GET",   "/v1/conversations/c1/similar"):   (200,    403,         404,   404,        404,   401),
    ("GET",   "/v1/resolutions"):                (200,    403,         200,   200,        200,   401),
    ("GET",   "/v1/reports/escalation"):         (200,    403,         403,   200,        200,   401),
    ("GET",   "/v1/me"):                         (200,    403,         200,   200,        200,   401),
    ("GET",   "/v1/events"):                     (422,    403,         422,   422,        422,   401),
    ("GET",   "/v1/people"):                     (200,    403,         403,   403,        200,   401),
    ("POST",  "/v1/people"):                     (201,    403,         403,   403,        201,   401),
    ("PATCH", "/v1/people/c1"):                  (404,    403,         403,   403,        404,   401),
    ("POST",  "/v1/people/c1/sign-in-link"):     (404,    403,         403,   403,        404,   401),
    ("GET",   "/v1/keys"):                       (200,    403,         403,   403,        200,   401),
    ("POST",  "/v1/keys"):                       (201,    403,         403,   403,        201,   401),
    ("DELETE","/v1/keys/c1"):                    (404,    403,         403,   403,        404,   401),
    ("GET",   "/v1/connections"):                (200,    403,         403,   403,        200,   401),
    ("POST",  "/v1/connections"):                (201,    403,         403,   403,        201,   401),
    ("GET",   "/v1/connections/c1"):             (404,    403,         403,   403,        404,   401),
    ("PATCH", "/v1/connections/c1"):             (404,    403,         403,   403,        404,   401),
    ("DELETE","/v1/connections/c1"):             (404,    403,         403,   403,        404,   401),
    ("POST",  "/v1/integrations/c1/c1"):         (404,    404,         404,   404,        404,   404),
    ("GET",   "/v1/settings"):                   (200,    403,         403,   403,        200,   401),
    ("PATCH", "/v1/settings"):                   (200,    403,         403,   403,        200,   401),
    ("GET",   "/v1/audit"):                      (200,    403,         403,   403,        200,   401),
    ("DELETE","/v1/contacts/c1"):                (200,    403,         403,   403,        200,   401),
    ("GET",   "/v1/conversations/c1/alerts"):    (200,    403,         404,   404,        404,   401),
    ("GET",   "/v1/policy"):                     (200,    403,         200,   200,        200,   401),
    ("POST",  "/v1/policy/check"):               (200,    403,         403,   200,        200,   401),
    ("GET",   LABELS):                           (404,    403,         404,   404,        404,   401),
    ("PUT",   LABELS):                           (404,    403,         403,   404,        404,   401),
    ("DELETE",LABELS):                           (404,    403,         403,   404,        404,   401),
    ("GET",   "/v1/labels/queue"):               (200,    403,         403,   200,        200,   401),
    ("GET",   "/v1/labels/summary"):             (200,    403,         403,   200,        200,   401),
    ("GET",   "/v1/labels/export"):              (200,    403,         403,   403,        200,   401),
    ("GET",   "/v1/webhooks"):                   (200,    403,         403,   403,        200,   401),
    ("POST",  "/v1/webhooks"):                   (201,    403,         403,   403,        201,   401),
    ("GET",   "/v1/webhooks/c1"):                (404,    403,         403,   403,        404,   401),
    ("PATCH", "/v1/webhooks/c1"):                (404,    403,         403,   403,        404,   401),
    ("DELETE","/v1/webhooks/c1"):                (404,    403,         403,   403,        404,   401),
    ("POST",  "/v1/webhooks/c1/rotate"):         (404,    403,         403,   403,        404,   401),
    ("POST",  "/v1/webhooks/c1/test"):           (404,    403,         403,   403,        404,   401),
    ("POST",  "/v1/webhooks/c1/retry"):          (404,    403,         403,   403,        404,   401),
    ("GET",   DELIVERIES):                       (404,    403,         403,   403,        404,   401),
    ("POST",  DELIVERIES + "/c1/retry"):         (422,    403,         403,   403,        422,   401),
    ("POST",  "/v1/panel/links"):                (404,    403,         201,   201,        201,   401),
    ("GET",   "/healthz"):                       (200,    200,         200,   200,        200,   200),
    ("GET",   "/readyz"):                        (200,    200,         200,   200,        200,   200),
    ("GET",   "/metrics"):                       (200,    200,         200,   200,        200,   200),
}
# fmt: on


def token_of(client: TestClient, name: str | None = None) -> str:
    link = store_of(client).sessions.mint(name)
    assert link is not None
    return link.token_once


def headers_of(client: TestClient, kind: str) -> dict[str, str]:
    if kind in ("secret", "publishable"):
        origins = (ORIGIN,) if kind == "publishable" else ()
        key = store_of(client).create_key(kind, "test", origins, answers="full").secret_once  # type: ignore[arg-type]
        return {"Authorization": f"Bearer {key}", **({"Origin": ORIGIN} if origins else {})}
    if kind in RANKS:
        sign_in(client, kind)  # type: ignore[arg-type]
        return {"Sec-Fetch-Site": "same-origin"}
    return {}


@pytest.mark.parametrize(("column", "kind"), list(enumerate(("secret", "publishable", *RANKS, "nobody"))))
def test_every_route_with_every_kind_of_caller(make_client: MakeClient, column: int, kind: str) -> None:
    client = make_client(signed=False)
    headers = headers_of(client, kind)
    assert set(MATRIX) == set(routes(client)), "a route is missing in the table"
    # DELETE comes after what it would erase; an event stream is only let to begin, with a refused parameter.
    for (method, path), expected in MATRIX.items():
        # Who is signed in speaks for nobody else.
        address = path + ("" if path == LABELS and kind in RANKS else QUERIES.get(path, ""))
        if path == "/v1/conversations/c1" and kind == "secret":
            address = "/v1/conversations/unknown"
        body = BODIES.get(path) if method != "GET" else None
        if body is not None and kind in RANKS:
            body = {name: value for name, value in body.items() if name != "by"}
        answer = client.request(method, address, headers=headers, json=body)
        assert answer.status_code == expected[column], (method, path, answer.text)
        if answer.status_code >= 400:
            assert_error(answer, expected[column])


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
    headers_of(client, "admin")
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


KEY_PLACES: Final = ("authorization", "x-goog-api-key", "query")


def ask_with(client: TestClient, path: str, place: str, key: str, **headers: str) -> Response:
    query = {"key": key} if place == "query" else {}
    header = {"authorization": f"Bearer {key}", "x-goog-api-key": key}.get(place)
    given = {place: header} if header else {}
    return client.post(path, params=query, headers={**given, **headers}, json=BODIES[path])


@pytest.mark.parametrize("place", KEY_PLACES)
def test_a_key_may_stand_where_googles_clients_put_it_on_their_routes_only(
    make_client: MakeClient, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_client(signed=False)
    secret = store_of(client).create_key("secret", "of a program").secret_once
    publishable = store_of(client).create_key("publishable", "of a page", (ORIGIN,), answers="full").secret_once
    analyze = "/v1alpha1/comments:analyze"
    with caplog.at_level("DEBUG"):
        assert ask_with(client, analyze, place, secret).status_code == 200
        assert ask_with(client, analyze, place, publishable, Origin=ORIGIN).status_code == 200
        assert_error(ask_with(client, analyze, place, publishable, Origin=OTHER), 403)
        assert_error(ask_with(client, analyze, place, secret + "x"), 401)
        for path in ("/v1/score", "/v1/moderations", "/v1/conversations/c1/turns"):
            expected = 401 if place != "authorization" else 201 if path.endswith("turns") else 200
            assert ask_with(client, path, place, secret).status_code == expected
    ours = [repr(vars(record)) for record in caplog.records if record.name == "evenkeel"]
    assert len(ours) >= 7
    for said in (*ours, client.get("/metrics").text):
        assert secret not in said
        assert publishable not in said
        assert "key=" not in said


def test_a_wrong_bearer_is_refused_also_beside_a_good_key_in_the_query(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    secret = store_of(client).create_key("secret", "test").secret_once
    assert_error(ask_with(client, "/v1alpha1/comments:analyze", "query", secret, Authorization="Bearer wrong"), 401)


def test_a_page_may_call_the_drop_in_routes(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    headers_of(client, "publishable")
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-goog-api-key,content-type"}
    for path in ("/v1alpha1/comments:analyze", "/v1/moderations"):
        granted = client.options(path, headers={"Origin": ORIGIN, **ask})
        assert granted.status_code == 204
        assert "X-Goog-Api-Key" in granted.headers["access-control-allow-headers"]
        assert_error(client.options(path, headers={"Origin": OTHER, **ask}), 403)


def test_a_token_signs_in_once(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    token = token_of(client)
    answer = spend(client, token)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    morsel = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "lax", "/"), (
        "a link in a mail must find who is signed in"
    )
    assert not morsel["secure"], "over plain HTTP a secure cookie would never come back"
    assert "<!doctype html>" in client.get("/").text.lower()
    client.cookies.clear()
    assert spend(client, token).status_code == 401
    assert client.get("/").status_code == 401


def test_over_tls_the_cookie_is_secure(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    client.base_url = client.base_url.copy_with(scheme="https")
    assert SimpleCookie(spend(client, token_of(client)).headers["set-cookie"])[COOKIE]["secure"] is True


@pytest.mark.parametrize("token", ["", "wrong", "../../etc/passwd", "é" * 50, "x" * 200])
def test_a_wrong_token_signs_nobody_in(make_client: MakeClient, token: str) -> None:
    client = make_client(signed=False)
    for answer in (client.get("/", params={"token": token}, follow_redirects=False), spend(client, token)):
        assert answer.status_code == 401
        assert COOKIE not in answer.headers["set-cookie"]


@pytest.mark.parametrize(("headers", "allowed"), CHANGES_BY_SESSION)
def test_a_session_changes_something_only_from_our_own_page(
    make_client: MakeClient, headers: dict[str, str], allowed: bool
) -> None:
    client = make_client(signed=False)
    headers_of(client, "admin")
    assert client.delete("/session", headers=headers).status_code == (204 if allowed else 403)
    assert client.get("/v1/conversations").status_code == (401 if allowed else 200)


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
