"""Stored conversations in bulk, as a replay needs them: who said what when, the score that it got, and who took over.

Beside `conversations.py`, which reads for people: no assessment is read here, and a page of
conversations takes three queries. First the ids of a window, then the conversations by their ids, page by
page: turns that arrive meanwhile move nothing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import select

from ..flow import Role, Score, Turn
from ..privacy import Redacted
from ..risk.handoff import HandoffStep
from .database import Database
from .handoffs import step_of
from .models import ConversationRow, HandoffRow, TurnRow
from .records import HeardConversation, HeardTurn, Window
from .serialise import move_spans, score_from_record


def ids_within(database: Database, window: Window, limit: int) -> tuple[str, ...]:
    """See `Store.ids_within`."""
    updated = ConversationRow.updated_at
    query = select(ConversationRow.id).where(ConversationRow.turns > 0)
    if window.since is not None:
        query = query.where(updated >= window.since)
    if window.until is not None:
        query = query.where(updated < window.until)
    if window.language is not None:
        query = query.where(ConversationRow.language == window.language)
    with database.read() as session:
        return tuple(session.scalars(query.order_by(updated.desc(), ConversationRow.id.desc()).limit(limit)))


def heard(database: Database, ids: Sequence[str]) -> tuple[HeardConversation, ...]:
    """See `Store.heard`."""
    of_them = select(TurnRow).where(TurnRow.conversation_id.in_(ids)).order_by(TurnRow.conversation_id, TurnRow.seq)
    done = select(HandoffRow).where(HandoffRow.conversation_id.in_(ids)).order_by(HandoffRow.id)
    turns: dict[str, list[TurnRow]] = defaultdict(list)
    steps: dict[str, list[HandoffStep]] = defaultdict(list)
    with database.read() as session:
        rows = {row.id: row for row in session.scalars(select(ConversationRow).where(ConversationRow.id.in_(ids)))}
        for turn in session.scalars(of_them):
            turns[turn.conversation_id].append(turn)
        for step in session.scalars(done):
            steps[step.conversation_id].append(step_of(step))
        names = [name for name in dict.fromkeys(ids) if name in rows and name in turns]
        return tuple(_conversation(rows[name], turns[name], steps[name]) for name in names)


def _conversation(row: ConversationRow, turns: Sequence[TurnRow], steps: Sequence[HandoffStep]) -> HeardConversation:
    earlier = int((row.state or {}).get("earlier_conversations", 0))
    return HeardConversation(row.id, row.language, tuple(_turn(turn, row) for turn in turns), tuple(steps), earlier)


def _turn(row: TurnRow, conversation: ConversationRow) -> HeardTurn:
    turn = Turn(
        turn_id=row.turn_id,
        role=cast(Role, row.role),
        text=row.text or "",
        sent_at=row.sent_at,
        contact_id=row.contact_id,
        queue=row.queue,
        channel=conversation.channel,
    )
    return HeardTurn(turn, row.received_at, _score(row), text_kept=row.text is not None)


def _score(row: TurnRow) -> Score | None:
    # Stored spans count characters of the text as it was received; what is left of it is the redacted one.
    moved = move_spans(row.score, Redacted.from_json(row.text or "", row.redactions).map_span)
    return None if moved is None else score_from_record(cast(Mapping[str, Any], moved))
