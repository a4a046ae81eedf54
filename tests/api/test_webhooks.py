"""Webhooks against real receivers: what arrives and verifies, what fails, hangs or redirects, and what administrators see."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from standardwebhooks import Webhook

from service.api import webhooks as loop
from service.api.examples import RETRY_EXAMPLES, WEBHOOK_EXAMPLES
from service.api.retention import erase_old_messages
from service.outgoing import EVENT_TYPES, schedule
from service.store import deliveries
from tests.api.process import ROOT, Service
from tests.api.support import MakeClient, store_of
from tests.api.test_error_shape import assert_problem
from tests.receiver import Received, Receiver, Reply, until

WORDS: Final = "CANARY-my-own-words!!!!"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often, and wait for nothing between attempts."""
    monkeypatch.setattr(loop, "TICK_S", 0.01)
    monkeypatch.setattr(schedule, "SCHEDULE_S", (0.0,) * 10)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    return make_client(outgoing_private=True)


def add(client: TestClient, receiver: Receiver, *types: str, **fields: Any) -> dict[str, Any]:
    body = {"url": receiver.url, "types": types or ["turn.scored"], **fields}
    made: dict[str, Any] = client.post("/v1/webhooks", json=body).raise_for_status().json()
    return made


def say(client: TestClient, conversation: str = "c1", turn: str = "t1", **fields: Any) -> None:
    body = {"turn_id": turn, "role": "customer", "text": WORDS, **fields}
    client.post(f"/v1/conversations/{conversation}/turns", json=body).raise_for_status()


def log_of(client: TestClient, webhook: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/v1/webhooks/{webhook['id']}/deliveries", params=query).raise_for_status()
    found: list[dict[str, Any]] = answer.json()["deliveries"]
    return found


def settled(client: TestClient, webhook: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Return the log when so many messages have come to an end."""
    until(lambda: len([one for one in log_of(client, webhook) if one["ended_at"]]) >= number)
    return log_of(client, webhook)


def test_an_event_arrives_signed_and_the_public_library_verifies_it(client: TestClient, receiver: Receiver) -> None:
    webhook = add(client, receiver, payload="full")
    say(client)
    (scored,) = receiver.wait_for(1)
    told = Webhook(webhook["secret"]).verify(scored.body, dict(scored.headers))
    assert (told["specversion"], told["type"], told["subject"]) == ("1.0", "evenkeel.turn.scored", "c1")
    assert told["data"]["conversation_id"] == "c1"
    assert scored.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    (message,) = settled(client, webhook, 1)
    assert (message["status"], message["attempts"], message["message_id"]) == (
        "delivered",
        1,
        scored.headers["webhook-id"],
    )
    assert message["tries"][0]["status"] == 204


def test_no_customers_words_leave_with_a_webhook(client: TestClient, receiver: Receiver) -> None:
    webhook = add(client, receiver, *EVENT_TYPES, payload="full")
    say(client)
    client.post("/v1/conversations/c1/handoff", json={"action": "accept", "by": "jana", "note": WORDS})
    label = {"by": "jana", "threat": 0}
    client.put("/v1/conversations/c1/turns/t1/labels", json=label).raise_for_status()
    last = {"handoff.changed", "label.corrected"}
    until(lambda: last <= {one["type"] for one in log_of(client, webhook) if one["ended_at"]})
    everything = b"".join(got.body for got in receiver.got)
    assert b"handoff.changed" in everything
    assert b"CANARY" not in everything


def test_a_failure_is_sent_again_with_the_same_id_and_body(client: TestClient, receiver: Receiver) -> None:
    answers = iter([Reply(500), Reply(302, {"Location": receiver.url + "/moved"}), Reply(drops=True), Reply(200)])
    receiver.reply = lambda _: next(answers)
    webhook = add(client, receiver)
    say(client)
    got = receiver.wait_for(4)
    assert len({(one.headers["webhook-id"], one.body, one.path) for one in got}) == 1
    (message,) = settled(client, webhook, 1)
    assert [(one["result"], one["status"]) for one in message["tries"]] == [
        ("answered", 500),
        ("answered", 302),
        ("protocol", None),
        ("answered", 200),
    ]
    assert (message["status"], message["attempts"]) == ("delivered", 4)


def test_after_the_last_attempt_a_message_has_failed_and_can_be_sent_again(
    client: TestClient, receiver: Receiver
) -> None:
    receiver.reply = lambda _: Reply(503)
    webhook = add(client, receiver)
    say(client)
    (message,) = settled(client, webhook, 1)
    assert (message["status"], message["attempts"], len(receiver.got)) == ("failed", 10, 10)
    assert log_of(client, webhook, status="delivered") == []
    receiver.reply = lambda _: Reply(204)
    again = client.post(f"/v1/webhooks/{webhook['id']}/deliveries/{message['id']}/retry")
    assert (again.status_code, again.json()["message_id"]) == (202, message["message_id"])
    until(lambda: log_of(client, webhook)[0]["status"] == "delivered")
    assert receiver.got[-1].headers["webhook-id"] == message["message_id"]


def test_everything_that_failed_since_a_time_is_sent_again(client: TestClient, receiver: Receiver) -> None:
    receiver.reply = lambda _: Reply(400)
    webhook = add(client, receiver)
    say(client, turn="t1")
    say(client, turn="t2")
    settled(client, webhook, 2)
    receiver.reply = lambda _: Reply(204)
    address = f"/v1/webhooks/{webhook['id']}/retry"
    assert client.post(address, json={"since": "2100-01-01T00:00:00Z"}).json() == {"retried": 0}
    assert client.post(address, json={"since": "2026-01-01T00:00:00Z"}).json() == {"retried": 2}
    until(lambda: {one["status"] for one in log_of(client, webhook)} == {"delivered"})


def test_who_answers_410_is_asked_no_more(client: TestClient, receiver: Receiver) -> None:
    receiver.reply = lambda _: Reply(410)
    webhook = add(client, receiver)
    say(client)
    settled(client, webhook, 1)
    found = client.get(f"/v1/webhooks/{webhook['id']}").json()
    assert (found["enabled"], found["disabled_reason"]) == (False, "gone")
    assert len(receiver.got) == 1
    (entry,) = client.get("/v1/audit", params={"action": "webhook.disabled"}).json()["entries"]
    assert (entry["actor"], entry["detail"]["host"]) == ("service", "127.0.0.1")


def test_an_endpoint_that_hangs_holds_nobody_up(client: TestClient, receiver: Receiver) -> None:
    with Receiver(lambda _: Reply(hangs=True)) as hanging:
        add(client, hanging)
        add(client, receiver)
        for number in range(12):
            say(client, turn=f"t{number}")
        receiver.wait_for(12)
        assert len(hanging.wait_for(deliveries.AT_ONCE)) == deliveries.AT_ONCE
        assert client.get("/readyz").status_code == 200


# fmt: off
REFUSED: Final = [
    ("http://shop.example/", "https"), ("https://jana:heslo@shop.example/", "password"), ("shop", "URL"),
    ("https://127.0.0.1/", "OUTGOING_PRIVATE"), ("https://[::1]/", "OUTGOING_PRIVATE"),
    ("https://169.254.169.254/latest", "OUTGOING_PRIVATE"), ("https://2130706433/", "usual form"),
]
# fmt: on


@pytest.mark.parametrize(("url", "words"), REFUSED)
def test_a_url_that_could_lead_inside_is_refused(shared_client: TestClient, url: str, words: str) -> None:
    answer = shared_client.post("/v1/webhooks", json={"url": url, "types": ["alert.raised"]})
    problem = assert_problem(answer, 422)
    assert problem["errors"][0]["field"] == "url"
    assert words in problem["errors"][0]["message"]
    assert "heslo" not in answer.text


def test_a_name_that_leads_inside_is_refused_when_it_is_called(make_client: MakeClient) -> None:
    client = make_client()
    with Receiver() as inside:
        url = f"https://localhost:{inside.port}/hook"
        webhook = client.post("/v1/webhooks", json={"url": url, "types": ["turn.scored"]}).json()
        client.post(f"/v1/webhooks/{webhook['id']}/test").raise_for_status()
        (message,) = settled(client, webhook, 1)
        assert (message["status"], message["tries"][0]["result"], inside.got) == ("failed", "address", [])


BAD_BODIES: Final[list[tuple[dict[str, object], str]]] = [
    ({"types": []}, "types"),
    ({"types": ["turn.deleted"]}, "types[0]"),
    ({"queues": ["a\nb"]}, "queues[0]"),
    ({"languages": ["de"]}, "languages[0]"),
    ({"payload": "fat"}, "payload"),
    ({"secret": "whsec_mine"}, "secret"),
    ({"description": "a\u0000b"}, "description"),
]


@pytest.mark.parametrize(("fields", "field"), BAD_BODIES)
def test_a_wrong_field_is_named(shared_client: TestClient, fields: dict[str, object], field: str) -> None:
    body = {"url": "https://shop.example/", "types": ["alert.raised"], **fields}
    assert assert_problem(shared_client.post("/v1/webhooks", json=body), 422)["errors"][0]["field"] == field


def test_a_secret_is_shown_once_and_two_sign_after_a_rotation(client: TestClient, receiver: Receiver) -> None:
    webhook = add(client, receiver)
    rotated = client.post(f"/v1/webhooks/{webhook['id']}/rotate").json()
    assert rotated["secret"] != webhook["secret"]
    say(client)
    (got,) = receiver.wait_for(1)
    for secret in (webhook["secret"], rotated["secret"]):
        assert Webhook(secret).verify(got.body, dict(got.headers))["data"]["turn_id"] == "t1"
    for address in ("/v1/webhooks", f"/v1/webhooks/{webhook['id']}", "/v1/audit"):
        assert "whsec_" not in client.get(address).text


def test_a_webhook_is_changed_tested_while_disabled_and_removed(client: TestClient, receiver: Receiver) -> None:
    webhook = add(client, receiver, queues=["billing"])
    address = f"/v1/webhooks/{webhook['id']}"
    change = {"enabled": False, "description": "Tickets", "languages": ["cs"]}
    changed = client.patch(address, json=change).json()
    assert {name: changed[name] for name in change} == change
    assert (changed["queues"], changed["disabled_reason"]) == (["billing"], "person")
    client.post(f"{address}/test").raise_for_status()
    (ping,) = receiver.wait_for(1)
    assert json.loads(ping.body)["type"] == "evenkeel.ping"
    assert Webhook(webhook["secret"]).verify(ping.body, dict(ping.headers))["data"] == {"webhook_id": webhook["id"]}
    assert client.delete(address).status_code == 204
    assert_problem(client.get(address), 404)
    entries = client.get("/v1/audit").json()["entries"]
    assert [entry["action"] for entry in entries] == [
        "webhook.removed",
        "webhook.tested",
        "webhook.changed",
        "webhook.created",
    ]


def test_the_examples_of_the_document_work(client: TestClient) -> None:
    for example in WEBHOOK_EXAMPLES.values():
        made = client.post("/v1/webhooks", json=example["value"])
        assert made.status_code == 201
    for example in RETRY_EXAMPLES.values():
        assert client.post(f"/v1/webhooks/{made.json()['id']}/retry", json=example["value"]).status_code == 202


def test_there_are_only_so_many_webhooks(make_client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.store.webhooks.MAX_ENDPOINTS", 1)
    client, body = make_client(), {"url": "https://shop.example/", "types": ["alert.raised"]}
    assert client.post("/v1/webhooks", json=body).status_code == 201
    assert_problem(client.post("/v1/webhooks", json=body), 409)


def test_what_is_old_leaves_the_log(client: TestClient, receiver: Receiver) -> None:
    webhook = add(client, receiver)
    say(client)
    (message,) = settled(client, webhook, 1)
    runtime = client.app.state.runtime  # type: ignore[attr-defined]
    days_s = runtime.settings.webhook_log_days * 24 * 3600.0
    client.portal.call(erase_old_messages, runtime, message["ended_at"] + days_s - 1)  # type: ignore[union-attr]
    assert len(log_of(client, webhook)) == 1
    client.portal.call(erase_old_messages, runtime, message["ended_at"] + days_s + 1)  # type: ignore[union-attr]
    assert log_of(client, webhook) == []


def test_attempts_are_counted_by_what_came_of_them(client: TestClient, receiver: Receiver) -> None:
    answers = iter([Reply(500), Reply(204)])
    receiver.reply = lambda _: next(answers)
    webhook = add(client, receiver)
    say(client)
    settled(client, webhook, 1)
    metrics = client.get("/metrics").text
    assert 'evenkeel_webhook_attempts_total{result="answered"} 1.0' in metrics
    assert 'evenkeel_webhook_attempts_total{result="delivered"} 1.0' in metrics


def test_a_new_process_sends_what_a_killed_one_left(tmp_path: Path, receiver: Receiver) -> None:
    receiver.reply = lambda _: Reply(hangs=True)
    service = Service(tmp_path / "data", settings={"EVENKEEL_OUTGOING_PRIVATE": "true"}).start()
    with service.client() as client:
        client.post("/v1/webhooks", json={"url": receiver.url, "types": ["turn.scored"]}).raise_for_status()
        for number in range(8):
            body = {"turn_id": f"t{number}", "role": "customer", "text": "hello"}
            client.post("/v1/conversations/c1/turns", json=body).raise_for_status()
    cut_off = len(receiver.wait_for(deliveries.AT_ONCE))
    service.end(SIGKILL)
    with sqlite3.connect(tmp_path / "data" / "evenkeel.db") as database:
        # As if the lease of the killed process had ended meanwhile.
        database.execute("UPDATE webhook_deliveries SET leased_until = leased_until - ?", (deliveries.LEASE_S,))
    database.close()
    receiver.reply = lambda _: Reply(204)
    service.start()
    until(lambda: turns_of(receiver.got[cut_off:]) == {f"t{number}" for number in range(8)})
    service.end()
    before, after = ids_of(receiver.got[:cut_off]), ids_of(receiver.got[cut_off:])
    assert before <= after


def ids_of(got: list[Received]) -> set[str]:
    return {one.headers["webhook-id"] for one in got}


def turns_of(got: list[Received]) -> set[str]:
    return {json.loads(one.body)["data"]["turn_id"] for one in got}


def test_the_example_of_the_readme_verifies(client: TestClient, receiver: Receiver) -> None:
    webhook = add(client, receiver)
    say(client)
    (got,) = receiver.wait_for(1)
    page = (ROOT / "README.md").read_text(encoding="utf-8").split("### Webhooks")[1]
    code = page.split("```python\n")[1].split("```")[0].replace("whsec_...", webhook["secret"])
    names: dict[str, Any] = {}
    exec(code, names)
    assert names["receive"](got.body, dict(got.headers))["type"] == "evenkeel.turn.scored"


def test_the_store_of_a_running_service_masks_its_secrets(client: TestClient, receiver: Receiver) -> None:
    webhook = add(client, receiver)
    assert webhook["secret"] not in repr(store_of(client).webhooks.list())
