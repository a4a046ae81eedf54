"""Step 2: labelled conversations (JSONL) -> typed conversations with a split.

The format is that of `data/transcripts/` (see its data sheet), the same one that `make train
TRANSCRIPTS=file.jsonl` takes from a user. Turns keep their order; nothing here looks ahead.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.labels import BINARY, LANGUAGES, SENTIMENTS, THREAT_KINDS

from .paths import TRANSCRIPTS
from .split import assign_split, split_group


class TranscriptError(ValueError):
    """A transcript file that cannot be used; the message names file, line, field and way out."""


@dataclass(frozen=True, slots=True)
class LabelledTurn:
    """One turn; `labels` holds 0/1 per name of `BINARY`, absent where the annotator did not say (kinds: None)."""

    role: str
    text: str
    labels: dict[str, int]
    threat_kinds: tuple[str, ...] | None
    sentiment: str | None
    quality: str | None
    debatable: bool
    leaves: bool = False
    """Cancels or goes to a competitor; read by the forecast, no output of the model."""
    language: str | None = None
    """Its own language, where that is not its conversation's."""
    language_told: bool = True
    """False where no language can be told from its words (`language` null): "ok", a number, a name."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One labelled conversation, or a single turn (`single`)."""

    id: str
    language: str
    split: str
    single: bool
    escalated: bool | None
    turns: tuple[LabelledTurn, ...]
    language_known: bool = True
    """False where the language is a model's guess (`language_known` 0, as corrections of the live service have)."""


def read_given(path: Path) -> Iterator[Conversation]:
    """Yield what a user brought to train on: one file, or every `*.jsonl` of a folder in the order of names."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise TranscriptError(f"{path.name}: holds no *.jsonl file; see data/transcripts/README.md")
    for file in files:
        yield from read_file(file, split="train")


def read_file(path: Path, *, split: str | None = None) -> Iterator[Conversation]:
    """Yield the conversations of one file; `split` overrides the split that the ids give."""
    pairs: dict[str, str] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _conversation(line, f"{path.name}:{number}", pairs, split)


@cache
def read_transcripts() -> tuple[Conversation, ...]:
    """Every conversation of `data/transcripts/*.jsonl`, in file and line order."""
    return tuple(c for path in sorted(TRANSCRIPTS.glob("*.jsonl")) for c in read_file(path))


def _conversation(line: str, where: str, pairs: dict[str, str], split: str | None) -> Conversation:
    try:
        row = json.loads(line)
        identifier, language, turns = row["id"], row["language"], tuple(_turn(t, where) for t in row["turns"])
    except TranscriptError:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise TranscriptError(
            f"{where}: not a transcript ({type(error).__name__}: {error}); see data/transcripts/README.md"
        ) from None
    if language not in (*LANGUAGES, "other"):
        raise TranscriptError(f"{where}: language is {language!r}, expected one of {(*LANGUAGES, 'other')}")
    # Lines in other languages are unrelated to each other; blocks would tear whole languages out of dev.
    group = identifier if language == "other" else split_group(identifier)
    if pair := row.get("pair"):
        group = pairs.setdefault(f"{language}:{pair}", group)
    return Conversation(
        id=identifier,
        language=language,
        split=split or assign_split(group),
        single=bool(row.get("single")),
        escalated=None if row.get("escalated") is None else bool(row["escalated"]),
        turns=turns,
        language_known=row.get("language_known", 1) != 0,
    )


def _label(value: object, name: str, where: str) -> int:
    # A "0" from a spreadsheet would count as true.
    if value not in (0, 1):
        raise TranscriptError(f"{where}: {name} must be 0, 1 or null, found {type(value).__name__}")
    return int(value)  # type: ignore[call-overload]


def _turn(turn: dict[str, object], where: str) -> LabelledTurn:
    role, text = turn["role"], turn["text"]
    if role not in ("customer", "agent", "bot") or not isinstance(text, str):
        raise TranscriptError(f"{where}: every turn needs a role (customer, agent, bot) and a text")
    labels = {name: _label(turn[name], name, where) for name in BINARY if turn.get(name) is not None}
    kinds = turn.get("threat_kinds") or []
    sentiment = turn.get("sentiment")
    if not isinstance(kinds, list) or not set(kinds) <= set(THREAT_KINDS):
        raise TranscriptError(f"{where}: threat_kinds must be a list of {THREAT_KINDS}")
    if sentiment is not None and sentiment not in SENTIMENTS:
        raise TranscriptError(f"{where}: sentiment must be one of {SENTIMENTS} or null")
    quality = turn.get("quality")
    known = tuple(kinds) if kinds or labels.get("threat") == 0 else None
    language = turn.get("language")
    if language is not None and language not in (*LANGUAGES, "other"):
        raise TranscriptError(f"{where}: a turn's language is {language!r}, expected one of {(*LANGUAGES, 'other')}")
    return LabelledTurn(
        role,
        text,
        labels,
        known,
        sentiment,
        str(quality) if quality else None,
        bool(turn.get("debatable")),
        leaves=bool(_label(turn.get("leaves") or 0, "leaves", where)),
        language=None if language is None else str(language),
        language_told="language" not in turn or language is not None,
    )
