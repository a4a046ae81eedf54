"""Reading alerts: pages of them, the most urgent first, and how those of the last days did."""

from dataclasses import fields
from typing import Final

from sqlalchemy import and_, func, or_, select, tuple_

from ..risk.alert_actions import BUDGET_WINDOW_S
from ..risk.alert_summary import AlertFacts, summarise
from ..risk.alerts import LIVE
from .alert_tick import held_by_queue
from .alerts import alert_of
from .cursor import make_cursor, read_cursor
from .database import Database
from .models import AlertRow
from .records import AlertFilter, AlertPage, AlertReport

_DAY_S: Final = 24 * 3600.0
_FACTS: Final = tuple(getattr(AlertRow, field.name) for field in fields(AlertFacts))


def list_alerts(database: Database, filter: AlertFilter, limit: int, cursor: str | None) -> AlertPage:
    """See `Store.list_alerts`."""
    query = select(AlertRow).order_by(AlertRow.rank.desc(), AlertRow.opened_at, AlertRow.id).limit(limit + 1)
    query = query.where(AlertRow.status.in_(LIVE) if filter.status is None else AlertRow.status == filter.status)
    if filter.queue is not None:
        query = query.where(AlertRow.queue == filter.queue)
    if cursor is not None:
        rank, opened_at, alert_id = read_cursor(cursor)
        longer_ago = tuple_(AlertRow.opened_at, AlertRow.id) > tuple_(opened_at, alert_id)
        query = query.where(or_(AlertRow.rank < rank, and_(AlertRow.rank == rank, longer_ago)))
    with database.read() as session:
        rows = session.scalars(query).all()
    last = rows[limit - 1] if len(rows) > limit else None
    following = None if last is None else make_cursor(last.rank, last.opened_at, last.id)
    return AlertPage(tuple(alert_of(row) for row in rows[:limit]), following)


def alert_report(database: Database, days: int, now: float, budget: int) -> AlertReport:
    """See `Store.alert_report`."""
    lately = AlertRow.addressed_at > now - BUDGET_WINDOW_S
    used = select(AlertRow.queue, func.count()).where(lately).group_by(AlertRow.queue)
    with database.read() as session:
        opened = session.execute(select(*_FACTS).where(AlertRow.opened_at >= now - days * _DAY_S))
        summary = summarise(AlertFacts(*row) for row in opened)
        used_last_hour = {queue: count for queue, count in session.execute(used)}
    return AlertReport(summary, used_last_hour, held_by_queue(database), budget)
