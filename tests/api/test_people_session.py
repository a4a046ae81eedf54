"""Who signs in, and what they may: their own name, their role's steps, the cookie, and an end at once."""

from http.cookies import SimpleCookie
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.api.auth import COOKIE, CSRF_HEADER
from service.store import RANKS, SESSION_LIFETIME_S, Change, Rank
from tests.api.support import BOOTSTRAP_KEY, KEY_HEADER, MakeClient, sign_in, spend, store_of
from tests.api.test_error_shape import assert_problem

OURS: Final = {CSRF_HEADER: "1"}
HANDOFF: Final = "/v1/conversations/c1/handoff"
TURN: Final = {"turn_id": "t1", "role": "customer", "text": "hello"}


def board(make_client: MakeClient, role: Rank, name: str) -> TestClient:
    """Return a client that is signed in, beside one conversation."""
    client = make_client(signed=False)
    client.post("/v1/conversations/c1/turns", json=TURN, headers=KEY_HEADER).raise_for_status()
    sign_in(client, role, name)
    return client


def step(client: TestClient, action: str, **more: Any) -> Response:
    return client.post(HANDOFF, json={"action": action, **more}, headers=OURS)


def test_the_page_is_told_who_is_signed_in(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    store_of(client).people.add("jana", "supervisor", "Jana Nováková")
    sign_in(client, "supervisor", "jana")
    expected = {"kind": "session", "name": "jana", "display_name": "Jana Nováková", "role": "supervisor"}
    assert client.get("/v1/me").json() == expected
    key = store_of(client).create_key("secret", "desk").secret_once
    found = client.get("/v1/me", headers={"Authorization": f"Bearer {key}"}).json()
    assert found == {"kind": "secret", "name": "desk", "display_name": "desk", "role": "admin"}


def test_what_somebody_does_is_kept_under_their_own_name(make_client: MakeClient) -> None:
    client = board(make_client, "supervisor", "jana")
    assert step(client, "claim").json()["owner"] == "jana"
    assert step(client, "accept", by="jana").json()["owner"] == "jana"
    problem = assert_problem(step(client, "return", by="petr"), 403)
    assert [error["field"] for error in problem["errors"]] == ["by"]
    assert client.get(HANDOFF).json()["owner"] == "jana"


def test_a_key_must_name_who_acts(make_client: MakeClient) -> None:
    client = make_client()
    client.post("/v1/conversations/c1/turns", json=TURN)
    problem = assert_problem(client.post(HANDOFF, json={"action": "claim"}), 422)
    assert problem["errors"] == [{"field": "by", "message": "is required"}]
    problem = assert_problem(client.post("/v1/alerts/a1", json={"action": "acknowledge"}), 422)
    assert problem["errors"] == [{"field": "by", "message": "is required"}]


def test_an_alert_is_acknowledged_in_ones_own_name(make_client: MakeClient) -> None:
    client = board(make_client, "supervisor", "jana")
    problem = assert_problem(
        client.post("/v1/alerts/a1", json={"action": "acknowledge", "by": "petr"}, headers=OURS), 403
    )
    assert problem["errors"][0]["field"] == "by"


# fmt: off
STEPS: Final = {  # a step on a conversation that nobody has, that one has oneself, that petr has
    "claim":   {"agent": (200, 200, 409), "supervisor": (200, 200, 409)},
    "accept":  {"agent": (403, 403, 403), "supervisor": (200, 200, 409)},
    "join":    {"agent": (403, 403, 403), "supervisor": (200, 200, 409)},
    "return":  {"agent": (409, 200, 409), "supervisor": (409, 200, 409)},
    "resolve": {"agent": (409, 200, 409), "supervisor": (200, 200, 409)},
}
# fmt: on


@pytest.mark.parametrize("action", STEPS)
@pytest.mark.parametrize("role", ["agent", "supervisor"])
@pytest.mark.parametrize(("column", "owner"), list(enumerate((None, "jana", "petr"))))
def test_who_may_take_which_step(
    make_client: MakeClient, action: str, role: Rank, column: int, owner: str | None
) -> None:
    client = board(make_client, role, "jana")
    if owner is not None:
        store_of(client).hand_over("c1", "claim", owner)
    answer = step(client, action)
    assert answer.status_code == STEPS[action][role][column], answer.text
    if answer.status_code == 200:
        assert step(client, action).status_code == 200, "a client may retry"


def test_an_administrator_may_what_a_supervisor_may(make_client: MakeClient) -> None:
    client = board(make_client, "admin", "eva")
    assert [step(client, action).status_code for action in ("claim", "accept", "join", "resolve")] == [200] * 4


def test_a_role_counts_from_the_next_request_on(make_client: MakeClient) -> None:
    client = board(make_client, "supervisor", "jana")
    assert client.get("/v1/reports/escalation?by=day").status_code == 200
    store_of(client).people.change("jana", Change(role="agent"))
    problem = assert_problem(client.get("/v1/reports/escalation?by=day"), 403)
    assert "role supervisor" in problem["detail"]
    assert client.get("/v1/me").json()["role"] == "agent"


def test_who_is_deactivated_is_nobody_from_the_next_request_on(make_client: MakeClient) -> None:
    client = board(make_client, "supervisor", "jana")
    assert client.get("/v1/conversations").status_code == 200
    store_of(client).people.change("jana", Change(deactivated=True))
    assert_problem(client.get("/v1/conversations"), 401)
    assert client.get("/").status_code == 401


def test_a_restart_signs_nobody_out(make_client: MakeClient) -> None:
    before, after = make_client(signed=False), make_client(signed=False)
    sign_in(before, "agent", "petr")
    after.cookies = before.cookies
    assert after.get("/v1/me").json()["name"] == "petr"
    assert before.delete("/session", headers=OURS).status_code == 204
    assert_problem(after.get("/v1/me"), 401)


def test_the_cookie_of_a_session_is_never_the_one_that_was_sent(make_client: MakeClient) -> None:
    """Session fixation: a value that somebody planted before the sign-in is worth nothing after it."""
    client = make_client(signed=False)
    client.cookies.set(COOKIE, "planted")
    link = store_of(client).sessions.mint()
    assert link is not None
    answer = spend(client, link.token_once)
    morsel = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
    assert morsel.value != "planted"
    assert int(morsel["max-age"]) == SESSION_LIFETIME_S
    client.cookies.clear()
    assert client.get("/v1/me", headers={"Cookie": f"{COOKIE}=planted"}).status_code == 401
    assert client.get("/v1/me", headers={"Cookie": f"{COOKIE}={morsel.value}"}).status_code == 200


def test_signing_in_ends_the_browsers_earlier_session(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    sign_in(client, "admin", "eva")
    earlier = client.cookies[COOKIE]
    sign_in(client, "agent", "petr")
    client.cookies.clear()
    assert client.get("/v1/me", headers={"Cookie": f"{COOKIE}={earlier}"}).status_code == 401


@pytest.mark.parametrize("role", RANKS)
@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
def test_no_other_site_changes_anything_whatever_the_role(
    make_client: MakeClient, role: Rank, headers: dict[str, str]
) -> None:
    client = board(make_client, role, "jana")
    assert_problem(client.post(HANDOFF, json={"action": "claim"}, headers=headers), 403)
    assert client.get(HANDOFF).json()["owner"] is None


def test_a_key_beside_a_cookie_speaks_for_the_key(make_client: MakeClient) -> None:
    client = board(make_client, "agent", "petr")
    answer = client.get("/v1/me", headers={"Authorization": f"Bearer {BOOTSTRAP_KEY}"}).json()
    assert (answer["kind"], answer["name"]) == ("secret", "bootstrap")
