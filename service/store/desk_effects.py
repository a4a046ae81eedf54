"""What desks shall show: worked out from the events, kept until done, sent by one at a time.

    events after the cursor - `work_out` - pending - `take` - (sent) - `done` | `put_off` | `given_up`

`work_out` moves the cursor and writes the effects in one transaction, so an event has its effects exactly once, whatever
dies when. Who takes an effect has it for a while (`LEASE_S`); when they die, somebody else takes it after that and knows
by `attempts` that it may have been done.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import time
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..integrations.desks import DESKS
from ..integrations.effects import Grounds, Now, assignment, note, standing
from ..integrations.seam import Assignment, Effect, Note, Standing, theirs_of
from ..labels import LANGUAGES
from ..risk.alerts import Alert
from .alerts import alert_of, latest_row
from .connections import note_error, record_of
from .database import Database
from .models import AlertRow, ConversationRow, EventRow, TurnRow
from .models_desks import ConnectionRow, DeskCursorRow, DeskEffectRow, DeskStatusRow
from .records_desks import ConnectionRecord, DueEffect

EVENTS: Final = 100
"""Most events in one transaction."""
LEASE_S: Final = 90.0
"""Longer than the slowest effect takes; then whoever had it is taken for dead."""
MAX_ATTEMPTS: Final = 12
_WAITS_S: Final = (5, 15, 60, 180, 600, 1800, 3600, 7200, 14400, 28800, 43200)
_ROW: Final = 1
Explain = Callable[[str, str], str | None]
"""(rule, language) -> its sentence."""


@dataclass(frozen=True, slots=True)
class DeskEffects:
    """The list of what desks shall show."""

    database: Database
    clock: Callable[[], float] = time

    def work_out(self, explain: Explain) -> bool:
        """Turn the next events into effects; True when there may be more of them."""
        if not self._has_news():
            return False
        now = self.clock()
        with self.database.write() as session:
            written_to = _written_to(session)
            cursor = _cursor(session, written_to)
            events = list(
                session.scalars(
                    select(EventRow).where(EventRow.id > cursor.event_id).order_by(EventRow.id).limit(EVENTS)
                )
            )
            if not events:
                return False
            # In one order everywhere, as those who erase conversations take them.
            for conversation_id in sorted({event.conversation_id for event in events}):
                connection = written_to.get(_connection(conversation_id))
                if connection is not None:
                    raised = [e for e in events if e.conversation_id == conversation_id and e.type == "alert.raised"]
                    _wish(session, connection, conversation_id, raised, explain, now)
            cursor.event_id = events[-1].id
        return len(events) == EVENTS

    def _has_news(self) -> bool:
        """Tell it without the right to write, which others need."""
        with self.database.read() as session:
            seen = session.scalar(select(DeskCursorRow.event_id)) or 0
            return (session.scalar(select(func.max(EventRow.id))) or 0) > seen and bool(_written_to(session))

    def take(self, limit: int = 20) -> tuple[DueEffect, ...]:
        """Take effects that are due, each for `LEASE_S`."""
        now = self.clock()
        due = (
            select(DeskEffectRow, ConnectionRow)
            .join(ConnectionRow, DeskEffectRow.connection_id == ConnectionRow.id)
            .where(DeskEffectRow.status == "pending", DeskEffectRow.due_at <= now, ConnectionRow.enabled)
            .order_by(DeskEffectRow.due_at, DeskEffectRow.conversation_id, DeskEffectRow.name)
            .limit(limit)
        )
        with self.database.read() as session:
            if session.execute(due).first() is None:
                return ()
        with self.database.write() as session:
            taken = []
            for row, connection in session.execute(due.with_for_update(skip_locked=True, of=DeskEffectRow)):
                row.attempts, row.due_at = row.attempts + 1, now + LEASE_S
                taken.append(_due(row, record_of(connection)))
            return tuple(taken)

    def done(self, effect: DueEffect) -> None:
        """It was done; a newer wish that came meanwhile stays."""
        with self.database.write() as session:
            _tell(session, effect, self.clock(), None)
            row = _same(session, effect)
            if row is not None:
                row.status, row.error, row.updated_at = "done", None, self.clock()

    def put_off(self, effect: DueEffect, why: str, after_s: float | None = None) -> None:
        """Try it again later, and later each time; give it up after `MAX_ATTEMPTS`."""
        now = self.clock()
        with self.database.write() as session:
            _tell(session, effect, now, why)
            row = _same(session, effect)
            if row is not None:
                row.status = "pending" if effect.attempts < MAX_ATTEMPTS else "failed"
                row.due_at = now + max(after_s or 0.0, wait_s(effect.attempts))
                row.error, row.updated_at = why, now

    def given_up(self, effect: DueEffect, why: str) -> None:
        """It cannot be done."""
        now = self.clock()
        with self.database.write() as session:
            _tell(session, effect, now, why)
            row = _same(session, effect)
            if row is not None:
                row.status, row.error, row.updated_at = "failed", why, now

    def status_said(self, conversation_id: str, closed: bool, at: float) -> bool:
        """Keep a desk's word about a conversation's status; False when a newer one was heard, or it is unknown."""
        insert = sqlite.insert if self.database.is_sqlite else postgresql.insert
        with self.database.write() as session:
            if session.get(ConversationRow, conversation_id) is None:
                return False
            new = insert(DeskStatusRow).values(conversation_id=conversation_id, closed=closed, at=at)
            session.execute(new.on_conflict_do_nothing())
            row = session.get_one(DeskStatusRow, conversation_id, with_for_update=True)
            if row.at > at:
                return False
            row.closed, row.at = closed, at
            return True

    def closed_at(self, conversation_id: str) -> float | None:
        """Return when the desk closed the conversation; None when it has it open."""
        with self.database.read() as session:
            row = session.get(DeskStatusRow, conversation_id)
            return row.at if row is not None and row.closed else None


def wait_s(attempts: int) -> float:
    """Return how long to wait after so many tries."""
    return float(_WAITS_S[min(attempts, len(_WAITS_S)) - 1]) if attempts > 0 else 0.0


def _cursor(session: Session, written_to: Mapping[str, ConnectionRow]) -> DeskCursorRow:
    """Return the cursor's row, which nobody else moves until this transaction ends."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    since = min(row.created_at for row in written_to.values()) if written_to else 0.0
    # The first look: what was before any connection is nobody's business.
    before = session.scalar(select(func.max(EventRow.id)).where(EventRow.at < since)) or 0
    session.execute(insert(DeskCursorRow).values(id=_ROW, event_id=before).on_conflict_do_nothing())
    return session.get_one(DeskCursorRow, _ROW, with_for_update=True)


def _written_to(session: Session) -> dict[str, ConnectionRow]:
    """Return the connections whose desk we may write to, also while they are switched off: it is done afterwards."""
    rows = session.scalars(select(ConnectionRow))
    return {row.id: row for row in rows if row.kind in DESKS and DESKS[row.kind].write_secret in row.secrets}


def _connection(conversation_id: str) -> str:
    found = theirs_of(conversation_id)
    return "" if found is None else found[1]


def _wish(
    session: Session,
    connection: ConnectionRow,
    conversation_id: str,
    raised: Iterable[EventRow],
    explain: Explain,
    now: float,
) -> None:
    row = session.get(ConversationRow, conversation_id, with_for_update={"read": True, "key_share": True})
    if row is None or not conversation_id.startswith(f"{connection.kind}-"):
        return
    latest = latest_row(session, conversation_id)
    alert = None if latest is None else alert_of(latest)
    stands = Now(row.band, row.risk_level, row.action, alert)  # type: ignore[arg-type]  # columns hold what typed records wrote
    _put(session, connection.id, conversation_id, "standing", standing(stands), now)
    for event in raised:
        found = session.scalars(select(AlertRow).where(AlertRow.id == event.data["alert_id"])).one_or_none()
        if found is not None:
            _wish_for_alert(session, connection, row, alert_of(found), explain, now)


def _wish_for_alert(
    session: Session, connection: ConnectionRow, row: ConversationRow, alert: Alert, explain: Explain, now: float
) -> None:
    wanted = connection.options.get("note_language", "customer")
    language = wanted if wanted in LANGUAGES else row.language if row.language in LANGUAGES else "en"
    written = note(alert, _grounds(session, alert, language, explain), language)
    _put(session, connection.id, row.id, f"note:{alert.id}", written, now, once=True)
    team = assignment(alert, connection.options)
    if team is not None:
        _put(session, connection.id, row.id, f"team:{alert.id}", team, now, once=True)


def _grounds(session: Session, alert: Alert, language: str, explain: Explain) -> Grounds:
    turn = select(TurnRow.assessment).where(
        TurnRow.conversation_id == alert.conversation_id, TurnRow.turn_id == alert.turn_id
    )
    answer = session.scalars(turn).one_or_none() or {}
    phrases = answer.get("recommendation", {}).get("phrases", [])
    reasons = [explain(rule, language) or rule for rule in alert.rules]
    return Grounds(reasons, [phrase["text"] for phrase in phrases])


def _put(
    session: Session,
    connection_id: str,
    conversation_id: str,
    name: str,
    effect: Effect,
    now: float,
    *,
    once: bool = False,
) -> None:
    """Write a wish down: anew, in the place of an older one, or not at all when it is the same or to be done once."""
    payload = effect_to_json(effect)
    row = session.get(DeskEffectRow, (conversation_id, name), with_for_update=True)
    if row is None:
        session.add(
            DeskEffectRow(
                conversation_id=conversation_id,
                name=name,
                connection_id=connection_id,
                payload=payload,
                version=1,
                status="pending",
                attempts=0,
                due_at=now,
                created_at=now,
                updated_at=now,
            )
        )
    elif not once and row.payload != payload:
        row.payload, row.version, row.status = payload, row.version + 1, "pending"
        row.attempts, row.due_at, row.updated_at = 0, now, now


def _same(session: Session, effect: DueEffect) -> DeskEffectRow | None:
    """Return the row, if it still is the wish that was sent."""
    row = session.get(DeskEffectRow, (effect.conversation_id, effect.name), with_for_update=True)
    return row if row is not None and row.version == effect.version and row.status == "pending" else None


def _tell(session: Session, effect: DueEffect, at: float, error: str | None) -> None:
    """Show at the connection how it went. Before the effect is locked: who changes a connection takes it first, too."""
    row = session.get(ConnectionRow, effect.connection.id)
    if row is not None and (error is not None or row.last_error is not None):
        session.refresh(row, with_for_update=True)
        note_error(row, at, error)


def _due(row: DeskEffectRow, connection: ConnectionRecord) -> DueEffect:
    return DueEffect(
        connection=connection,
        conversation_id=row.conversation_id,
        name=row.name,
        version=row.version,
        effect=effect_from_json(row.name, row.payload),
        attempts=row.attempts,
    )


def effect_to_json(effect: Effect) -> dict[str, Any]:
    """Return the effect as it is kept."""
    match effect:
        case Standing():
            return {
                "labels": list(effect.labels),
                "family": list(effect.family),
                "priority": effect.priority,
                "attributes": dict(effect.attributes),
            }
        case Note():
            return {"reference": effect.reference, "text": effect.text}
        case Assignment():
            return {"team": effect.team}


def effect_from_json(name: str, payload: Mapping[str, Any]) -> Effect:
    """Undo `effect_to_json`."""
    kind = name.partition(":")[0]
    if kind == "note":
        return Note(payload["reference"], payload["text"])
    if kind == "team":
        return Assignment(payload["team"])
    return Standing(tuple(payload["labels"]), tuple(payload["family"]), payload["priority"], payload["attributes"])
