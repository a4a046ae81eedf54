"""Step 6, a part: the characters that people marked in public rows -> token targets and a loss.

toxic_spans (en) and vihos (vi) say *which* characters are abusive. The classifier's abuse logit is a
sum over tokens, so the marks can teach it where the logit should come from; what it shows as
evidence is the same sum (`service/scoring/evidence.py`).
"""

import re

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from service.labels import BINARY
from service.scoring.normalise import normalise

MARKED_SETS = ("toxic_spans", "vihos")
ABUSE = BINARY.index("abuse")
INSIDE, OUTSIDE = 0.4, 0.02
"""Logit units: a marked token should give at least, an unmarked one at most this much."""
MARKS_WEIGHT = 4.0


def marked_characters(source: str, text: str, raw: str) -> frozenset[int] | None:
    """Positions that were marked; None where the marks do not fall on whole words of this text.

    Masking personal data and dropping characters moved some marks; such rows teach nothing.
    """
    if source not in MARKED_SETS:
        return None
    gold = frozenset(int(number) for number in re.findall(r"\d+", raw))
    if not gold or max(gold) >= len(text):
        return None
    starts = [at for at in gold if at - 1 not in gold]
    ends = [at for at in gold if at + 1 not in gold]
    whole = all(text[at].isalnum() and (at == 0 or not text[at - 1].isalnum()) for at in starts)
    return gold if whole and all(at + 1 == len(text) or not text[at + 1].isalnum() for at in ends) else None


def token_marks(tokenizer: PreTrainedTokenizerFast, text: str, gold: frozenset[int], length: int) -> np.ndarray:
    """(length,) float32 for the first `length` tokens: 1 marked, 0 not, NaN for start and end token."""
    normalised = normalise(text)
    offsets = tokenizer(normalised.text, return_offsets_mapping=True)["offset_mapping"][:length]
    marks = np.full(length, np.nan, dtype=np.float32)
    for index, (start, end) in enumerate(offsets):
        while start < end and normalised.text[start] == " ":
            start += 1
        if start < end:
            first, last = normalised.raw_span(start, end)
            marks[index] = float(any(at in gold for at in range(first, last)))
    return marks


def marks_loss(contributions: torch.Tensor, marks: torch.Tensor) -> torch.Tensor:
    """Squared hinge on the abuse part of each token, (batch, tokens); NaN marks are skipped.

    A hinge, because the row's own loss decides how high the logit is; this only says where it comes from.
    """
    known = ~torch.isnan(marks)
    inside = torch.relu(INSIDE - contributions).square() * (marks == 1.0)
    outside = torch.relu(contributions - OUTSIDE).square() * (marks == 0.0)
    return ((inside + outside) * known).sum() / known.sum().clamp(min=1)
