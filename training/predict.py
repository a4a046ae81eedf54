"""Examples -> raw logits of a model, and what the service would answer for them.

Tokenising, inference, window joining, calibration and abstention are the service's own code; there
is no second implementation. The language is the detected one, as it is for a caller without a hint.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from service.labels import BINARY, COLUMNS, LANGUAGE_OUTPUTS, LANGUAGE_SLICE, SENTIMENTS
from service.scoring.calibrate import Calibration
from service.scoring.normalise import normalise
from service.scoring.onnx import abstain_reason
from service.scoring.text_model import TextModel
from service.scoring.tokenise import TurnTokenizer

from .examples import Example

MAX_CHARS = 4_000


@dataclass(frozen=True, slots=True)
class Graph:
    """A model that is not packed as an artefact yet, and not calibrated."""

    model: TextModel
    seen: dict[str, np.ndarray] = field(default_factory=dict, repr=False)
    """Logits by text: a report asks for the same turns in several of its tables."""

    @property
    def tokenizer(self) -> TurnTokenizer:
        """Its tokenizer."""
        return self.model.tokenizer

    def logits(self, text: str) -> np.ndarray:
        """Float32 (columns,) of one text."""
        if text not in self.seen:
            self.seen[text] = self.model.read(normalise(text[:MAX_CHARS])).inference.logits
        return self.seen[text]


@dataclass(frozen=True, slots=True)
class Answers:
    """What is served for n rows: `binary` and `flags` (n, 4), `sentiment` (n, 3), `language` (n,) positions."""

    binary: np.ndarray
    flags: np.ndarray
    sentiment: np.ndarray
    language: np.ndarray


def open_graph(model: Path, tokenizer: Path, max_tokens: int, *, ngrams: Path | None = None) -> Graph:
    """Open a model that is not packed as an artefact yet; `ngrams` need not exist."""
    there = ngrams if ngrams is not None and ngrams.exists() else None
    return Graph(TextModel.open(model, tokenizer, max_tokens, ngrams=there))


def predict(graph: Graph, rows: Sequence[Example]) -> np.ndarray:
    """Logits (n, columns)."""
    if not rows:
        return np.zeros((0, len(COLUMNS)), dtype=np.float32)
    return np.stack([graph.logits(row.text) for row in rows])


def answers(rows: Sequence[Example], logits: np.ndarray, calibration: Calibration, tokenizer: TurnTokenizer) -> Answers:
    """Calibrate each row for its detected language; an abstained row is never flagged."""
    language = logits[:, LANGUAGE_SLICE].argmax(axis=1)
    binary, flags = np.empty((len(rows), len(BINARY))), np.zeros((len(rows), len(BINARY)))
    sentiment = np.empty((len(rows), len(SENTIMENTS)))
    for index, row in enumerate(rows):
        calibrated = calibration.calibrate(logits[index], LANGUAGE_OUTPUTS[language[index]])
        binary[index], sentiment[index] = calibrated.binary, calibrated.sentiment
        normalised = normalise(row.text[:MAX_CHARS])
        if abstain_reason(normalised, tokenizer.tokenise(normalised), calibrated.language[-1]) is None:
            flags[index] = calibrated.flags
    return Answers(binary, flags, sentiment, language)
