"""Step 5d, a part: text under two tokenizers, or in two languages -> which tokens stand for which.

Within one language the characters tell: a token belongs to those of the other tokenizer that cover the
same characters. Between languages the sentence pairs tell, by expectation maximisation over word
translation (Brown et al. 1993, model 1; for the transfer of embeddings Remy et al. 2024). Both
return counts of shape (tokens here, tokens there) whose rows, divided by their sums, are P(there | here).
"""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

Ids = Sequence[int]
Spans = Sequence[tuple[int, int]]
ROUNDS = 6
NULL = 0
"""Added to each sentence there: what a token is joined to that translates nothing. Id 0 is padding in both vocabularies."""


def overlaps(
    here: Sequence[tuple[Ids, Spans]], there: Sequence[tuple[Ids, Spans]], shape: tuple[int, int]
) -> sparse.csr_matrix:
    """Occurrences of each token here, shared out among the tokens there by common characters; the texts are the same."""
    rows, columns, shared = [], [], []
    for (ids, spans), (other_ids, other_spans) in zip(here, there, strict=True):
        at = 0
        for token, (start, end) in zip(ids, spans, strict=True):
            while at < len(other_spans) and other_spans[at][1] <= start:
                at += 1
            reach, common = at, dict[int, int]()
            while reach < len(other_spans) and other_spans[reach][0] < end:
                common[reach] = min(end, other_spans[reach][1]) - max(start, other_spans[reach][0])
                reach += 1
            whole = sum(common.values())
            rows += [token] * len(common)
            columns += [other_ids[place] for place in common]
            shared += [characters / whole for characters in common.values()]
    return sparse.coo_matrix((np.array(shared, dtype=np.float64), (rows, columns)), shape=shape).tocsr()


def translations(
    here: Sequence[Ids], there: Sequence[Ids], shape: tuple[int, int], rounds: int = ROUNDS
) -> sparse.csr_matrix:
    """Expected counts of each token here standing for a token there, over sentence pairs."""
    tokens, others, groups = _products(here, there)
    keys, place = np.unique(tokens.astype(np.int64) * shape[1] + others, return_inverse=True)
    chance = np.ones(len(keys))
    source = keys % shape[1]
    for _ in range(rounds):
        each = chance[place]
        each /= np.bincount(groups, each)[groups]
        expected = np.bincount(place, each, minlength=len(keys))
        chance = expected / np.bincount(source, expected, minlength=shape[1])[source]
    kept = source != NULL
    return sparse.coo_matrix((expected[kept], (keys[kept] // shape[1], source[kept])), shape=shape).tocsr()


def _products(here: Sequence[Ids], there: Sequence[Ids]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every token here with every token there of its sentence: (tokens, others, which token in the text)."""
    tokens, others, groups, texts = [], [], [], 0
    for ids, other_ids in zip(here, there, strict=True):
        sources = np.array([NULL, *other_ids], dtype=np.int32)
        tokens.append(np.repeat(np.array(ids, dtype=np.int32), len(sources)))
        others.append(np.tile(sources, len(ids)))
        groups.append(np.repeat(np.arange(texts, texts + len(ids), dtype=np.int32), len(sources)))
        texts += len(ids)
    return np.concatenate(tokens), np.concatenate(others), np.concatenate(groups)
