"""Band, trend and stage: tables of the transitions, and that bands do not flicker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.flow import BANDS, Band, ConversationState, Stage, Trend
from service.risk.level import band_after, risk_level, risk_parts, stage_after, trend_of
from service.risk.tuning import BAND_FROM, BAND_MARGIN
from tests.support import make_score


# fmt: off
@pytest.mark.parametrize(("before", "level", "after"), [
    ("calm", 0.34, "calm"), ("calm", 0.35, "watch"), ("calm", 0.95, "critical"),
    ("watch", 0.30, "watch"), ("watch", 0.24, "calm"),                 # leaves only past the margin
    ("high", 0.55, "high"), ("high", 0.49, "watch"), ("high", 0.10, "calm"),
    ("critical", 0.71, "critical"), ("critical", 0.69, "high"), ("critical", 0.0, "calm"),
])
def test_a_band_is_entered_at_once_and_left_past_a_margin(before: Band, level: float, after: Band) -> None:
    assert band_after(before, level) == after


@pytest.mark.parametrize(("history", "trend"), [
    ((), "steady"), ((0.9,), "steady"), ((0.1, 0.5), "rising"), ((0.5, 0.1), "falling"), ((0.5, 0.55), "steady"), ((0.5, 0.55, 0.6, 0.65), "rising"), ((0.03, 0.68, 0.46), "falling"),
    ((0.9, 0.1, 0.1, 0.1, 0.1), "steady"), ((0.2, 0.2, 0.2, 0.4), "rising"),
])
def test_the_trend_compares_the_last_level_with_those_before(history: tuple[float, ...], trend: Trend) -> None:
    assert trend_of(history) == trend


@pytest.mark.parametrize(("before", "score", "level", "after"), [
    ("connected", {"frustration": 0.8}, 0.80, "venting"),
    ("receptive", {"abuse": 0.8}, 0.10, "venting"),
    ("connected", {}, 0.05, "connected"),
    ("venting", {}, 0.60, "receptive"),
    ("venting", {"sentiment": "positive"}, 0.60, "receptive"),          # not straight to cheerful
    ("receptive", {}, 0.50, "receptive"),
    ("receptive", {"sentiment": "positive"}, 0.50, "connected"),
    ("receptive", {}, 0.30, "connected"),
])
def test_stages_follow_the_customer(before: Stage, score: dict, level: float, after: Stage) -> None:
    assert stage_after(before, make_score(**score), level) == after
# fmt: on


@given(st.sampled_from(BANDS), st.floats(0, 1), st.floats(-0.049, 0.049))
def test_a_small_wobble_moves_no_band_twice(before: Band, level: float, wobble: float) -> None:
    """Once a level has settled in a band, going down and up again by less than half the margin stays there."""
    settled = band_after(before, level)
    assert abs(wobble) < BAND_MARGIN / 2
    there = band_after(settled, min(max(level - abs(wobble), 0.0), 1.0))
    assert there == settled or level < BAND_FROM[settled]
    assert band_after(there, level) == settled or level < BAND_FROM[settled]


def test_the_parts_explain_the_level() -> None:
    state = ConversationState(
        "c",
        levels={"frustration": 0.8, "abuse": 0.5, "threat": 0.4},
        baseline_frustration=0.2,
        streaks={"frustration": 3},
        flagged={"abuse": 2},
        shouting=1,
        repeat_contact=True,
        asks_human=1,
    )
    parts = risk_parts(state)
    assert min(parts.values()) > 0
    displeasure = sum(value for name, value in parts.items() if name not in ("abuse", "threat"))
    assert risk_level(state) == pytest.approx(1 - (1 - displeasure) * (1 - parts["abuse"]) * (1 - parts["threat"]))


def test_danger_weighs_most() -> None:
    """At the same probability: violence above a lawyer above an insult above frustration."""
    levels = [
        risk_level(ConversationState("c", levels={"threat": 0.6}, streaks={"threat": 1}, threat_kinds=("violence",))),
        risk_level(ConversationState("c", levels={"threat": 0.6}, streaks={"threat": 1}, threat_kinds=("legal",))),
        risk_level(ConversationState("c", levels={"abuse": 0.6}, flagged={"abuse": 1})),
        risk_level(ConversationState("c", levels={"frustration": 0.6}, baseline_frustration=0.6)),
    ]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] >= BAND_FROM["critical"]


def test_a_furious_opening_alone_is_normal() -> None:
    state = ConversationState("c", levels={"frustration": 1.0}, baseline_frustration=1.0, streaks={"frustration": 1})
    assert band_after("calm", risk_level(state)) == "watch"
