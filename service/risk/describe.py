"""A rule -> what a page shows of it: its conditions, and the numbers in them with the range that each may have. Pure.

For the what-if page. `seen.py` says a condition as a sentence; here its parts stay apart, so that a reader's
language has its own words for them and a number can be changed at its path (`amend.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from .conditions import MAX_COUNT, MAX_WAIT_S, Condition

Unit = Literal["share", "count", "seconds"]
_RANGES: Final[Mapping[Unit, tuple[float, float]]] = {
    "share": (0, 1),
    "count": (1, MAX_COUNT),
    "seconds": (1, MAX_WAIT_S),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that a condition asks for."""

    name: str | None
    """A signal or sentiment, where the word has a number for each."""
    path: str
    """From the rule on, as `Change.path`."""
    value: float
    unit: Unit
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ConditionParts:
    """One condition; of the three kinds of value it has one."""

    word: str
    limits: tuple[Limit, ...]
    names: tuple[str, ...]
    truth: bool | None


def condition_parts(condition: Condition) -> ConditionParts:
    """Return the parts of a condition."""
    wanted, path = condition.wanted, f"when.{condition.name}"
    truth = wanted if isinstance(wanted, bool) else None
    names = tuple(map(str, wanted)) if isinstance(wanted, tuple) else ()
    return ConditionParts(condition.name, tuple(_limits(wanted, path)), names, truth)


def _limits(wanted: object, path: str) -> Iterator[Limit]:
    if isinstance(wanted, Mapping):
        for name, value in wanted.items():
            yield _limit(str(name), f"{path}.{name}", value)
    elif isinstance(wanted, int | float) and not isinstance(wanted, bool):
        yield _limit(None, path, wanted)


def _limit(name: str | None, path: str, value: float) -> Limit:
    unit: Unit = "share" if isinstance(value, float) else "seconds" if path.endswith("_s") else "count"
    return Limit(name, path, value, unit, *_RANGES[unit])
