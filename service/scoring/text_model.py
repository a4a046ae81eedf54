"""Stages 2 and 3 joined: a normalised text -> its windows, and the logits and token contributions of the whole.

The transformer runs window by window, the n-grams are read once; their logits are added. The service and
the offline flow (`training/predict.py`) both call this, so what was calibrated is what is served.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..labels import BINARY_SLICE, SENTIMENT_SLICE
from .infer import Inference, Model
from .ngrams import NgramModel
from .normalise import Normalised
from .tokenise import Tokenised, TurnTokenizer


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's windows and its joined inference; `contributions` has the tokens of all windows in order."""

    tokenised: Tokenised
    inference: Inference


@dataclass(frozen=True, slots=True)
class TextModel:
    """The parts of an artefact that make logits; an artefact may come without n-grams."""

    tokenizer: TurnTokenizer
    transformer: Model
    ngrams: NgramModel | None = None

    @classmethod
    def open(
        cls, model: Path, tokenizer: Path, max_tokens: int, *, ngrams: Path | None = None, threads: int = 1
    ) -> "TextModel":
        """Open the files; raises `ArtefactError`."""
        return cls(
            TurnTokenizer(tokenizer, max_tokens),
            Model(model, threads=threads),
            None if ngrams is None else NgramModel.load(ngrams),
        )

    def read(self, normalised: Normalised) -> Reading:
        """Run the model over a text."""
        tokenised = self.tokenizer.tokenise(normalised)
        joined = join_windows([self.transformer.infer(window) for window in tokenised.windows])
        return Reading(tokenised, joined if self.ngrams is None else self._with_ngrams(normalised, tokenised, joined))

    def _with_ngrams(self, normalised: Normalised, tokenised: Tokenised, joined: Inference) -> Inference:
        assert self.ngrams is not None
        found = self.ngrams.read(normalised.text)
        upto = np.concatenate([np.zeros((1, found.parts.shape[1]), np.float32), np.cumsum(found.parts, axis=0)])
        tokens = [token for window in tokenised.windows for token in window.tokens]
        starts, ends = [token.start for token in tokens], [token.end for token in tokens]
        return Inference(joined.logits + found.logits, joined.contributions + (upto[ends] - upto[starts]))


def join_windows(parts: list[Inference]) -> Inference:
    """Windows of one text: the strongest window counts for what raises alerts, the mean for the rest."""
    if len(parts) == 1:
        return parts[0]
    stacked = np.stack([part.logits for part in parts])
    logits, strongest = stacked.max(axis=0), stacked.argmax(axis=0)
    logits[SENTIMENT_SLICE.start :] = stacked[:, SENTIMENT_SLICE.start :].mean(axis=0)
    # Words explain an answer only where they made it: in the window that set the maximum.
    decided = [part.contributions * (strongest[BINARY_SLICE] == index) for index, part in enumerate(parts)]
    return Inference(logits, np.concatenate(decided))
