"""Can this service answer, and is its answer right? What /readyz says, and why not.

The model's golden vectors are scored once at the start, on this machine's own CPU; the database is
asked each time. Vectors that differ stop the scoring until a restart. A scorer that carries no golden
vectors (a fixed one of a test) has nothing to compare and is taken as it is.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ..flow import Scorer
from ..store import StoreError
from ..telemetry import log
from .errors import FieldError, NotReady


class GoldenReport(Protocol):
    """How far this machine's scores are from those that were shipped with the model."""

    @property
    def ok(self) -> bool: ...
    @property
    def worst(self) -> float: ...
    @property
    def tolerance(self) -> float: ...
    @property
    def count(self) -> int: ...


@runtime_checkable
class Verifiable(Protocol):
    """A scorer that carries golden vectors; a fixed scorer of a test has none to compare."""

    def verify(self) -> GoldenReport: ...


@dataclass(frozen=True, slots=True)
class Readiness:
    """The parts that must work; each check returns what is wrong, or None."""

    model_failure: str | None
    ping: Callable[[], None]

    def failures(self) -> list[FieldError]:
        """Name every part that does not work; blocks for the database."""
        found = [("model", self.model_failure), ("database", self._database_failure())]
        return [FieldError(part, failure) for part, failure in found if failure is not None]

    def _database_failure(self) -> str | None:
        try:
            self.ping()
        except StoreError:
            return "does not take writes"
        return None


def model_not_ready(failure: str) -> NotReady:
    """Return the problem that every call that needs the model gets while its golden vectors differ."""
    return NotReady(f"Nothing is scored here: the model's {failure}.", errors=[FieldError("model", failure)])


def golden_failure(scorer: Scorer) -> str | None:
    """Score the golden vectors; log and return what is wrong, or None."""
    if not isinstance(scorer, Verifiable):
        return None
    report = scorer.verify()
    if report.ok:
        return None
    log(
        "model.golden_vectors_differ",
        level=logging.ERROR,
        worst=report.worst,
        tolerance=report.tolerance,
        count=report.count,
    )
    return (
        f"golden vectors differ by up to {report.worst:.2g} on this machine "
        f"({report.count} scored, {report.tolerance:.2g} allowed)"
    )
