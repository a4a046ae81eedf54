"""Labelled turns of a conversation -> a row that `training` reads like any transcript. Pure.

Written by `evenkeel labels export` and `GET /v1/labels/export`, read by `make train TRANSCRIPTS=file`. Only the
labelled turns are in it, their text as it is stored, that is redacted. What nobody said, or people disagree on
without a majority, is null, and training skips it. Who labelled is a short hash: the same person is the same
hash everywhere, which is a pseudonym and not anonymity.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ..labels import BINARY, LANGUAGES
from .corrections import SENTIMENT, Correction, Labels, decided


@dataclass(frozen=True, slots=True)
class LabelledTurn:
    """A customer's turn and what people say of it."""

    turn_id: str
    text: str | None
    """Redacted; None when texts are not kept."""
    labels: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class LabelledConversation:
    """The labelled turns of one conversation, in their order."""

    conversation_id: str
    language: str | None
    turns: tuple[LabelledTurn, ...]


def training_row(conversation: LabelledConversation) -> Mapping[str, object] | None:
    """Return the row; None when nothing of it can be learnt: no text, no decision, or a language that is not served."""
    turns = training_turns(conversation)
    if not turns:
        return None
    # The language is the model's own guess: it must not be taught back to it.
    return {
        "id": conversation.conversation_id,
        "language": conversation.language,
        "language_known": 0,
        "turns": turns,
    }


def training_turns(conversation: LabelledConversation) -> list[Mapping[str, object]]:
    """Return those of its turns that can be learnt from."""
    if conversation.language not in LANGUAGES:
        return []
    return [row for turn in conversation.turns if (row := _turn(turn)) is not None]


def pseudonym(by: str) -> str:
    """Return the short hash under which a person's labels leave."""
    return "p-" + hashlib.blake2b(by.encode(), digest_size=5).hexdigest()


def _turn(turn: LabelledTurn) -> Mapping[str, object] | None:
    found = decided(said.labels for said in turn.labels if said.labels is not None)
    if turn.text is None or found.is_empty:
        return None
    return {
        "turn_id": turn.turn_id,
        "role": "customer",
        "text": turn.text,
        **{name: found.of(name) for name in BINARY},
        "threat_kinds": _kinds(found),
        SENTIMENT: found.sentiment,
        "labelled": [{"by": pseudonym(said.by), "at": _utc(said.at)} for said in turn.labels],
        "model_version": turn.labels[-1].model_version,
    }


def _kinds(found: Labels) -> list[str] | None:
    if found.threat == 0:
        return []
    return None if found.threat_kind is None else [found.threat_kind]


def _utc(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
