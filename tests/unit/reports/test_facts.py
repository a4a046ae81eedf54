"""Laws of facts: what turns and hand-offs leave behind of a conversation, in the order in which they came."""

from dataclasses import replace

import pytest

from service.engine import Step
from service.flow import Action, ConversationState, Turn
from service.reports.facts import GOODBYE_S, ConversationFacts, after_step, after_turn
from service.risk.handoff import HandoffAction, HandoffStep, Outcome
from tests.unit.store.examples import Stepper, a_turn


def told(turn: Turn, action: Action = "none", kinds: tuple[str, ...] = ()) -> Step:
    taken = Stepper(turn, 0.5, action)(ConversationState("c1"))
    return replace(taken, state=replace(taken.state, threat_kinds=kinds))


def after(
    *turns: tuple[str, float] | tuple[str, float, Action], facts: ConversationFacts | None = None
) -> ConversationFacts:
    """Feed turns given as (role, second, recommended action)."""
    for role, second, *action in turns:
        turn = a_turn(role=role, sent_at=second)
        facts = after_turn(facts, turn, told(turn, *action))  # type: ignore[arg-type]
    assert facts is not None
    return facts


def step(action: HandoffAction, at: float, outcome: Outcome | None = None) -> HandoffStep:
    return HandoffStep(action, "jana", at, None, 1, None, outcome)


# fmt: off
ANSWERS = [
    # turns                                                             asked  answered
    ([("customer", 1.0)],                                               1.0,   None),
    ([("customer", 1.0), ("bot", 2.0)],                                 1.0,   None),
    ([("customer", 1.0), ("bot", 2.0), ("agent", 9.0), ("agent", 20.0)], 1.0,  9.0),
    ([("agent", 1.0), ("customer", 3.0)],                               3.0,   None),
    ([("bot", 1.0), ("agent", 2.0), ("customer", 3.0), ("agent", 8.0)], 3.0,   8.0),
    ([("agent", 1.0)],                                                  None,  None),
]
# fmt: on


@pytest.mark.parametrize(("turns", "asked", "answered"), ANSWERS)
def test_the_first_answer_is_an_agents_after_the_customers_first_turn(
    turns: list[tuple[str, float]], asked: float | None, answered: float | None
) -> None:
    facts = after(*turns)
    assert (facts.first_customer_at, facts.first_reply_at) == (asked, answered)
    assert facts.began_at == 1.0


@pytest.mark.parametrize(
    ("actions", "alerted", "escalated"),
    [
        (["none", "phrase"], None, None),
        (["phrase", "consult"], 2.0, None),
        (["consult", "handoff", "handoff"], 1.0, 2.0),
        (["handoff"], 1.0, 1.0),
    ],
)
def test_a_recommended_hand_over_escalates_and_a_consultation_only_alerts(
    actions: list[Action], alerted: float | None, escalated: float | None
) -> None:
    facts = after(*(("customer", float(i), action) for i, action in enumerate(actions, 1)))
    assert (facts.alerted_at, facts.escalated_at) == (alerted, escalated)


@pytest.mark.parametrize(
    ("action", "escalated"),
    [("claim", None), ("accept", 50.0), ("join", 50.0), ("return", None), ("resolve", None)],
)
def test_who_takes_over_escalates_and_who_only_closes_does_not(action: HandoffAction, escalated: float | None) -> None:
    facts = after_step(after(("customer", 1.0)), step(action, 50.0))
    assert (facts.escalated_at, facts.alerted_at) == (escalated, None)


def test_the_first_end_counts_and_the_last_outcome() -> None:
    facts = after(("customer", 1.0))
    for taken in (step("resolve", 10.0, "unsolved"), step("resolve", 20.0), step("resolve", 30.0, "solved")):
        facts = after_step(facts, taken)
    assert (facts.resolved_at, facts.outcome) == (10.0, "solved")


@pytest.mark.parametrize(
    ("role", "second", "back"),
    [("customer", 10.0 + GOODBYE_S, None), ("customer", 11.0 + GOODBYE_S, 11.0 + GOODBYE_S), ("agent", 1e6, None)],
)
def test_thanks_are_no_return_and_what_comes_later_is(role: str, second: float, back: float | None) -> None:
    ended = after_step(after(("customer", 1.0)), step("resolve", 10.0))
    assert after((role, second), facts=ended).came_back_at == back


def test_names_are_kept_once_and_only_what_asked_for_somebody_decided() -> None:
    turn = a_turn()
    facts = after_turn(None, turn, told(turn, "phrase", ("legal",)))
    assert (facts.rules, facts.deciding_rules, facts.threat_kinds) == (("rule-1",), (), ("legal",))
    facts = after_turn(facts, turn, told(turn, "handoff", ("legal", "publicity")))
    assert (facts.rules, facts.deciding_rules) == (("rule-1",), ("rule-1",))
    assert facts.threat_kinds == ("legal", "publicity")


def test_the_first_contact_stays_and_the_last_queue_wins() -> None:
    facts = None
    for contact, queue in ((None, "web"), ("anna", None), ("bob", "vip")):
        turn = a_turn(contact_id=contact, queue=queue)
        facts = after_turn(facts, turn, told(turn))
    assert facts is not None
    assert (facts.contact_id, facts.queue, facts.language) == ("anna", "vip", "cs")
