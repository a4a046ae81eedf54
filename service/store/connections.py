"""Connections to desks: added, listed, changed, removed; each change with its audit entry, in one transaction."""

import secrets as randomness
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from .database import Database
from .keys import write_audit
from .models_desks import ConnectionRow, DeskEffectRow
from .records_desks import ConnectionChange, ConnectionRecord


@dataclass(frozen=True, slots=True)
class Connections:
    """Reads and changes connections."""

    database: Database
    clock: Callable[[], float] = time

    def add(
        self,
        kind: str,
        name: str,
        secrets: Mapping[str, str],
        options: Mapping[str, str | int],
        *,
        actor: str = "cli",
        via: str = "cli",
    ) -> ConnectionRecord:
        """Add a connection; the caller has checked secrets and options."""
        row = ConnectionRow(
            id=randomness.token_hex(6),
            kind=kind,
            name=name,
            secrets=dict(secrets),
            options=dict(options),
            enabled=True,
            created_at=self.clock(),
            created_by=actor,
        )
        with self.database.write() as session:
            session.add(row)
            detail = {"kind": kind, "name": name, "secrets": sorted(secrets), "via": via}
            write_audit(session, row.created_at, actor, "connection.added", row.id, detail)
            session.flush()
            return record_of(row)

    def list(self) -> tuple[ConnectionRecord, ...]:
        """Return every connection, oldest first."""
        with self.database.read() as session:
            counts = _counts(session)
            rows = session.scalars(select(ConnectionRow).order_by(ConnectionRow.created_at, ConnectionRow.id))
            return tuple(record_of(row, counts) for row in rows)

    def find(self, connection_id: str) -> ConnectionRecord | None:
        """Return one connection."""
        with self.database.read() as session:
            row = session.get(ConnectionRow, connection_id)
            return None if row is None else record_of(row, _counts(session))

    def change(
        self, connection_id: str, change: ConnectionChange, *, actor: str = "cli", via: str = "cli"
    ) -> ConnectionRecord | None:
        """Change a connection; None when there is none. What had been given up is tried again after new secrets or options."""
        now = self.clock()
        with self.database.write() as session:
            row = session.get(ConnectionRow, connection_id, with_for_update=True)
            if row is None:
                return None
            changed = _apply(row, change)
            if changed:
                detail = {"kind": row.kind, "name": row.name, "changed": changed, "enabled": row.enabled, "via": via}
                write_audit(session, now, actor, "connection.changed", row.id, detail)
            if {"secrets", "options", "enabled"} & set(changed):
                _try_again(session, row, now)
            return record_of(row, _counts(session))

    def remove(self, connection_id: str, *, actor: str = "cli", via: str = "cli") -> bool:
        """Remove a connection and what waits for it; its conversations stay. False when there is none."""
        with self.database.write() as session:
            row = session.get(ConnectionRow, connection_id, with_for_update=True)
            if row is None:
                return False
            write_audit(
                session,
                self.clock(),
                actor,
                "connection.removed",
                row.id,
                {"kind": row.kind, "name": row.name, "via": via},
            )
            session.delete(row)
            return True

    def saw_delivery(self, connection_id: str, at: float, error: str | None) -> None:
        """Note that the desk was heard of, and what was wrong with what it sent, if anything."""
        with self.database.write() as session:
            row = session.get(ConnectionRow, connection_id, with_for_update=True)
            if row is None:
                return
            if error is None:
                row.last_delivery_at = max(at, row.last_delivery_at or at)
            else:
                note_error(row, at, error)


def note_error(row: ConnectionRow, at: float, error: str | None) -> None:
    """Keep what went wrong last; None: it works."""
    row.last_error, row.last_error_at = error, None if error is None else at


def record_of(row: ConnectionRow, counts: Mapping[tuple[str, str], int] | None = None) -> ConnectionRecord:
    """Return the record of a row."""
    found = counts or {}
    return ConnectionRecord(
        id=row.id,
        kind=row.kind,
        name=row.name,
        secrets=dict(row.secrets),
        options=dict(row.options),
        enabled=row.enabled,
        created_at=row.created_at,
        created_by=row.created_by,
        last_delivery_at=row.last_delivery_at,
        last_error=row.last_error,
        last_error_at=row.last_error_at,
        waiting=found.get((row.id, "pending"), 0),
        failed=found.get((row.id, "failed"), 0),
    )


def _apply(row: ConnectionRow, change: ConnectionChange) -> list[str]:
    wanted: dict[str, object] = {
        "name": change.name,
        "enabled": change.enabled,
        "secrets": None if change.secrets is None else dict(change.secrets),
        "options": None if change.options is None else dict(change.options),
    }
    changed = [name for name, value in wanted.items() if value is not None and value != getattr(row, name)]
    for name in changed:
        setattr(row, name, wanted[name])
    return changed


def _try_again(session: Session, row: ConnectionRow, now: float) -> None:
    note_error(row, now, None)
    waiting = select(DeskEffectRow).where(
        DeskEffectRow.connection_id == row.id, DeskEffectRow.status.in_(("pending", "failed"))
    )
    for effect in session.scalars(waiting.with_for_update()):
        # The tries stay counted as "may have been done": a note must not be written twice.
        effect.status, effect.due_at, effect.attempts = "pending", now, min(effect.attempts, 1)


def _counts(session: Session) -> dict[tuple[str, str], int]:
    counted = (
        select(DeskEffectRow.connection_id, DeskEffectRow.status, func.count())
        .where(DeskEffectRow.status != "done")
        .group_by(DeskEffectRow.connection_id, DeskEffectRow.status)
    )
    return {(connection, status): count for connection, status, count in session.execute(counted)}
