"""Alerts on disk: what a turn, a hand-off or a person does to the conversation's alert, in their own transaction.

Who changes an alert holds its conversation's row first, so that a turn, a click and a clock form a line;
then, where it matters, the lock of the budgets; the lock of the outbox is always the last. What happens is
decided in `risk/alerts.py` and `risk/alert_actions.py`; the clock's part is in `alert_tick.py`.
"""

from dataclasses import fields
from typing import Any, Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ..flow import Assessment, Turn
from ..risk.alert_actions import (
    BUDGET_WINDOW_S,
    AlertChange,
    answered,
    changed,
    followed,
    given_up,
    release,
)
from ..risk.alerts import SAFETY, Alert, alert_after, held, raised, rank_of
from ..risk.handoff import HandoffAction, Outcome
from .alert_news import news_of_alert
from .changed_settings import budget_of
from .database import Database
from .keys import write_audit
from .models import AlertRow, ConversationRow
from .outbox import News, publish

BUDGET_LOCK: Final = 0x62756467  # "budg"; names the PostgreSQL advisory lock
_AUDITED: Final = {"acknowledge": "alert.acknowledged", "snooze": "alert.snoozed", "dismiss": "alert.dismissed"}
_FIELDS: Final = tuple(field.name for field in fields(Alert))


def after_turn(
    session: Session,
    conversation: ConversationRow,
    row: AlertRow | None,
    turn: Turn,
    assessment: Assessment,
    now: float,
    budget: int,
) -> list[News]:
    """Take the conversation's latest alert one turn further; the caller holds the conversation and publishes the news."""
    latest = None if row is None else alert_of(row)
    standing = None if latest is None else in_hand(latest, conversation, now)
    after = alert_after(standing, assessment, now)
    if after is not None and turn.role == "agent":
        after = answered(after, now)
    if after is None or after == latest:
        return []
    if latest is None or after.id != latest.id:
        after = held(after)
    if after.status == "held":
        after = placed(session, after, now, budget)
    save(session, after, row)
    return news_of_alert(latest, after)


def on_handoff(
    session: Session, conversation: ConversationRow, action: HandoffAction, now: float, outcome: Outcome | None, by: str
) -> list[News]:
    """Let the alert follow its conversation's hand-off; the caller holds the conversation and publishes the news.

    What it does is in `followed`. Without a live alert nothing happens, but that an outcome is added to a closed one.
    """
    row = latest_row(session, conversation.id)
    if row is None:
        return []
    before = alert_of(row)
    after = followed(before, action, now, outcome, by)
    if after == before:
        return []
    save(session, after, row)
    return news_of_alert(before, after)


def in_hand(alert: Alert, conversation: ConversationRow, now: float) -> Alert:
    """Return the alert as it stands now: raised anew when the hand-off that took it has lapsed."""
    return given_up(alert, conversation.owner, conversation.handoff_deadline, now)


def change_alert(database: Database, alert_id: str, change: AlertChange, now: float) -> Alert | None:
    """See `Store.change_alert`."""
    with database.write() as session:
        conversation_id = session.scalar(select(AlertRow.conversation_id).where(AlertRow.id == alert_id))
        if conversation_id is None or lock_conversation(session, conversation_id) is None:
            return None
        row = session.scalars(select(AlertRow).where(AlertRow.id == alert_id)).one()
        before = alert_of(row)
        after = changed(before, change, now)
        if after != before:
            save(session, after, row)
            detail = {"queue": after.queue, "until": change.until, "justified": change.justified}
            write_audit(session, now, change.by, _AUDITED[change.action], alert_id, detail)
            publish(session, conversation_id, now, news_of_alert(before, after))
        return after


def lock_conversation(session: Session, conversation_id: str, *, or_skip: bool = False) -> ConversationRow | None:
    """Hold the conversation until this transaction ends; None when it is gone, or busy and `or_skip`."""
    row = select(ConversationRow).where(ConversationRow.id == conversation_id)
    return session.scalars(row.with_for_update(skip_locked=or_skip)).one_or_none()


def latest_row(session: Session, conversation_id: str) -> AlertRow | None:
    """Return the alert that the conversation opened last, live or ended."""
    of_it = select(AlertRow).where(AlertRow.conversation_id == conversation_id)
    return session.scalars(of_it.order_by(AlertRow.seq.desc()).limit(1)).one_or_none()


def placed(session: Session, alert: Alert, now: float, budget: int) -> Alert:
    """Return a held alert as raised if its queue's budget has room for it and none of higher rank waits.

    `budget` is the setting of the start; what an administrator set for the queue stands over it.
    """
    budget = budget_of(session, alert.queue, budget)
    if budget == 0 or alert.queue == SAFETY:
        return raised(alert, now)
    if session.get_bind().dialect.name == "postgresql":
        # Two that count at the same moment would both take the last slot.
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": BUDGET_LOCK})
    used = slots_used(session, alert.queue, now)
    if used >= budget:
        return alert
    waiting = [other for other in held_first(session, alert.queue, budget) if other.id != alert.id]
    released = release((*waiting, alert), used, budget, now)
    return next((ours for ours in released if ours.id == alert.id), alert)


def slots_used(session: Session, queue: str, now: float) -> int:
    """Return how many alerts were put before the queue, where they still stand or ended, in the last hour."""
    lately = select(func.count()).where(AlertRow.queue == queue, AlertRow.addressed_at > now - BUDGET_WINDOW_S)
    return session.scalar(lately) or 0


def held_first(session: Session, queue: str, limit: int) -> list[Alert]:
    """Return the queue's held alerts of the highest rank."""
    order = (AlertRow.rank.desc(), AlertRow.opened_at, AlertRow.id)
    rows = select(AlertRow).where(AlertRow.status == "held", AlertRow.queue == queue).order_by(*order).limit(limit)
    return [alert_of(row) for row in session.scalars(rows)]


def save(session: Session, alert: Alert, row: AlertRow | None) -> None:
    """Write the alert over the conversation's latest row if that is its own, else into a new one."""
    values: dict[str, Any] = {name: getattr(alert, name) for name in _FIELDS}
    values |= {"rules": list(alert.rules), "rank": rank_of(alert)}
    if row is None or row.id != alert.id:
        session.add(AlertRow(**values))
        return
    for name, value in values.items():
        setattr(row, name, value)


def alert_of(row: AlertRow) -> Alert:
    """Return the row as the record that it was written from."""
    values: dict[str, Any] = {name: getattr(row, name) for name in _FIELDS}
    return Alert(**{**values, "rules": tuple(row.rules)})
