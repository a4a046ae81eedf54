"""Laws of `POST /v1/replays`: it answers what the service answered, says what a policy changes, keeps nothing, and stays polite."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api import replaying
from service.api.replay_limits import FILTERS
from service.api.replaying import MAX_REPLAYS, TURNS_AT_ONCE, ReplayDesk
from service.api.wire_replay import ReplayOut
from service.engine import Engine
from service.replay.play import Outcome, play
from service.replay.stored import StoredScores, as_conversation
from service.store import assessment_to_json
from tests.api.scorers import LetterScorer
from tests.api.support import KEY_HEADER, MakeClient, store_of
from tests.api.test_error_shape import assert_problem
from tests.unit.replay.matrices import rule

PATH = "/v1/replays"
TWICE = f"version: what-if\nrules:\n{rule('twice', '{streak_at_least: {frustration: 2}}')}"
CANARY = "kanárek tajný"
# Redaction, repeated contact, shouting, an abstention, agents between: whatever a replay could read otherwise.
TEXTS = [
    ("customer", "hello"),
    ("agent", "what can I do for you"),
    ("customer", f"{CANARY} this is the third time I write to you!!! my number is 0912345678, CALL ME NOW!!!"),
    ("customer", "???"),
    ("customer", "TẠI SAO KHÔNG AI TRẢ LỜI 0912 345 678!!!"),
    ("bot", "please wait"),
    ("customer", "no! write! to SOMEBODY.ANGRY@EXAMPLE.COM please!"),  # shouted only until it is redacted
    ("customer", "thank you"),
]


def talk(client: TestClient, name: str, texts: list[tuple[str, str]] = TEXTS) -> list[dict[str, Any]]:
    answers = []
    for number, (role, text) in enumerate(texts):
        body = {"turn_id": f"t{number}", "role": role, "text": text}
        answer = client.post(f"/v1/conversations/{name}/turns", json=body)
        assert answer.status_code == 201, answer.text
        answers.append(answer.json())
    return answers


def replayed(client: TestClient, **body: Any) -> dict[str, Any]:
    answer = client.post(PATH, json=body)
    assert answer.status_code == 200, answer.text
    ReplayOut.model_validate(answer.json(), strict=True)
    found: dict[str, Any] = answer.json()
    return found


def inline(name: str, *texts: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "turns": [{"role": "customer", "text": text} for text in texts], **more}


def angry(name: str, **more: Any) -> dict[str, Any]:
    return inline(name, "where is it!!!", "answer me!!!", **more)


def test_a_replay_answers_what_the_service_answered(client: TestClient) -> None:
    answers = talk(client, "c1")
    (heard,) = store_of(client).heard(["c1"])
    shown = client.get("/v1/conversations/c1").json()["turns"]
    policy = client.app.state.runtime.engine.policy  # type: ignore[attr-defined]
    again = list(play(Engine(StoredScores(), policy), as_conversation(heard)))
    assert len(again) == len(answers) == len(shown)
    for answer, first, kept in zip(again, answers, shown, strict=True):
        made = assessment_to_json(answer.assessment)
        assert made["risk"] == first["risk"]
        assert made["score"] == kept["score"]
        assert made["recommendation"] == kept["recommendation"]
        assert {**made["recommendation"], "reasons": []} == {**first["recommendation"], "reasons": []}  # type: ignore[dict-item]
    assert {answer["recommendation"]["action"] for answer in answers} >= {"none", "phrase", "consult"}


def test_a_replay_knows_hand_offs_transfers_and_contacts(client: TestClient) -> None:
    def send(name: str, turn_id: str, text: str, **more: Any) -> dict[str, Any]:
        body = {"turn_id": turn_id, "role": "customer", "text": text, **more}
        answer = client.post(f"/v1/conversations/{name}/turns", json=body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def act(action: str, **more: Any) -> None:
        taken = client.post("/v1/conversations/c2/handoff", json={"action": action, "by": "jana", **more})
        assert taken.status_code == 200, taken.text

    send("c1", "t1", "where is it!!!", contact_id="anna")
    answers = [
        send("c2", "t1", "hello again!!!"),
        send("c2", "t2", "where is it!!!", contact_id="anna", queue="sales"),
        send("c2", "t3", "answer me!!!", queue="billing"),
        send("c2", "t4", "answer me now!!!", queue="sales"),
    ]
    act("accept")
    answers.append(send("c2", "t5", "is anybody there!!!"))
    act("return")
    answers.append(send("c2", "t6", "no!!!", queue="billing"))
    act("join")
    act("resolve", outcome="solved")
    (heard,) = store_of(client).heard(["c2"])
    conversation = as_conversation(heard)
    policy = client.app.state.runtime.engine.policy  # type: ignore[attr-defined]
    again = list(play(Engine(StoredScores(), policy), conversation))
    assert [answer.assessment.bot_muted for answer in again] == [answer["bot_muted"] for answer in answers]
    for answer, first in zip(again, answers, strict=True):
        made = assessment_to_json(answer.assessment)
        assert made["risk"] == first["risk"]
        assert [r["rule"] for r in made["recommendation"]["reasons"]] == [  # type: ignore[index]
            r["rule"] for r in first["recommendation"]["reasons"]
        ]
    assert (again[-1].after.earlier_conversations, again[-1].after.transfers) == (1, 3)
    assert conversation.outcome == Outcome(escalated=True, customer_turn=4)


def test_the_alerts_of_a_replay_are_those_that_the_stream_published(client: TestClient) -> None:
    for name in ("c1", "c2"):
        talk(client, name)
    published = [event for event in store_of(client).events_after(0) if event.type == "alert.raised"]
    found = replayed(client)
    assert published
    assert found["metrics"]["all"]["alerts"] == len(published)
    assert (found["metrics"]["all"]["conversations"], found["more"], found["diff"]) == (2, False, None)
    silent = f"version: silent\nrules:\n{rule('silent', '{streak_at_least: {threat: 9}}')}"
    cases = replayed(client, policy=silent)["diff"]["cases"]
    for case in cases:
        own = [event.data for event in published if event.conversation_id == case["conversation_id"]]
        shown = [(a["turn_id"], a["action"], a["queue"], a["rules"]) for a in case["before"]]
        assert shown == [(e["turn_id"], e["action"], e["queue"], e["rules"]) for e in own]
        assert case["kinds"] == ["disappears"]
    assert len(cases) == 2


def test_another_policy_shows_what_it_changes_and_no_text(client: TestClient) -> None:
    talk(client, "c1", [("customer", "where is it!!!"), ("customer", f"{CANARY}!!!")])
    answer = client.post(PATH, json={"policy": TWICE})
    diff = answer.json()["diff"]
    assert (diff["conversations"], diff["changed"]) == (1, 1)
    assert [case["conversation_id"] for case in diff["cases"]] == ["c1"]
    assert diff["cases"][0]["after"][-1]["rules"] == ["twice"]
    assert diff["matrix"]["added"] == ["twice"]
    assert "self-harm" in diff["matrix"]["removed"]
    assert answer.json()["policy"]["version"].startswith("what-if+")
    assert CANARY not in answer.text


def test_todays_policy_sent_as_text_changes_nothing(client: TestClient) -> None:
    talk(client, "c1")
    text = (Path(__file__).parents[2] / "service" / "risk" / "policy.yaml").read_text(encoding="utf-8")
    found = replayed(client, policy=text)
    assert found["policy"] == found["diff"]["against"]
    assert (found["diff"]["changed"], found["diff"]["turns_answered_otherwise"]) == (0, 0)
    assert found["metrics"] == found["diff"]["metrics_before"]


def test_given_conversations_are_scored_measured_and_not_kept(client: TestClient) -> None:
    given = [angry("a", escalated=True, language="vi"), angry("b", escalated=False), inline("c", "hello")]
    before = store_of(client).last_event_id()
    found = replayed(client, policy=TWICE, conversations=given)
    assert found["metrics"]["all"]["precision"] == 0.5
    assert found["metrics"]["all"]["recall"] == 1.0
    assert (found["metrics"]["vi"]["conversations"], found["metrics"]["en"]["conversations"]) == (1, 2)
    assert store_of(client).last_event_id() == before
    assert client.get("/v1/conversations").json()["conversations"] == []


def test_a_given_conversation_is_answered_as_if_it_had_been_sent(client: TestClient) -> None:
    talk(client, "live")
    turns = [{"role": role, "text": text} for role, text in TEXTS]
    by_stored = replayed(client, policy=TWICE, conversations=["live"])
    by_given = replayed(client, policy=TWICE, conversations=[{"id": "live", "turns": turns}])
    for found in (by_stored, by_given):
        for case in found["diff"]["cases"]:
            for alert in (*case["before"], *case["after"]):
                del alert["turn_id"]
    assert by_given == by_stored


def test_the_same_call_is_answered_with_the_same_bytes(client: TestClient) -> None:
    talk(client, "c1")
    body = {"policy": TWICE, "conversations": ["c1", angry("a", escalated=True)]}
    assert client.post(PATH, json=body).content == client.post(PATH, json=body).content


def test_what_people_did_is_the_outcome_of_a_stored_conversation(client: TestClient) -> None:
    def act(name: str, action: str, **more: Any) -> None:
        taken = client.post(f"/v1/conversations/{name}/handoff", json={"action": action, "by": "jana", **more})
        assert taken.status_code == 200, taken.text

    for name in ("taken", "false", "closed", "alone"):
        talk(client, name, [("customer", "where is it!!!"), ("customer", "answer me!!!"), ("customer", "NOW!!!")])
    act("taken", "join")
    act("false", "accept")
    act("false", "resolve", outcome="false_alarm")
    act("closed", "resolve", outcome="solved")
    found = replayed(client, policy=TWICE)
    metrics = found["metrics"]["all"]
    assert (metrics["labelled"], metrics["escalated"], metrics["lead_median"]) == (3, 1, 1.0)
    assert (metrics["precision"], metrics["recall"], metrics["false_positive_rate"]) == (0.3333, 1.0, 1.0)
    cases = {case["conversation_id"]: case["escalated"] for case in found["diff"]["cases"]}
    assert cases == {"taken": True, "false": False, "closed": False, "alone": None}


def test_the_window_the_language_and_the_limit_choose_among_stored_ones(client: TestClient) -> None:
    for number in range(3):
        talk(client, f"c{number}", [("customer", "hello there")])
    times = [item.updated_at for item in store_of(client).list_conversations().items]
    at = (sorted(times)[1] + max(times)) / 2  # between the second and the third; a datetime has microseconds only
    for body, count, more in (
        ({}, 3, False),
        ({"limit": 2}, 2, True),
        ({"limit": 3}, 3, False),
        ({"since": at}, 1, False),
        ({"until": at}, 2, False),
        ({"language": "en"}, 3, False),
        ({"language": "vi"}, 0, False),
    ):
        found = replayed(client, **body)
        assert (found["metrics"]["all"]["conversations"], found["more"]) == (count, more), body


# fmt: off
INVALID = [
    ({"policy": f"version: '1'\nrules:\n  - id: {CANARY}"},                         "policy"),
    ({"policy": f"{CANARY}: 1"},                                                    "policy"),
    ({"policy": TWICE.replace("frustration: 2", f"frustration: {CANARY}")},         "policy"),
    ({"policy": "[" * 100_000},                                                     "policy"),
    ({"policy": "x" * 200_001},                                                     "policy"),
    ({"policy": ""},                                                                "policy"),
    ({"policy": 1},                                                                 "policy"),
    ({"limit": 2001},                                                               "limit"),
    ({"limit": 0},                                                                  "limit"),
    ({"since": CANARY},                                                             "since"),
    ({"language": "xx"},                                                            "language"),
    ({CANARY: 1},                                                                   "(unknown)"),
    ({"conversations": []},                                                         "conversations"),
    ({"conversations": ["nobody"]},                                                 "conversations[0]"),
    ({"conversations": [CANARY]},                                                   "conversations[0].id"),
    ({"conversations": [angry("a"), {"id": "b"}]},                                  "conversations[1]"),
    ({"conversations": [angry("a"), angry("a")]},                                   "conversations[0].id"),
    ({"conversations": [{"id": "a", "turns": []}]},                                 "conversations[0].turns"),
    ({"conversations": [inline("a", "x", "")]},                                     "conversations[0].turns[1].text"),
    ({"conversations": [inline("a", CANARY * 2000)]},                               "conversations[0].turns[0].text"),
    ({"conversations": [{"id": "a", "turns": [{"role": CANARY, "text": CANARY}]}]}, "conversations[0].turns[0].role"),
    ({"conversations": [{"id": "a", "turns": [{"role": "bot", "text": "x", "sent_at": 9}, {"role": "bot", "text": "x", "sent_at": 8}]}]}, "conversations[0].turns[1].sent_at"),
    ({"conversations": [angry(f"a{n}") for n in range(201)]},                       "conversations"),
    ({"conversations": [inline(f"a{n}", *["x"] * 21) for n in range(100)]},         "conversations"),
    ({"conversations": [f"a{n}" for n in range(2001)]},                             "conversations"),
]
# fmt: on


@pytest.mark.parametrize(("body", "field"), INVALID, ids=[f"{n}-{case[1]}" for n, case in enumerate(INVALID)])
def test_what_cannot_be_replayed_is_a_problem_that_names_the_field(
    shared_client: TestClient, body: dict[str, Any], field: str
) -> None:
    problem = assert_problem(shared_client.post(PATH, json=body), 422)
    assert field in [error["field"] for error in problem["errors"]]


@pytest.mark.parametrize("name", FILTERS)
def test_filters_beside_named_conversations_are_refused(shared_client: TestClient, name: str) -> None:
    value = {"since": 1, "until": 1, "language": "vi", "limit": 5}[name]
    problem = assert_problem(shared_client.post(PATH, json={"conversations": [angry("a")], name: value}), 422)
    assert [error["field"] for error in problem["errors"]] == [name]


def test_a_wrong_policy_says_line_key_and_what_was_expected(shared_client: TestClient) -> None:
    wrong = TWICE.replace("action: consult", "action: shout")
    problem = assert_problem(shared_client.post(PATH, json={"policy": wrong}), 422)
    (error,) = problem["errors"]
    assert error["message"] == "line 5, rules[0].action: expected one of none, phrase, consult, handoff"
    assert "shout" not in problem["detail"]


def test_a_web_page_and_a_stranger_may_not_replay(client: TestClient, make_client: MakeClient) -> None:
    stranger = make_client(signed=False)
    made = store_of(stranger).create_key("publishable", "shop", ("https://shop.example",))
    headers = {"Authorization": f"Bearer {made.secret_once}", "Origin": "https://shop.example"}
    assert_problem(stranger.post(PATH, json={}, headers=headers), 403)
    assert_problem(stranger.post(PATH, json={}), 401)
    assert stranger.post(PATH, json={}, headers=KEY_HEADER).status_code == 200


def test_nothing_that_was_sent_is_logged(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        replayed(client, policy=TWICE, conversations=[inline("a", f"{CANARY}!!!")])
    assert CANARY not in caplog.text


def test_without_kept_texts_the_scores_are_replayed(make_client: MakeClient) -> None:
    client = make_client(store_text=False)
    talk(client, "c1", [("customer", "where is it!!!"), ("customer", "hello!!!")])
    assert replayed(client, policy=TWICE)["diff"]["cases"][0]["after"][-1]["rules"] == ["twice"]


def test_a_customers_turn_waits_behind_a_few_texts_of_a_replay_only(make_client: MakeClient) -> None:
    scorer = LetterScorer()
    client = make_client(scorer=scorer)
    replayed(client, conversations=[inline("a", *(f"text {n}" for n in range(3 * TURNS_AT_ONCE + 1)))])
    assert max(map(len, scorer.calls)) == TURNS_AT_ONCE


def test_live_turns_are_answered_while_a_replay_is_under_way(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The replay holds its thread until a live turn, which came later, is answered."""
    client = make_client()
    talk(client, "c1")
    begun, answered = threading.Event(), threading.Event()
    trace_page = replaying._trace_page

    def slow(*arguments: Any) -> Any:
        begun.set()
        assert answered.wait(30)
        return trace_page(*arguments)

    monkeypatch.setattr(replaying, "_trace_page", slow)
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(client.post, PATH, json={})
        assert begun.wait(30)
        talk(client, "c2", [("customer", "hello")])
        answered.set()
        assert running.result(30).status_code == 200


def test_too_many_replays_at_once_are_asked_to_come_back(client: TestClient) -> None:
    desk: ReplayDesk = client.app.state.runtime.replays  # type: ignore[attr-defined]
    with ExitStack() as others:
        for _ in range(MAX_REPLAYS):
            others.enter_context(desk.seat())
        refused = client.post(PATH, json={})
        assert_problem(refused, 503)
        assert refused.headers["retry-after"] == "10"
    assert client.post(PATH, json={}).status_code == 200


def test_a_replay_that_fails_gives_its_seat_back(client: TestClient) -> None:
    for _ in range(MAX_REPLAYS + 1):
        assert_problem(client.post(PATH, json={"policy": "x"}), 422)
    assert client.post(PATH, json={}).status_code == 200
