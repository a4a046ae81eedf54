"""Assessments and scores <-> plain JSON: what the API answers is what the store keeps. Pure.

The public shapes are those of the v1 contract. `score_to_record` keeps one more field than the
contract shows, so that a stored score can be fed to another policy later.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..flow import Assessment, Evidence, Forecast, Phrase, Reason, Recommendation, Score
from ..labels import ASKS_HUMAN

Span = tuple[int, int]


def assessment_to_json(assessment: Assessment) -> dict[str, object]:
    """Return the answer of `POST …/turns`."""
    risk = assessment.risk
    return {
        "conversation_id": assessment.conversation_id,
        "turn_id": assessment.turn_id,
        "score": None if assessment.score is None else score_to_json(assessment.score),
        "risk": {
            "level": float(risk.level),
            "band": risk.band,
            "trend": risk.trend,
            "stage": risk.stage,
            "forecast": forecast_to_json(risk.forecast),
        },
        "recommendation": _recommendation(assessment.recommendation),
        "bot_muted": assessment.bot_muted,
        "model": {
            "version": assessment.model.version,
            "digest": assessment.model.digest,
            "precision": assessment.model.precision,
        },
        "policy": {"version": assessment.policy_version},
    }


def forecast_to_json(forecast: Forecast | None) -> dict[str, float | int | list[str]] | None:
    """Return `risk.forecast`; null before the first scored customer turn."""
    if forecast is None:
        return None
    return {
        "probability": float(forecast.probability),
        "within_turns": forecast.within_turns,
        "because": list(forecast.because),
    }


def score_to_json(score: Score) -> dict[str, object]:
    """Return one result of `POST /v1/score`."""
    return {
        "status": score.status,
        "abstain_reason": score.abstain_reason,
        "language": score.language,
        "language_probability": float(score.language_probability),
        "scores": _floats(score.scores),
        "flags": {**_bools(score.flags), ASKS_HUMAN: bool(score.asks_human_flag)},
        "asks_human": float(score.asks_human),
        "threat_kind": score.threat_kind,
        "sentiment": _floats(score.sentiment),
        "evidence": _evidence(score.evidence),
    }


def score_to_record(score: Score) -> dict[str, object]:
    """Return the score with nothing left out, as it is stored."""
    return {**score_to_json(score), "threat_kinds": _floats(score.threat_kinds)}


def score_from_record(record: Mapping[str, Any]) -> Score:
    """Undo `score_to_record`."""
    flags = dict(record["flags"])
    changed = {
        "asks_human_flag": flags.pop(ASKS_HUMAN),
        "flags": flags,
        "evidence": tuple(Evidence(**word) for word in record["evidence"]),
    }
    return Score(**{**record, **changed})


def move_spans(value: object, move: Callable[[int, int], Span]) -> object:
    """Return the JSON value with every `start`/`end` pair in it moved."""
    if isinstance(value, Mapping):
        moved = {key: move_spans(item, move) for key, item in value.items()}
        if "start" in moved and "end" in moved:
            moved["start"], moved["end"] = move(value["start"], value["end"])
        return moved
    return [move_spans(item, move) for item in value] if isinstance(value, list) else value


def _recommendation(recommendation: Recommendation) -> dict[str, object]:
    return {
        "action": recommendation.action,
        "queue": recommendation.queue,
        "respond_within_s": recommendation.respond_within_s,
        "phrases": [_phrase(phrase) for phrase in recommendation.phrases],
        "reasons": [_reason(reason) for reason in recommendation.reasons],
    }


def _phrase(phrase: Phrase) -> dict[str, object]:
    return {
        "id": phrase.id,
        "language": phrase.language,
        "technique": phrase.technique,
        "stage": phrase.stage,
        "text": phrase.text,
    }


def _reason(reason: Reason) -> dict[str, object]:
    return {
        "rule": reason.rule,
        "because": reason.because,
        "evidence": _evidence(reason.evidence),
        "collect": list(reason.collect),
    }


def _evidence(evidence: Iterable[Evidence]) -> list[dict[str, object]]:
    return [
        {"signal": word.signal, "start": word.start, "end": word.end, "weight": float(word.weight)} for word in evidence
    ]


def _floats(values: Mapping[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in values.items()}


def _bools(values: Mapping[str, bool]) -> dict[str, bool]:
    return {name: bool(value) for name, value in values.items()}
