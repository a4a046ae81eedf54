"""Connections: secrets go in and never come out, mistakes are named, and a delivery needs its own proof."""

import time
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from service.store import AuditFilter
from tests.api.process import Service
from tests.api.support import KEY_HEADER, MakeClient, store_of
from tests.api.test_error_shape import assert_problem
from tests.chatwoot_double import ACCOUNT, SIGNING_SECRET, TOKEN, Chatwoot
from tests.receiver import Receiver

CHATWOOT: Final[dict[str, Any]] = {
    "kind": "chatwoot",
    "name": "Our Chatwoot",
    "secrets": {"signing_secret": SIGNING_SECRET, "api_token": TOKEN},
    "options": {"base_url": "https://desk.example/", "account_id": ACCOUNT},
}
GENERIC: Final[dict[str, Any]] = {
    "kind": "generic",
    "name": "Shop",
    "options": {"mapping": "conversation: c\nmessage: m\ntext: t\nrole: {from: r, values: {client: customer}}\n"},
}


def add(client: TestClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/v1/connections", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_connection_comes_and_goes_and_its_secrets_are_seen_by_nobody(client: TestClient) -> None:
    made = add(client, CHATWOOT)
    here = f"/v1/connections/{made['id']}"
    assert made["path"] == f"/v1/integrations/chatwoot/{made['id']}"
    assert made["secrets_once"] == {}
    assert made["options"] == {"base_url": "https://desk.example", "account_id": ACCOUNT, "note_language": "customer"}
    assert (made["writes"], made["enabled"], made["secrets_set"]) == (True, True, ["api_token", "signing_secret"])
    changed = client.patch(here, json={"name": "Desk", "secrets": {"api_token": None}, "enabled": False}).json()
    assert (changed["name"], changed["writes"], changed["enabled"]) == ("Desk", False, False)
    listed = client.get("/v1/connections")
    assert [found["id"] for found in listed.json()["connections"]] == [made["id"]]
    assert {"chatwoot", "generic"} <= {desk["kind"] for desk in listed.json()["kinds"]}
    trail = store_of(client).audit_page(AuditFilter()).items
    assert [entry.action for entry in trail if entry.subject == made["id"]] == [
        "connection.changed",
        "connection.added",
    ]
    for shown in (listed.text, client.get(here).text, repr(trail), repr(store_of(client).connections.list())):
        assert SIGNING_SECRET not in shown
        assert TOKEN not in shown
    assert client.delete(here).status_code == 204
    assert_problem(client.get(here), 404)
    assert_problem(client.delete(here), 404)
    assert_problem(client.patch(here, json={"name": "x"}), 404)
    assert_problem(client.post(made["path"], json={}), 404)


def test_a_secret_that_we_make_is_shown_once(client: TestClient) -> None:
    made = add(client, GENERIC)
    token = made["secrets_once"]["token"]
    assert len(token) == 64
    assert token not in client.get("/v1/connections").text
    said = {"c": "1", "m": "1", "t": "hello", "r": "client"}
    answer = client.post(made["path"], json=said, headers={"X-Evenkeel-Token": token})
    conversation = f"generic-{made['id']}-1"
    assert answer.json() == {
        "received": [{"did": "stored", "why": None, "conversation_id": conversation, "turn_id": "1"}]
    }
    assert (
        client.post(made["path"], json=said, headers={"X-Evenkeel-Token": token}).json()["received"][0]["did"]
        == "known"
    )
    assert client.get(f"/v1/connections/{made['id']}").json()["last_delivery_at"] <= time.time()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "nosuchdesk"}, "kind"),
        ({"name": ""}, "name"),
        ({"secrets": {}}, "secrets.signing_secret"),
        ({"secrets": {"signing_secret": "short"}}, "secrets.signing_secret"),
        ({"options": {"account_id": 3}}, "options.base_url"),
        ({"options": {"base_url": "http://127.0.0.1", "account_id": 3}}, "options.base_url"),
        ({"options": {"base_url": "https://d.example", "account_id": True}}, "options.account_id.str"),
        ({"more": 1}, "more"),
    ],
)
def test_a_mistake_is_named(client: TestClient, change: dict[str, Any], field: str) -> None:
    problem = assert_problem(client.post("/v1/connections", json=CHATWOOT | change), 422)
    assert any(error["field"].startswith(field.split(".str")[0]) for error in problem["errors"])
    assert client.get("/v1/connections").json()["connections"] == []


def test_a_delivery_without_its_proof_is_nobodys(client: TestClient) -> None:
    made, desk = add(client, CHATWOOT), Chatwoot()
    desk.open(1)
    desk.say(1, "hello")
    hook = desk.outbox[-1]
    wrong = [hook.headers(time.time(), secret="another"), hook.headers(time.time() - 301), {}, KEY_HEADER]
    for headers in wrong:
        problem = assert_problem(client.post(made["path"], content=hook.body, headers=headers), 401)
        assert problem["type"].endswith("bad-signature")
    shown = client.get(f"/v1/connections/{made['id']}").json()
    assert shown["last_error"] == "signature"
    assert shown["last_delivery_at"] is None
    elsewhere = made["path"].replace("chatwoot", "intercom")
    assert_problem(client.post(elsewhere, content=hook.body, headers=hook.headers(time.time())), 404)
    assert client.get("/v1/conversations").json()["conversations"] == []


def test_a_body_that_is_no_object_or_too_large_is_refused(make_client: MakeClient) -> None:
    client = make_client()
    made = add(client, GENERIC)
    proof = {"X-Evenkeel-Token": made["secrets_once"]["token"]}
    for body in (b"", b"{", b"[]", b"\xff"):
        assert_problem(client.post(made["path"], content=body, headers=proof), 400)
    assert_problem(client.post(made["path"], content=b" " * (2 * 2**20 + 1), headers=proof), 413)


def test_a_text_that_is_too_long_is_cut_not_lost(make_client: MakeClient) -> None:
    client = make_client(max_turn_chars=10)
    made = add(client, GENERIC)
    proof = {"X-Evenkeel-Token": made["secrets_once"]["token"]}
    for _ in range(2):
        answer = client.post(made["path"], json={"c": "1", "m": "1", "t": "x" * 50, "r": "client"}, headers=proof)
        assert answer.status_code == 200
    found = store_of(client).conversation(f"generic-{made['id']}-1")
    assert found is not None
    assert [turn.text for turn in found.turns] == ["x" * 10]


def test_what_was_answered_is_written_back_once_also_after_kill_9(tmp_path: Path) -> None:
    """Killed as soon as the last delivery was answered, wherever the background was by then."""
    desk = Chatwoot()
    with Receiver(desk.answer) as receiver:
        service = Service(tmp_path / "data", settings={"EVENKEEL_OUTGOING_PRIVATE": "true"}).start()
        with service.client() as client:
            options = {"base_url": receiver.url.removesuffix("/hook"), "account_id": ACCOUNT, "note_language": "en"}
            made = client.post("/v1/connections", json=CHATWOOT | {"options": options}).json()
            desk.open(1)
            for text in ("hello", "I have waited two weeks!!!!", "Nobody answers!!!!"):
                desk.say(1, text)
            for hook in desk.outbox:
                answer = client.post(made["path"], content=hook.body, headers=hook.headers(time.time()))
                assert answer.status_code == 200
        service.end(9)
        service.start()
        receiver.wait_until(lambda: bool(desk.notes(1)) and desk.conversations[1].priority is not None)
        service.end()
        assert len(desk.notes(1)) == 1
