"""Own transcripts -> the count tables of their data sheet (`data/transcripts/README.md`).

Written by `make docs`; a test compares, so that the sheet cannot fall behind the files.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from service.labels import BINARY, LANGUAGES, SENTIMENTS, THREAT_KINDS

from .markdown import table
from .transcripts import Conversation, LabelledTurn, read_transcripts

Count = Callable[[Sequence[Conversation]], int]


def _turns(conversations: Iterable[Conversation], role: str) -> list[LabelledTurn]:
    return [turn for c in conversations for turn in c.turns if turn.role == role]


def _raised(label: str, conversations: Sequence[Conversation]) -> int:
    return sum(turn.labels.get(label) == 1 for turn in _turns(conversations, "customer"))


def _threatened(kind: str, conversations: Sequence[Conversation]) -> int:
    return sum(kind in (turn.threat_kinds or ()) for turn in _turns(conversations, "customer"))


def _felt(sentiment: str, conversations: Sequence[Conversation]) -> int:
    return sum(turn.sentiment == sentiment for turn in _turns(conversations, "customer"))


def _rows() -> dict[str, Count]:
    rows: dict[str, Count] = {
        "conversations": lambda cs: sum(not c.single for c in cs),
        "· escalated": lambda cs: sum(c.escalated is True for c in cs),
        "single turns": lambda cs: sum(c.single for c in cs),
        "customer turns": lambda cs: len(_turns(cs, "customer")),
        "· in another language": lambda cs: sum(turn.language is not None for turn in _turns(cs, "customer")),
        "· in no language to tell": lambda cs: sum(not turn.language_told for turn in _turns(cs, "customer")),
        "agent turns": lambda cs: len(_turns(cs, "agent")),
    }
    for label in BINARY:
        rows[label] = partial(_raised, label)
        if label == "threat":
            rows |= {f"· {kind}": partial(_threatened, kind) for kind in THREAT_KINDS}
    return rows | {name: partial(_felt, name) for name in SENTIMENTS}


def _table(columns: dict[str, list[Conversation]]) -> str:
    rows = [[name, *(f"{count(cs):,}" for cs in columns.values())] for name, count in _rows().items()]
    return table(["", *columns], rows) + "\n"


def count_tables() -> dict[str, str]:
    """`counts`: per language; `splits`: per split and language."""
    own = [c for c in read_transcripts() if c.language in LANGUAGES]
    by_language = {name: [c for c in own if c.language == name] for name in LANGUAGES}
    splits = {
        f"{split} {name}": [c for c in conversations if c.split == split]
        for split in ("train", "dev", "test")
        for name, conversations in by_language.items()
    }
    return {"counts": _table(by_language | {"all": own}), "splits": _table(splits)}
