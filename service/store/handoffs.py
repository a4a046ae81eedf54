"""A person's action on a conversation -> its hand-off, state, log, audit entry and event, in one transaction.

The conversation's row is locked as `record_turn` locks it, so of two claims at once one comes second
and is refused, whichever thread, process or machine they come through. What lapsed is decided with
`now` when somebody reads or acts. The machine itself is `risk/handoff.py`.
"""

from typing import Final, cast

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import Session

from ..privacy import redact
from ..risk.handoff import (
    ConversationStatus,
    Handoff,
    HandoffAction,
    HandoffRefused,
    HandoffStep,
    Limits,
    Outcome,
    after_turn,
    apply_handoff,
    standing,
    take,
)
from ..risk.state import state_from_json, state_to_json
from .alerts import on_handoff
from .database import Database
from .facts import note_step
from .keys import subject_of, write_audit
from .models import ConversationRow, HandoffRow
from .outbox import News, publish
from .records import HandedOver
from .resolutions import keep_resolution

_OPEN: Final[ConversationStatus] = "open"


def hand_over(
    database: Database,
    conversation_id: str,
    action: HandoffAction,
    by: str,
    *,
    now: float,
    note: str | None,
    outcome: Outcome | None,
    limits: Limits,
    via: str,
    store_text: bool,
    owner_only: bool = False,
) -> HandedOver | None:
    """See `Store.hand_over`."""
    kept = redact(note).text if note and store_text else None
    with database.write() as session:
        row = _locked(session, conversation_id)
        if row is None:
            return None
        before = standing(handoff_of(row), now)
        after = take(before, action, by, now, limits)
        if owner_only and before.owner != by and (after != before or before.by != by):
            raise HandoffRefused(before)
        if after == before and not _is_new(session, conversation_id, action, by, kept, outcome):
            return HandedOver(False, after, ())
        step = HandoffStep(action, by, max(now, after.at or now), after.deadline, row.turns, kept, outcome)
        _keep(session, row, step, after)
        write_audit(session, now, by, f"handoff.{action}", subject_of(row.id), _detail(before, after, outcome, via))
        alert_news = on_handoff(session, row, action, step.at, outcome, by)
        # The outbox comes last.
        return HandedOver(True, after, publish(session, row.id, now, [_news(before, after, step), *alert_news]))


def handoff_of(row: ConversationRow) -> Handoff:
    """Return the hand-off that the row's columns hold; apply `standing` to it before you tell anybody."""
    # The columns hold what `_put` wrote from typed records, hence the cast.
    status = cast(ConversationStatus, row.status)
    return Handoff(status, row.owner, row.handoff_by, row.handoff_at, row.handoff_deadline)


def bring_up(row: ConversationRow, role: str, now: float) -> list[News]:
    """Let the row stand as it does after a turn; the news when the customer opened it again."""
    before = standing(handoff_of(row), now)
    after = after_turn(before, role, now)
    _put(row, after)
    reopened = after.status != before.status
    return [News("handoff.changed", _standing_data(before, after, row.turns))] if reopened else []


def status_at(now: float) -> ColumnElement[str]:
    """Return the status as it stands at `now`, for queries: `standing` in SQL."""
    return case((ConversationRow.handoff_deadline <= now, _OPEN), else_=ConversationRow.status)


def owned_by(owner: str, now: float) -> ColumnElement[bool]:
    """Return whether a conversation is this person's at `now`, for queries."""
    deadline = ConversationRow.handoff_deadline
    return and_(ConversationRow.owner == owner, or_(deadline.is_(None), deadline > now))


def steps_of(session: Session, conversation_id: str) -> tuple[HandoffStep, ...]:
    """Return the log of a conversation, oldest first."""
    rows = session.scalars(
        select(HandoffRow).where(HandoffRow.conversation_id == conversation_id).order_by(HandoffRow.id)
    )
    return tuple(step_of(row) for row in rows)


def step_of(row: HandoffRow) -> HandoffStep:
    """Return the step that a row of the log holds."""
    return HandoffStep(
        action=cast(HandoffAction, row.action),
        by=row.by,
        at=row.at,
        deadline=row.deadline,
        after_seq=row.after_seq,
        note=row.note,
        outcome=cast("Outcome | None", row.outcome),
    )


def _locked(session: Session, conversation_id: str) -> ConversationRow | None:
    """Return the row, which nobody else changes until this transaction ends; None when there is no such conversation."""
    found = select(ConversationRow).where(ConversationRow.id == conversation_id, ConversationRow.turns > 0)
    return session.scalars(found.with_for_update()).one_or_none()


def _is_new(
    session: Session, conversation_id: str, action: str, by: str, note: str | None, outcome: Outcome | None
) -> bool:
    """Tell a retry, which changes nothing, from a note or an outcome that comes later, which is added to the log."""
    if note is None and outcome is None:
        return False
    said = (HandoffRow.conversation_id == conversation_id, HandoffRow.action == action, HandoffRow.by == by)
    last = session.scalars(select(HandoffRow).where(*said).order_by(HandoffRow.id.desc()).limit(1)).one_or_none()
    return last is None or note not in (None, last.note) or outcome not in (None, last.outcome)


def _keep(session: Session, row: ConversationRow, step: HandoffStep, after: Handoff) -> None:
    _put(row, after)
    if row.state is not None:
        row.state = state_to_json(apply_handoff(state_from_json(row.state), step, step.at))
    session.add(
        HandoffRow(
            conversation_id=row.id,
            action=step.action,
            by=step.by,
            at=step.at,
            deadline=step.deadline,
            after_seq=step.after_seq,
            note=step.note,
            outcome=step.outcome,
        )
    )
    note_step(session, row.id, step)
    keep_resolution(session, row.id, step)


def _put(row: ConversationRow, handoff: Handoff) -> None:
    row.status, row.owner, row.handoff_by = handoff.status, handoff.owner, handoff.by
    row.handoff_at, row.handoff_deadline = handoff.at, handoff.deadline


def _news(before: Handoff, after: Handoff, step: HandoffStep) -> News:
    """Tell who did what; never the note, which may repeat a customer's words."""
    data = _standing_data(before, after, step.after_seq)
    return News("handoff.changed", {**data, "action": step.action, "by": step.by, "outcome": step.outcome})


def _standing_data(before: Handoff, after: Handoff, after_seq: int) -> dict[str, object]:
    return {
        "action": None,
        "by": after.by,
        "from": before.status,
        "status": after.status,
        "owner": after.owner,
        "deadline": after.deadline,
        "bot_muted": after.bot_muted,
        "outcome": None,
        "after_seq": after_seq,
    }


def _detail(before: Handoff, after: Handoff, outcome: Outcome | None, via: str) -> dict[str, object]:
    return {"via": via, "from": before.status, "to": after.status, "outcome": outcome}
