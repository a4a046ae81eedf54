"""Paired scores of two services -> the threshold of ours at which as many alerts are raised as today. Pure.

Two scores of one text are not comparable: they are calibrated on other texts, and for other meanings. How many
alerts people are used to is comparable, so the threshold is chosen by rank: as many of ours lie on or above it as of
theirs did. Its interval is a bootstrap over the rows (percentiles of resamples; Efron 1979).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

RESAMPLES: Final = 400
LEAST_ROWS: Final = 200
LEAST_ALERTS: Final = 20
"""Below these, and with as few rows without an alert, the threshold is a guess."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often both decide alike, at the translated threshold."""

    both: int
    only_theirs: int
    only_ours: int
    neither: int

    @property
    def rows(self) -> int:
        """Return how many rows there are."""
        return self.both + self.only_theirs + self.only_ours + self.neither

    @property
    def share(self) -> float:
        """Return the share of rows on which both decide alike."""
        return (self.both + self.neither) / self.rows

    @property
    def kappa(self) -> float | None:
        """Return Cohen's kappa, which leaves out what chance would give; None where both always decide one way."""
        theirs, ours = (self.both + self.only_theirs) / self.rows, (self.both + self.only_ours) / self.rows
        by_chance = theirs * ours + (1 - theirs) * (1 - ours)
        return None if by_chance == 1.0 else (self.share - by_chance) / (1 - by_chance)


@dataclass(frozen=True, slots=True)
class Translation:
    """Our threshold for one language and attribute."""

    threshold: float | None
    """From which score on to raise an alert; None: never, as they never did."""
    low: float | None
    high: float | None
    """The middle 95 % of the resampled thresholds; None where that end is no alert at all."""
    rows: int
    their_alerts: int
    our_alerts: int
    agreement: Agreement
    warnings: tuple[str, ...]


def translate(ours: Sequence[float], alerts: Sequence[bool], *, seed: int = 0) -> Translation:
    """Return our threshold that raises as many alerts over these rows as theirs did."""
    scores, theirs = np.asarray(ours, dtype=np.float64), np.asarray(alerts, dtype=bool)
    if scores.size == 0 or scores.shape != theirs.shape:
        raise ValueError(f"expected as many scores as decisions, at least one; found {scores.size} and {theirs.size}")
    threshold = same_rate(scores, int(theirs.sum()))
    flagged = scores >= threshold
    low, high = _interval(scores, theirs, seed)
    return Translation(
        threshold=_finite(threshold),
        low=_finite(low),
        high=_finite(high),
        rows=scores.size,
        their_alerts=int(theirs.sum()),
        our_alerts=int(flagged.sum()),
        agreement=Agreement(
            both=int((flagged & theirs).sum()),
            only_theirs=int((~flagged & theirs).sum()),
            only_ours=int((flagged & ~theirs).sum()),
            neither=int((~flagged & ~theirs).sum()),
        ),
        warnings=tuple(_warnings(scores, theirs, int(flagged.sum()))),
    )


def same_rate(scores: np.ndarray, alerts: int) -> float:
    """Return the threshold that as many scores reach, or where ties forbid that, the nearest number, rather fewer.

    It lies in the middle of the gap between the scores on both sides, written with as few digits as the gap allows.
    """
    values, counts = np.unique(-scores, return_counts=True)
    return _between(-values, counts, alerts)


def _between(values: np.ndarray, counts: np.ndarray, alerts: int) -> float:
    """Return the threshold for distinct scores, the highest first, that occur so often; some may not occur at all."""
    reached = np.concatenate([[0], np.cumsum(counts)])
    best = int(np.abs(reached - alerts).argmin())
    if best == 0:
        return math.inf
    further = int(np.searchsorted(reached, reached[best], side="right"))
    return _short(float(values[further - 1]) if further <= values.size else 0.0, float(values[best - 1]))


def _short(above: float, upto: float) -> float:
    """Return the shortest decimal near the middle that is greater than `above` and not greater than `upto`."""
    middle = above + (upto - above) / 2
    for digits in range(2, 17):
        rounded = round(middle, digits)
        if above < rounded <= upto:
            return rounded
    return upto


def _interval(scores: np.ndarray, theirs: np.ndarray, seed: int) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    values, places = np.unique(-scores, return_inverse=True)
    found = []
    for _ in range(RESAMPLES):
        pick = rng.integers(0, scores.size, scores.size)
        counts = np.bincount(places[pick], minlength=values.size)
        found.append(_between(-values, counts, int(theirs[pick].sum())))
    found.sort()
    # Ranks and not interpolation: between a threshold and "never" there is nothing.
    return found[int(0.025 * RESAMPLES)], found[math.ceil(0.975 * RESAMPLES) - 1]


def _finite(threshold: float) -> float | None:
    return threshold if math.isfinite(threshold) else None


def _warnings(scores: np.ndarray, theirs: np.ndarray, ours: int) -> list[str]:
    rows, alerts = scores.size, int(theirs.sum())
    found = []
    if rows < LEAST_ROWS:
        found.append(f"only {rows} rows; {LEAST_ROWS} or more are needed")
    if min(alerts, rows - alerts) < LEAST_ALERTS:
        found.append(f"only {min(alerts, rows - alerts)} rows decided the rarer way; {LEAST_ALERTS} are needed")
    if ours != alerts:
        found.append(f"scores are tied: {ours} alerts in place of {alerts}")
    return found
