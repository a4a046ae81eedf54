"""Texts -> folded words that can be searched, and how well they match. Pure.

Lower case, without diacritics, one blank before every word, so that "hoan tien" finds "hoàn tiền" and a
word is found by its beginning: "reklam" finds "reklamace". What stood for personal data is no word.
Try: `words_of("Vrátili jsme peníze, 100 %")`
"""

import re
from typing import Final

from .fold import WORD, fold

MAX_WORDS: Final = 16
"""Most words of a query."""
MAX_KEPT_CHARS: Final = 4000
"""Of a searchable text; notes are shorter, and this bounds every search."""
_MOST_TIMES: Final = 3
"""A word counts so often and no more: repetition is no relevance."""
_NOTE_WEIGHT: Final = 2
"""A word in the note says what solved it, one in the issue only what it was about."""
_PLACEHOLDER: Final = re.compile(r"<(?:email|phone|card|iban|id)>")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in order, folded, none twice."""
    return tuple(dict.fromkeys(WORD.findall(_folded(text))))


def searchable(text: str) -> str:
    """Return the words of a text as they are kept: a blank before each, repetitions too."""
    return "".join(f" {word}" for word in WORD.findall(_folded(text)))[:MAX_KEPT_CHARS]


def hits(words: tuple[str, ...], note: str, issue: str) -> int:
    """Return how often the words begin one of two searchable texts; the note counts more."""
    return sum(_NOTE_WEIGHT * _times(word, note) + _times(word, issue) for word in words)


def _folded(text: str) -> str:
    return fold(_PLACEHOLDER.sub(" ", text)).text


def _times(word: str, searchable_text: str) -> int:
    return min(_MOST_TIMES, searchable_text.count(f" {word}"))
