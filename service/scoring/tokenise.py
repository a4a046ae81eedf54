"""Stage 2: normalised text -> windows of token ids, each token with its span of the raw text.

A text longer than one window is cut into several of equal capacity; only a text beyond
`MAX_WINDOWS` loses its end. The tokenizer is the one that was trained with the encoder.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from tokenizers import Tokenizer

from .artefact import ArtefactError
from .normalise import Normalised

MAX_WINDOWS: Final = 8
"""About 4,000 characters at 128 tokens a window: longer than any chat turn that we have seen."""
WORD_START: Final = "▁"


@dataclass(frozen=True, slots=True)
class Token:
    """A token's half-open span in the normalised text, and whether a new word begins with it."""

    start: int
    end: int
    starts_word: bool


@dataclass(frozen=True, slots=True)
class Window:
    """What one run of the model takes: `ids` int64 (1, length), and the tokens between start and end token."""

    ids: np.ndarray
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Tokenised:
    """All windows of a text; `cut` says that its end was lost."""

    windows: tuple[Window, ...]
    cut: bool


class TurnTokenizer:
    """Turns normalised texts into windows of at most `max_tokens`, start and end token included."""

    def __init__(self, path: Path, max_tokens: int) -> None:
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises bare Exception
            raise ArtefactError(f"{path}: not a tokenizer ({type(error).__name__})") from None
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._capacity = max_tokens - 2
        first, last = self._tokenizer.encode("").ids
        self._first, self._last = first, last

    def tokenise(self, normalised: Normalised) -> Tokenised:
        """Windows in order; an empty text gives one window without tokens."""
        encoding = self._tokenizer.encode(normalised.text, add_special_tokens=False)
        ids, spans, pieces = encoding.ids, encoding.offsets, encoding.tokens
        windows: list[Window] = []
        parts = max(-(-len(ids) // self._capacity), 1)
        step = max(-(-len(ids) // parts), 1)  # equal parts: a leftover of two tokens must not weigh like a whole window
        for begin in range(0, max(len(ids), 1), step):
            if len(windows) == MAX_WINDOWS:
                return Tokenised(tuple(windows), cut=True)
            chosen = range(begin, min(begin + step, len(ids)))
            row = [self._first, *(ids[i] for i in chosen), self._last]
            tokens = tuple(_token(normalised.text, *spans[i], pieces[i]) for i in chosen)
            windows.append(Window(np.array([row], dtype=np.int64), tokens))
        return Tokenised(tuple(windows), cut=False)


def _token(text: str, start: int, end: int, piece: str) -> Token:
    starts_word = piece.startswith(WORD_START) or start == 0 or text[start].isspace() or text[start - 1].isspace()
    while start < end and text[start].isspace():
        start += 1
    return Token(start, end, starts_word)
