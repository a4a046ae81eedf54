"""Stage 3b: normalised text -> what its character and word n-grams add to the logits, and where in the text.

A linear model over TF-IDF beside the transformer: short pieces of words survive typing errors and new
compounds that subword tokens do not, and a model that was trained apart errs apart. Characters 2 to 5
within words, words 1 and 2. An n-gram is known by 32 bits of its hash: among two hundred thousand known
ones a stranger is mistaken for one of them once in twenty thousand times.

Fitted by `training/ngrams.py`, which uses `occurrences` too; added to the transformer's logits in `text_model.py`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ..labels import BINARY, COLUMNS
from .artefact import ArtefactError

MAX_CHARS: Final = 4_000
"""As much of a text as the transformer's windows take."""
CHARACTERS: Final = (2, 3, 4, 5)
ARRAYS: Final = ("hashes", "idf", "weights", "scale", "bias")
_SPACE: Final = 32

# A polynomial hash modulo 2**64: of every span at once, from sums over prefixes. An odd factor has an inverse.
_FACTOR: Final = 0x9E3779B97F4A7C15
_POWERS: Final = np.cumprod(np.full(MAX_CHARS + 2, _FACTOR, dtype=np.uint64)) * np.uint64(pow(_FACTOR, -1, 2**64))
_INVERSES: Final = np.cumprod(np.full(MAX_CHARS + 2, pow(_FACTOR, -1, 2**64), dtype=np.uint64)) * np.uint64(_FACTOR)
_WORD_SEED: Final = np.uint64(0xD1B54A32D192ED03)
_MIX: Final = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Every n-gram of a text: `hashes` uint32 (m,), half-open `starts` and `ends` in the text, the words' last."""

    hashes: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    characters: int
    """How many of the m are of characters; the others are of words."""


@dataclass(frozen=True, slots=True)
class NgramReading:
    """`logits` float32 (columns,) to add, `parts` float32 (characters of the text, explained columns): where they come from."""

    logits: np.ndarray
    parts: np.ndarray


def occurrences(text: str) -> Occurrences:
    """Find the n-grams of a normalised text; only its first `MAX_CHARS` characters are read."""
    text = text[:MAX_CHARS]
    codes = np.frombuffer(f" {text} ".encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    space = codes == _SPACE
    begins, ends = _character_spans(space)
    words = np.flatnonzero(space[:-1] & ~space[1:]) + 1, np.flatnonzero(~space[:-1] & space[1:]) + 1
    first = np.concatenate([begins, words[0], words[0][:-1]])
    last = np.concatenate([ends, words[1], words[1][1:]])
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(codes * _POWERS[: len(codes)])])
    mixed = (sums[last] - sums[first]) * _INVERSES[first]
    mixed[len(begins) :] += _WORD_SEED
    mixed = (mixed ^ (mixed >> np.uint64(31))) * _MIX
    hashes = (mixed >> np.uint64(32)).astype(np.uint32)
    return Occurrences(hashes, np.maximum(first - 1, 0), np.minimum(last - 1, len(text)), len(begins))


def _character_spans(space: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Spans within a word and the space at either end of it; `space` says where the padded text has one."""
    spaces = np.concatenate([np.zeros(1, np.int64), np.cumsum(space)])
    begins = np.tile(np.arange(len(space)), len(CHARACTERS))
    ends = begins + np.repeat(CHARACTERS, len(space))
    begins, ends = begins[ends <= len(space)], ends[ends <= len(space)]
    # No space inside, and something beside the spaces at the ends.
    whole = (spaces[ends - 1] == spaces[begins + 1]) & (spaces[ends] - spaces[begins] < ends - begins)
    return begins[whole], ends[whole]


class NgramModel:
    """The fitted part; safe to call from several threads.

    Of n known n-grams `hashes` uint32 (n,) ascending, `idf` float32 (n,), `weights` int8 (n, columns); `scale` and
    `bias` float32 (columns,) turn their weighted sum into logits. The first `explained` columns are told where in
    the text they come from.
    """

    def __init__(
        self,
        hashes: np.ndarray,
        idf: np.ndarray,
        weights: np.ndarray,
        scale: np.ndarray,
        bias: np.ndarray,
        explained: int = len(BINARY),
    ):
        self._hashes, self._idf, self._weights, self._scale, self._bias = hashes, idf, weights, scale, bias
        self._explained = explained

    @classmethod
    def load(cls, path: Path, *, columns: int = len(COLUMNS), explained: int = len(BINARY)) -> "NgramModel":
        """Read `ngrams.npz`, or another file of these arrays with as many columns; raises `ArtefactError`."""
        try:
            with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                arrays = [file[name] for name in ARRAYS]
        except Exception as error:  # a damaged archive raises anything from zipfile, zlib and numpy
            raise ArtefactError(f"{path}: cannot be read ({type(error).__name__})") from None
        hashes, idf, weights, scale, bias = arrays
        if weights.shape != (len(hashes), columns) or not len(hashes):
            raise ArtefactError(f"{path}: expected weights of (n-grams, {columns}), found {weights.shape}")
        return cls(hashes, idf, weights, scale, bias, explained)

    def read(self, text: str) -> NgramReading:
        """Score a normalised text; one without any known n-gram gets the bias alone."""
        found = occurrences(text)
        at = np.minimum(np.searchsorted(self._hashes, found.hashes), len(self._hashes) - 1)
        known = self._hashes[at] == found.hashes
        if not known.any():
            return NgramReading(self._bias.copy(), np.zeros((len(text), self._explained), dtype=np.float32))
        ids, which, counts = np.unique(at[known], return_inverse=True, return_counts=True)
        values = term_weights(counts, self._idf[ids])
        weights = self._weights[ids] * self._scale
        starts, ends = found.starts[known], found.ends[known]
        each = (values / counts)[:, None] * weights[:, : self._explained]
        parts = _spread(starts, ends, each[which] / np.maximum(ends - starts, 1)[:, None], len(text))
        return NgramReading(self._bias + values @ weights, parts)


def _spread(starts: np.ndarray, ends: np.ndarray, each: np.ndarray, length: int) -> np.ndarray:
    """Sum what every span gives to each of its characters; float32 (length, columns of `each`)."""
    steps = [np.bincount(starts, column, length + 1) - np.bincount(ends, column, length + 1) for column in each.T]
    return np.cumsum(np.stack(steps, axis=1), axis=0, dtype=np.float32)[:-1]


def term_weights(counts: np.ndarray, idf: np.ndarray) -> np.ndarray:
    """TF-IDF of one text's n-grams, float32, of length 1: sublinear in the count (Manning et al. 2008, 6.4)."""
    values = ((1.0 + np.log(counts)) * idf).astype(np.float32)
    return np.asarray(values / np.linalg.norm(values), dtype=np.float32)
