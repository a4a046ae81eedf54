"""Scripted conversations: tests/golden/<language>.yaml -> turns, made scores and what is expected.

A message says who wrote it, its scores where they are not calm, the seconds since the message
before (20 unless told), the queue where a desk would name one, and for customers what must be
recommended. A first entry `known` says what the store knew when the conversation began. Anybody may replay them:
`load("vi")` gives the scripts, `script.scorer()` a scorer that knows every text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from service.flow import ConversationState, Role, Score, Turn
from service.labels import LANGUAGES
from tests.support import FixedScorer, make_score

FOLDER = Path(__file__).parent
_ROLES: tuple[Role, ...] = ("customer", "agent", "bot")
START = 1_780_000_000.0
PAUSE_S = 20.0


@dataclass(frozen=True)
class Message:
    turn: Turn
    score: Score
    expect: Mapping[str, object]


@dataclass(frozen=True)
class Script:
    id: str
    language: str
    messages: tuple[Message, ...]
    known: Mapping[str, int]
    """Fields of the state before the first message."""

    def begin(self) -> ConversationState:
        return replace(ConversationState(self.id), **self.known)  # type: ignore[arg-type]

    def scorer(self) -> FixedScorer:
        return FixedScorer({message.turn.text: message.score for message in self.messages})


def load(language: str) -> list[Script]:
    """Return the scripts of a language."""
    content = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return [_script(language, name, entries) for name, entries in content.items()]


def load_all() -> list[Script]:
    return [script for language in LANGUAGES for script in load(language)]


def _script(language: str, name: str, entries: list[dict]) -> Script:
    at, messages = START, []
    known = entries.pop(0)["known"] if "known" in entries[0] else {}
    for number, entry in enumerate(entries):
        at += float(entry.get("after", PAUSE_S))
        role = next(role for role in _ROLES if role in entry)
        assert set(entry) <= {role, "after", "queue", "score", "expect"}, entry
        assert role == "customer" or not {"score", "expect"} & set(entry), entry
        score = make_score(**{"language": language, **entry.get("score", {})})
        turn = Turn(f"t{number}", role, entry[role], at, queue=entry.get("queue"))
        messages.append(Message(turn, score, entry.get("expect", {})))
    return Script(f"{language}-{name}", language, tuple(messages), known)
