"""The panel in another site's frame: who may show it, how its person gets in, and that a pass only reads."""

import pytest
from fastapi.testclient import TestClient

from service.api.auth import COOKIE, PASS_MARK
from service.store import PANEL_LIFETIME_S
from tests.api.support import KEY_HEADER, MakeClient, sign_in, store_of
from tests.api.test_auth import BODIES, MATRIX, QUERIES
from tests.api.test_error_shape import assert_problem

DESK = "https://desk.example"
CHECKS = ("POST", "/v1/conversations/c1/draft")


def pass_of(client: TestClient, name: str = "mai") -> dict[str, str]:
    """Return the headers of a panel that this agent has just opened."""
    store = store_of(client)
    if store.people.find(name) is None:
        store.people.add(name, "agent")
    link = client.post("/v1/panel/links", json={"by": name}, headers=KEY_HEADER).json()
    begun = client.post("/panel/pass", json={"token": link["token"]})
    assert begun.status_code == 201
    assert begun.json()["lifetime_s"] == PANEL_LIFETIME_S
    assert begun.json()["pass"].startswith(PASS_MARK)
    assert "set-cookie" not in begun.headers
    return {"Authorization": f"Bearer {begun.json()['pass']}"}


def test_nobody_may_show_it_by_default(make_client: MakeClient) -> None:
    answer = make_client(signed=False).get("/panel")
    assert answer.status_code == 200
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"


def test_only_named_origins_may_show_it_and_nothing_else(make_client: MakeClient) -> None:
    client = make_client(signed=False, frame_ancestors=(DESK, "https://help.example"))
    answer = client.get("/panel")
    assert f"frame-ancestors {DESK} https://help.example" in answer.headers["content-security-policy"]
    assert "x-frame-options" not in answer.headers
    assert f'content="{DESK} https://help.example"' in answer.text
    for other in ("/", "/demo", "/docs", "/v1/conversations"):
        headers = client.get(other, headers={"Host": "127.0.0.1"}).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], other
        assert headers["x-frame-options"] == "DENY", other


def test_a_pass_reads_and_checks_drafts_and_nothing_else(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    headers = pass_of(client)
    for (method, path), (_, _, agent, *_, nobody) in MATRIX.items():
        body = BODIES.get(path) if method != "GET" else None
        answer = client.request(method, path + QUERIES.get(path, ""), headers=headers, json=body)
        reads = method == "GET" or (method, path) == CHECKS or nobody != 401
        assert answer.status_code == (agent if reads else 403), (method, path, answer.text)
    assert client.get("/v1/me", headers=headers).json()["kind"] == "panel"


def test_a_link_works_once_and_for_the_panel_only(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    store_of(client).people.add("mai", "agent")
    link = client.post("/v1/panel/links", json={"by": "mai"}, headers=KEY_HEADER)
    assert link.status_code == 201
    token = link.json()["token"]
    assert link.json()["path"] == f"/panel#token={token}"
    refused = client.get("/", params={"token": token})
    assert (refused.status_code, client.cookies.get(COOKIE)) == (401, None), "it must not open the board"
    assert client.post("/panel/pass", json={"token": token}).status_code == 201
    assert_problem(client.post("/panel/pass", json={"token": token}), 401)
    board = store_of(client).sessions.mint("mai")
    assert board is not None
    assert_problem(client.post("/panel/pass", json={"token": board.token_once}), 401)


def test_a_pass_is_no_cookie_and_a_cookie_no_pass(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    panel = pass_of(client)["Authorization"].removeprefix("Bearer ").removeprefix(PASS_MARK)
    assert_problem(client.get("/v1/conversations", headers={"Cookie": f"{COOKIE}={panel}"}), 401)
    sign_in(client, "admin")
    cookie = client.cookies[COOKIE]
    client.cookies.clear()
    assert_problem(client.get("/v1/conversations", headers={"Authorization": f"Bearer {PASS_MARK}{cookie}"}), 401)


def test_a_person_makes_links_for_nobody_else(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    name = sign_in(client, "agent")
    store_of(client).people.add("boss", "admin")
    same = {"Sec-Fetch-Site": "same-origin"}
    assert client.post("/v1/panel/links", json={}, headers=same).status_code == 201
    assert client.post("/v1/panel/links", json={"by": name}, headers=same).status_code == 201
    assert_problem(client.post("/v1/panel/links", json={"by": "boss"}, headers=same), 403)
    assert_problem(client.post("/v1/panel/links", json={}), 403)  # another site's form
    assert_problem(client.post("/v1/panel/links", json={}, headers=KEY_HEADER), 422)
    assert_problem(client.post("/v1/panel/links", json={"by": "nobody"}, headers=KEY_HEADER), 404)


def test_a_pass_ends_with_its_person(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    headers = pass_of(client)
    assert client.get("/v1/conversations", headers=headers).status_code == 200
    assert client.patch("/v1/people/mai", json={"deactivated": True}, headers=KEY_HEADER).status_code == 200
    assert_problem(client.get("/v1/conversations", headers=headers), 401)


@pytest.mark.parametrize("wrong", ["", "x" * 300, "unknown"])
def test_an_unknown_pass_is_nobody(make_client: MakeClient, wrong: str) -> None:
    client = make_client(signed=False)
    assert_problem(client.get("/v1/conversations", headers={"Authorization": f"Bearer {PASS_MARK}{wrong}"}), 401)
