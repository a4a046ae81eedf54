"""JSON lines -> conversations to replay: our own transcripts, or the little that a replay needs.

    {"id": "chat-1", "turns": [{"role": "customer", "text": "…", "sent_at": "2026-11-20T10:00:00Z"}], "escalated": 1}

`language`, `sent_at` (ISO 8601 with a zone, or epoch seconds) and `escalated` may be left out; so may
`escalated_turn`, the number (from 1) of the turn at which it was escalated. Other keys are ignored.
Turns without a time follow each other at an even pace. Every mistake names file, line and key, and
repeats nothing that stands in the file.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, NoReturn, cast

from ..flow import Role, Turn
from ..labels import LANGUAGE_OUTPUTS
from .play import Conversation, Moment, Outcome

PAUSE_S: Final = 20.0
"""Between turns whose times nobody knows: brisk, so that no rule about waiting fires by itself."""
_ROLES: Final = ("customer", "agent", "bot")
_MAX_ID_CHARS: Final = 200
_KINDS: Final[Mapping[type, str]] = {
    type(None): "nothing",
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "another text",
    list: "a list",
    dict: "an object",
}


class ConversationFileError(ValueError):
    """A file of conversations cannot be used; the message says where, what was found and what was expected."""


class TurnsOutOfOrder(ValueError):
    """A turn was sent before the one above it; `index` is its place."""

    def __init__(self, index: int) -> None:
        super().__init__(f"turn {index + 1} was sent before the turn above it")
        self.index = index


@dataclass(frozen=True, slots=True)
class _Place:
    """A line of a file, for errors."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"

    def fail(self, key: str, found: str, expected: str) -> NoReturn:
        where = f"{self}, {key!r}" if key else str(self)
        raise ConversationFileError(f"{where}: found {found}, expected {expected}")


def read_conversations(paths: Iterable[Path]) -> Iterator[Conversation]:
    """Yield the conversations of some files in order, without the single messages that transcripts hold beside them.

    Raises `ConversationFileError`.
    """
    seen: dict[str, str] = {}
    for path in paths:
        for number, line in enumerate(_lines(path), 1):
            row = _row(line, place := _Place(path.name, number))
            if row is not None:
                found = _conversation(row, place)
                if found.id in seen:
                    place.fail("id", f"an id that stands at {seen[found.id]} too", "each id once")
                seen[found.id] = str(place)
                yield found


def heard_at(sent: Sequence[float | None]) -> list[float]:
    """Return when each turn was heard; one without a time, `PAUSE_S` after the one above, yet never after the next.

    Raises `TurnsOutOfOrder`.
    """
    known = [(index, at) for index, at in enumerate(sent) if at is not None]
    first = known[0][1] - PAUSE_S * known[0][0] if known else 0.0
    limits = iter([*(at for _, at in known), math.inf])
    times: list[float] = []
    limit = next(limits)
    for index, given in enumerate(sent):
        if given is None:
            times.append(max(times[-1], min(times[-1] + PAUSE_S, limit)) if times else first)
            continue
        if times and given < times[-1]:
            raise TurnsOutOfOrder(index)
        times.append(given)
        limit = next(limits)
    return times


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from file
    except OSError as error:
        raise ConversationFileError(f"{path} cannot be read: {error.strerror}") from None


def _row(line: bytes, place: _Place) -> Mapping[str, object] | None:
    """The object in a line; None for an empty line and for a single message of our own transcripts."""
    try:
        text = line.decode("utf-8-sig")
        row = json.loads(text) if text.strip() else {"single": 1}
    except UnicodeDecodeError:
        place.fail("", "bytes that are no UTF-8", "UTF-8 text")
    except (ValueError, RecursionError):
        place.fail("", "a line that is no JSON", "one JSON object a line")
    if not isinstance(row, dict):
        place.fail("", _kind(row), "one JSON object a line")
    return None if row.get("single") else row


def _conversation(row: Mapping[str, object], place: _Place) -> Conversation:
    turns = row.get("turns")
    if not isinstance(turns, list) or not turns:
        place.fail("turns", _kind(turns), "a list with at least one turn")
    language = row.get("language")
    if language is not None and language not in LANGUAGE_OUTPUTS:
        place.fail("language", "another value", f"one of {', '.join(LANGUAGE_OUTPUTS)}, or none")
    try:
        times = heard_at([_time(turn, f"turns[{index}]", place) for index, turn in enumerate(turns)])
    except TurnsOutOfOrder as error:
        place.fail(f"turns[{error.index}].sent_at", "a time before that of the turn above", "turns in their order")
    moments = tuple(_moment(turn, index, at, place) for index, (turn, at) in enumerate(zip(turns, times, strict=True)))
    return Conversation(_id(row, place), language, moments, _outcome(row, moments, place))


def _id(row: Mapping[str, object], place: _Place) -> str:
    found = row.get("id")
    if not isinstance(found, str) or not found or len(found) > _MAX_ID_CHARS or not found.isprintable():
        place.fail("id", _kind(found), f"a text of 1 to {_MAX_ID_CHARS} printable characters")
    return found


def _moment(turn: object, index: int, at: float, place: _Place) -> Moment:
    fields = turn if isinstance(turn, dict) else {}
    role, text = fields.get("role"), fields.get("text")
    if role not in _ROLES:
        place.fail(f"turns[{index}].role", _kind(role), f"one of {', '.join(_ROLES)}")
    if not isinstance(text, str):
        place.fail(f"turns[{index}].text", _kind(text), "a text")
    return Moment(Turn(str(index + 1), cast(Role, role), text, at), at)


def _time(turn: object, key: str, place: _Place) -> float | None:
    if not isinstance(turn, dict):
        place.fail(key, _kind(turn), "an object with a role and a text")
    found = turn.get("sent_at")
    if found is None:
        return None
    try:
        at = datetime.fromisoformat(found) if isinstance(found, str) else None
        seconds = found if at is None else at.timestamp() if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        seconds = None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not math.isfinite(seconds):
        place.fail(f"{key}.sent_at", "another value", "ISO 8601 with a zone, or seconds since the epoch")
    return float(seconds)


def _outcome(row: Mapping[str, object], moments: Sequence[Moment], place: _Place) -> Outcome | None:
    escalated, at = row.get("escalated"), row.get("escalated_turn")
    if escalated is None and at is None:
        return None
    if escalated not in (0, 1, True, False):
        place.fail("escalated", _kind(escalated), "0, 1, true or false")
    if at is None:
        return Outcome(bool(escalated))
    if isinstance(at, bool) or not isinstance(at, int) or not 1 <= at <= len(moments) or not escalated:
        place.fail(
            "escalated_turn", "another value", f"the number of a turn, 1 to {len(moments)}, beside 'escalated' 1"
        )
    return Outcome(True, sum(moment.turn.role == "customer" for moment in moments[:at]))


def _kind(value: object) -> str:
    """What a value is, without showing it."""
    return _KINDS.get(type(value), "another value")
