"""A table of the shipped matrix: per rule, conversations that it decides and the nearest ones that it leaves.

A message is (made score, text, seconds since the message before); the state is what `accumulate`
makes of them, so that a rule can only be met by a conversation that can really happen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from service.flow import ConversationState, Recommendation, Turn
from service.risk.accumulate import accumulate
from service.risk.decide import load_policy
from service.risk.policy import QUEUES
from tests.support import make_score

POLICY = load_policy()
Message = Mapping[str, object]

# The ingredients of the table.
CALM: Message = {}
SAD: Message = {"sentiment": "negative"}
GLAD: Message = {"sentiment": "positive"}
CROSS: Message = {"frustration": 0.6}
FURIOUS: Message = {"frustration": 0.95}
BITTER: Message = {"frustration": 0.95, "sentiment": "negative"}
INSULT: Message = {"abuse": 0.9}
FURIOUS_INSULT: Message = {"frustration": 0.9, "abuse": 0.9}
ASK: Message = {"asks_human": 0.9}
CROSS_ASK: Message = {"asks_human": 0.9, "frustration": 0.6}
AGENT: Message = {"role": "agent"}
BOT: Message = {"role": "bot", "text": "Please choose one of these topics."}
ANSWERS: Message = {"role": "bot", "text": "Your order is on its way."}


def threat(kind: str, p: float = 0.9, frustration: float = 0.1) -> Message:
    return {"threat": p, "threat_kinds": {kind: 0.9}, "frustration": frustration}


def said(message: Message, text: str) -> Message:
    return {**message, "text": text}


def later(message: Message, seconds: float) -> Message:
    return {**message, "after": seconds}


def moved(message: Message, queue: str) -> Message:
    return {**message, "queue": queue}


@dataclass(frozen=True)
class Talk:
    """A conversation that begins in a state of its own."""

    messages: list[Message]
    start: Mapping[str, object]


def talk(*messages: Message, **start: object) -> Talk:
    return Talk(list(messages), start)


@dataclass(frozen=True)
class Row:
    rule: str
    decides: list[Talk]
    leaves: list[Talk]


OVER = {"handed_over": True}
SENT_ON = {"transfers": 2}
LOUD = said(CROSS, "NO INTERNET AGAIN")
THIRD_AGENT = said(CROSS, "you are the third person I talk to")
NO_MANAGER = said(CALM, "no need for a manager any more")
REFUND = said(CROSS, "I want my 120 euro refunded")
ERROR = said(CROSS, "it says error 503 at the checkout")
# fmt: off
TABLE = [
    Row("self-harm",
        [talk(threat("self_harm"), **OVER), talk(CROSS, threat("self_harm", p=0.55)), talk(threat("self_harm"), **SENT_ON)],
        [talk(threat("self_harm", p=0.4)), talk(threat("legal"))]),
    Row("threat-violence",
        [talk(threat("violence"), **OVER), talk(CALM, {**threat("violence"), "abuse": 0.9})],
        [talk(threat("legal")), talk(threat("violence", p=0.45))]),
    Row("self-harm-not-over",
        [talk(threat("self_harm"), CALM), talk(threat("self_harm"), AGENT, CALM, GLAD)],
        [talk(threat("self_harm"), *[CALM] * 6), talk(threat("self_harm"), CALM, **OVER)]),
    Row("violence-not-over",
        [talk(threat("violence"), CALM), talk(threat("violence"), AGENT, CROSS)],
        [talk(threat("violence"), *[CALM] * 6), talk(threat("violence"), CALM, **OVER)]),
    Row("passed-around-threat",
        [talk(threat("legal"), **SENT_ON), talk(moved(CALM, "a"), moved(CALM, "b"), moved(threat("publicity"), "c"))],
        [talk(threat("legal"), transfers=1), talk(threat("chargeback"), **SENT_ON), talk(threat("legal"), transfers=2, **OVER)]),
    Row("threat-legal",
        [talk(threat("legal")), talk(CROSS, AGENT, threat("legal", frustration=0.9))],
        [talk(threat("legal"), **OVER), talk(threat("legal", p=0.4))]),
    Row("threat-regulator",
        [talk(CALM, threat("regulator")), talk(threat("regulator", frustration=0.8))],
        [talk(CALM, threat("regulator", p=0.49)), talk(threat("regulator"), **OVER)]),
    Row("threat-publicity-furious",
        [talk(CROSS, threat("publicity", frustration=0.9)), talk(FURIOUS, AGENT, threat("publicity", frustration=0.8))],
        [talk(threat("publicity", frustration=0.9)), talk(CALM, threat("publicity", frustration=0.6))]),
    Row("threat-publicity",
        [talk(CALM, threat("publicity")), talk(threat("publicity", frustration=0.9))],
        [talk(CALM, threat("chargeback")), talk(threat("publicity"), **OVER)]),
    Row("threat-chargeback-furious",
        [talk(CROSS, threat("chargeback", frustration=0.9)), talk(FURIOUS, AGENT, threat("chargeback", frustration=0.8))],
        [talk(CROSS, threat("chargeback")), talk(threat("chargeback", frustration=0.9))]),
    Row("threat-chargeback",
        [talk(threat("chargeback")), talk(CALM, threat("chargeback", frustration=0.6))],
        [talk(threat("chargeback"), **OVER), talk(threat("chargeback", p=0.3))]),
    Row("threat-unclear",
        [talk({"threat": 0.8}), talk(CROSS, {"threat": 0.6, "frustration": 0.8})],
        [talk({"threat": 0.45}), talk(threat("legal"))]),
    Row("abuse-persistent",
        [talk(INSULT, INSULT, INSULT), talk(CALM, INSULT, AGENT, FURIOUS_INSULT, AGENT, INSULT)],
        [talk(INSULT, INSULT, CALM, INSULT), talk(INSULT, INSULT)]),
    Row("abuse-repeated",
        [talk(INSULT, CALM, INSULT), talk(INSULT, AGENT, FURIOUS_INSULT), talk(INSULT, INSULT, **SENT_ON)],
        [talk(INSULT, CALM, CALM), talk(INSULT, INSULT, **OVER)]),
    Row("passed-around-asks-human",
        [talk(ASK, **SENT_ON), talk(CROSS, CROSS_ASK, **SENT_ON)],
        [talk(ASK, transfers=1), talk(said(ASK, "no need for a manager"), **SENT_ON)]),
    Row("asks-human-again",
        [talk(ASK, ASK), talk(CROSS_ASK, CALM, AGENT, ASK)],
        [talk(ASK, CALM), talk(ASK, NO_MANAGER, ASK), talk(ASK, said(ASK, "không cần gặp quản lý nữa"))]),
    Row("asks-human-frustrated",
        [talk(CALM, CROSS_ASK), talk(CROSS_ASK)],
        [talk(CALM, ASK), talk(said(CROSS_ASK, "Už nikoho nepotřebuji"))]),
    Row("asks-human-from-bot",
        [talk(BOT, ASK), talk(CALM, ANSWERS, ASK)],
        [talk(CALM, AGENT, ASK), talk(CALM, BOT, AGENT, ASK)]),
    Row("asks-human-opening",
        [talk(ASK), talk(AGENT, ASK)],
        [talk(CALM, ASK), talk(said(ASK, "di na kailangan ng supervisor"))]),
    Row("asks-human",
        [talk(CALM, ASK), talk(CALM, BOT, AGENT, ASK)],
        [talk(CALM, CROSS), talk(CALM, said(ASK, "no need for a manager"))]),
    Row("bot-repeats-itself",
        [talk(CALM, BOT, CALM, BOT, CROSS), talk(CROSS, BOT, ANSWERS, BOT, CROSS)],
        [talk(CALM, BOT, CALM, ANSWERS, CROSS), talk(CALM, BOT, CALM, BOT, AGENT, CROSS), talk(CALM, BOT, CALM, BOT, CALM)]),
    Row("bot-not-understood",
        [talk(said(CALM, "where is my parcel"), BOT, CALM, ANSWERS, said(CALM, "Where is my parcel?")),
         talk(said(CALM, "kde je můj balík"), BOT, said(CALM, "kde je muj balik!"), ANSWERS, SAD)],
        [talk(said(CALM, "where is my parcel"), BOT, CALM, ANSWERS, said(CALM, "where is my order")),
         talk(said(CALM, "where is my parcel"), AGENT, CALM, AGENT, said(CALM, "where is my parcel"))]),
    Row("bot-not-helping",
        [talk(CALM, BOT, CROSS, ANSWERS, said(CROSS, "that is not it")), talk(BOT, CROSS, ANSWERS, said(FURIOUS, "no, look"))],
        [talk(CALM, BOT, CROSS, AGENT, said(CROSS, "that is not it")), talk(CROSS, BOT, said(CROSS, "that is not it"))]),
    Row("passed-around-critical",
        [talk(INSULT, FURIOUS, FURIOUS, **SENT_ON), talk(INSULT, AGENT, FURIOUS, FURIOUS, **SENT_ON)],
        [talk(INSULT, FURIOUS, FURIOUS, transfers=1), talk(CROSS, FURIOUS, **SENT_ON)]),
    Row("passed-around",
        [talk(CROSS, **SENT_ON), talk(moved(CALM, "sales"), moved(AGENT, "billing"), moved(CROSS, "tech")), talk(*[CROSS] * 6, **SENT_ON)],
        [talk(CROSS, transfers=1), talk(CALM, **SENT_ON), talk(moved(CALM, "sales"), moved(CALM, "Sales "), moved(CROSS, "tech"))]),
    Row("says-passed-around",
        [talk(THIRD_AGENT), talk(CALM, said(CROSS, "pinapasa-pasa nyo lang ako")), talk(THIRD_AGENT, AGENT, CROSS)],
        [talk(said(CALM, "you are the third person I talk to")), talk(said(CROSS, "please transfer me to billing"))]),
    Row("asks-human-unmet",
        [talk(ASK, AGENT, CROSS), talk(CALM, ASK, CALM, CROSS)],
        [talk(ASK, NO_MANAGER, CROSS), talk(moved(ASK, "front"), moved(AGENT, "senior"), CROSS), talk(ASK, AGENT, CALM)]),
    Row("risk-critical",
        [talk(CALM, INSULT, FURIOUS, FURIOUS, FURIOUS), talk(INSULT, AGENT, FURIOUS, FURIOUS)],
        [talk(CALM, FURIOUS), talk(CALM, INSULT, FURIOUS, FURIOUS, FURIOUS, **OVER)]),
    Row("frustration-unbroken",
        [talk(*[CROSS] * 5), talk(CALM, CROSS, AGENT, *[CROSS] * 4)],
        [talk(*[CROSS] * 4), talk(*[CROSS] * 3, CALM, CROSS, CROSS)]),
    Row("abuse-and-frustration-streak",
        [talk(CROSS, CROSS, {"frustration": 0.6, "abuse": 0.7}), talk(*[CROSS] * 3, {"frustration": 0.6, "abuse": 0.6})],
        [talk(CALM, CROSS, {"frustration": 0.6, "abuse": 0.7}), talk(*[CROSS] * 3)]),
    Row("abuse-forecast-high",
        [talk({**FURIOUS_INSULT, **SAD}), talk(CALM, AGENT, {**FURIOUS_INSULT, **SAD})],
        [talk(FURIOUS_INSULT), talk({**FURIOUS_INSULT, **SAD}, **OVER), talk({**FURIOUS, **SAD})]),
    Row("abuse-single",
        [talk(INSULT), talk(CROSS, FURIOUS_INSULT)],
        [talk(CROSS), talk({"abuse": 0.45})]),
    Row("waiting-frustrated",
        [talk(CROSS, later(CROSS, 300)), talk(CALM, later(CROSS, 4000))],
        [talk(CROSS, later(AGENT, 10), later(CROSS, 300)), talk(CALM, later(CALM, 400))]),
    Row("nobody-answers",
        [talk(CALM, CALM, later(CALM, 180)), talk(AGENT, CALM, later(SAD, 200), CALM)],
        [talk(CALM, CALM, CALM), talk(CALM, later(CALM, 600)), talk(CALM, CALM, AGENT, later(CALM, 600))]),
    Row("repeat-contact-frustrated",
        [talk(said(CROSS, "lần thứ 3 rồi")), talk(said(CALM, "this is my third chat about it"), AGENT, CROSS)],
        [talk(said(CROSS, "lần đầu")), talk(said(CALM, "lần thứ 3 rồi"))]),
    Row("repeat-contact-known",
        [talk(CROSS, earlier_conversations=2), talk(CALM, AGENT, CROSS, earlier_conversations=5)],
        [talk(CROSS, earlier_conversations=1), talk(CALM, earlier_conversations=5)]),
    Row("sudden-explosion",
        [talk(CALM, BITTER), talk(CALM, AGENT, BITTER)],
        [talk(CROSS, BITTER), talk(CALM, FURIOUS), talk(BITTER)]),
    Row("money-in-dispute",
        [talk(REFUND, CROSS), talk(CROSS, said(CROSS, "bị trừ 2 lần 350k")), talk(REFUND, AGENT, CROSS, CROSS)],
        [talk(REFUND), talk(REFUND, CALM), talk(CROSS, said(CROSS, "is it 120 euro for the room?"))]),
    Row("money-queue-frustrated",
        [talk(moved(CROSS, "Billing"), CROSS), talk(moved(CALM, "finance"), CROSS, CROSS)],
        [talk(moved(CROSS, "sales"), CROSS), talk(moved(CROSS, "billing"))]),
    Row("technical-fault",
        [talk(ERROR, CROSS), talk(CROSS, said(CROSS, "báo lỗi E12 hoài"))],
        [talk(ERROR), talk(CROSS, said(CROSS, "it was my error, sorry")), talk(said(CALM, "error 503"), CALM)]),
    Row("technical-queue-frustrated",
        [talk(moved(CROSS, "tech"), CROSS), talk(moved(CALM, "Technical"), CROSS, AGENT, CROSS)],
        [talk(moved(CROSS, "techno"), CROSS), talk(moved(CROSS, "tech"), CALM)]),
    Row("frustration-streak",
        [talk(*[CROSS] * 3), talk(CALM, CROSS, AGENT, CROSS, CROSS)],
        [talk(CROSS, CALM, CROSS), talk(CROSS, CROSS)]),
    Row("slow-burn",
        [talk(CROSS, CALM, CROSS, CALM, CROSS, CALM, CROSS), talk(CALM, CROSS, CROSS, CALM, CROSS, AGENT, CROSS)],
        [talk(CROSS, CALM, CROSS, CALM, CALM, CROSS), talk(CROSS, CROSS, CALM, CROSS, CROSS)]),
    Row("risk-high-rising",
        [talk({"frustration": 0.3}, CROSS, FURIOUS), talk(CALM, CROSS, FURIOUS)],
        [talk(FURIOUS, FURIOUS), talk(CALM, CALM, CROSS)]),
    Row("shouting-repeated",
        [talk(LOUD, said(CALM, "STILL WAITING HERE"), LOUD), talk(said(GLAD, "THANKS A LOT!!!"), LOUD, AGENT, LOUD)],
        [talk(LOUD, said(CALM, "still waiting here"), LOUD), talk(LOUD, said(CALM, "STILL WAITING HERE"), CROSS)]),
    Row("forecast-high",
        [talk({**CROSS, **SAD, "asks_human": 0.45}), talk({**BITTER, "asks_human": 0.45}), talk(CROSS, AGENT, {**CROSS, **SAD, "asks_human": 0.45})],
        [talk(CROSS, FURIOUS), talk(CROSS, BITTER, **OVER), talk(CROSS, {**BITTER, "abstain_reason": "too_short"})]),
    Row("shouting-frustrated",
        [talk(LOUD), talk(CROSS, said(CROSS, "trả lời đi!!!"))],
        [talk(said(GLAD, "SO GOOD THANK YOU!!!")), talk(said(CROSS, "no internet again"))]),
    Row("reply-made-it-worse",
        [talk({"frustration": 0.2}, AGENT, CROSS), talk(CALM, AGENT, {"frustration": 0.55})],
        [talk({"frustration": 0.2}, CROSS), talk(CROSS, AGENT, CROSS), talk(CALM, AGENT, CROSS, CROSS)]),
    Row("rise-over-baseline",
        [talk({"frustration": 0.2}, CROSS), talk(CALM, {"frustration": 0.55})],
        [talk(CROSS, {"frustration": 0.9}), talk({"frustration": 0.3}, CROSS)]),
    Row("opening-frustrated",
        [talk(CROSS), talk(AGENT, FURIOUS)],
        [talk(CALM, CROSS), talk(CALM)]),
    Row("frustration-mild",
        [talk(CROSS, CROSS), talk({"frustration": 0.4}, AGENT, {"frustration": 0.5})],
        [talk(CALM, SAD), talk({"frustration": 0.45})]),
    Row("human-not-needed",
        [talk(ASK, NO_MANAGER), talk(said(CALM, "vedoucího už nepotřebuju")), talk(FURIOUS, said(CALM, "khỏi gọi sếp, em làm tiếp đi"))],
        [talk(said(CROSS, "no need for a manager any more")), talk(said(CALM, "I don't need a bot, I need a human"))]),
    Row("cooling-down",
        [talk(FURIOUS, CALM), talk(CROSS, CROSS, AGENT, GLAD)],
        [talk(CALM, CALM), talk(FURIOUS, CROSS)]),
    Row("recovered",
        [talk(FURIOUS, FURIOUS, CALM, GLAD), talk(FURIOUS, AGENT, GLAD, GLAD)],
        [talk(CALM, CALM, GLAD), talk(FURIOUS, GLAD)]),
    Row("repeat-contact-calm",
        [talk(said(CALM, "this is my third chat about it")), talk(CALM, said(SAD, "píšu vám popáté"))],
        [talk(said(CALM, "this is my first chat about it")), talk(said(CALM, "this is my third chat about it"), AGENT, GLAD), talk(CALM, CALM, said(CALM, "this is my third chat about it"))]),
    Row("severe-but-calm",
        [talk(SAD), talk(CALM, AGENT, SAD)],
        [talk(CROSS), talk(CALM)]),
]
# fmt: on


def run(messages: list[Message], start: Mapping[str, object] = {}) -> Recommendation:
    """Fold the messages and decide the last one."""
    state = replace(ConversationState("c"), **start)  # type: ignore[arg-type]
    now = 0.0
    for number, message in enumerate(messages):
        made = dict(message)
        now += float(made.pop("after", 20.0))  # type: ignore[arg-type]
        role, queue = made.pop("role", "customer"), made.pop("queue", None)
        # Texts differ unless the row says them: nobody repeats himself by accident.
        text = str(made.pop("text", "a message " + "again " * number))
        turn = Turn(str(number), role, text, now, queue=queue)  # type: ignore[arg-type]
        score = make_score(**made) if turn.role == "customer" else None  # type: ignore[arg-type]
        state = accumulate(state, turn, score, now)
    return POLICY.decide(state, turn, score, now)


def fired(recommendation: Recommendation) -> list[str]:
    return [reason.rule for reason in recommendation.reasons]


def cases(column: str) -> list[object]:
    return [
        pytest.param(row.rule, talk, id=f"{row.rule}-{number}")
        for row in TABLE
        for number, talk in enumerate(getattr(row, column), start=1)
    ]


@pytest.mark.parametrize(("rule_id", "talk"), cases("decides"))
def test_a_rule_decides_its_conversation(rule_id: str, talk: Talk) -> None:
    recommendation = run(talk.messages, talk.start)
    rule = next(rule for rule in POLICY.rules if rule.id == rule_id)
    assert fired(recommendation)[0] == rule_id
    assert (recommendation.action, recommendation.queue) == (rule.action, rule.queue)
    assert recommendation.respond_within_s == rule.respond_within_s
    assert len(recommendation.phrases) == len(rule.offers) or "abuse" in str(talk)
    assert recommendation.reasons[0].collect == rule.collect["en"]


@pytest.mark.parametrize(("rule_id", "talk"), cases("leaves"))
def test_a_rule_leaves_the_nearest_other_conversation(rule_id: str, talk: Talk) -> None:
    assert rule_id not in fired(run(talk.messages, talk.start))


def test_every_rule_of_the_matrix_has_its_rows() -> None:
    assert [row.rule for row in TABLE] == [rule.id for rule in POLICY.rules]
    assert len(TABLE) >= 30
    assert [row.rule for row in TABLE if len(row.decides) < 2 or len(row.leaves) < 2] == []


def test_a_customer_who_was_sent_on_twice_is_not_transferred_again_except_for_safety_and_insults() -> None:
    for messages in (
        [threat("legal")],
        [threat("publicity", frustration=0.9)] * 2,
        [ASK, ASK],
        [CROSS_ASK],
        [CROSS] * 6,
    ):
        assert run(messages, SENT_ON).action == "consult"
    assert run([threat("violence")], SENT_ON).queue == "safety"
    assert run([INSULT, INSULT], SENT_ON).action == "handoff"


def test_each_queue_of_the_matrix_is_reached_by_more_than_one_rule() -> None:
    reached = [rule.queue for rule in POLICY.rules if rule.queue]
    assert {queue for queue in QUEUES if reached.count(queue) < 2} == set()


def test_grave_rules_say_what_to_collect_in_every_language() -> None:
    collecting = {rule.id for rule in POLICY.rules if any(rule.collect.values())}
    assert {rule.id for rule in POLICY.rules if rule.id.startswith("threat-")} - collecting == {"threat-unclear"}
    for rule in POLICY.rules:
        translations = [set(items) for items in rule.collect.values()]
        assert not collecting & {rule.id} or len(set().union(*translations)) == 4 * len(translations[0]), rule.id


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
