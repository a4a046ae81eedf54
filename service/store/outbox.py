"""The outbox: events written in the transaction of what they tell, and read in the order of commit.

A stream that has seen id 7 asks for what came after 7, so id 6 must never appear later. In SQLite
one writer at a time sees to that. PostgreSQL numbers rows when they are inserted, not when they are
committed, so there a transaction takes an advisory lock just before it inserts its events and holds
it to the end: commits that carry events pass in single file, ids in their order. It is always the
last lock that a transaction takes, so it cannot close a circle.
"""

from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, Integer, bindparam, func, insert, select, text
from sqlalchemy.orm import Session

from ..engine import Step
from ..flow import ConversationState, Event, Turn
from .database import Database
from .models import ConversationRow, EventRow
from .serialise import forecast_to_json

OUTBOX_LOCK: Final = 0x6F757462  # "outb"; names the PostgreSQL advisory lock


_INSERT: Final = insert(EventRow)
_AFTER: Final = (
    select(EventRow.id, EventRow.type, EventRow.conversation_id, EventRow.at, EventRow.data)
    .where(EventRow.id > bindparam("after", type_=BigInteger))
    .order_by(EventRow.id)
    .limit(bindparam("limit", type_=Integer))
)
"""Made once, and of columns alone: each stream asks this after every turn."""


class News(NamedTuple):
    """An event before it has an id."""

    type: str
    data: dict[str, Any]


def news_of(before: ConversationState, turn: Turn, taken: Step, conversation: ConversationRow) -> list[News]:
    """Return what a turn made happen, alerts aside (see `alerts.py`); no customer text in it."""
    assessment, risk, recommended = taken.assessment, taken.assessment.risk, taken.assessment.recommendation
    standing = {"turn_id": turn.turn_id, "level": float(risk.level), "trend": risk.trend, "stage": risk.stage}
    scored = {
        **standing,
        "band": risk.band,
        "forecast": forecast_to_json(risk.forecast),
        "role": turn.role,
        "scores": None if assessment.score is None else {k: float(v) for k, v in assessment.score.scores.items()},
        "abstained": assessment.score is not None and assessment.score.status == "abstained",
        "action": recommended.action,
        "queue": conversation.queue,
        "channel": conversation.channel,
        "language": conversation.language,
        "status": conversation.status,
        "owner": conversation.owner,
        "deadline": conversation.handoff_deadline,
        "turns": conversation.turns,
        "waiting_since": conversation.waiting_since,
    }
    news = [News("turn.scored", scored)]
    if risk.band != before.band:
        news.append(News("risk.changed", {**standing, "from": before.band, "to": risk.band}))
    return news


def publish(session: Session, conversation_id: str, at: float, news: list[News]) -> tuple[Event, ...]:
    """Insert the events as the last thing that this transaction, which holds the conversation, does."""
    if not news:
        return ()
    if session.get_bind().dialect.name == "postgresql":
        session.flush()  # what can be written before others have to wait
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": OUTBOX_LOCK})
    connection = session.connection()
    events = []
    for item in news:  # one by one: a bulk insert may number rows in any order
        values = {"type": item.type, "conversation_id": conversation_id, "at": at, "data": item.data}
        key = connection.execute(_INSERT, values).inserted_primary_key
        assert key is not None, "one row was inserted"
        events.append(Event(key[0], item.type, conversation_id, at, item.data))
    session.get_one(ConversationRow, conversation_id).event_id = events[-1].id
    return tuple(events)


def events_after(database: Database, event_id: int, limit: int) -> list[Event]:
    """See `Store.events_after`."""
    with database.read() as session:
        rows = session.execute(_AFTER, {"after": event_id, "limit": limit})
        return [Event(id=id, type=type, conversation_id=of, at=at, data=data) for id, type, of, at, data in rows]


def last_event_id(database: Database) -> int:
    """See `Store.last_event_id`."""
    with database.read() as session:
        return session.scalar(select(func.max(EventRow.id))) or 0
