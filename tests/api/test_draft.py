"""Laws of the draft check over HTTP: it reads the conversation, answers in its language, and keeps nothing."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api.examples import DRAFT_EXAMPLES
from service.api.wire_draft import DraftOut
from service.labels import LANGUAGES
from tests.api.support import MakeClient, store_of

REPLY = "I have passed your request on to the warehouse and am waiting for their answer."
RUDE = "Please calm down, sir."


def add(client: TestClient, text: str, role: str = "customer", turn_id: str = "t1") -> None:
    body = {"turn_id": turn_id, "role": role, "text": text}
    assert client.post("/v1/conversations/c1/turns", json=body).status_code == 201


def check(client: TestClient, text: str, **more: Any) -> dict[str, Any]:
    answer = client.post("/v1/conversations/c1/draft", json={"text": text, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_answer_is_the_documented_one(client: TestClient) -> None:
    add(client, "hello")
    answer = check(client, RUDE)
    DraftOut.model_validate(answer, strict=True)
    (finding,) = answer["findings"]
    assert set(finding) == {"kind", "start", "end", "why", "offer"}
    assert (finding["kind"], RUDE[finding["start"] : finding["end"]]) == ("calm_down", "calm down")
    assert check(client, "I'm sorry. I'll look into it right away.") == {"language": "en", "findings": []}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_of_each_language_is_answered_in_it(client: TestClient, language: str) -> None:
    add(client, "hello")
    answer = check(client, **DRAFT_EXAMPLES[language]["value"])
    assert answer["language"] == language
    assert {"calm_down", "blame"} & {finding["kind"] for finding in answer["findings"]}


def test_each_language_has_an_example(shared_client: TestClient) -> None:
    path = shared_client.get("/openapi.json").json()["paths"]["/v1/conversations/{conversation_id}/draft"]["post"]
    assert set(path["requestBody"]["content"]["application/json"]["examples"]) == set(LANGUAGES)


def test_positions_count_characters_of_the_text_as_sent(client: TestClient) -> None:
    add(client, "hello")
    text = "👋🏽 Dobrý den, Uklidne\u030cte se!"  # the mark is a character of its own
    (finding,) = check(client, text, language="cs")["findings"]
    assert text[finding["start"] : finding["end"]] == "Uklidne\u030cte se"


def test_the_conversation_is_read_a_reply_twice_is_found(client: TestClient) -> None:
    add(client, "my parcel?")
    assert check(client, REPLY)["findings"] == []
    add(client, REPLY, "agent", "t2")
    add(client, "and now?", turn_id="t3")
    assert [finding["kind"] for finding in check(client, REPLY)["findings"]] == ["repetition"]


def test_without_kept_texts_the_words_alone_are_checked(make_client: MakeClient) -> None:
    client = make_client(store_text=False)
    add(client, "my parcel has still not arrived")
    add(client, REPLY, "agent", "t2")
    assert check(client, REPLY)["findings"] == []
    assert [finding["kind"] for finding in check(client, RUDE)["findings"]] == ["calm_down"]


def test_nothing_of_a_draft_is_kept_counted_by_agent_or_logged(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    add(client, "hello")
    before = client.get("/v1/conversations/c1").json()
    events = store_of(client).last_event_id()
    caplog.clear()
    check(client, "Please calm down, kanárek.")
    assert client.get("/v1/conversations/c1").json() == before
    assert store_of(client).last_event_id() == events
    assert "kanárek" not in caplog.text
    assert "calm_down" not in client.get("/metrics").text
