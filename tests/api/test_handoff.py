"""Laws of hand-offs over HTTP: shapes, who is refused and how, the bot's silence, and the packet in the reader's language."""

import time
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.api.auth import CSRF_HEADER
from service.api.examples import HANDOFF_EXAMPLES
from service.api.languages import first_supported
from service.api.wire_handoff import HandoffDetailOut, HandoffOut
from service.labels import LANGUAGES
from service.risk.handoff import ACTIONS
from service.risk.packet_words import load_packet_words
from tests.api.support import MakeClient, sign_in, store_of
from tests.api.test_auth import headers_of
from tests.api.test_error_shape import assert_problem
from tests.support import FixedScorer, make_score

HANDOFF = "/v1/conversations/c1/handoff"
PHONE = "0912345678"


def add(client: TestClient, text: str, role: str = "customer", turn_id: str = "t1") -> dict[str, Any]:
    body = {"turn_id": turn_id, "role": role, "text": text}
    answer = client.post("/v1/conversations/c1/turns", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def act(client: TestClient, action: str, by: str = "jana", **more: Any) -> Response:
    return client.post(HANDOFF, json={"action": action, "by": by, **more})


def detail(client: TestClient, **query: str) -> dict[str, Any]:
    answer = client.get(HANDOFF, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    HandoffDetailOut.model_validate(found)
    assert set(found) == set(HandoffDetailOut.model_fields)
    return found


def test_the_answer_is_the_documented_one(client: TestClient) -> None:
    add(client, "hello!!!!")
    before = time.time()
    answer = act(client, "claim")
    assert answer.status_code == 200
    found = answer.json()
    HandoffOut.model_validate(found, strict=True)
    assert set(found) == set(HandoffOut.model_fields)
    assert found["deadline"] - found["at"] == 120
    assert before <= found["at"] <= time.time()
    assert {key: found[key] for key in ("conversation_id", "status", "owner", "by", "bot_muted")} == {
        "conversation_id": "c1",
        "status": "claimed",
        "owner": "jana",
        "by": "jana",
        "bot_muted": False,
    }


def test_the_whole_way_and_what_the_bot_is_told(client: TestClient) -> None:
    assert add(client, "hello!!!!", turn_id="t0")["bot_muted"] is False
    # fmt: off
    table = [("claim", "claimed", False), ("accept", "accepted", True), ("join", "joined", True), ("return", "returned", False),
             ("accept", "accepted", True), ("resolve", "resolved", False)]
    # fmt: on
    for number, (action, status, muted) in enumerate(table):
        answer = act(client, action).json()
        assert (answer["status"], answer["bot_muted"]) == (status, muted)
        assert act(client, action).json() == answer, "the same action again changes nothing"
        told = add(client, "one moment", "agent", f"a{number}")
        assert told["bot_muted"] is muted
    turns = client.get("/v1/conversations/c1").json()["turns"]
    assert [turn["bot_muted"] for turn in turns] == [False, *(muted for _, _, muted in table)]
    log = detail(client)["log"]
    assert [(step["action"], step["after_seq"]) for step in log] == [
        (action, number + 1) for number, (action, _, _) in enumerate(table)
    ]


def test_while_somebody_has_it_only_the_rules_of_safety_ask_for_a_second_person(make_client: MakeClient) -> None:
    sue, hurt = (make_score(threat=0.9, threat_kinds={kind: 0.9}) for kind in ("legal", "violence"))
    client = make_client(scorer=FixedScorer({"I will sue you": sue, "I will hurt you": hurt}))
    # fmt: off
    table = [  # what happens -> the recommendation's action
        (None, "I will sue you",     "handoff"),
        ("join", "I will sue you",   "none"),
        (None, "I will hurt you",    "handoff"),
        ("return", "I will sue you", "handoff"),
    ]
    # fmt: on
    for number, (action, text, expected) in enumerate(table):
        if action is not None:
            act(client, action)
        recommended = add(client, text, turn_id=f"t{number}")["recommendation"]["action"]
        assert (recommended == "handoff") == (expected == "handoff"), (action, text)
    alerts = [event for event in store_of(client).events_after(0) if event.type == "alert.raised"]
    # The last turn joins the alert of t2, which nobody of safety has acknowledged.
    assert [event.data["turn_id"] for event in alerts] == ["t0", "t2"]


def test_the_limits_are_settings(make_client: MakeClient) -> None:
    client = make_client(handoff_accept_s=7, handoff_join_s=9)
    add(client, "hello")
    claimed, accepted = act(client, "claim").json(), act(client, "accept").json()
    assert claimed["deadline"] - claimed["at"] == 7
    assert accepted["deadline"] - accepted["at"] == 9
    assert act(client, "join").json()["deadline"] is None


def test_somebody_else_is_told_who_has_it_and_until_when(client: TestClient) -> None:
    add(client, "hello")
    act(client, "claim", "Jana Nováková")
    answer = act(client, "accept", "petr", note="kanárek")
    problem = assert_problem(answer, 409)
    assert problem["type"] == "urn:evenkeel:problem:handoff-conflict"
    assert "claimed by Jana Nováková until 20" in problem["detail"]
    assert problem["errors"][0]["field"] == "by"
    assert "kanárek" not in answer.text
    act(client, "join", "Jana Nováková")
    assert assert_problem(act(client, "resolve", "petr"), 409)["detail"] == (
        "The conversation is joined by Jana Nováková."
    )


def test_nothing_can_be_returned_that_nobody_has(client: TestClient) -> None:
    add(client, "hello")
    problem = assert_problem(act(client, "return"), 409)
    assert problem["errors"] == [{"field": "action", "message": "needs an owner, and the conversation is open"}]


def test_one_person_has_one_spelling(client: TestClient) -> None:
    add(client, "hello")
    act(client, "claim", "Nguyễn An")
    for same in ("  Nguyễn An ", "Nguye\u0302\u0303n An"):
        assert act(client, "claim", same).json()["owner"] == "Nguyễn An"
    listed = client.get("/v1/conversations", params={"owner": "Nguyễn An "}).json()["conversations"]
    assert [(row["conversation_id"], row["status"], row["owner"]) for row in listed] == [("c1", "claimed", "Nguyễn An")]
    assert client.get("/v1/conversations", params={"owner": "An"}).json()["conversations"] == []


def test_the_list_is_filtered_by_status_and_rows_tell_the_owner(client: TestClient) -> None:
    add(client, "hello")
    act(client, "join")
    for status, count in (("joined", 1), ("open", 0), ("resolved", 0)):
        rows = client.get("/v1/conversations", params={"status": status}).json()["conversations"]
        assert len(rows) == count
    row = client.get("/v1/conversations/c1").json()
    assert (row["status"], row["owner"], row["deadline"]) == ("joined", "jana", None)


def test_a_session_may_act_from_our_own_page_only(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    key = store_of(client).create_key("secret", "desk").secret_once
    body = {"turn_id": "t1", "role": "customer", "text": "hello"}
    client.post("/v1/conversations/c1/turns", json=body, headers={"Authorization": f"Bearer {key}"})
    sign_in(client, "supervisor", "jana")
    assert_problem(act(client, "claim"), 403)
    assert store_of(client).audit_trail()[0].action == "session.began"
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {CSRF_HEADER: "1"}):
        answer = client.post(HANDOFF, json={"action": "claim", "by": "jana"}, headers=headers)
        assert answer.status_code == 200
    assert_problem(client.post(HANDOFF, json={"action": "claim"}, headers={"Sec-Fetch-Site": "cross-site"}), 403)
    assert client.get(HANDOFF).status_code == 200
    entry = store_of(client).audit_trail()[0]
    assert (entry.actor, entry.action, entry.detail["via"]) == ("jana", "handoff.claim", "session")


def test_a_publishable_key_neither_acts_nor_reads(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    headers = headers_of(client, "publishable")
    assert_problem(client.post(HANDOFF, json={"action": "claim", "by": "jana"}, headers=headers), 403)
    assert_problem(client.get(HANDOFF, headers=headers), 403)


def test_the_stream_tells_of_it_without_the_note(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    add(client, "hello")
    caplog.clear()
    act(client, "resolve", note=f"kanárek {PHONE}", outcome="false_alarm")
    act(client, "resolve", note=f"kanárek {PHONE}", outcome="false_alarm")
    (event,) = [event for event in store_of(client).events_after(0) if event.type == "handoff.changed"]
    assert (event.data["status"], event.data["outcome"]) == ("resolved", "false_alarm")
    assert "kanárek" not in repr(event) + caplog.text + repr(store_of(client).audit_trail())
    (step,) = detail(client)["log"]
    assert (step["note"], step["outcome"]) == ("kanárek <phone>", "false_alarm")


def test_a_customer_opens_it_again(client: TestClient) -> None:
    add(client, "hello")
    act(client, "resolve", outcome="solved")
    add(client, "it is broken again!!!!", turn_id="t2")
    found = detail(client)
    assert (found["status"], found["owner"], found["by"]) == ("open", None, None)
    assert len(found["log"]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_packet_is_in_the_language_that_is_asked_for(client: TestClient, language: str) -> None:
    add(client, f"My parcel {PHONE} has not arrived, where is it!!!!")
    add(client, "I will call you tomorrow. I have refunded it.", "agent", "t2")
    packet = detail(client, language=language)["packet"]
    assert packet["language"] == language
    assert packet["titles"] == load_packet_words()[language].titles
    assert packet["issue"][0]["text"].startswith("My parcel <phone>")
    assert packet["quotes"][0]["evidence"][0]["end"] <= len(packet["quotes"][0]["text"])
    assert [item["text"] for item in packet["promised"]] == ["I will call you tomorrow."]
    assert [item["text"] for item in packet["tried"]] == ["I have refunded it."]
    assert PHONE not in str(packet)


def test_without_kept_texts_the_packet_has_no_quotes(make_client: MakeClient) -> None:
    client = make_client(store_text=False)
    add(client, "where is it!!!!")
    packet = detail(client)["packet"]
    assert (packet["issue"], packet["quotes"]) == ([], [])
    assert packet["risk"]["curve"]


# fmt: off
HEADERS = [
    (None, "en"), ("", "en"), ("cs", "cs"), ("cs-CZ,cs;q=0.9,en;q=0.8", "cs"), ("de,fr;q=0.9", "en"),
    ("de, vi;q=0.5, en;q=0.4", "vi"), ("en;q=0.2, tl;q=0.7", "tl"), ("fil-PH", "tl"), ("VI", "vi"),
    ("cs;q=0, vi;q=0.1", "vi"), ("cs;q=x, vi;q=0.1", "vi"), ("*", "en"), (";;,,q=1", "en"), ("cs;q=nan, en", "en"),
]
# fmt: on


@pytest.mark.parametrize(("header", "language"), HEADERS)
def test_else_it_is_in_the_first_language_of_the_browser_that_we_speak(header: str | None, language: str) -> None:
    assert first_supported(header) == language


def test_the_header_is_read(client: TestClient) -> None:
    add(client, "hello")
    answer = client.get(HANDOFF, headers={"Accept-Language": "de, cs;q=0.9"})
    assert answer.json()["packet"]["language"] == "cs"
    assert (
        client.get(HANDOFF, headers={"Accept-Language": "cs"}, params={"language": "vi"}).json()["packet"]["language"]
        == "vi"
    )


def test_every_action_has_an_example_that_works(make_client: MakeClient) -> None:
    client = make_client()
    add(client, "hello")
    assert list(HANDOFF_EXAMPLES) == list(ACTIONS)
    for action in ("claim", "accept", "join", "return", "resolve"):
        assert client.post(HANDOFF, json=HANDOFF_EXAMPLES[action]["value"]).status_code == 200
