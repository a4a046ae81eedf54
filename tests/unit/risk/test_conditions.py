"""Every word of the matrix's vocabulary: one fact that satisfies it and one that does not."""

from dataclasses import replace

import pytest

from service.flow import ConversationState, Turn
from service.labels import SIGNALS
from service.risk.conditions import CONDITIONS, Facts, observe, parse_conditions
from service.risk.loader import open_yaml
from tests.support import make_score

NOW = 1000.0
STATE = ConversationState(
    "c",
    language="cs",
    customer_turns=3,
    scored_turns=3,
    baseline_frustration=0.2,
    levels={"frustration": 0.7, "abuse": 0.1, "threat": 0.0},
    peaks={"frustration": 0.8},
    streaks={"frustration": 2, "abuse": 0},
    flagged={"frustration": 3, "abuse": 1},
    threat_kinds=("legal",),
    asks_human=1,
    shouting=2,
    repeat_contact=True,
    transfers=1,
    risk_history=(0.2, 0.5),
    forecast=0.6,
    stage="venting",
    band="watch",
    waiting_since=NOW - 120,
    human_request_pending=True,
    earlier_conversations=2,
    topics=("money",),
    passed_around=True,
    queue="Billing",
    unanswered_turns=1,
    level_before_reply=0.3,
    bot_turns=2,
    bot_repeats=1,
    customer_repeats=1,
)
SCORE = make_score(frustration=0.7, threat=0.6, threat_kinds={"publicity": 0.9}, sentiment="negative", language="cs")
FACTS = observe(STATE, Turn("t", "customer", "TAK KDY UŽ TO BUDE", NOW), SCORE, NOW)

# fmt: off
WORDS = [  # word, holds for FACTS, does not hold
    ("scored", "true", "false"),
    ("flagged", "[frustration, threat]", "[frustration, abuse]"),
    ("not_flagged", "[abuse]", "[abuse, threat]"),
    ("score_at_least", "{frustration: 0.7}", "{frustration: 0.7, abuse: 0.1}"),
    ("score_below", "{abuse: 0.1}", "{frustration: 0.7}"),
    ("sentiment_at_least", "{negative: 0.9}", "{positive: 0.5}"),
    ("threat_kind", "[legal, publicity]", "[legal]"),
    ("threat_unclear", "false", "true"),
    ("asks_human", "false", "true"),
    ("withdraws_human", "false", "true"),
    ("says_repeat_contact", "false", "true"),
    ("shouting", "true", "false"),
    ("rise_at_least", "0.49", "0.51"),
    ("jump_at_least", "0.3", "0.31"),
    ("worse_after_reply", "0.2", "0.21"),
    ("level_at_least", "{frustration: 0.7}", "{frustration: 0.71}"),
    ("level_below", "{abuse: 0.2}", "{abuse: 0.1}"),
    ("peak_at_least", "{frustration: 0.8}", "{abuse: 0.1}"),
    ("streak_at_least", "{frustration: 2}", "{frustration: 3}"),
    ("count_at_least", "{frustration: 3, abuse: 1}", "{frustration: 3, abuse: 2}"),
    ("threat_kind_seen", "[violence, legal]", "[publicity]"),
    ("asks_human_at_least", "1", "2"),
    ("human_request_pending", "true", "false"),
    ("shouting_at_least", "2", "3"),
    ("repeat_contact", "true", "false"),
    ("earlier_conversations_at_least", "2", "3"),
    ("customer_repeats_at_least", "1", "2"),
    ("bot_turns_at_least", "2", "3"),
    ("bot_repeats_at_least", "1", "2"),
    ("topic", "[technical, money]", "[technical]"),
    ("passed_around", "true", "false"),
    ("transfers_at_least", "1", "2"),
    ("queue", "[tech, billing]", "[tech, bill]"),
    ("customer_turns_at_least", "3", "4"),
    ("customer_turns_at_most", "3", "2"),
    ("unanswered_at_least", "1", "2"),
    ("forecast_at_least", "0.6", "0.61"),
    ("waiting_at_least_s", "120", "121"),
    ("handed_over", "false", "true"),
    ("stage", "[venting, receptive]", "[connected]"),
    ("trend", "[rising]", "[steady, falling]"),
    ("band", "[watch]", "[calm, high, critical]"),
    ("language", "[cs]", "[vi, tl, en, other]"),
]
# fmt: on


def holds(when: str, facts: Facts = FACTS) -> bool:
    return all(condition.holds(facts) for condition in parse_conditions(open_yaml("when", when.encode())))


@pytest.mark.parametrize(("word", "yes", "no"), WORDS)
def test_a_word_means_what_it_says(word: str, yes: str, no: str) -> None:
    assert holds(f"{word}: {yes}")
    assert not holds(f"{word}: {no}")


def test_the_table_knows_every_word() -> None:
    assert [word for word, _, _ in WORDS] == list(CONDITIONS)


def test_all_conditions_of_a_rule_must_hold() -> None:
    assert holds("{shouting: true, band: [watch]}")
    assert not holds("{shouting: true, band: [calm]}")


def test_conditions_know_their_signals() -> None:
    def signals(when: str) -> set[str]:
        return {name for condition in parse_conditions(open_yaml("when", when.encode())) for name in condition.signals}

    assert signals("{streak_at_least: {abuse: 1}, rise_at_least: 0.1, language: [vi]}") == {"abuse", "frustration"}
    assert signals("{asks_human: true, threat_kind: [legal]}") == {"asks_human", "threat"}
    assert signals("{asks_human: false, not_flagged: [abuse]}") == set()
    assert signals("{jump_at_least: 0.1}") == set(SIGNALS)


def test_an_abstained_turn_has_no_facts_of_its_own() -> None:
    abstained = make_score(frustration=0.9, threat=0.9, asks_human=0.9, abstain_reason="too_long")
    facts = observe(STATE, Turn("t", "customer", "WHAT IS THIS!!!", NOW), abstained, NOW)
    assert (facts.scored, facts.asks_human, facts.shouting, facts.threat_kinds) == (False, False, False, ())
    assert not holds("{score_below: {abuse: 1.0}}", facts)
    assert not holds("{sentiment_at_least: {negative: 0.1}}", facts)


def test_the_first_turn_rises_and_jumps_over_nothing() -> None:
    first = replace(STATE, baseline_frustration=0.7, risk_history=(0.5,), waiting_since=None)
    facts = observe(first, Turn("t", "customer", "x", NOW), SCORE, NOW)
    assert (facts.rise, facts.jump, facts.waiting_s) == (0.0, 0.0, 0.0)


def test_a_withdrawn_wish_is_no_wish_whatever_the_model_says() -> None:
    asks = make_score(asks_human=0.9)
    facts = observe(STATE, Turn("t", "customer", "no need for a manager any more", NOW), asks, NOW)
    assert (facts.asks_human, facts.withdraws_human) == (False, True)
    assert observe(STATE, Turn("t", "customer", "get me a manager", NOW), asks, NOW).asks_human


def test_without_a_reply_nothing_was_made_worse() -> None:
    facts = observe(replace(STATE, level_before_reply=None), Turn("t", "customer", "x", NOW), SCORE, NOW)
    assert facts.after_reply == 0.0
