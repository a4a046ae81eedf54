"""Reading the audit trail: pages of it, newest first. Written by `keys.write_audit`, in the transaction that it tells of."""

from sqlalchemy import select

from .cursor import make_cursor, read_cursor
from .database import Database
from .models import AuditRow
from .records import AuditEntry
from .records_people import AuditFilter, AuditPage


def audit_page(database: Database, filter: AuditFilter, limit: int, cursor: str | None) -> AuditPage:
    """See `Store.audit_page`."""
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit + 1)
    if filter.actor is not None:
        query = query.where(AuditRow.actor == filter.actor)
    if filter.action is not None:
        query = query.where(AuditRow.action == filter.action)
    if cursor is not None:
        query = query.where(AuditRow.id < read_cursor(cursor)[0])
    with database.read() as session:
        rows = session.scalars(query).all()
    following = make_cursor(rows[limit - 1].id, 0.0, "") if len(rows) > limit else None
    return AuditPage(tuple(entry_of(row) for row in rows[:limit]), following)


def entry_of(row: AuditRow) -> AuditEntry:
    """Return the entry that a row holds."""
    return AuditEntry(row.id, row.at, row.actor, row.action, row.subject, row.detail)
