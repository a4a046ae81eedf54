"""Token contributions -> the words that moved each signal, as character spans of the raw text.

The model's logits are sums over tokens, so a word's weight is exactly what its tokens added to the
logit, without a second pass. The start and end token keep a share that belongs to no word.
"""

from typing import Final

import numpy as np

from ..flow import Evidence
from ..labels import BINARY
from .normalise import Normalised
from .tokenise import Token

SHOWN_FROM: Final = 0.3
"""A signal below this probability gets no evidence: there is nothing to explain."""
MAX_WORDS: Final = 6
LEAST_SHARE: Final = 0.12
"""A word is shown when it gave at least this share of what all raising words gave."""


def evidence_of(
    normalised: Normalised, tokens: tuple[Token, ...], contributions: np.ndarray, probabilities: tuple[float, ...]
) -> tuple[Evidence, ...]:
    """Evidence of every binary output that is likely enough, in order of position within each signal.

    `contributions` is (tokens, binary); weights are logit units rounded to four digits.
    """
    words = _words(tokens)
    found: list[Evidence] = []
    for column, name in enumerate(BINARY):
        if probabilities[column] < SHOWN_FROM or not words:
            continue
        weights = [float(contributions[first:last, column].sum()) for first, last in words]
        raising = sum(w for w in weights if w > 0.0)
        ranked = sorted((i for i, w in enumerate(weights) if w > LEAST_SHARE * raising), key=lambda i: -weights[i])
        for index in sorted(ranked[:MAX_WORDS]):
            first, last = words[index]
            start, end = normalised.raw_span(tokens[first].start, tokens[last - 1].end)
            found.append(Evidence(name, start, end, round(weights[index], 4)))
    return tuple(found)


def _words(tokens: tuple[Token, ...]) -> list[tuple[int, int]]:
    """Half-open token ranges that make up whole words; tokens of white space alone are left out."""
    ranges: list[tuple[int, int]] = []
    for index, token in enumerate(tokens):
        if token.start >= token.end:
            continue
        if ranges and not token.starts_word and ranges[-1][1] == index:
            ranges[-1] = (ranges[-1][0], index + 1)
        else:
            ranges.append((index, index + 1))
    return ranges
