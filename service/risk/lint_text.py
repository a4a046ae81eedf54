"""The values of the draft check: what was said, a text prepared for patterns, and a finding. See `lint`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from .draft_rules import Kind
from .fold import LETTERS, WORD, Folded, fold
from .patterns import Pattern


class Said(Protocol):
    """A turn of the conversation; its text is None where texts are not kept."""

    @property
    def role(self) -> str:
        """`customer`, `agent` or `bot`."""

    @property
    def text(self) -> str | None:
        """The text, redacted when it comes from the store."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to reconsider; `start` and `end` count characters of the draft, None when something is missing."""

    kind: Kind
    start: int | None
    end: int | None
    why: str
    offer: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A folded text with its words and sentences."""

    folded: Folded
    words: frozenset[str]
    sentences: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str, *, marks: bool) -> "Prepared":
        """Fold the text; `marks` keeps its diacritics where it is typed with them."""
        folded = fold(text, marks=marks)
        return cls(folded, frozenset(WORD.findall(folded.text)), tuple(folded.sentences()))

    def possible(self, patterns: Iterable[Pattern]) -> tuple[Pattern, ...]:
        """Return those that this text can hold, to be looked for in its sentences."""
        return tuple(pattern for pattern in patterns if pattern.possible(self.folded, self.words))

    def find(self, patterns: Iterable[Pattern], start: int = 0, end: int | None = None) -> tuple[int, int] | None:
        """Return the span, in the folded text, of the first pattern that is in this part of it."""
        last = len(self.folded.text) if end is None else end
        spans = (pattern.search(self.folded, self.words, start, last) for pattern in patterns)
        return next((span for span in spans if span is not None), None)

    def has(self, patterns: Iterable[Pattern], start: int = 0, end: int | None = None) -> bool:
        """Return whether one of the patterns is in this part of the text."""
        return self.find(patterns, start, end) is not None

    def sentence_words(self) -> Iterator[tuple[tuple[int, int], list[str]]]:
        """Yield each sentence's span with its words, numbers left out: they differ where a reply is repeated."""
        for start, end in self.sentences:
            yield (start, end), LETTERS.findall(self.folded.text, start, end)
