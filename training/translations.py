"""Translation pairs -> (language, English text, the same in that language), one after the other.

Reads `corpora/parallel/*.tsv.xz` below `EVENKEEL_SOURCES`; a file's name begins with the languages of its
columns (`en-tl-vi_alt_wikinews.tsv.xz`, `en-cs.tsv.xz`), further columns say where a row is from.
"""

import lzma
from collections.abc import Iterator, Set
from pathlib import Path

from service.labels import LANGUAGES

from .paths import SOURCES
from .sources import text_key

ENGLISH, SUFFIX = "en", ".tsv.xz"
MAX_CHARS = 400
"""Longer rows are left out: chat turns are short, and what aligns with what becomes a guess."""

Pair = tuple[str, str, str]


def pairs(unseen: Set[str], folder: Path | None = None) -> Iterator[Pair]:
    """Yield every pair of both sides filled and neither among the keys `unseen`; none where no such file is there."""
    for path in sorted((folder or SOURCES / "corpora" / "parallel").glob("*" + SUFFIX)):
        columns = path.name.removesuffix(SUFFIX).split("_")[0].split("-")
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                for pair in _row(columns, line.rstrip("\n").split("\t")):
                    if not unseen & {text_key(text) for text in pair[1:]}:
                        yield pair


def _row(columns: list[str], fields: list[str]) -> Iterator[Pair]:
    texts = {name: text.strip() for name, text in zip(columns, fields, strict=False)}
    english = texts.get(ENGLISH, "")
    for language in LANGUAGES:
        other = texts.get(language, "")
        if language != ENGLISH and english and other and max(len(english), len(other)) <= MAX_CHARS:
            yield language, english, other
