"""Step 5a: unlabelled text -> normalised lines, balanced over the four languages.

Reads `corpora/{language}.{informal,general}.txt.xz` below `EVENKEEL_SOURCES`, informal text first,
each language up to the same number of bytes, so that Tagalog and Czech weigh as much as English.
The own transcripts' *train* turns are added; dev and test turns never are.
"""

import lzma
from collections.abc import Iterator
from pathlib import Path

from service.labels import LANGUAGES
from service.scoring.normalise import normalise

from .paths import SOURCES
from .transcripts import read_transcripts

REGISTERS = ("informal", "general")
MAX_LINE_CHARS = 1_000
"""Longer lines are cut: chat turns are short, and encyclopedic paragraphs would crowd them out."""


def corpus_lines(language: str, max_bytes: int, folder: Path | None = None) -> Iterator[str]:
    """Yield normalised lines of one language until `max_bytes` of UTF-8 are used up."""
    budget = max_bytes
    for text in _raw_lines(language, folder or SOURCES / "corpora"):
        line = normalise(text[:MAX_LINE_CHARS]).text
        budget -= len(line.encode("utf-8"))
        if budget < 0:
            return
        if line:
            yield line


def _raw_lines(language: str, folder: Path) -> Iterator[str]:
    for conversation in read_transcripts():
        if conversation.language == language and conversation.split == "train":
            yield from (turn.text for turn in conversation.turns)
    for register in REGISTERS:
        yield from _file_lines(folder / f"{language}.{register}.txt.xz")


def _file_lines(path: Path) -> Iterator[str]:
    if path.exists():
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            yield from lines


def informal_lines(language: str, folder: Path | None = None) -> Iterator[str]:
    """Yield the informal lines of one language as they are; none where the file is not there."""
    path = (folder or SOURCES / "corpora") / f"{language}.{REGISTERS[0]}.txt.xz"
    return (line.strip() for line in _file_lines(path))


def balanced_lines(max_bytes_per_language: int) -> Iterator[str]:
    """Yield the lines of all four languages, one language after the other."""
    for language in LANGUAGES:
        yield from corpus_lines(language, max_bytes_per_language)
