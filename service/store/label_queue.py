"""Turns that may be worth a label -> a page of those that are, kinds and languages mixed.

A page is cut at a place in the mix. A turn that is labelled leaves it, and what moves up over the cut
meanwhile is on the first page of the next look: so look from the start again when a page is done.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..risk.worth import KINDS, Kind, Reason, boundaries_of, is_open_to, mix, reasons_for
from .conversations import turn_record
from .cursor import make_cursor, read_cursor
from .database import Database
from .label_candidates import Candidates, Found, candidates
from .label_records import LabelFilter, LabelQueue, QueuedTurn
from .models import TurnRow

SHOWN_BEFORE = 2
"""Turns before the one in question that are shown with it."""

Worth = Mapping[int, tuple[Reason, ...]]
"""By a turn's row, why it is worth a label."""


def queue(database: Database, filter: LabelFilter, limit: int, cursor: str | None, now: float) -> LabelQueue:
    """See `LabelStore.queue`."""
    after = (-1.0, -1.0) if cursor is None else read_cursor(cursor)[:2]
    with database.read() as session:
        found = candidates(session, now)
        worth = _worth(found, filter)
        chosen = {row: _of_kind(reasons, filter.kind) for row, reasons in worth.items()}
        placed = mix((found.turns[row].candidate, reasons) for row, reasons in chosen.items() if reasons)
        rest = [(place, found.turns[turn.row]) for place, turn in placed if place > after]
        items = tuple(_item(session, turn, worth) for _, turn in rest[:limit])
    following = make_cursor(*rest[limit - 1][0], "") if len(rest) > limit else None
    return LabelQueue(items, len(placed), _waiting(worth.values()), following)


def _worth(found: Candidates, filter: LabelFilter) -> Worth:
    turns = {row: turn.candidate for row, turn in found.turns.items()}
    boundaries = boundaries_of((turn.model_version, turn.score) for turn in turns.values())
    return {
        row: reasons_for(turn, boundaries, found.moved)
        for row, turn in turns.items()
        if filter.language in (None, turn.language) and is_open_to(filter.by, turn.labels, turn.score)
    }


def _of_kind(reasons: Sequence[Reason], kind: Kind | None) -> tuple[Reason, ...]:
    return tuple(reason for reason in reasons if kind in (None, reason.kind))


def _waiting(worth: Iterable[Sequence[Reason]]) -> dict[Kind, int]:
    """Count turns by each kind of reason that they have."""
    kinds = [{reason.kind for reason in reasons} for reasons in worth]
    return {kind: sum(kind in of_turn for of_turn in kinds) for kind in KINDS}


def _item(session: Session, found: Found, worth: Worth) -> QueuedTurn:
    row = session.get_one(TurnRow, found.candidate.row)
    before = session.scalars(
        select(TurnRow)
        .where(TurnRow.conversation_id == row.conversation_id, TurnRow.seq < row.seq)
        .order_by(TurnRow.seq.desc())
        .limit(SHOWN_BEFORE)
    ).all()
    return QueuedTurn(
        conversation_id=found.conversation_id,
        language=found.candidate.language,
        queue=found.candidate.queue,
        turn=turn_record(row),
        reasons=worth[found.candidate.row],
        before=tuple(turn_record(turn) for turn in reversed(before)),
    )
