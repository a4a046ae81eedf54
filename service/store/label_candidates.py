"""Stored turns -> those that may be worth a label, at a cost that does not grow with what is stored.

Read are the latest turns, those that somebody's judgement points at, and two samples of the last weeks
that tell whether scores have moved: ids grow with time, so the bounds of a week are found by bisection
and a sample is ids spread evenly between them. What is worth a label is decided in `risk/worth.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from ..labels import BINARY
from ..risk.corrections import Correction, probability_of
from ..risk.drift import compare
from ..risk.worth import Candidate, Moved
from .label_rows import by_turn
from .models import AlertRow, ConversationRow, FactsRow, HandoffRow, LabelRow, TurnRow

MAX_LATEST: Final = 1000
MAX_NAMED: Final = 200
"""Of each sort of judgement, the latest."""
MAX_SAMPLE: Final = 1500
"""Ids looked up for each of the two samples; customers wrote about every second turn."""
GOLDEN: Final = 0.6180339887498949
LATELY_S: Final = 7 * 86400.0
BEFORE_S: Final = 28 * 86400.0

TurnName = tuple[str, str]
_Stored = Row[tuple[int, str, str, dict[str, Any] | None, str, str | None]]
_GROUPS: Final[tuple[Literal["language", "queue"], ...]] = ("language", "queue")


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate, and the ids by which it is known."""

    conversation_id: str
    turn_id: str
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Candidates:
    """Turns by their row, and which scores have moved."""

    turns: Mapping[int, Found]
    moved: tuple[Moved, ...]


def candidates(session: Session, now: float) -> Candidates:
    """Return the turns that may be worth a label."""
    lately_from, before_from = (_first_id_since(session, now - ago) for ago in (LATELY_S, LATELY_S + BEFORE_S))
    lately = _sample(session, lately_from, _first_id_since(session, now + 1.0))
    before = _sample(session, before_from, lately_from)
    false_alarms, taken_over, labelled = _false_alarms(session), _taken_over(session), _labelled(session)
    named = _named(session, false_alarms | taken_over | labelled)
    stored = {row.id: row for row in [*_latest(session), *lately, *named] if row.score is not None}
    labels = _labels(session, list(stored))
    turns = {
        row_id: Found(row.conversation_id, row.turn_id, _candidate(row, name, false_alarms, taken_over, labels))
        for row_id, row in stored.items()
        for name in [(row.conversation_id, row.turn_id)]
    }
    return Candidates(turns, tuple(_moved(before, lately)))


def _candidate(
    row: _Stored,
    name: TurnName,
    false_alarms: set[TurnName],
    taken_over: set[TurnName],
    labels: Mapping[TurnName, tuple[Correction, ...]],
) -> Candidate:
    score = row.score or {}
    return Candidate(
        row=row.id,
        language=score["language"],
        queue=row.queue,
        model_version=row.model_version,
        score=score,
        false_alarm=name in false_alarms,
        taken_over=name in taken_over,
        labels=labels.get(name, ()),
    )


def _turns() -> Select[tuple[int, str, str, dict[str, Any] | None, str, str | None]]:
    """Customers' turns whose words can be read by whoever labels them."""
    return (
        select(
            TurnRow.id,
            TurnRow.conversation_id,
            TurnRow.turn_id,
            TurnRow.score,
            TurnRow.model_version,
            ConversationRow.queue,
        )
        .join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
        .where(TurnRow.role == "customer", TurnRow.text.is_not(None))
    )


def _latest(session: Session) -> Sequence[_Stored]:
    return session.execute(_turns().order_by(TurnRow.id.desc()).limit(MAX_LATEST)).all()


def _named(session: Session, names: set[TurnName]) -> Sequence[_Stored]:
    if not names:
        return []
    wanted = tuple_(TurnRow.conversation_id, TurnRow.turn_id).in_(sorted(names))
    return session.execute(_turns().where(wanted)).all()


def _sample(session: Session, first: int, end: int) -> Sequence[_Stored]:
    """Return customers' turns with ids from `first` to before `end`: all when they are few, else evenly spread ones.

    Spread by the golden ratio, not by a step: customer and agent take turns, and an even step would meet one of them only.
    """
    if end - first <= MAX_SAMPLE:
        return session.execute(_turns().where(TurnRow.id >= first, TurnRow.id < end)).all()
    ids = sorted({first + int((end - first) * (place * GOLDEN % 1.0)) for place in range(MAX_SAMPLE)})
    return session.execute(_turns().where(TurnRow.id.in_(ids))).all()


def _first_id_since(session: Session, at: float) -> int:
    """Return the first id whose turn was received then or later, by bisection: turns are numbered as they come."""
    low, high = 1, (session.scalar(select(func.max(TurnRow.id))) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        following = select(TurnRow.id, TurnRow.received_at).where(TurnRow.id >= middle).order_by(TurnRow.id).limit(1)
        row = session.execute(following).one_or_none()
        if row is None or row.received_at >= at:
            high = middle
        else:
            low = row.id + 1
    return low


def _false_alarms(session: Session) -> set[TurnName]:
    judged = select(AlertRow.conversation_id, AlertRow.turn_id).where(AlertRow.justified.is_(False))
    return {(name, turn_id) for name, turn_id in session.execute(judged.order_by(AlertRow.seq.desc()).limit(MAX_NAMED))}


def _taken_over(session: Session) -> set[TurnName]:
    """Return the customer's last turn before somebody took over, of conversations where that was right."""
    right = (
        select(FactsRow.conversation_id)
        .where(FactsRow.resolved_at.is_not(None), FactsRow.outcome.in_(("solved", "unsolved")))
        .order_by(FactsRow.resolved_at.desc())
        .limit(MAX_NAMED)
        .subquery()
    )
    taken = (
        select(HandoffRow.conversation_id, func.min(HandoffRow.after_seq).label("after"))
        .join(right, right.c.conversation_id == HandoffRow.conversation_id)
        .where(HandoffRow.action.in_(("accept", "join")))
        .group_by(HandoffRow.conversation_id)
        .subquery()
    )
    last = (
        select(TurnRow.conversation_id, func.max(TurnRow.seq).label("seq"))
        .join(taken, (taken.c.conversation_id == TurnRow.conversation_id) & (TurnRow.seq <= taken.c.after))
        .where(TurnRow.role == "customer")
        .group_by(TurnRow.conversation_id)
        .subquery()
    )
    at_last = (last.c.conversation_id == TurnRow.conversation_id) & (last.c.seq == TurnRow.seq)
    return {(n, t) for n, t in session.execute(select(TurnRow.conversation_id, TurnRow.turn_id).join(last, at_last))}


def _labelled(session: Session) -> set[TurnName]:
    latest = select(LabelRow.conversation_id, LabelRow.turn_id).order_by(LabelRow.id.desc()).limit(MAX_NAMED)
    return {(name, turn_id) for name, turn_id in session.execute(latest)}


def _labels(session: Session, row_ids: list[int]) -> dict[TurnName, tuple[Correction, ...]]:
    same = (LabelRow.conversation_id == TurnRow.conversation_id) & (LabelRow.turn_id == TurnRow.turn_id)
    rows = session.scalars(select(LabelRow).join(TurnRow, same).where(TurnRow.id.in_(row_ids)).order_by(LabelRow.id))
    return by_turn(rows)


def _moved(before: Iterable[_Stored], lately: Sequence[_Stored]) -> Iterable[Moved]:
    """Compare within one model only: another one gives other scores to the same customers."""
    if not lately:
        return
    version = max(lately, key=lambda row: row.id).model_version
    was, now = _scores(before, version), _scores(lately, version)
    for key, scores in now.items():
        drift = compare(was.get(key, ()), scores)
        if drift is not None and drift.moved:
            group, name, signal = key
            yield Moved(group, name, signal, version, drift)


def _scores(rows: Iterable[_Stored], version: str) -> dict[tuple[Literal["language", "queue"], str, str], list[float]]:
    """Return the scores of one model by group and signal."""
    found: dict[tuple[Literal["language", "queue"], str, str], list[float]] = {}
    for row in rows:
        if row.score is None or row.model_version != version or row.score["status"] != "scored":
            continue
        for group in _GROUPS:
            name = row.score["language"] if group == "language" else row.queue
            for signal in BINARY if name is not None else ():
                found.setdefault((group, name, signal), []).append(probability_of(row.score, signal))
    return found
