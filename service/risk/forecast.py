"""Stage 5, its last number: a conversation's state -> the probability that it escalates soon. Pure.

"Soon" is now or within the next four customer turns, "escalates" is defined in `training/escalation.py`. A logistic
regression over facts of the state, fitted by `make forecast`, whose numbers are in `forecast.json`. Never falls
when frustration, abuse, a threat or a request for a person rises: the signs are checked at load.
Try: `probability(state, shipped())`.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from ..flow import WITHIN_TURNS, ConversationState, ForecastReason
from .tuning import USUALLY_GOOD

FORMAT: Final = 2
STREAK_CAP: Final = 5
TURNS_CAP: Final = 6
"""Later turns than these are too rare in the fit to say more."""
STRAIN_CAP: Final = 2.0
"""More strain than this, or less than its negative, says no more."""


class ForecastError(ValueError):
    """The coefficients cannot be used; the message names the field, what stood there and the way out."""


def _rise(state: ConversationState) -> float:
    level = state.levels.get("frustration", 0.0)
    return max(level - (level if state.baseline_frustration is None else state.baseline_frustration), 0.0)


def _latest(name: str) -> Callable[[ConversationState], float]:
    return lambda state: state.latest.get(name, 0.0)


FEATURES: Final[Mapping[str, Callable[[ConversationState], float]]] = {
    "frustration": lambda state: state.levels.get("frustration", 0.0),
    "rise": _rise,
    "streak": lambda state: min(state.streaks.get("frustration", 0), STREAK_CAP),
    "abuse": _latest("abuse"),
    "threat": _latest("threat"),
    "threat_level": lambda state: state.levels.get("threat", 0.0),
    "asks_human": _latest("asks_human"),
    "negative": _latest("negative"),
    "negative_level": lambda state: state.negative_level,
    "positive": _latest("positive"),
    "repeat_contact": lambda state: float(state.repeat_contact),
    "shouting": lambda state: min(state.shouting, 2),
    "turns": lambda state: min(state.scored_turns, TURNS_CAP),
    "reply_care": lambda state: 0.0 if state.reply_care is None else state.reply_care - USUALLY_GOOD,
    "reply_strain": lambda state: max(min(state.reply_strain, STRAIN_CAP), -STRAIN_CAP),
}
"""What the forecast knows, each a plain number; everything but `turns` lies near 0..1 or is a small count."""
LOWERING: Final = frozenset({"positive", "reply_care"})
FREE: Final = frozenset({"turns"})
"""Weights of the others may not be negative, of `LOWERING` not positive, of `FREE` anything."""


GROUPS: Final[Mapping[ForecastReason, tuple[str, ...]]] = {
    "frustration": ("frustration", "rise", "streak"),
    "abuse": ("abuse",),
    "threat": ("threat", "threat_level"),
    "asks_human": ("asks_human",),
    "mood": ("negative", "negative_level", "positive"),
    "repeat_contact": ("repeat_contact",),
    "shouting": ("shouting",),
    "answers": ("reply_care", "reply_strain"),
}
"""What a reason speaks of. `answers` says that the replies so far did not settle it, not whose they were."""
TELLING: Final = 0.25
"""In logit units: what raises a forecast by less is no reason."""
MAX_REASONS: Final = 3


@dataclass(frozen=True, slots=True)
class Forecaster:
    """The fitted numbers: weights in the order of `FEATURES`, and the calibration of their sum."""

    weights: tuple[float, ...]
    intercept: float
    slope: float
    offset: float
    usual: tuple[float, ...] = (0.0,) * len(FEATURES)
    """Means of the features over the turns that were fitted: what a value is compared with where reasons are given."""


def features(state: ConversationState) -> tuple[float, ...]:
    """Return the features of a state, in the order of `FEATURES`."""
    return tuple(float(feature(state)) for feature in FEATURES.values())


def probability(state: ConversationState, forecaster: Forecaster) -> float:
    """Return the probability that the conversation escalates now or within the next `WITHIN_TURNS` customer turns."""
    weighted = sum(weight * value for weight, value in zip(forecaster.weights, features(state), strict=True))
    logit = forecaster.slope * (forecaster.intercept + weighted) + forecaster.offset
    return 1.0 / (1.0 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1.0 + math.exp(logit))


def because(state: ConversationState, forecaster: Forecaster) -> tuple[ForecastReason, ...]:
    """Return what raises the forecast of this state above that of a usual one, the strongest first; may be empty."""
    values = zip(FEATURES, forecaster.weights, features(state), forecaster.usual, strict=True)
    raised = {name: forecaster.slope * weight * (value - usual) for name, weight, value, usual in values}
    parts = {group: sum(raised[name] for name in names) for group, names in GROUPS.items()}
    telling = [group for group in GROUPS if parts[group] >= TELLING]
    return tuple(sorted(telling, key=lambda group: -parts[group])[:MAX_REASONS])


@cache
def shipped() -> Forecaster:
    """The numbers that come with the package, read once."""
    return parse_forecaster((resources.files(__package__) / "forecast.json").read_bytes())


def parse_forecaster(content: bytes) -> Forecaster:
    """Return the forecaster in `content` (JSON). Raises ForecastError naming the field."""
    try:
        root = json.loads(content)
    except ValueError as error:
        raise _wrong("(file)", "no JSON", "what `make forecast` writes") from error
    if not isinstance(root, dict):
        raise _wrong("(file)", type(root).__name__, "an object")
    for name, expected in (("format", FORMAT), ("within_turns", WITHIN_TURNS)):
        if root.get(name) != expected:
            raise _wrong(name, repr(root.get(name)), str(expected))
    calibration = _object(root, "calibration", ("slope", "offset"))
    weights, usual = (_object(root, name, tuple(FEATURES)) for name in ("weights", "usual"))
    slope = _number(calibration["slope"], "calibration.slope")
    if slope <= 0.0:
        raise _wrong("calibration.slope", repr(slope), "a number above 0")
    return Forecaster(
        weights=tuple(_weight(name, weights[name]) for name in FEATURES),
        intercept=_number(root.get("intercept"), "intercept"),
        slope=slope,
        offset=_number(calibration["offset"], "calibration.offset"),
        usual=tuple(_number(usual[name], f"usual.{name}") for name in FEATURES),
    )


def _object(root: Mapping[str, object], name: str, keys: tuple[str, ...]) -> Mapping[str, object]:
    entries = root.get(name)
    if not isinstance(entries, dict):
        raise _wrong(name, type(entries).__name__, f"an object with {', '.join(keys)}")
    for key in keys:
        if key not in entries:
            raise _wrong(f"{name}.{key}", "nothing", "a number")
    for key in entries:
        if key not in keys:
            raise _wrong(f"{name}.{key}", "an unknown name", f"one of {', '.join(keys)}")
    return entries


def _weight(name: str, value: object) -> float:
    weight = _number(value, f"weights.{name}")
    if name not in FREE and (weight > 0.0 if name in LOWERING else weight < 0.0):
        raise _wrong(f"weights.{name}", repr(weight), "at most 0" if name in LOWERING else "at least 0")
    return weight


def _number(value: object, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(field, repr(value)[:40], "a finite number")
    return float(value)


def _wrong(field: str, found: str, expected: str) -> ForecastError:
    return ForecastError(
        f"forecast.json, field {field!r}: found {found}, expected {expected}; write the file anew with `make forecast`"
    )
