"""The rows that training, calibration and evaluation share: one text with its masked targets.

Targets follow `service.labels`: NaN (sigmoid outputs) or -1 (softmax outputs) means that the source
does not say, and the loss skips it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from service.labels import BINARY, LANGUAGE_OUTPUTS, SENTIMENTS, THREAT_KINDS

SIGMOIDS = (*BINARY, *THREAT_KINDS)


@dataclass(frozen=True, slots=True)
class Example:
    """One text and what its source says of it."""

    id: str
    text: str
    language: str
    source: str
    split: str
    binary: Mapping[str, float]
    """0 or 1; a probability in rows that a more knowing model labelled (`soft.py`)."""
    threat_kinds: tuple[str, ...] | None = None
    sentiment: str | None = None
    language_known: bool = True
    """False where the source's language field is a guess, so that the language head is not taught it."""
    weight: float = 1.0
    share: float = 1.0
    """How often the row is drawn per epoch, on average."""
    marked: frozenset[int] | None = None
    """Positions of `text` that people marked as the abusive ones, where the source says."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Targets of n examples: `sigmoids` (n, 10) float32 with NaN, `sentiment` and `language` (n,) int64 with -1."""

    sigmoids: np.ndarray
    sentiment: np.ndarray
    language: np.ndarray
    weight: np.ndarray

    def take(self, index: np.ndarray) -> "Targets":
        """The targets of some of the examples."""
        return Targets(self.sigmoids[index], self.sentiment[index], self.language[index], self.weight[index])


def targets_of(examples: Sequence[Example]) -> Targets:
    """Turn labels into arrays."""
    sigmoids = np.full((len(examples), len(SIGMOIDS)), np.nan, dtype=np.float32)
    for row, example in enumerate(examples):
        for name, value in example.binary.items():
            sigmoids[row, SIGMOIDS.index(name)] = value
        if example.threat_kinds is not None:
            sigmoids[row, len(BINARY) :] = [kind in example.threat_kinds for kind in THREAT_KINDS]
    return Targets(
        sigmoids=sigmoids,
        sentiment=_classes((e.sentiment for e in examples), SENTIMENTS),
        language=_classes((e.language if e.language_known else None for e in examples), LANGUAGE_OUTPUTS),
        weight=np.array([e.weight for e in examples], dtype=np.float32),
    )


def rows_digest(rows: Sequence[Example]) -> str:
    """Names a set of training rows with their texts and labels, so that two models are known to have learnt from the same."""
    lines = sorted(
        f"{row.id} {row.text!r} {row.language} {row.language_known} {sorted(row.binary.items())} {row.threat_kinds} {row.sentiment} {row.weight} {row.share}"
        for row in rows
    )
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()[:16]


def _classes(names: Iterable[str | None], order: Sequence[str]) -> np.ndarray:
    return np.array([-1 if name is None else order.index(name) for name in names], dtype=np.int64)
