"""`packets/{vi,tl,cs,en}.yaml` -> the words of a hand-off packet, and the patterns that find promises, strictly.

Used by `packet`. The words are those of the person who takes over, the patterns those of the language in
which the conversation was held. Support staff edit these files; a mistake is answered with file, line,
field, found and expected.
Try: `load_packet_words()["en"].facts["legal"]`
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter
from typing import Final

from ..flow import BANDS
from ..labels import LANGUAGES, SENTIMENTS, THREAT_KINDS
from .conditions import TRENDS
from .loader import Field, open_yaml
from .pattern_lists import PatternReader, read_lists
from .patterns import Pattern

UNCLEAR: Final = "unclear"
"""A threat of no known kind."""
KINDS: Final = (*THREAT_KINDS, UNCLEAR)
SECTIONS: Final = ("issue", "tried", "promised", "threats", "risk", "quotes", "reasons")
LINES: Final[Mapping[str, tuple[str, ...]]] = {
    "waiting": ("minutes",),
    "answered": (),
    "risk": ("band", "trend"),
    "sentiment": ("start", "now"),
    "threats": ("kinds",),
    "asks_human": ("times",),
    "taken_before": ("times",),
}
"""The sentences of the summary, and the slots that each must have."""
MAX_TEXT_CHARS: Final = 240


@dataclass(frozen=True, slots=True)
class Sayings:
    """Sentences of one sort: one of `patterns` is in it, and none of `unless`."""

    patterns: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class PacketWords:
    """All of one language."""

    language: str
    marks: bool
    """A diacritic makes another word: it counts where a text is typed with them."""
    promised: Sayings
    tried: Sayings
    titles: Mapping[str, str]
    lines: Mapping[str, str]
    bands: Mapping[str, str]
    trends: Mapping[str, str]
    sentiments: Mapping[str, str]
    kinds: Mapping[str, str]
    facts: Mapping[str, tuple[str, ...]]
    """Per kind of threat: what the person who takes over must find out."""


@cache
def load_packet_words() -> Mapping[str, PacketWords]:
    """Return the words that are shipped, by language; they are read once."""
    folder = resources.files(__package__) / "packets"
    return {n: parse_packet_words(f"packets/{n}.yaml", (folder / f"{n}.yaml").read_bytes(), n) for n in LANGUAGES}


def parse_packet_words(file: str, content: bytes, language: str) -> PacketWords:
    """Return the words of one file; `file` is the name that errors carry. Raises PolicyError."""
    tables = ("titles", "lines", "bands", "trends", "sentiments", "kinds", "facts")
    root = open_yaml(file, content).mapping(
        required=("language", "promised", "tried", *tables), optional=("lists", "diacritics")
    )
    if root["language"].one_of(LANGUAGES) != language:
        root["language"].fail(f"{language!r}, as the file is named")
    reader = PatternReader(read_lists(root["lists"]) if "lists" in root else {})
    facts = root["facts"].mapping(required=KINDS)
    return PacketWords(
        language=language,
        marks="diacritics" in root and root["diacritics"].boolean(),
        promised=_sayings(root["promised"], reader),
        tried=_sayings(root["tried"], reader),
        titles=_words(root["titles"], SECTIONS),
        lines={name: _line(field, LINES[name]) for name, field in root["lines"].mapping(required=tuple(LINES)).items()},
        bands=_words(root["bands"], BANDS),
        trends=_words(root["trends"], TRENDS),
        sentiments=_words(root["sentiments"], SENTIMENTS),
        kinds=_words(root["kinds"], KINDS),
        facts={kind: tuple(item.text(MAX_TEXT_CHARS) for item in facts[kind].items()) for kind in KINDS},
    )


def _sayings(field: Field, reader: PatternReader) -> Sayings:
    entries = field.mapping(required=("any",), optional=("unless",))
    return Sayings(reader.patterns(entries["any"]), reader.patterns(entries["unless"]) if "unless" in entries else ())


def _words(field: Field, names: Sequence[str]) -> dict[str, str]:
    entries = field.mapping(required=names)
    return {name: entries[name].text(MAX_TEXT_CHARS) for name in names}


def _line(field: Field, slots: tuple[str, ...]) -> str:
    text = field.text(MAX_TEXT_CHARS)
    try:
        found = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        found = {"?"}
    if found != set(slots):
        field.fail(f"exactly the slots {', '.join('{' + slot + '}' for slot in slots) or '(none)'}")
    return text
