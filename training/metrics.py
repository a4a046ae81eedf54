"""Scores and labels -> the numbers that reports print. Never accuracy: the events are rare."""

from dataclasses import asdict, dataclass

import numpy as np
from sklearn.metrics import f1_score, precision_score, recall_score, roc_auc_score

FEWEST = 10
"""Fewer positives or negatives than this give no number worth printing."""


@dataclass(frozen=True, slots=True)
class Binary:
    """One signal on one set; `auc` and `macro_f1` in 0..1, `macro_f1` at probability 0.5."""

    rows: int
    positives: int
    auc: float
    macro_f1: float
    precision: float | None = None
    recall: float | None = None
    alert_share: float | None = None

    def as_json(self) -> dict[str, float | int | None]:
        """Rounded to four digits."""
        return {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(self).items()}


def binary(labels: np.ndarray, probabilities: np.ndarray, flags: np.ndarray | None = None) -> Binary | None:
    """Metrics of one signal; NaN labels are skipped; None when either class has fewer than `FEWEST` rows."""
    known = ~np.isnan(labels)
    y, p = labels[known].astype(int), probabilities[known]
    if min(y.sum(), len(y) - y.sum()) < FEWEST:
        return None
    result = Binary(len(y), int(y.sum()), float(roc_auc_score(y, p)), float(f1_score(y, p >= 0.5, average="macro")))
    if flags is None:
        return result
    flagged = flags[known].astype(int)
    return Binary(
        result.rows,
        result.positives,
        result.auc,
        result.macro_f1,
        precision=float(precision_score(y, flagged)) if flagged.any() else None,
        recall=float(recall_score(y, flagged)),
        alert_share=float(flagged.mean()),
    )


@dataclass(frozen=True, slots=True)
class Polarity:
    """Sentiment on one set: AUC of positive against negative rows, and 3-way macro-F1 over the classes that occur."""

    rows: int
    auc: float
    macro_f1: float

    def as_json(self) -> dict[str, float | int]:
        """Rounded to four digits."""
        return {"rows": self.rows, "auc": round(self.auc, 4), "macro_f1": round(self.macro_f1, 4)}


def polarity(labels: np.ndarray, probabilities: np.ndarray) -> Polarity | None:
    """`labels` (n,) in 0 negative, 1 neutral, 2 positive, -1 unknown; `probabilities` (n, 3)."""
    known = labels >= 0
    y, p = labels[known], probabilities[known]
    outer = y != 1
    if min((y == 0).sum(), (y == 2).sum()) < FEWEST:
        return None
    towards_positive = p[:, 2] / np.maximum(p[:, 0] + p[:, 2], 1e-9)
    classes = sorted(set(y.tolist()))
    guesses = np.array(classes)[p[:, classes].argmax(axis=1)]
    return Polarity(
        len(y),
        float(roc_auc_score(y[outer] == 2, towards_positive[outer])),
        float(f1_score(y, guesses, average="macro")),
    )


def calibration_error(labels: np.ndarray, probabilities: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error over bins of equal size; NaN labels are skipped."""
    known = ~np.isnan(labels)
    y, p = labels[known], probabilities[known]
    order = np.argsort(p, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(abs(y[part].mean() - p[part].mean()) * len(part) for part in parts) / len(y))
