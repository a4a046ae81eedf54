"""The clock's part in alerts: what is overdue climbs, what sleeps wakes, what is held gets a free slot, and what
somebody took and did not come for is raised anew.

Any number of workers may tick at once: each alert is moved in a transaction of its own, which holds its
conversation and looks again, so it climbs once. A conversation that is busy is left to the next tick.
"""

from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from ..flow import Event
from ..risk.alert_actions import FORGOTTEN_S, MAX_CLIMBS, after_wait, release
from ..risk.alerts import LIVE, SAFETY, Alert
from .alert_news import news_of_alert
from .alerts import alert_of, held_first, in_hand, latest_row, lock_conversation, placed, save, slots_used
from .changed_settings import budget_of
from .database import Database
from .models import AlertRow, ConversationRow
from .outbox import publish
from .records import Ticked

TICK_LIMIT: Final = 200
"""Most alerts that one tick moves for each reason: a worker that was away for long must not block the others."""

_FORGETTABLE: Final = tuple(status for status in LIVE if status != "snoozed")


def tick(database: Database, now: float, budget: int) -> Ticked:
    """See `Store.tick_alerts`."""
    events: list[Event] = []
    for conversation_id in _due(database, now):
        events += _moved(database, conversation_id, now, lambda _, row, alert: _waited(row, alert, now))
    for conversation_id in _next_held(database, now, budget):
        events += _moved(database, conversation_id, now, lambda session, _, alert: _raised(session, alert, now, budget))
    return Ticked(tuple(events), held_by_queue(database))


def held_by_queue(database: Database) -> dict[str, int]:
    """Return how many alerts each queue holds."""
    counted = select(AlertRow.queue, func.count()).where(AlertRow.status == "held").group_by(AlertRow.queue)
    with database.read() as session:
        return {queue: count for queue, count in session.execute(counted)}


def _due(database: Database, now: float) -> Sequence[str]:
    """Return the conversations whose alert `_waited` may change."""
    waited = or_(
        and_(AlertRow.status == "raised", AlertRow.due_at <= now, AlertRow.climbs < MAX_CLIMBS),
        and_(AlertRow.status == "snoozed", AlertRow.snoozed_until <= now),
        and_(AlertRow.status.in_(_FORGETTABLE), AlertRow.updated_at <= now - FORGOTTEN_S, AlertRow.queue != SAFETY),
        and_(
            AlertRow.status == "acknowledged",
            AlertRow.acknowledged_by == ConversationRow.owner,
            ConversationRow.handoff_deadline.between(AlertRow.acknowledged_at, now),
        ),
    )
    of_it = AlertRow.conversation_id == ConversationRow.id
    found = (
        select(AlertRow.conversation_id)
        .join(ConversationRow, of_it)
        .where(waited)
        .order_by(AlertRow.rank.desc(), AlertRow.id)
    )
    with database.read() as session:
        return session.scalars(found.limit(TICK_LIMIT)).all()


def _next_held(database: Database, now: float, budget: int) -> list[str]:
    """Return the conversations of the held alerts that have a slot now, highest rank first."""
    with database.read() as session:
        queues = session.scalars(select(AlertRow.queue).where(AlertRow.status == "held").distinct()).all()
        released: list[Alert] = []
        for queue in queues:
            allowed = budget_of(session, queue, budget)
            released += release(held_first(session, queue, TICK_LIMIT), slots_used(session, queue, now), allowed, now)
    return [alert.conversation_id for alert in released]


def _waited(conversation: ConversationRow, alert: Alert, now: float) -> Alert:
    standing = in_hand(alert, conversation, now)
    return after_wait(standing, now) if standing is alert else standing


def _raised(session: Session, alert: Alert, now: float, budget: int) -> Alert:
    return placed(session, alert, now, budget) if alert.status == "held" else alert


def _moved(
    database: Database, conversation_id: str, now: float, move: Callable[[Session, ConversationRow, Alert], Alert]
) -> tuple[Event, ...]:
    """Change the live alert as it is by then, if it still needs it."""
    with database.write() as session:
        conversation = lock_conversation(session, conversation_id, or_skip=True)
        if conversation is None:
            return ()
        row = latest_row(session, conversation_id)
        before = None if row is None else alert_of(row)
        if before is None or not before.live:
            return ()
        after = move(session, conversation, before)
        if after == before:
            return ()
        save(session, after, row)
        return publish(session, conversation_id, now, news_of_alert(before, after))
