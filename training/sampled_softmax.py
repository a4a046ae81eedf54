"""Hidden states of masked positions -> cross-entropy over a drawn part of the vocabulary (used by `pretrain`).

On two CPU cores the product with the whole vocabulary and its softmax take half of every step. The
batch's own targets plus some thousand drawn tokens, shared by all positions, give nearly the same
gradient for a sixth of that; each logit is corrected by the log of how likely its token was to be
among the candidates (Bengio & Senécal 2008; Jean et al. 2015, section 3.1).
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional
from transformers import BertForMaskedLM

SMOOTHING = 0.75
"""Exponent on the token counts, as in word2vec: rare tokens are drawn more often than they occur."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Token ids (count,), where each target stands among them, and log probability of inclusion (count,)."""

    ids: np.ndarray
    places: np.ndarray
    log_inclusion: np.ndarray


class CandidateSampler:
    """Draws the part of the vocabulary that one batch is scored against."""

    def __init__(self, counts: np.ndarray, negatives: int) -> None:
        """`counts`: occurrences per token id, shape (vocabulary,); ids with none are never drawn."""
        smoothed = counts.astype(np.float64) ** SMOOTHING
        self.drawn = smoothed / smoothed.sum()
        self.occurring = counts / counts.sum()
        self.negatives = negatives
        self._cumulative = np.cumsum(self.drawn)

    def draw(self, targets: np.ndarray, rng: np.random.Generator) -> Candidates:
        """The targets' ids together with `negatives` draws, each id once, ascending."""
        drawn = np.searchsorted(self._cumulative, rng.random(self.negatives) * self._cumulative[-1], side="right")
        ids = np.union1d(drawn, targets)
        expected = self.negatives * self.drawn[ids] + len(targets) * self.occurring[ids]
        return Candidates(ids, np.searchsorted(ids, targets), np.log(-np.expm1(-np.maximum(expected, 1e-9))))


def sampled_loss(
    model: BertForMaskedLM,
    hidden: torch.Tensor,
    targets: np.ndarray,
    sampler: CandidateSampler,
    rng: np.random.Generator,
) -> torch.Tensor:
    """Mean cross-entropy (nats) of `hidden` (masked, width) against the sampled candidates."""
    candidates = sampler.draw(targets, rng)
    ids = torch.from_numpy(candidates.ids).to(hidden.device)
    head = model.cls.predictions
    weights = functional.embedding(ids, model.bert.embeddings.word_embeddings.weight)
    logits = functional.linear(head.transform(hidden), weights, head.bias[ids])
    corrected = logits.float() - torch.from_numpy(candidates.log_inclusion).float().to(hidden.device)
    return functional.cross_entropy(corrected, torch.from_numpy(candidates.places).to(hidden.device))
