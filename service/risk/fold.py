"""Text -> the form in which drafts are compared, with the way back: lower case, no diacritics, no apostrophes.

Used by `lint` and its word lists, because many people type without diacritics and with sloppy
capitals. In Vietnamese a diacritic makes another word of it, so there `marks=True` keeps them.
Sentences end with `.`, `!`, `?` or a new line; a dot inside a number or a name ends none.
Pure, never raises, linear. Try: `fold("Uklidněte se!").text`
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_APOSTROPHES: Final = frozenset("'’‘ʼ`´")
_SPECIAL: Final = {"đ": "d", "ł": "l", "ø": "o", "§": " paragraf ", "…": "."}
_ENDS: Final = frozenset(".!?\n")
_INNER_DOT: Final = re.compile(r"\.(?=[^\s.!?…)\"'”])")
_TONE_AT_END: Final = re.compile(r"([ou])([àáảãạèéẻẽẹỳýỷỹỵ])(?!\w)")
_MARKED: Final = re.compile("[à-ỹ]")
_MAX_CACHED: Final = 10_000
MARKED_SHARE: Final = 0.04
"""Of the characters; Vietnamese has about 0.25."""
SENTENCE: Final = re.compile(r"[^.!?\n]+[.!?\n]*")
WORD: Final = re.compile(r"\w+")
LETTERS: Final = re.compile(r"\b[^\W\d]+\b")
"""Words without digits."""


class _Table(dict[int, str]):
    """Character -> what stands for it; made as characters are met."""

    def __init__(self, *, marks: bool) -> None:
        super().__init__()
        self._marks = marks

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code), self._marks)
        if len(self) < _MAX_CACHED:
            self[code] = folded
        return folded


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text."""

    raw: str
    text: str
    marks: bool
    """Whether diacritics were kept."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Move a span of `text` that is not empty onto `raw`, trailing combining marks included."""
        table = _TABLES[self.marks]
        origins = [index for index, character in enumerate(self.raw) for _ in table[ord(character)]]
        last = origins[end - 1] + 1
        while last < len(self.raw) and unicodedata.combining(self.raw[last]):
            last += 1
        return origins[start], last

    def sentences(self) -> list[tuple[int, int]]:
        """Return the spans of the sentences in `text` that hold a word."""
        found = (match.span() for match in SENTENCE.finditer(self.text))
        return [(start, end) for start, end in found if WORD.search(self.text, start, end)]


def without_diacritics(text: str) -> str:
    """ "đặt hàng" -> "dat hang", "příští" -> "pristi"; everything else stays."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def fold(text: str, *, marks: bool = False) -> Folded:
    """Return the folded text; `marks` keeps diacritics where the text is typed with them."""
    dotted = _INNER_DOT.sub(" ", text)
    plain = dotted.translate(_TABLES[False])
    if marks and unicodedata.is_normalized("NFC", text):
        marked = dotted.translate(_TABLES[True])
        if len(_MARKED.findall(marked)) > MARKED_SHARE * len(marked):
            return Folded(text, _TONE_AT_END.sub(_old_style, marked), marks=True)
    return Folded(text, plain, marks=False)


def fold_token(token: str, *, marks: bool) -> str:
    """Return a word of a pattern as it stands in texts that are folded this way."""
    folded = unicodedata.normalize("NFC", token).translate(_TABLES[marks])
    return _TONE_AT_END.sub(_old_style, folded) if marks else folded


def _fold(character: str, marks: bool) -> str:
    """One character, in lower case; what a word cannot hold and ends no sentence becomes a space."""
    if character in _APOSTROPHES:
        return ""
    lowered = character.lower()
    if marks and len(lowered) == 1 and lowered.isalpha():
        return lowered
    lowered = _SPECIAL.get(lowered, lowered)
    plain = (c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return "".join(_SPECIAL.get(c, c if c.isalnum() or c in _ENDS else " ") for c in plain)


def _old_style(match: re.Match[str]) -> str:
    """Write "hoà" as "hòa": both spellings of the same syllable are in use."""
    second = unicodedata.normalize("NFD", match[2])
    return unicodedata.normalize("NFC", match[1] + second[1:]) + second[0]


_TABLES: Final = {marks: _Table(marks=marks) for marks in (False, True)}
