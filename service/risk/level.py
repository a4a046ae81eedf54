"""State of a conversation -> its risk level in 0..1, and from that band, trend and stage.

The second half of stage 5. `risk_parts` is the explanation: what each signal adds. For the same
history the level never falls when a probability rises (`tests/unit/risk/test_accumulate_laws.py`).
"""

from collections.abc import Mapping

from ..flow import BANDS, Band, ConversationState, Score, Stage, Trend
from . import tuning as t


def risk_parts(state: ConversationState) -> Mapping[str, float]:
    """Return what adds to the risk, by name, each in 0..1: the explanation of `risk_level`."""
    frustration = state.levels.get("frustration", 0.0)
    baseline = frustration if state.baseline_frustration is None else state.baseline_frustration
    extra_turns = min(max(state.streaks.get("frustration", 0) - 1, 0), t.STREAK_CAP)
    abuse_weight = t.ABUSE_WEIGHT + (t.REPEATED_ABUSE_WEIGHT if state.flagged.get("abuse", 0) > 1 else 0.0)
    return {
        "frustration": t.FRUSTRATION_WEIGHT * frustration,
        "streak": t.STREAK_WEIGHT * extra_turns * frustration,
        "rise": t.RISE_WEIGHT * max(frustration - baseline, 0.0),
        "shouting": t.SHOUTING_WEIGHT * min(state.shouting, t.SHOUTING_CAP) * frustration,
        "repeat_contact": t.REPEAT_CONTACT_WEIGHT * state.repeat_contact * frustration,
        "asks_human": t.ASKS_HUMAN_WEIGHT * min(state.asks_human, t.ASKS_HUMAN_CAP) * frustration,
        "abuse": abuse_weight * state.levels.get("abuse", 0.0),
        "threat": _threat_part(state),
    }


def risk_level(state: ConversationState) -> float:
    """Return the risk level in 0..1: independent ways to go wrong, any one of which suffices."""
    parts = dict(risk_parts(state))
    abuse, threat = parts.pop("abuse"), parts.pop("threat")
    displeasure = min(sum(parts.values()), t.DISPLEASURE_CAP)
    return 1.0 - (1.0 - displeasure) * (1.0 - abuse) * (1.0 - threat)


def _threat_part(state: ConversationState) -> float:
    level = state.levels.get("threat", 0.0)
    if t.DANGEROUS_KINDS.isdisjoint(state.threat_kinds):
        return t.THREAT_WEIGHT * level
    floor = t.DANGER_FLOOR if state.streaks.get("threat", 0) else 0.0
    return max(t.DANGER_WEIGHT * level, floor)


def band_after(previous: Band, level: float) -> Band:
    """Return the band of `level`: up at once, down only past the margin (hysteresis)."""
    entered = max(BANDS.index(band) for band in BANDS if level >= t.BAND_FROM[band])
    kept = max(BANDS.index(band) for band in BANDS if level >= t.BAND_FROM[band] - t.BAND_MARGIN)
    return BANDS[max(entered, min(kept, BANDS.index(previous)))]


def trend_of(history: tuple[float, ...]) -> Trend:
    """Return where the level goes: a clear step since the last turn, or else over the last few turns."""
    recent = history[-1 - t.TREND_WINDOW :]
    for before in (*recent[-2:-1], *recent[:1]):
        step = recent[-1] - before
        if abs(step) >= t.TREND_STEP:
            return "rising" if step > 0 else "falling"
    return "steady"


def stage_after(previous: Stage, score: Score, frustration_level: float) -> Stage:
    """Return the stage after a scored turn.

    Anything flagged means that the customer vents, and a calm turn makes a venting customer
    receptive; nobody goes from venting to connected in one step, so that no cheerful answer
    meets somebody who has only just stopped shouting.
    """
    if any(score.flags.values()):
        return "venting"
    if previous == "venting":
        return "receptive"
    soothed = score.sentiment.get("positive", 0.0) >= t.POSITIVE_SENTIMENT or frustration_level < t.CALM_LEVEL
    return "connected" if previous == "connected" or soothed else "receptive"
