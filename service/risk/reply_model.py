"""A draft -> the faults that its wording as a whole suggests, beside the patterns of `lint`. Pure.

A linear model over the n-grams of `service/scoring/ngrams.py`, fitted by `training/replies.py` to agents' turns
whose quality people labelled. Each fault has a threshold for a stated precision, and `read` says nothing but "found, here". `judge` gives the
forecast two numbers of a reply as a whole, which stay in the conversation's state and are never put beside who wrote it.
Try: `load_reply_model().judge("As per our records your ticket has been closed as per policy.")`
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import numpy as np

from ..scoring.ngrams import NgramModel
from ..scoring.normalise import normalise
from .draft_rules import LEARNT, Kind
from .exchange import Judgement

JUDGED: Final = ("good", "faulty")
"""The columns behind those of `LEARNT`."""

SHIPPED: Final = "replies.npz"
Spans = Sequence[tuple[int, int]]


class ReplyModel:
    """`thresholds` are logits, one for each kind of `LEARNT`; infinite where a kind could not be learnt well enough."""

    def __init__(self, ngrams: NgramModel, thresholds: np.ndarray) -> None:
        self._ngrams, self._thresholds = ngrams, thresholds

    @classmethod
    def load(cls, path: Path) -> "ReplyModel":
        """Read what `training.replies` wrote; raises `ArtefactError` or ValueError."""
        ngrams = NgramModel.load(path, columns=len(LEARNT) + len(JUDGED), explained=len(LEARNT))
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            kinds, thresholds = tuple(file["kinds"].tolist()), file["thresholds"]
        if kinds != LEARNT or thresholds.shape != (len(LEARNT),):
            raise ValueError(f"{path}: holds {kinds}, this service reads {LEARNT}; fit it again (make replies)")
        return cls(ngrams, thresholds)

    def read(self, text: str, sentences: Spans) -> Mapping[Kind, tuple[int, int]]:
        """Return the faults, each with the one of `sentences` (spans of `text`) that speaks for it most."""
        normalised = normalise(text)
        if not sentences or not normalised.text:
            return {}
        reading = self._ngrams.read(normalised.text)
        starts = np.array(normalised.starts[: len(reading.parts)])
        found: dict[Kind, tuple[int, int]] = {}
        for column in np.flatnonzero(reading.logits[: len(LEARNT)] >= self._thresholds):
            parts = reading.parts[:, column]
            weights = [float(parts[(starts >= start) & (starts < end)].sum()) for start, end in sentences]
            found[LEARNT[column]] = sentences[int(np.argmax(weights))]
        return found

    def judge(self, text: str) -> Judgement | None:
        """Return how the reply would be called: good, and faulty in any way; None of a text in which nothing is known."""
        reading = self._ngrams.read(normalise(text).text)
        if not any(map(str.isalpha, text)) or not reading.parts.any():
            return None  # no text, an emoji, another script: what is left says nothing of a reply
        logits = reading.logits[len(LEARNT) :].astype(np.float64)
        good, faulty = 1.0 / (1.0 + np.exp(-logits))
        return Judgement(round(float(good), 4), round(float(faulty), 4))


@cache
def load_reply_model() -> ReplyModel:
    """Return the model that is shipped; it is read once."""
    with resources.as_file(resources.files(__package__) / "drafts" / SHIPPED) as path:
        return ReplyModel.load(path)
