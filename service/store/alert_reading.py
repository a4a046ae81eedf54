"""Reading alerts: the live ones by urgency, the ended ones by time, and how those of the last days did."""

from collections import defaultdict
from dataclasses import fields
from typing import Final

from sqlalchemy import Select, and_, or_, select, tuple_

from ..risk.alert_actions import BUDGET_WINDOW_S
from ..risk.alert_summary import AlertFacts, summarise
from ..risk.alerts import LIVE, Alert, AlertStatus
from .alert_tick import held_by_queue
from .alerts import alert_of
from .changed_settings import BUDGETED, budget_of
from .cursor import make_cursor, read_cursor
from .database import Database
from .models import AlertRow, ConversationRow
from .records import AlertFilter, AlertPage, AlertReport

MAX_OF_ONE: Final = 100
"""The latest alerts of one conversation; it has one live one at most, and rarely a second after it."""
_DAY_S: Final = 24 * 3600.0
_FACTS: Final = tuple(getattr(AlertRow, field.name) for field in fields(AlertFacts))


def list_alerts(database: Database, filter: AlertFilter, limit: int, cursor: str | None) -> AlertPage:
    """See `Store.list_alerts`."""
    query = _latest_first(cursor) if filter.status == "ended" else _most_urgent_first(filter.status, cursor)
    if filter.queue is not None:
        query = query.where(AlertRow.queue == filter.queue)
    with database.read() as session:
        rows = session.scalars(query.limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    following = None if last is None else make_cursor(last.rank, last.opened_at, last.id)
    return AlertPage(tuple(alert_of(row) for row in rows[:limit]), following)


def find_alert(database: Database, alert_id: str) -> Alert | None:
    """See `Store.alert`."""
    with database.read() as session:
        row = session.scalars(select(AlertRow).where(AlertRow.id == alert_id)).one_or_none()
        return None if row is None else alert_of(row)


def alerts_of(database: Database, conversation_id: str) -> tuple[Alert, ...] | None:
    """See `Store.alerts_of`."""
    query = select(AlertRow).where(AlertRow.conversation_id == conversation_id)
    known = select(ConversationRow.id).where(ConversationRow.id == conversation_id, ConversationRow.turns > 0)
    with database.read() as session:
        rows = session.scalars(query.order_by(AlertRow.seq.desc()).limit(MAX_OF_ONE)).all()
        if not rows and session.scalar(known) is None:
            return None
    return tuple(alert_of(row) for row in rows)


def alert_report(database: Database, days: int, now: float, budget: int) -> AlertReport:
    """See `Store.alert_report`."""
    lately = select(AlertRow.queue, AlertRow.addressed_at).where(AlertRow.addressed_at > now - BUDGET_WINDOW_S)
    slots: defaultdict[str, list[float]] = defaultdict(list)
    with database.read() as session:
        opened = session.execute(select(*_FACTS).where(AlertRow.opened_at >= now - days * _DAY_S))
        summary = summarise(AlertFacts(*row) for row in opened)
        for queue, addressed_at in session.execute(lately.order_by(AlertRow.addressed_at)):
            if addressed_at is not None:
                slots[queue].append(addressed_at)
        budgets: dict[str, int] = {queue: budget_of(session, queue, budget) for queue in BUDGETED}
    return AlertReport(
        summary,
        used_last_hour={queue: len(taken) for queue, taken in slots.items()},
        # A queue that alerts climbed into may be over its budget: then more than one must grow old.
        next_slot_at={
            queue: taken[len(taken) - budgets[queue]] + BUDGET_WINDOW_S
            for queue, taken in slots.items()
            if 0 < budgets.get(queue, 0) <= len(taken)
        },
        held=held_by_queue(database),
        budgets=budgets,
    )


def _most_urgent_first(status: AlertStatus | None, cursor: str | None) -> Select[AlertRow]:
    query = select(AlertRow).order_by(AlertRow.rank.desc(), AlertRow.opened_at, AlertRow.id)
    query = query.where(AlertRow.status.in_(LIVE) if status is None else AlertRow.status == status)
    if cursor is None:
        return query
    rank, opened_at, alert_id = read_cursor(cursor)
    longer_ago = tuple_(AlertRow.opened_at, AlertRow.id) > tuple_(opened_at, alert_id)
    return query.where(or_(AlertRow.rank < rank, and_(AlertRow.rank == rank, longer_ago)))


def _latest_first(cursor: str | None) -> Select[AlertRow]:
    """Return those that ended by when they were opened: what is over has no urgency any more."""
    query = select(AlertRow).where(AlertRow.status.not_in(LIVE))
    query = query.order_by(AlertRow.opened_at.desc(), AlertRow.id.desc())
    if cursor is None:
        return query
    _, opened_at, alert_id = read_cursor(cursor)
    return query.where(tuple_(AlertRow.opened_at, AlertRow.id) < tuple_(opened_at, alert_id))
