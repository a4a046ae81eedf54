"""Labels and scores -> a metric with its 95 % bootstrap interval (percentile method, Efron 1979).

Rows are resampled; all systems are measured on the same resamples of a set, so that intervals of
two systems may be compared.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

RESAMPLES = 400


@dataclass(frozen=True, slots=True)
class Interval:
    """A metric and its 2.5 and 97.5 percentiles."""

    value: float
    low: float
    high: float

    def as_json(self) -> list[float]:
        """`[value, low, high]`, four digits."""
        return [round(self.value, 4), round(self.low, 4), round(self.high, 4)]


def auc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Area under the ROC curve by ranks (ties count half); NaN when a class is absent."""
    positives = int(labels.sum())
    negatives = len(labels) - positives
    if min(positives, negatives) == 0:
        return float("nan")
    ranks = rankdata(scores)
    return float((ranks[labels == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def macro_f1(labels: np.ndarray, guesses: np.ndarray) -> float:
    """Mean F1 over the classes that occur in the labels."""
    values = []
    for name in np.unique(labels):
        hit = np.sum((labels == name) & (guesses == name))
        values.append(2 * hit / (np.sum(labels == name) + np.sum(guesses == name)))
    return float(np.mean(values))


def recall(labels: np.ndarray, flags: np.ndarray) -> float:
    """Share of the positives that are flagged; NaN without positives."""
    return float(flags[labels == 1].mean()) if (labels == 1).any() else float("nan")


def interval(
    metric: object, labels: np.ndarray, answers: np.ndarray, seed: int = 0, groups: np.ndarray | None = None
) -> Interval:
    """`metric(labels, answers)` on the rows as they are, and its spread over resamples.

    Rows of one of `groups` (a conversation's turns) are drawn together, because they are no independent evidence.
    """
    assert callable(metric)
    rng = np.random.default_rng(seed)
    _, group = np.unique(np.arange(len(labels)) if groups is None else groups, return_inverse=True)
    members = np.split(np.argsort(group, kind="stable"), np.cumsum(np.bincount(group))[:-1])
    picks = (
        np.concatenate([members[i] for i in rng.integers(0, len(members), len(members))]) for _ in range(RESAMPLES)
    )
    spread = [metric(labels[pick], answers[pick]) for pick in picks]
    low, high = np.nanpercentile(spread, [2.5, 97.5])
    return Interval(float(metric(labels, answers)), float(low), float(high))
