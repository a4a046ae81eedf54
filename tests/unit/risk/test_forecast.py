"""The forecast: never falls when the customer gets worse, says nothing before it knows anything, loads strictly."""

import hashlib
import json
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.engine import Engine
from service.flow import WITHIN_TURNS, ConversationState, Forecast, Turn
from service.labels import BINARY
from service.risk.accumulate import accumulate
from service.risk.decide import load_policy
from service.risk.exchange import Judgement
from service.risk.forecast import (
    FEATURES,
    FREE,
    GROUPS,
    LOWERING,
    MAX_REASONS,
    TELLING,
    Forecaster,
    ForecastError,
    because,
    features,
    parse_forecaster,
    probability,
    shipped,
)
from service.risk.tuning import USUALLY_FAULTY
from tests.support import FixedScorer, make_score
from tests.unit.risk.strategies import Step, conversations, probabilities, scores

EMPTY = ConversationState("c")
FITTED = json.loads((resources.files("service.risk") / "forecast.json").read_bytes())


@pytest.fixture(autouse=True)
def steady_forecast() -> None:
    """Nothing stands in here: these tests are about the numbers that are shipped."""


def fold(steps: list[Step], state: ConversationState = EMPTY) -> ConversationState:
    for step in steps:
        state = accumulate(state, step.turn, step.score, step.turn.sent_at)
    return state


def customer(text: str = "hello there my friend", at: float = 9e9) -> Turn:
    return Turn("t", "customer", text, at)


@given(conversations(), scores(abstained=False), st.sampled_from(BINARY), probabilities)
def test_it_never_falls_when_a_probability_of_the_turn_rises(steps: list[Step], low, name: str, p: float) -> None:
    before = fold(steps)
    values = {**low.scores, "asks_human": low.asks_human}
    raised = {**values, name: max(p, values[name])}
    low_state, high_state = (accumulate(before, customer(), make_score(**v), 9e9) for v in (values, raised))
    assert high_state.forecast is not None
    assert low_state.forecast is not None
    assert high_state.forecast >= low_state.forecast - 1e-12


@given(conversations())
def test_it_is_a_probability_and_is_there_from_the_first_scored_turn_on(steps: list[Step]) -> None:
    state = fold(steps)
    assert (state.forecast is None) == (state.scored_turns == 0)
    assert state.forecast is None or 0.0 < state.forecast < 1.0


@given(conversations(), scores(abstained=True), st.sampled_from(("customer", "agent", "bot")))
def test_abstained_turns_and_answers_leave_it_alone(steps: list[Step], score, role: str) -> None:
    before = fold(steps)
    turn = Turn("t", role, "WHAT IS THIS!!!", 9e9)  # type: ignore[arg-type]
    assert accumulate(before, turn, score if role == "customer" else None, 9e9).forecast == before.forecast


@given(conversations(), scores(abstained=False), probabilities, probabilities, probabilities, probabilities)
def test_a_worse_reply_never_lowers_it(steps: list[Step], score, good: float, less: float, faulty: float, more: float):
    """Of two replies the one that is less good and more faulty leaves no smaller forecast behind."""
    replied = Turn("a", "agent", "a reply", 9e9)
    found = []
    for judgement in (
        Judgement(max(good, less), min(faulty, more)),
        Judgement(min(good, less), max(faulty, more)),
    ):
        state = accumulate(fold(steps), replied, None, 9e9, judgement)
        found.append(accumulate(state, customer(), score, 9e9).forecast)
    assert found[0] <= found[1] + 1e-12


def test_the_engine_reads_the_replies_of_agents_alone() -> None:
    texts: list[str] = []

    class Reader:
        def judge(self, text: str) -> Judgement:
            texts.append(text)
            return Judgement(good=0.1, faulty=0.9)

    engine, state = Engine(FixedScorer(), load_policy(), Reader()), EMPTY
    for number, role in enumerate(("customer", "bot", "agent", "customer")):
        state = engine.assess(state, Turn(f"t{number}", role, f"said by {role}", float(number)), 9e9).state  # type: ignore[arg-type]
    assert texts == ["said by agent"]
    assert (state.reply_care, state.reply_strain) == (0.1, 0.9 - USUALLY_FAULTY)


def test_a_policy_may_forbid_to_read_replies() -> None:
    policy = replace(load_policy(), read_replies=False)
    step = Engine(FixedScorer(), policy).assess(EMPTY, Turn("a", "agent", "That is not our department.", 0.0), 0.0)
    assert (step.state.reply_care, step.state.reply_strain) == (None, 0.0)
    read_before = replace(EMPTY, reply_care=0.0, reply_strain=2.0)
    forbidden, never = (
        Engine(FixedScorer(), policy).assess(state, customer(), 9e9).state for state in (read_before, EMPTY)
    )
    assert forbidden == never


def test_a_furious_row_is_likelier_to_escalate_than_a_pleased_one() -> None:
    furious, pleased = (
        fold([Step(customer(at=float(i)), make_score(frustration=f, sentiment=felt)) for i in range(3)])
        for f, felt in ((0.95, "negative"), (0.05, "positive"))
    )
    assert furious.forecast is not None
    assert pleased.forecast is not None
    assert furious.forecast > 0.3 > 0.1 > pleased.forecast


@given(conversations())
def test_its_reasons_are_what_raises_it_most(steps: list[Step]) -> None:
    state, forecaster = fold(steps), shipped()
    raised = {
        group: forecaster.slope
        * sum(
            weight * (value - usual)
            for name, weight, value, usual in zip(
                FEATURES, forecaster.weights, features(state), forecaster.usual, strict=True
            )
            if name in GROUPS[group]
        )
        for group in GROUPS
    }
    found = because(state, forecaster)
    assert len(found) <= MAX_REASONS
    assert [raised[group] for group in found] == sorted((raised[group] for group in found), reverse=True)
    left_out = max((raised[group] for group in GROUPS if group not in found), default=0.0)
    assert left_out < TELLING or raised[found[-1]] >= left_out
    assert state.forecast_because == (found if state.scored_turns else ())


def test_every_number_but_the_count_of_turns_belongs_to_one_reason() -> None:
    named = [name for names in GROUPS.values() for name in names]
    assert sorted(named) == sorted(set(FEATURES) - FREE)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"threat": 0.95}, "threat"),
        ({"asks_human": 0.95}, "asks_human"),
        ({"frustration": 0.9, "sentiment": "negative"}, "mood"),
    ],
)
def test_the_gravest_of_a_turn_is_a_reason(said: dict[str, Any], expected: str) -> None:
    assert expected in fold([Step(customer(), make_score(**said))]).forecast_because


def test_answers_that_settle_nothing_are_a_reason_and_good_ones_are_none() -> None:
    replied = Turn("a", "agent", "a reply", 9e9)
    reasons = []
    for judgement in (Judgement(good=0.01, faulty=0.99), Judgement(good=0.99, faulty=0.01)):
        state = EMPTY
        for _ in range(2):
            state = accumulate(accumulate(state, customer(), make_score(), 9e9), replied, None, 9e9, judgement)
        reasons.append(accumulate(state, customer(), make_score(), 9e9).forecast_because)
    assert "answers" in reasons[0]
    assert "answers" not in reasons[1]


def test_the_answer_carries_it_with_its_horizon() -> None:
    engine = Engine(FixedScorer(), load_policy())
    greeting = engine.assess(EMPTY, Turn("a", "agent", "Hello!", 0.0), 0.0)
    step = engine.assess(greeting.state, customer(), 9e9)
    assert greeting.assessment.risk.forecast is None
    assert step.state.forecast is not None
    assert step.assessment.risk.forecast == Forecast(step.state.forecast, step.state.forecast_because, WITHIN_TURNS)


def test_the_calibrated_sum_is_a_logistic_one() -> None:
    forecaster = Forecaster(tuple(0.0 for _ in FEATURES), intercept=0.0, slope=1.0, offset=0.0)
    assert probability(EMPTY, forecaster) == 0.5
    far = Forecaster(forecaster.weights, intercept=-1e4, slope=1.0, offset=0.0)
    assert probability(EMPTY, far) == 0.0


def test_what_is_shipped_names_its_model_and_what_it_was_fitted_on() -> None:
    assert parse_forecaster(json.dumps(FITTED).encode()) == shipped()
    assert FITTED["model"]["digest"].startswith("sha256:")
    assert FITTED["fitted_on"]["turns"] > FITTED["fitted_on"]["positive"] > 1000
    assert all(len(digest) == 64 for digest in FITTED["fitted_on"]["sha256"].values())
    replies = (resources.files("service.risk") / "drafts" / "replies.npz").read_bytes()
    assert FITTED["fitted_on"]["sha256"]["replies.npz"] == hashlib.sha256(replies).hexdigest(), "make forecast"


def changed(path: str, value: object) -> bytes:
    document = json.loads(json.dumps(FITTED))
    *parents, last = path.split(".")
    entry = document
    for name in parents:
        entry = entry[name]
    if value is KeyError:
        del entry[last]
    else:
        entry[last] = value
    return json.dumps(document).encode()


# fmt: off
@pytest.mark.parametrize(("path", "value", "says"), [
    ("format", 1, "'format': found 1, expected 2"),
    ("within_turns", KeyError, "'within_turns': found None, expected 4"),
    ("weights", [1], "'weights': found list, expected an object with frustration,"),
    ("weights.rise", KeyError, "'weights.rise': found nothing, expected a number"),
    ("weights.weather", 1.0, "'weights.weather': found an unknown name, expected one of frustration,"),
    ("weights.rise", -0.1, "'weights.rise': found -0.1, expected at least 0"),
    ("weights.positive", 0.1, "'weights.positive': found 0.1, expected at most 0"),
    ("weights.threat", "much", "'weights.threat': found 'much', expected a finite number"),
    ("weights.threat", True, "'weights.threat': found True, expected a finite number"),
    ("usual.mood", 0.1, "'usual.mood': found an unknown name"),
    ("intercept", KeyError, "'intercept': found None, expected a finite number"),
    ("intercept", float("nan"), "'intercept': found nan, expected a finite number"),
    ("calibration.slope", -1, "'calibration.slope': found -1.0, expected a number above 0"),
    ("calibration.offset", KeyError, "'calibration.offset': found nothing, expected a number"),
])
def test_a_wrong_file_is_refused_with_the_field_and_the_way_out(path: str, value: object, says: str) -> None:
    with pytest.raises(ForecastError) as error:
        parse_forecaster(changed(path, value))
    assert says in str(error.value)
    assert "make forecast" in str(error.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]"])
def test_what_is_no_object_is_refused(content: bytes) -> None:
    with pytest.raises(ForecastError, match="file"):
        parse_forecaster(content)


def test_a_positive_turn_and_a_good_reply_lower_it_and_nothing_else_does() -> None:
    assert frozenset({"positive", "reply_care"}) == LOWERING
    glad, neutral = (fold([Step(customer(), make_score(sentiment=felt))]).forecast for felt in ("positive", "neutral"))
    assert glad is not None
    assert neutral is not None
    assert glad < neutral
