"""Laws of stage 6: reasons, evidence, abstention, roles, languages, and the engine's flow around it."""

from dataclasses import replace

import pytest
from hypothesis import given

from service.engine import Engine
from service.flow import ACTIONS, ConversationState, Evidence, Recommendation, Turn
from service.labels import LANGUAGES
from service.risk.accumulate import accumulate
from service.risk.decide import EscalationPolicy, load_policy
from service.risk.state import state_from_json, state_to_json
from tests.support import FixedScorer, make_score
from tests.unit.risk.strategies import Step, conversations, scores

POLICY = load_policy()
ENGINE = Engine(FixedScorer(), POLICY)
EMPTY = ConversationState("c")
NOTHING = Recommendation("none", None, None, (), ())


def answers(steps: list[Step]) -> list:
    state, out = EMPTY, []
    for step in steps:
        taken = ENGINE.advance(state, step.turn, step.score, step.turn.sent_at)
        state = state_from_json(state_to_json(taken.state))
        out.append(taken.assessment)
    return out


def decide(score, text: str = "a message", state: ConversationState = EMPTY, policy: EscalationPolicy = POLICY):
    turn = Turn("t", "customer", text, 0.0)
    return policy.decide(accumulate(state, turn, score, 0.0), turn, score, 0.0)


@given(conversations())
def test_a_further_turn_changes_no_earlier_answer_and_a_replay_gives_the_same(steps: list[Step]) -> None:
    whole = answers(steps)
    assert whole == answers(steps)
    for length in range(1, len(steps)):
        assert answers(steps[:length]) == whole[:length]


@given(conversations(max_turns=12))
def test_no_phrase_is_recommended_twice_and_at_most_two_at_a_time(steps: list[Step]) -> None:
    recommendations = [answer.recommendation for answer in answers(steps)]
    ids = [phrase.id for recommendation in recommendations for phrase in recommendation.phrases]
    assert len(ids) == len(set(ids))
    assert all(len(recommendation.phrases) <= 2 for recommendation in recommendations)


@given(conversations())
def test_reasons_are_the_rules_that_fired_in_matrix_order_and_the_first_decides(steps: list[Step]) -> None:
    order = [rule.id for rule in POLICY.rules]
    by_id = {rule.id: rule for rule in POLICY.rules}
    for answer in answers(steps):
        places = [order.index(reason.rule) for reason in answer.recommendation.reasons]
        assert places == sorted(set(places))
        first = by_id[order[places[0]]] if places else None
        assert answer.recommendation.action == (first.action if first else "none")


@given(conversations(), scores(abstained=True))
def test_an_abstained_turn_never_raises_the_action(steps: list[Step], score) -> None:
    state = EMPTY
    for step in steps:
        state = ENGINE.advance(state, step.turn, step.score, step.turn.sent_at).state
    turn = Turn("last", "customer", "lần thứ 9 rồi!!! ANSWER ME RIGHT NOW", 9e9)
    recommendation = ENGINE.advance(state, turn, score, 9e9).assessment.recommendation
    assert ACTIONS.index(recommendation.action) <= ACTIONS.index(state.last_action)
    assert all(not reason.evidence for reason in recommendation.reasons)


def test_an_abstained_turn_may_repeat_what_was_recommended_before_it() -> None:
    state = replace(EMPTY, last_action="handoff", threat_kinds=("self_harm",), band="critical")
    recommendation = decide(make_score(abstain_reason="too_short"), "ok", state)
    assert (recommendation.action, recommendation.reasons[0].rule) == ("handoff", "self-harm-not-over")
    assert decide(make_score(abstain_reason="too_short"), "ok", replace(state, last_action="phrase")) == NOTHING


@pytest.mark.parametrize("role", ["agent", "bot"])
def test_turns_of_agents_and_bots_call_for_nothing(role) -> None:
    state = replace(
        EMPTY, levels={"frustration": 1.0}, streaks={"frustration": 9}, threat_kinds=("self_harm",), band="critical"
    )
    assert POLICY.decide(state, Turn("t", role, "you idiot", 0.0), None, 0.0) == NOTHING


def test_a_customer_turn_without_a_score_calls_for_nothing_new() -> None:
    assert decide(None, "lần thứ 9 rồi!!!") == NOTHING


def test_evidence_of_a_reason_belongs_to_its_signals_and_speaks_for_it() -> None:
    evidence = (
        Evidence("frustration", 0, 4, 0.5),
        Evidence("frustration", 5, 7, -0.4),
        Evidence("threat", 8, 12, 0.9),
        Evidence("asks_human", 13, 20, 0.2),
    )
    score = make_score(threat=0.9, threat_kinds={"legal": 0.9}, frustration=0.8, asks_human=0.9, evidence=evidence)
    found = {reason.rule: reason.evidence for reason in decide(score).reasons}
    assert found["threat-legal"] == (evidence[2],)
    assert found["asks-human-frustrated"] == (evidence[0], evidence[3])
    assert found["opening-frustrated"] == (evidence[0],)


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_in_the_customers_language_and_reasons_in_the_supervisors(language: str) -> None:
    recommendation = decide(make_score(frustration=0.8, language=language))
    assert {phrase.language for phrase in recommendation.phrases} == {language}
    assert recommendation.reasons[0].because == "A frustrated opening is normal: listen and ask what happened."
    localised = decide(make_score(frustration=0.8), policy=replace(POLICY, reason_language=language))
    rule = next(rule for rule in POLICY.rules if rule.id == "opening-frustrated")
    assert localised.reasons[0].because == rule.because[language]


def test_an_unknown_language_gets_english_phrases() -> None:
    phrases = decide(make_score(frustration=0.8, language="other")).phrases
    assert {phrase.language for phrase in phrases} == {"en"}


@pytest.mark.parametrize(
    ("language", "promised"), [("vi", "2 phút"), ("tl", "2 minuto"), ("cs", "2 minut"), ("en", "2 minutes")]
)
def test_a_promised_time_is_the_rules_own_time(language: str, promised: str) -> None:
    used = tuple(
        w.id for w in POLICY.catalogue.wordings[language] if w.technique == "hand_over" and "time" not in w.slots
    )
    state = replace(EMPTY, asks_human=1, phrases_used=used, language=language)
    phrase = decide(make_score(asks_human=0.9, language=language), state=state).phrases[0]
    assert promised in phrase.text


def test_the_version_names_the_file_and_its_content(tmp_path) -> None:
    version, digest = POLICY.version.split("+")
    assert version == "2"
    assert len(digest) == 8
    assert load_policy().version == POLICY.version
