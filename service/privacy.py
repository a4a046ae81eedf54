"""Texts -> what may be stored. Pure; runs just before a text is stored.

`redact` replaces personal numbers and addresses (see `finders.py`) by `<email>`, `<phone>`,
`<card>`, `<iban>` and `<id>`, and remembers how positions moved. It never raises, is idempotent,
and takes time linear in the length of the text.
Try: `redact("gọi 0912 345 678").text`
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from .finders import FINDERS, Found

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


class Edit(NamedTuple):
    """`text[start:end]` became `length` other characters."""

    start: int
    end: int
    length: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """A redacted text, and the way to it from the text as it was received."""

    text: str
    passes: tuple[tuple[Edit, ...], ...] = ()
    """Each pass edits the outcome of the one before; edits are in order and do not overlap."""

    def map_span(self, start: int, end: int) -> tuple[int, int]:
        """Move a span of the received text onto `text`; it grows to whole placeholders."""
        for edits in self.passes:
            start, end = _move(edits, start, is_end=False), _move(edits, end, is_end=True)
        return start, end

    def to_json(self) -> list[list[list[int]]]:
        """Return the edits alone, to be kept beside the text."""
        return [[list(edit) for edit in edits] for edits in self.passes]

    @classmethod
    def from_json(cls, text: str, passes: list[Any]) -> "Redacted":
        """Undo `to_json`."""
        return cls(text, tuple(tuple(Edit(*edit) for edit in edits) for edits in passes))


def redact(text: str) -> Redacted:
    """Return `text` without personal numbers and addresses; what no database can hold becomes U+FFFD."""
    current = _UNSTORABLE.sub("\ufffd", text)
    passes = []
    for find in FINDERS:
        found = list(find(current))
        if found:
            current = _replace(current, found)
            passes.append(tuple(Edit(start, end, len(mark)) for start, end, mark in found))
    return Redacted(current, tuple(passes))


def _replace(text: str, found: list[Found]) -> str:
    pieces, reached = [], 0
    for start, end, mark in found:
        pieces += [text[reached:start], mark]
        reached = end
    return "".join([*pieces, text[reached:]])


def _move(edits: tuple[Edit, ...], position: int, *, is_end: bool) -> int:
    """Move one position; inside an edit, a span's end goes to the placeholder's end, else to its start."""
    shift = 0
    for edit in edits[: bisect_right(edits, position, key=lambda edit: edit.start)]:
        if position >= edit.end:
            shift += edit.length - (edit.end - edit.start)
        elif position > edit.start or not is_end:
            return edit.start + shift + (edit.length if is_end else 0)
    return position + shift
