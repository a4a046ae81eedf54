"""Stage 5: (state, turn, score) -> state. The conversation so far as one value, folded turn by turn.

Pure: no clock, no randomness; a replay of the same turns gives the same states. Only customers are
scored. An abstained turn is counted and starts the wait for an answer; it moves nothing else.
The numbers are in `tuning.py`, the risk level, band and stage in `level.py`, the forecast in `forecast.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from ..flow import ConversationState, Score, Trend, Turn
from ..labels import ASKS_HUMAN, LANGUAGES, SIGNALS, THREAT_KINDS
from . import tuning as t
from .exchange import Judgement, after_message, after_reply, after_routing, after_saying
from .forecast import because, probability, shipped
from .level import band_after, risk_level, stage_after, trend_of
from .text_facts import read_text

_WORD = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")
"""A number of a parcel ("DR6630918CZ") is none, and tells no language."""


def accumulate(
    state: ConversationState, turn: Turn, score: Score | None, now: float, judgement: Judgement | None = None
) -> ConversationState:
    """Return the state after `turn`; `score` is read for customer turns only, `judgement` for agents', `now` in epoch seconds."""
    at = min(turn.sent_at, now)  # a sender's clock may run ahead of ours, a wait may not be negative
    routed = after_routing(state, turn)
    if turn.role != "customer":
        return after_reply(routed, turn, at, judgement)
    counted = after_message(routed, at)
    if score is None or score.status != "scored":
        return replace(counted, risk_history=_append(state.risk_history, _last(state.risk_history)))
    said = _ask(after_saying(_add_score(counted, turn, score), turn), turn, score)
    return _assess_risk(said, score)


def trend(state: ConversationState) -> Trend:
    """Return whether the risk rises or falls over the last customer turns."""
    return trend_of(state.risk_history)


def kinds_of(score: Score) -> tuple[str, ...]:
    """Return the kinds of threat that a scored turn makes, likeliest first; none unless threat is flagged."""
    if score.status != "scored" or not score.flags.get("threat", False):
        return ()
    likely = [kind for kind in THREAT_KINDS if score.threat_kinds.get(kind, 0.0) >= t.KIND_PROBABILITY]
    likely.sort(key=lambda kind: -score.threat_kinds[kind])
    return tuple(dict.fromkeys((*((score.threat_kind,) if score.threat_kind else ()), *likely)))


def _add_score(state: ConversationState, turn: Turn, score: Score) -> ConversationState:
    """Everything that is counted; the risk level is computed from it afterwards."""
    frustration = score.scores["frustration"]
    language, settled = _language(state, turn.text, score)
    text = read_text(turn.text)
    return replace(
        state,
        language=language,
        language_settled=settled,
        scored_turns=state.scored_turns + 1,
        baseline_frustration=frustration if state.baseline_frustration is None else state.baseline_frustration,
        levels={s: max(score.scores[s], t.DECAY[s] * state.levels.get(s, 0.0)) for s in SIGNALS},
        peaks={s: max(score.scores[s], state.peaks.get(s, 0.0)) for s in SIGNALS},
        streaks={s: state.streaks.get(s, 0) + 1 if score.flags[s] else 0 for s in SIGNALS},
        flagged=_count(state.flagged, score.flags),
        threat_kinds=tuple(dict.fromkeys((*state.threat_kinds, *kinds_of(score)))),
        shouting=state.shouting + text.shouts,
        repeat_contact=state.repeat_contact or text.repeats_contact,
        passed_around=state.passed_around or text.passed_around,
        topics=tuple(dict.fromkeys((*state.topics, *text.topics))),
        latest={**score.scores, ASKS_HUMAN: score.asks_human, **{m: score.sentiment[m] for m in t.FELT}},
        negative_level=max(score.sentiment["negative"], t.DECAY["frustration"] * state.negative_level),
    )


def _ask(state: ConversationState, turn: Turn, score: Score) -> ConversationState:
    """Count a wish for a person; "no need for a manager any more" takes back all wishes so far."""
    if read_text(turn.text).withdraws_human:
        return replace(state, asks_human=0, human_request_pending=False, latest={**state.latest, ASKS_HUMAN: 0.0})
    asks = score.asks_human_flag
    return replace(state, asks_human=state.asks_human + asks, human_request_pending=state.human_request_pending or asks)


def _assess_risk(state: ConversationState, score: Score) -> ConversationState:
    level, forecaster = risk_level(state), shipped()
    return replace(
        state,
        risk_history=_append(state.risk_history, level),
        band=band_after(state.band, level),
        stage=stage_after(state.stage, score, state.levels["frustration"]),
        forecast=probability(state, forecaster),
        forecast_because=because(state, forecaster),
    )


def _count(before: Mapping[str, int], flags: Mapping[str, bool]) -> dict[str, int]:
    return {signal: before.get(signal, 0) + flags[signal] for signal in SIGNALS}


def _language(state: ConversationState, text: str, score: Score) -> tuple[str | None, bool]:
    """The customer's language, and whether it is settled: then only a clear turn of several words changes it."""
    known, settled = state.language, state.language_settled
    if score.language not in LANGUAGES or _WORD.search(text) is None:
        return known, settled
    clear, words = score.language_probability >= t.CLEAR_LANGUAGE_PROBABILITY, len(text.split())
    likely = score.language_probability >= t.FIRST_LANGUAGE_PROBABILITY
    if settled:
        return (score.language if clear and words >= t.CLEAR_LANGUAGE_WORDS else known), True
    if clear or (likely and words > 1):
        return score.language, True
    return (score.language if known is None and likely else known), False


def _append(history: tuple[float, ...], level: float) -> tuple[float, ...]:
    return (*history, level)[-t.HISTORY_LIMIT :]


def _last(history: tuple[float, ...]) -> float:
    return history[-1] if history else 0.0
