"""`drafts/{vi,tl,cs,en}.yaml` -> the typed word lists of the draft check, strictly.

Used by `lint`. Support staff edit these files: each pattern is written in the small language of
`patterns.py`, and a mistake is answered with file, line, field, found and expected.
Try: `load_draft_rules()["en"]`
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, Literal

from ..labels import LANGUAGES
from .loader import Field, open_yaml
from .pattern_lists import PatternReader, read_lists
from .patterns import Pattern

Kind = Literal[
    "calm_down",
    "blame",
    "dismissal",
    "negative_wording",
    "jargon",
    "address",
    "canned",
    "repetition",
    "missing_apology",
    "unanswered_question",
]
WORDED: Final[tuple[Kind, ...]] = ("calm_down", "blame", "dismissal", "negative_wording", "jargon", "address")
"""Found by the words of a sentence alone; where two hold for the same words, the earlier one is told."""
LEARNT: Final[tuple[Kind, ...]] = ("calm_down", "blame", "dismissal", "negative_wording", "jargon", "canned")
"""Found by a fitted model too (`reply_model.py`), `canned` by it alone."""
KINDS: Final[tuple[Kind, ...]] = (*WORDED, "canned", "repetition", "missing_apology", "unanswered_question")
MAX_TEXT_CHARS: Final = 240


@dataclass(frozen=True, slots=True)
class Group:
    """Patterns that one offer answers; `unless` speaks of the same sentence."""

    offer: str
    patterns: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding that words tell."""

    kind: Kind
    why: str
    groups: tuple[Group, ...]
    unless_draft: tuple[Pattern, ...]
    """One of these anywhere in the draft, and nothing of this kind is wrong with it."""
    unless_said: tuple[Pattern, ...]
    """The same for one of these anywhere in the conversation so far: the customer talks like that too."""
    when_said: tuple[Pattern, ...]
    """Where there is a conversation, one of these must have been said in it."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What is said of something that only the conversation shows, and the patterns that decide it."""

    why: str
    offer: str
    lists: Mapping[str, tuple[Pattern, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """A question that has a recognisable answer: when, how much, why."""

    offer: str
    asked: tuple[Pattern, ...]
    answered: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class DraftRules:
    """All of one language."""

    language: str
    marks: bool
    """A diacritic makes another word: it counts where a text is typed with them."""
    rules: tuple[Rule, ...]
    acronyms: Advice
    known_acronyms: frozenset[str]
    courtesy: Advice | None
    titles: tuple[Group, ...]
    title_why: str
    repetition: Advice
    apology: Advice
    question_why: str
    put_off: tuple[Pattern, ...]
    """The draft promises an answer or asks back: a question may stay open."""
    questions: tuple[Question, ...]
    learnt: Mapping[Kind, Advice]
    """What is said of a fault that no pattern found, but the wording as a whole suggests."""


@cache
def load_draft_rules() -> Mapping[str, DraftRules]:
    """Return the word lists that are shipped, by language; they are read once."""
    folder = resources.files(__package__) / "drafts"
    return {n: parse_draft_rules(f"drafts/{n}.yaml", (folder / f"{n}.yaml").read_bytes(), n) for n in LANGUAGES}


def parse_draft_rules(file: str, content: bytes, language: str) -> DraftRules:
    """Return the rules of one file; `file` is the name that errors carry. Raises PolicyError."""
    context = ("acronyms", "repetition", "missing_apology", "unanswered_question", "learnt")
    root = open_yaml(file, content).mapping(
        required=("language", *WORDED, *context), optional=("lists", "diacritics", "courtesy", "titles")
    )
    if root["language"].one_of(LANGUAGES) != language:
        root["language"].fail(f"{language!r}, as the file is named")
    reader = _Reader(read_lists(root["lists"]) if "lists" in root else {})
    acronyms = root["acronyms"].mapping(required=("why", "offer", "known"))
    titles = root["titles"].mapping(required=("why", "groups")) if "titles" in root else None
    questions = root["unanswered_question"].mapping(required=("why", "put_off", "questions"))
    learnt = root["learnt"].mapping(required=LEARNT)
    return DraftRules(
        language=language,
        marks="diacritics" in root and root["diacritics"].boolean(),
        rules=tuple(reader.rule(kind, root[kind]) for kind in WORDED),
        acronyms=Advice(_text(acronyms["why"]), _text(acronyms["offer"]), {}),
        known_acronyms=frozenset(item.text(20).upper() for item in acronyms["known"].items()),
        courtesy=reader.advice(root["courtesy"], ("markers", "heard", "only_with")) if "courtesy" in root else None,
        titles=reader.groups(titles["groups"]) if titles else (),
        title_why=_text(titles["why"]) if titles else "",
        repetition=reader.advice(root["repetition"], ("common",)),
        apology=reader.advice(root["missing_apology"], ("failure", "soothing")),
        question_why=_text(questions["why"]),
        put_off=reader.patterns(questions["put_off"]),
        questions=tuple(reader.question(item) for item in questions["questions"].items()),
        learnt={kind: reader.advice(learnt[kind], ()) for kind in LEARNT},
    )


def _text(field: Field) -> str:
    return field.text(MAX_TEXT_CHARS)


@dataclass(frozen=True, slots=True)
class _Reader(PatternReader):
    """Reads what holds patterns, with the lists of the file at hand."""

    def group(self, field: Field) -> Group:
        entries = field.mapping(required=("offer", "any"), optional=("unless",))
        unless = self.patterns(entries["unless"]) if "unless" in entries else ()
        return Group(_text(entries["offer"]), self.patterns(entries["any"]), unless)

    def groups(self, field: Field) -> tuple[Group, ...]:
        return tuple(self.group(item) for item in field.items())

    def rule(self, kind: Kind, field: Field) -> Rule:
        optional = ("unless_draft", "unless_said", "when_said")
        entries = field.mapping(required=("why", "groups"), optional=optional)
        lists = [self.patterns(entries[name]) if name in entries else () for name in optional]
        return Rule(kind, _text(entries["why"]), self.groups(entries["groups"]), *lists)

    def advice(self, field: Field, names: tuple[str, ...]) -> Advice:
        entries = field.mapping(required=("why", "offer", *names))
        lists = {name: self.patterns(entries[name]) for name in names}
        return Advice(_text(entries["why"]), _text(entries["offer"]), lists)

    def question(self, field: Field) -> Question:
        entries = field.mapping(required=("offer", "asked", "answered"))
        return Question(_text(entries["offer"]), self.patterns(entries["asked"]), self.patterns(entries["answered"]))
