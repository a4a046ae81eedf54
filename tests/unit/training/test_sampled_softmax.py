"""Scoring a drawn part of the vocabulary stands for scoring all of it."""

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertForMaskedLM

from training.sampled_softmax import CandidateSampler, sampled_loss

VOCABULARY = 200
COUNTS = np.concatenate([np.zeros(5), 1_000_000 / np.arange(1, VOCABULARY - 4)])


@pytest.mark.parametrize("negatives", [1, 20, 500])
def test_every_target_is_among_the_candidates_once(negatives: int) -> None:
    rng = np.random.default_rng(1)
    targets = rng.integers(5, VOCABULARY, size=64)
    candidates = CandidateSampler(COUNTS, negatives).draw(targets, rng)
    assert np.array_equal(candidates.ids[candidates.places], targets)
    assert len(np.unique(candidates.ids)) == len(candidates.ids)
    assert (candidates.log_inclusion <= 0).all()


def test_tokens_that_never_occur_are_not_drawn() -> None:
    rng = np.random.default_rng(2)
    drawn = CandidateSampler(COUNTS, 5_000).draw(np.array([7]), rng).ids
    assert drawn.min() >= 5


def test_the_corrected_loss_is_close_to_the_whole_one() -> None:
    """Averaged over draws, the estimate of log-sum-exp over the vocabulary stays within a few hundredths."""
    rng = np.random.default_rng(3)
    logits = rng.normal(size=VOCABULARY)
    logits[:5] = -50.0
    whole = np.log(np.exp(logits).sum())
    sampler = CandidateSampler(COUNTS, 60)
    estimates = []
    for _ in range(400):
        candidates = sampler.draw(rng.choice(VOCABULARY, size=8, p=sampler.occurring), rng)
        estimates.append(np.log(np.exp(logits[candidates.ids] - candidates.log_inclusion).sum()))
    assert np.mean(estimates) == pytest.approx(whole, abs=0.05)


def test_with_every_token_among_the_candidates_the_loss_is_the_whole_one() -> None:
    torch.manual_seed(0)
    model = BertForMaskedLM(
        BertConfig(
            vocab_size=VOCABULARY, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
        )
    )
    hidden, rng = torch.randn(9, 16), np.random.default_rng(4)
    targets = rng.integers(0, VOCABULARY, size=9)
    everything = CandidateSampler(np.ones(VOCABULARY), 100_000)
    sampled = sampled_loss(model, hidden, targets, everything, rng)
    whole = torch.nn.functional.cross_entropy(model.cls(hidden), torch.from_numpy(targets))
    assert sampled.item() == pytest.approx(whole.item(), abs=1e-4)
