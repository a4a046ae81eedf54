"""API keys: made once, kept as a hash, found by their first characters, compared in constant time.

    evk_sk_1a2b3c4d<64 hex>     secret: a server's
    evk_pk_1a2b3c4d<64 hex>     publishable: a web page's, good for its origins only
    `---- prefix ---'`- 256 random bits

A plain SHA-256 is enough for a secret of 256 random bits: there is nothing to guess.
"""

import hashlib
import hmac
import secrets
from typing import Any, Final, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..settings import web_origin
from .audited import is_known
from .database import Database
from .errors import StoreError
from .models import AuditRow, KeyRow
from .records import (
    AuditEntry,
)
from .records_keys import (
    Answers,
    KeyKind,
    KeyRecord,
    NewKey,
)

MARKS: Final[dict[KeyKind, str]] = {"secret": "evk_sk_", "publishable": "evk_pk_"}
PREFIX_LENGTH: Final = len("evk_sk_") + 8
LAST_USED_EVERY_S: Final = 3600.0
"""How exact `last_used_at` is: a write for every request would cost more than the request."""


def create_key(
    database: Database,
    kind: KeyKind,
    name: str,
    origins: tuple[str, ...],
    *,
    answers: Answers,
    now: float,
    actor: str,
) -> NewKey:
    """See `Store.create_key`."""
    secret = MARKS[kind] + secrets.token_hex(4) + secrets.token_hex(32)
    row = KeyRow(
        id=secrets.token_hex(8),
        name=name,
        kind=kind,
        prefix=secret[:PREFIX_LENGTH],
        hash=_hash(secret),
        origins=[_checked(origin) for origin in origins],
        answers=answers,
        created_at=now,
    )
    with database.write() as session:
        session.add(row)
        detail = {"kind": kind, "name": name, "origins": list(origins), "answers": answers}
        write_audit(session, now, actor, "key.created", row.id, detail)
    return NewKey(_record(row), secret)


def find_key(database: Database, presented: str, *, now: float) -> KeyRecord | None:
    """See `Store.find_key`."""
    if not presented.isascii():
        return None
    hashed = _hash(presented)
    query = select(KeyRow).where(KeyRow.prefix == presented[:PREFIX_LENGTH], KeyRow.revoked_at.is_(None))
    with database.read() as session:
        found = next((row for row in session.scalars(query) if hmac.compare_digest(row.hash, hashed)), None)
    if found is None:
        return None
    if found.last_used_at is None or now - found.last_used_at >= LAST_USED_EVERY_S:
        _touch(database, found.id, now)
    return _record(found)


def revoke_key(database: Database, key_id: str, *, now: float, actor: str) -> bool:
    """See `Store.revoke_key`."""
    with database.write() as session:
        row = session.get(KeyRow, key_id, with_for_update=True)
        if row is None or row.revoked_at is not None:
            return False
        row.revoked_at = now
        write_audit(session, now, actor, "key.revoked", key_id, {"name": row.name})
        return True


def list_keys(database: Database) -> tuple[KeyRecord, ...]:
    """See `Store.list_keys`."""
    with database.read() as session:
        rows = session.scalars(select(KeyRow).order_by(KeyRow.created_at, KeyRow.id))
        return tuple(_record(row) for row in rows)


def write_audit(session: Session, at: float, actor: str, action: str, subject: str, detail: dict[str, Any]) -> None:
    """Add an entry in the transaction of what it tells; `audited` lists what an entry may be."""
    assert is_known(action, detail), f"the audit trail does not know {action} with {sorted(detail)}"
    session.add(AuditRow(at=at, actor=actor, action=action, subject=subject, detail=detail))


def subject_of(conversation_id: str) -> str:
    """Name a conversation in the audit trail, which outlives it: who has the id can find the entry, nobody the id."""
    return "conversation:" + hashlib.blake2b(conversation_id.encode(), digest_size=8).hexdigest()


def audit_trail(database: Database, limit: int) -> tuple[AuditEntry, ...]:
    """See `Store.audit_trail`."""
    with database.read() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(limit))
        return tuple(AuditEntry(row.id, row.at, row.actor, row.action, row.subject, row.detail) for row in rows)


def _checked(origin: str) -> str:
    try:
        return web_origin(origin)
    except ValueError as error:
        raise StoreError(f"origin {origin!r}: {error}") from None


def _touch(database: Database, key_id: str, now: float) -> None:
    with database.write() as session:
        row = session.get(KeyRow, key_id)
        if row is not None:
            row.last_used_at = now


def _hash(presented: str) -> str:
    return hashlib.sha256(presented.encode()).hexdigest()


def _record(row: KeyRow) -> KeyRecord:
    return KeyRecord(
        id=row.id,
        kind=cast(KeyKind, row.kind),
        name=row.name,
        prefix=row.prefix,
        origins=tuple(row.origins),
        answers=cast(Answers, row.answers),
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
