"""Step 6, a part: examples -> batches of token ids, texts varied freshly every time, rows of like length together."""

import random
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from service.scoring.normalise import normalise

from .company import COMPANY_SHARE, calm_texts, join_company
from .examples import Example
from .marks import token_marks
from .noise import perturb

MAX_TOKENS = 128
NOISE_SHARE = 0.3
BUCKET = 50
"""Batches whose rows are sorted by length together, so that little is padded."""


def draw_epoch(shares: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Row indices of one epoch: each row floor(share) times, and once more with the rest's probability."""
    repeats = np.floor(shares).astype(int) + (rng.random(len(shares)) < shares % 1.0)
    return rng.permutation(np.repeat(np.arange(len(shares)), repeats))


def encode(tokenizer: PreTrainedTokenizerFast, texts: list[str], max_tokens: int = MAX_TOKENS) -> list[list[int]]:
    """Normalise and tokenise; start and end tokens included."""
    batch = tokenizer([normalise(text[:4_000]).text for text in texts], truncation=True, max_length=max_tokens)
    return [list(ids) for ids in batch["input_ids"]]


Marks = list[np.ndarray | None]


def batches(
    rows: list[Example], tokenizer: PreTrainedTokenizerFast, batch: int, seed: int
) -> Iterator[tuple[np.ndarray, list[list[int]], Marks, float]]:
    """Endless (row indices, token ids, token marks, epochs so far), noise applied freshly every time."""
    rng, noise = np.random.default_rng(seed), random.Random(seed)
    shares, calm = np.array([row.share for row in rows]), calm_texts(rows)
    done = 0.0
    while True:
        order = draw_epoch(shares, rng)
        for start in range(0, len(order), batch * BUCKET):
            chunk = order[start : start + batch * BUCKET]
            texts = [_vary(rows[i], calm, noise) for i in chunk]
            ids = encode(tokenizer, texts)
            marks = [_marks(rows[i], text, tokenizer, len(of)) for i, text, of in zip(chunk, texts, ids, strict=True)]
            for piece in by_length(ids, batch, rng):
                yield chunk[piece], [ids[i] for i in piece], [marks[i] for i in piece], done + start / len(order)
        done += 1.0


def by_length(ids: Sequence[Sequence[int]], batch: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Places of one chunk's texts, a batch at a time: texts of like length together, the batches in any order."""
    order = np.argsort([len(each) for each in ids], kind="stable")
    pieces = [order[start : start + batch] for start in range(0, len(order), batch)]
    for at in rng.permutation(len(pieces)):
        yield pieces[at]


def _vary(row: Example, calm: dict[str, list[str]], noise: random.Random) -> str:
    """The row's text, sometimes in company, sometimes as people type; every label still holds."""
    text = row.text
    if row.language in calm and noise.random() < COMPANY_SHARE:
        text = join_company(text, calm[row.language], noise)
    return perturb(text, row.language, noise) if noise.random() < NOISE_SHARE else text


def _marks(row: Example, text: str, tokenizer: PreTrainedTokenizerFast, length: int) -> np.ndarray | None:
    """Token marks of a row that has them and was not varied: a changed text would move them."""
    return token_marks(tokenizer, text, row.marked, length) if row.marked is not None and text == row.text else None


def pad(ids: list[list[int]], pad_id: int) -> tuple[torch.Tensor, torch.Tensor]:
    """(input_ids, attention_mask), both (batch, longest) int64."""
    length = max(map(len, ids))
    padded = torch.full((len(ids), length), pad_id, dtype=torch.int64)
    for row, values in enumerate(ids):
        padded[row, : len(values)] = torch.tensor(values)
    mask = torch.tensor([[1] * len(v) + [0] * (length - len(v)) for v in ids])
    return padded, mask
