"""Scores of some days against those before -> has their distribution moved, and where has it grown? Pure.

The measure is the population stability index over the deciles of the earlier scores:
sum((p - q) * ln(p / q)). It grows by chance alone when there are few scores: n and m draws from one
distribution give about chi-squared / (n*m/(n+m)). So a move counts only when the index is large *and*
beyond what chance would give once in a thousand comparisons; many groups are compared every time.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

BINS: Final = 10
LEAST: Final = 100
"""Fewer scores on either side say nothing."""
MOVED_FROM: Final = 0.2
"""The index from which a population is by custom said to have shifted."""
CHANCE_Z: Final = 3.09
"""One-sided normal quantile of one in a thousand."""
GROWN_FROM: Final = 1.25
"""A bin has grown when its share is this many times the earlier one."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How two samples of scores differ."""

    psi: float
    by_chance: float
    """What two samples of these sizes from one distribution exceed once in a thousand times."""
    before: int
    lately: int
    edges: tuple[float, ...]
    growth: tuple[float, ...]
    """Per bin between the edges, from the lowest: its share lately over its share before."""

    @property
    def moved(self) -> bool:
        """Whether the scores have left their earlier distribution."""
        return self.psi >= MOVED_FROM and self.psi > self.by_chance

    def growth_at(self, score: float) -> float:
        """Return how many times more frequent scores like this one have become."""
        return self.growth[bisect_right(self.edges, score)]


def compare(before: Sequence[float], lately: Sequence[float]) -> Drift | None:
    """Compare two samples; None when one of them is too small to tell."""
    if min(len(before), len(lately)) < LEAST:
        return None
    edges = _deciles(before)
    was, now = _shares(before, edges), _shares(lately, edges)
    psi = sum((p - q) * math.log(p / q) for p, q in zip(now, was, strict=True))
    return Drift(
        psi=psi,
        by_chance=_chi_squared(len(edges)) * (1 / len(before) + 1 / len(lately)),
        before=len(before),
        lately=len(lately),
        edges=edges,
        growth=tuple(p / q for p, q in zip(now, was, strict=True)),
    )


def _deciles(scores: Sequence[float]) -> tuple[float, ...]:
    """Inner edges of the bins; a score that fills more than one of them gets a bin of its own."""
    ranked = sorted(scores)
    found = Counter(ranked[len(ranked) * part // BINS] for part in range(1, BINS))
    return tuple(sorted({*found, *(math.nextafter(score, math.inf) for score, times in found.items() if times > 1)}))


def _shares(scores: Sequence[float], edges: Sequence[float]) -> list[float]:
    """Share per bin; half a score is added to each, so that no share is 0."""
    counts = Counter(bisect_right(edges, score) for score in scores)
    bins = len(edges) + 1
    return [(counts[place] + 0.5) / (len(scores) + 0.5 * bins) for place in range(bins)]


def _chi_squared(degrees: int) -> float:
    """Quantile at `CHANCE_Z`, by Wilson and Hilferty (1931)."""
    if degrees == 0:
        return 0.0
    part = 2.0 / (9.0 * degrees)
    return degrees * float((1.0 - part + CHANCE_Z * math.sqrt(part)) ** 3)
