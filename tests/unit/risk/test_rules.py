"""One table row per rule of the shipped matrix: a conversation that it decides, and the nearest one that it leaves.

A message is (made score, text, seconds since the message before); the state is what `accumulate`
makes of them, so that a rule can only be met by a conversation that can really happen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from service.flow import ConversationState, Recommendation, Turn
from service.risk.accumulate import accumulate
from service.risk.decide import load_policy
from tests.support import make_score

POLICY = load_policy()
Message = Mapping[str, object]

# The ingredients of the table.
CALM: Message = {}
SAD: Message = {"sentiment": "negative"}
GLAD: Message = {"sentiment": "positive"}
CROSS: Message = {"frustration": 0.6}
FURIOUS: Message = {"frustration": 0.95}
INSULT: Message = {"abuse": 0.9}
FURIOUS_INSULT: Message = {"frustration": 0.9, "abuse": 0.9}
ASK: Message = {"asks_human": 0.9}
CROSS_ASK: Message = {"asks_human": 0.9, "frustration": 0.6}
AGENT: Message = {"role": "agent"}


def threat(kind: str, p: float = 0.9, frustration: float = 0.1) -> Message:
    return {"threat": p, "threat_kinds": {kind: 0.9}, "frustration": frustration}


def said(message: Message, text: str) -> Message:
    return {**message, "text": text}


def later(message: Message, seconds: float) -> Message:
    return {**message, "after": seconds}


@dataclass(frozen=True)
class Row:
    rule: str
    decides: list[Message]
    leaves: list[Message]
    start: Mapping[str, object] = field(default_factory=dict)
    other_start: Mapping[str, object] | None = None
    """State at the beginning of `leaves` when it differs from `start`."""


OVER = {"handed_over": True}
# fmt: off
TABLE = [
    Row("self-harm", [threat("self_harm")], [threat("self_harm", p=0.4)], start=OVER),
    Row("threat-violence", [threat("violence")], [threat("legal")], start=OVER),
    Row("self-harm-not-over", [threat("self_harm"), CALM], [threat("self_harm"), *[CALM] * 6]),
    Row("violence-not-over", [threat("violence"), CALM], [threat("violence"), *[CALM] * 6]),
    Row("threat-legal", [threat("legal")], [threat("legal")], other_start=OVER),
    Row("threat-regulator", [CALM, threat("regulator")], [CALM, threat("regulator", p=0.49)]),
    Row("threat-publicity-furious", [CROSS, threat("publicity", frustration=0.9)], [threat("publicity", frustration=0.9)]),
    Row("threat-publicity", [CALM, threat("publicity")], [CALM, threat("chargeback")]),
    Row("threat-chargeback", [threat("chargeback")], [threat("chargeback")], other_start=OVER),
    Row("threat-unclear", [{"threat": 0.8}], [{"threat": 0.45}]),
    Row("abuse-repeated", [INSULT, CALM, INSULT], [INSULT, CALM, CALM]),
    Row("asks-human-again", [ASK, ASK], [ASK, CALM]),
    Row("asks-human-frustrated", [CALM, CROSS_ASK], [CALM, ASK]),
    Row("asks-human-opening", [ASK], [CALM, ASK]),
    Row("asks-human", [CALM, ASK], [CALM, CROSS]),
    Row("risk-critical", [CALM, INSULT, FURIOUS, FURIOUS, FURIOUS], [CALM, FURIOUS]),
    Row("frustration-unbroken", [CROSS] * 5, [CROSS] * 4),
    Row("abuse-and-frustration-streak", [CROSS, CROSS, {"frustration": 0.6, "abuse": 0.7}], [CALM, CROSS, {"frustration": 0.6, "abuse": 0.7}]),
    Row("abuse-single", [INSULT], [CROSS]),
    Row("waiting-frustrated", [CROSS, later(CROSS, 300)], [CROSS, later(AGENT, 10), later(CROSS, 300)]),
    Row("passed-around", [CROSS], [CROSS], start={"transfers": 2}, other_start={"transfers": 1}),
    Row("repeat-contact-frustrated", [said(CROSS, "lần thứ 3 rồi")], [said(CROSS, "lần đầu")]),
    Row("sudden-explosion", [CALM, FURIOUS], [CROSS, FURIOUS]),
    Row("frustration-streak", [CROSS] * 3, [CROSS, CALM, CROSS]),
    Row("risk-high-rising", [{"frustration": 0.3}, CROSS, FURIOUS], [FURIOUS, FURIOUS]),
    Row("shouting-repeated", [said(CROSS, "NO INTERNET AGAIN"), said(CALM, "STILL WAITING HERE"), said(CROSS, "NO INTERNET AGAIN")],
        [said(CROSS, "NO INTERNET AGAIN"), said(CALM, "still waiting here"), said(CROSS, "NO INTERNET AGAIN")]),
    Row("shouting-frustrated", [said(CROSS, "NO INTERNET AGAIN")], [said(GLAD, "SO GOOD THANK YOU!!!")]),
    Row("rise-over-baseline", [{"frustration": 0.2}, CROSS], [CROSS, {"frustration": 0.9}]),
    Row("opening-frustrated", [CROSS], [CALM, CROSS]),
    Row("frustration-mild", [CROSS, CROSS], [CALM, SAD]),
    Row("cooling-down", [FURIOUS, CALM], [CALM, CALM]),
    Row("recovered", [FURIOUS, FURIOUS, CALM, GLAD], [CALM, CALM, GLAD]),
    Row("repeat-contact-calm", [said(CALM, "this is my third chat about it")], [said(CALM, "this is my first chat about it")]),
    Row("severe-but-calm", [SAD], [CROSS]),
]
# fmt: on


def run(messages: list[Message], start: Mapping[str, object]) -> Recommendation:
    """Fold the messages and decide the last one."""
    state = replace(ConversationState("c"), **start)  # type: ignore[arg-type]
    now = 0.0
    for number, message in enumerate(messages):
        made = dict(message)
        now += float(made.pop("after", 20.0))  # type: ignore[arg-type]
        turn = Turn(str(number), made.pop("role", "customer"), str(made.pop("text", "a message")), now)  # type: ignore[arg-type]
        score = make_score(**made) if turn.role == "customer" else None  # type: ignore[arg-type]
        state = accumulate(state, turn, score, now)
    return POLICY.decide(state, turn, score, now)


def fired(recommendation: Recommendation) -> list[str]:
    return [reason.rule for reason in recommendation.reasons]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.rule)
def test_a_rule_decides_its_conversation(row: Row) -> None:
    recommendation = run(row.decides, row.start)
    rule = next(rule for rule in POLICY.rules if rule.id == row.rule)
    assert fired(recommendation)[0] == row.rule
    assert (recommendation.action, recommendation.queue) == (rule.action, rule.queue)
    assert recommendation.respond_within_s == rule.respond_within_s
    assert len(recommendation.phrases) == len(rule.offers)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.rule)
def test_a_rule_leaves_the_nearest_other_conversation(row: Row) -> None:
    start = row.start if row.other_start is None else row.other_start
    assert row.rule not in fired(run(row.leaves, start))


def test_every_rule_of_the_matrix_has_its_row() -> None:
    assert [row.rule for row in TABLE] == [rule.id for rule in POLICY.rules]
    assert len(TABLE) >= 16


def test_a_calm_conversation_calls_for_nothing() -> None:
    assert run([CALM, AGENT, CALM, GLAD], {}) == Recommendation("none", None, None, (), ())


def test_despair_is_met_with_care_also_when_violence_is_threatened_too() -> None:
    both = {"threat": 0.9, "threat_kinds": {"violence": 0.9, "self_harm": 0.8}}
    recommendation = run([both], {})
    assert fired(recommendation)[:2] == ["self-harm", "threat-violence"]
    assert [phrase.technique for phrase in recommendation.phrases] == ["safety"]


@pytest.mark.parametrize("kind", ["violence", "self_harm"])
def test_danger_reaches_safety_whoever_has_the_conversation(kind: str) -> None:
    for start in ({}, OVER, {"transfers": 3}):
        recommendation = run([CALM, threat(kind, p=0.51)], start)
        assert (recommendation.action, recommendation.queue) == ("handoff", "safety")


@pytest.mark.parametrize(
    "message",
    [INSULT, FURIOUS_INSULT, {**FURIOUS_INSULT, **ASK}, {**threat("legal"), "abuse": 0.9}, threat("violence")],
)
def test_insults_and_violence_get_a_boundary_or_a_hand_over_never_cheer(message: Message) -> None:
    for before in ([], [CALM], [GLAD, GLAD], [CROSS, CROSS], [message]):
        techniques = {phrase.technique for phrase in run([*before, message], {}).phrases}
        assert techniques <= {"set_boundary", "hand_over"}
        assert techniques


def test_a_handed_over_conversation_is_not_handed_over_again_except_for_danger() -> None:
    for messages in ([threat("legal")], [CROSS] * 6, [INSULT, INSULT], [ASK], [FURIOUS_INSULT] * 3):
        assert run(messages, OVER).action != "handoff"
