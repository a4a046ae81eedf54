"""Laws of the explanation: it names the rules that `decide` names, and for the near ones what was missing."""

from dataclasses import replace

import pytest
from hypothesis import given

from service.engine import Engine
from service.flow import ConversationState, Turn
from service.risk.accumulate import accumulate
from service.risk.conditions import Facts, observe
from service.risk.decide import load_policy
from service.risk.explain import Explanation, explain
from tests.support import FixedScorer, make_score
from tests.unit.risk.strategies import Step, conversations

POLICY = load_policy()
ENGINE = Engine(FixedScorer(), POLICY)
CROSS = make_score(frustration=0.6)


def facts_after(*scores, start: ConversationState | None = None) -> Facts:
    state = start or ConversationState("c")
    for number, score in enumerate(scores):
        turn = Turn(str(number), "customer", "a message", 20.0 * number)
        state = accumulate(state, turn, score, turn.sent_at)
    return observe(state, turn, scores[-1], turn.sent_at)


def near(found: Explanation) -> dict[str, tuple[str, str, str]]:
    return {n.rule: (n.missing.word, n.missing.found, n.missing.wanted) for n in found.near}


@given(conversations())
def test_the_fired_rules_are_the_reasons_and_the_first_of_them_decides(steps: list[Step]) -> None:
    state = ConversationState("c")
    for step in steps:
        taken = ENGINE.advance(state, step.turn, step.score, step.turn.sent_at)
        if step.turn.role == "customer":
            after = accumulate(state, step.turn, step.score, step.turn.sent_at)
            found = explain(POLICY, observe(after, step.turn, step.score, step.turn.sent_at))
            reasons = [reason.rule for reason in taken.assessment.recommendation.reasons]
            assert [rule.rule for rule in found.fired if not rule.held_back] == reasons
            assert [rule.rule for rule in found.fired if rule.decides] == reasons[:1]
            assert {n.rule for n in found.near}.isdisjoint(rule.rule for rule in found.fired)
            assert not any(n.missing.holds for n in found.near)
        state = taken.state


def test_a_streak_that_lacks_one_turn_is_near_with_its_numbers() -> None:
    found = explain(POLICY, facts_after(CROSS, CROSS))
    assert near(found)["frustration-streak"] == ("streak_at_least", "frustration 2", "frustration at least 3")
    assert near(explain(POLICY, facts_after(*[CROSS] * 4)))["frustration-unbroken"] == (
        "streak_at_least",
        "frustration 4",
        "frustration at least 5",
    )


def test_the_nearest_comes_first() -> None:
    shares = [n.missing.share for n in explain(POLICY, facts_after(CROSS, CROSS, CROSS, CROSS)).near]
    assert shares == sorted(shares, reverse=True)
    assert len(shares) > 1


def test_a_calm_message_is_near_to_nothing() -> None:
    """Most rules hold in "not handed over" and lack the rest: that is no news."""
    assert explain(POLICY, facts_after(make_score())).near == ()


def test_a_rule_of_one_condition_is_near_only_half_way() -> None:
    assert "frustration-streak" not in near(explain(POLICY, facts_after(CROSS)))  # one of three
    assert "self-harm" not in near(explain(POLICY, facts_after(CROSS, CROSS)))


def test_a_rule_that_an_abstained_turn_holds_back_is_said_to_be_so() -> None:
    start = replace(ConversationState("c"), threat_kinds=("self_harm",), band="critical", last_action="phrase")
    found = explain(POLICY, facts_after(make_score(abstain_reason="too_short"), start=start))
    held = {rule.rule: rule.held_back for rule in found.fired}
    assert held["self-harm-not-over"]
    assert not any(rule.decides for rule in found.fired if rule.held_back)


@pytest.mark.parametrize(("scores", "fires"), [([CROSS] * 3, True), ([CROSS] * 2, False)])
def test_a_rule_that_is_asked_for_shows_every_condition(scores, fires: bool) -> None:
    asked = explain(POLICY, facts_after(*scores), "frustration-streak").asked
    assert asked is not None
    assert (asked.rule, asked.fires) == ("frustration-streak", fires)
    rule = next(rule for rule in POLICY.rules if rule.id == "frustration-streak")
    assert [seen.word for seen in asked.conditions] == [condition.name for condition in rule.conditions]
    assert all(seen.holds for seen in asked.conditions) == fires
