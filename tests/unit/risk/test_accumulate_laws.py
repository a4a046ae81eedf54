"""Laws of stage 5, over generated conversations; and tables of what each turn adds to the state."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.flow import ACTIONS, BANDS, ConversationState, Turn
from service.labels import BINARY
from service.risk.accumulate import accumulate, kinds_of, trend
from service.risk.state import state_from_json, state_to_json
from service.risk.tuning import HISTORY_LIMIT
from tests.support import THRESHOLD, make_score
from tests.unit.risk.strategies import Step, conversations, probabilities, scores

EMPTY = ConversationState("c")


def fold(steps: list[Step], state: ConversationState = EMPTY) -> ConversationState:
    for step in steps:
        state = accumulate(state, step.turn, step.score, step.turn.sent_at)
    return state


def customer(text: str = "hello there my friend", at: float = 0.0) -> Turn:
    return Turn("t", "customer", text, at)


def after(*made: dict, text: str = "hello there my friend") -> ConversationState:
    return fold([Step(customer(text, float(i)), make_score(**values)) for i, values in enumerate(made)])


@given(conversations())
def test_every_number_stays_in_its_range(steps: list[Step]) -> None:
    state = fold(steps)
    assert all(0.0 <= level <= 1.0 for level in state.risk_history)
    assert all(0.0 <= value <= 1.0 for value in (*state.levels.values(), *state.peaks.values()))
    assert all(state.levels[signal] <= state.peaks[signal] for signal in state.levels)
    assert all(state.streaks[signal] <= state.flagged[signal] <= state.scored_turns for signal in state.flagged)
    assert state.scored_turns <= state.customer_turns == sum(step.turn.role == "customer" for step in steps)
    assert len(state.risk_history) == min(state.customer_turns, HISTORY_LIMIT)
    assert state.band in BANDS
    assert 0 <= state.asks_human <= state.scored_turns
    assert state.human_request_pending <= (state.asks_human > 0)
    assert 0 <= state.customer_repeats <= state.scored_turns
    assert 0 <= state.bot_repeats <= state.bot_turns
    assert 0 <= state.transfers < sum(step.turn.queue is not None for step in steps) + 1


@given(conversations())
def test_one_side_waits_for_the_other_and_never_both(steps: list[Step]) -> None:
    state = fold(steps)
    last = steps[-1].turn.role
    assert (state.waiting_since is None, state.we_wait_since is None) == (last != "customer", last == "customer")
    assert (state.unanswered_turns > 0) == (last == "customer")
    assert state.level_before_reply is None or state.unanswered_turns <= 1
    assert last != "agent" or (state.bot_turns, state.bot_repeats, state.bot_fingerprints) == (0, 0, ())


@given(conversations(), scores(abstained=False), st.sampled_from(BINARY), probabilities)
def test_risk_never_falls_when_a_probability_of_the_turn_rises(steps: list[Step], low, name: str, p: float) -> None:
    before = fold(steps)
    values = {**low.scores, "asks_human": low.asks_human}
    raised = {**values, name: max(p, values[name])}
    kinds = {"threat_kinds": dict(low.threat_kinds)}
    low_state, high_state = (
        accumulate(before, customer(), make_score(**v, **kinds), 9e9)  # type: ignore[arg-type]
        for v in (values, raised)
    )
    assert high_state.risk_history[-1] >= low_state.risk_history[-1] - 1e-12
    assert BANDS.index(high_state.band) >= BANDS.index(low_state.band)


@given(conversations(), scores(abstained=True))
def test_an_abstained_turn_moves_neither_risk_nor_mood(steps: list[Step], score) -> None:
    before = fold(steps)
    state = accumulate(before, customer("WHAT IS THIS lần thứ 5 rồi!!!", 9e9), score, 9e9)
    routing = {"we_wait_since", "unanswered_turns", "level_before_reply"}
    counted = {"customer_turns", "waiting_since", "last_turn_at", "risk_history", *routing}
    assert replace(state, **{name: getattr(before, name) for name in counted}) == before
    assert state.risk_history[-1] == (before.risk_history[-1] if before.risk_history else 0.0)


@given(conversations())
def test_a_replay_gives_the_same_state_also_through_json(steps: list[Step]) -> None:
    state = EMPTY
    for step in steps:
        stored = json.loads(json.dumps(state_to_json(state), allow_nan=False))
        assert state_from_json(stored) == state
        state = accumulate(state_from_json(stored), step.turn, step.score, step.turn.sent_at)
    assert state == fold(steps)


@given(conversations(), st.sampled_from(("agent", "bot")))
def test_nobody_but_the_customer_is_scored(steps: list[Step], role) -> None:
    before = fold(steps)
    turn = Turn("a", role, "YOU ARE WRONG!!!", 9e9)
    with_score = accumulate(before, turn, make_score(abuse=1.0, threat=1.0), 9e9)
    assert with_score == accumulate(before, turn, None, 9e9)
    exchange = {"waiting_since", "we_wait_since", "last_turn_at", "unanswered_turns", "level_before_reply"}
    of_bots = {"bot_turns", "bot_repeats", "bot_fingerprints"}
    unmoved = {name: getattr(before, name) for name in (*exchange, *of_bots)}
    assert replace(with_score, **unmoved) == before
    assert (with_score.waiting_since, with_score.last_turn_at, with_score.unanswered_turns) == (None, 9e9, 0)


def test_the_history_keeps_the_last_fifty_levels() -> None:
    state = after(*({"frustration": i / 100} for i in range(60)))
    assert len(state.risk_history) == HISTORY_LIMIT == 50
    assert state.customer_turns == 60


def test_the_opening_is_the_baseline_and_later_turns_do_not_move_it() -> None:
    state = after({"frustration": 0.7, "abstain_reason": "too_short"}, {"frustration": 0.6}, {"frustration": 0.9})
    assert state.baseline_frustration == 0.6


def test_the_same_anger_weighs_more_when_the_conversation_began_calmly() -> None:
    calm_start = after({"frustration": 0.1}, {"frustration": 0.9})
    angry_start = after({"frustration": 0.9}, {"frustration": 0.9})
    assert calm_start.risk_history[-1] > angry_start.risk_history[-1]


def test_levels_decay_peaks_stay_streaks_break() -> None:
    state = after({"frustration": 0.9}, {"frustration": 0.9}, {"frustration": 0.1})
    assert state.levels["frustration"] == pytest.approx(0.63)
    assert state.peaks["frustration"] == 0.9
    assert (state.streaks["frustration"], state.flagged["frustration"]) == (0, 2)


def test_calm_turns_bring_the_conversation_back() -> None:
    state = after({"frustration": 0.9}, {"frustration": 0.95}, *({"sentiment": "positive"} for _ in range(5)))
    assert (state.band, state.stage, trend(state)) == ("calm", "connected", "falling")


def test_facts_of_the_text_are_counted() -> None:
    state = after(
        {"frustration": 0.8, "asks_human": 0.9}, {"asks_human": 0.9}, text="TÔI GỌI 5 LẦN RỒI MÀ KHÔNG AI NGHE"
    )
    assert (state.shouting, state.repeat_contact, state.asks_human) == (2, True, 2)


def test_kinds_of_threat_are_kept_in_order_of_sight_and_only_when_flagged() -> None:
    state = after(
        {"threat": 0.2, "threat_kinds": {"violence": 0.9}},
        {"threat": 0.9, "threat_kinds": {"legal": 0.8, "publicity": 0.7, "regulator": 0.2}},
        {"threat": 0.9, "threat_kinds": {"publicity": 0.9, "chargeback": 0.3}},
        {"threat": 0.9, "threat_kinds": {"self_harm": 0.3}},  # the likeliest one counts below one half too
    )
    assert state.threat_kinds == ("legal", "publicity", "self_harm")


def test_a_threat_without_any_kind_has_none() -> None:
    assert kinds_of(make_score(threat=0.9)) == ()
    assert kinds_of(make_score(threat=0.9, threat_kinds={"legal": 0.9}, abstain_reason="too_long")) == ()


# fmt: off
@pytest.mark.parametrize(("turns", "language"), [
    ([("vi", 0.9, "xin chào")], "vi"),
    ([("vi", 0.4, "xin chào")], None),                                            # not even likely
    ([("vi", 0.8, "lag")], "vi"),                                                 # one word, better than nothing
    ([("vi", 0.8, "lag"), ("en", 0.7, "400 ping wtf")], "en"),
    ([("vi", 0.8, "lag"), ("tl", 0.7, "laaag")], "vi"),
    ([("tl", 0.95, "salamat"), ("en", 0.7, "ok thanks")], "tl"),
    ([("other", 0.99, "guten Tag")], None),
    ([("en", 0.99, "DR6630918CZ")], None),                                        # a number is in no language
    ([("other", 0.7, "kde je balík"), ("en", 0.7, "DR6630918CZ"), ("cs", 0.9, "a přijde dneska?")], "cs"),
    ([("tl", 0.9, "magandang umaga po"), ("en", 0.99, "ok thanks")], "tl"),       # borrowed words
    ([("tl", 0.9, "magandang umaga po"), ("en", 0.8, "please check my account now")], "tl"),  # not clear enough
    ([("tl", 0.9, "magandang umaga po"), ("en", 0.97, "can we switch to English please")], "en"),
    ([("cs", 0.9, "dobrý den"), ("other", 0.99, "ein ganzer Satz auf Deutsch bitte")], "cs"),
])
def test_the_language_is_that_of_the_clearest_turns(turns: list[tuple[str, float, str]], language: str | None) -> None:
    steps = [Step(customer(text), make_score(language=name, language_probability=p)) for name, p, text in turns]
    assert fold(steps).language == language
# fmt: on


def test_waiting_begins_with_the_first_unanswered_turn() -> None:
    state = fold([Step(customer(at=10.0), make_score()), Step(customer(at=70.0), make_score())])
    assert state.waiting_since == 10.0
    state = accumulate(state, Turn("a", "agent", "hello", 80.0), None, 80.0)
    assert (state.waiting_since, state.last_turn_at) == (None, 80.0)
    assert accumulate(state, customer(at=90.0), make_score(), 90.0).waiting_since == 90.0


def test_a_clock_that_runs_ahead_cannot_wait_in_the_future() -> None:
    assert accumulate(EMPTY, customer(at=500.0), make_score(), now=100.0).waiting_since == 100.0


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"mood": 1}, "mood"),
        ({"band": "purple"}, "band"),
        ({"customer_turns": "3"}, "customer_turns"),
        ({"customer_turns": True}, "customer_turns"),
        ({"levels": [1]}, "levels"),
        ({"levels": {"abuse": "much"}}, "levels"),
        ({"phrases_used": "vi-1"}, "phrases_used"),
        ({"repeat_contact": 1}, "repeat_contact"),
        ({"conversation_id": None}, "conversation_id"),
    ],
)
def test_a_stored_state_that_is_not_ours_is_refused_by_field(change: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=f"'{named}'"):
        state_from_json({**state_to_json(EMPTY), **change})


def test_a_state_without_an_id_is_refused_and_one_without_newer_fields_is_read() -> None:
    with pytest.raises(ValueError, match="'conversation_id' is missing"):
        state_from_json({})
    assert state_from_json({"conversation_id": "c", "baseline_frustration": 1}) == replace(
        EMPTY, baseline_frustration=1.0
    )


def test_made_scores_are_consistent() -> None:
    score = make_score(threat=THRESHOLD, threat_kinds={"legal": 0.6})
    assert score.flags["threat"]
    assert score.threat_kind == "legal"
    assert ACTIONS[0] == "none"
