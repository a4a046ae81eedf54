"""People of the board: added, listed, changed, deactivated; each change with its audit entry, in one transaction.

A person is never deleted, because hand-offs and the audit trail name them: deactivated, they are signed out at
once, their links are void, and the conversations that they have are returned. Somebody who may administer is always left. Names differ in more than capitals.
"""

import secrets
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from time import time
from typing import Final, cast

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..risk.handoff import HandoffRefused, Limits
from .database import Database
from .errors import PersonRefused
from .handoffs import hand_over, owned_by
from .keys import write_audit
from .models import ConversationRow
from .models_people import PersonRow, SessionRow, SignInLinkRow
from .records_people import PersonRecord, Rank

FIRST_ADMIN: Final = "admin"
"""Name of the person that the first link of a fresh database signs in."""


@dataclass(frozen=True, slots=True)
class Change:
    """What shall be different about a person; None leaves it as it is."""

    name: str | None = None
    display_name: str | None = None
    role: Rank | None = None
    deactivated: bool | None = None


@dataclass(frozen=True, slots=True)
class People:
    """Reads and changes people."""

    database: Database
    clock: Callable[[], float] = time

    def add(
        self, name: str, role: Rank, display_name: str | None = None, *, actor: str = "cli", via: str = "cli"
    ) -> PersonRecord:
        """Add somebody. Raises `PersonRefused` when somebody has, or had, that name."""
        with self.database.write() as session:
            if not _insert(session, name, role, display_name, self.clock()):
                raise PersonRefused("name", "belongs to somebody already")
            row = _existing(session, name)
            write_audit(session, row.created_at, actor, "person.added", row.name, {"role": role, "via": via})
            return record_of(row)

    def list(self) -> tuple[PersonRecord, ...]:
        """Return everybody, the deactivated too, by name."""
        with self.database.read() as session:
            return tuple(record_of(row) for row in session.scalars(select(PersonRow).order_by(PersonRow.folded_name)))

    def find(self, name: str) -> PersonRecord | None:
        """Return the person of this name."""
        with self.database.read() as session:
            row = person_named(session, name)
            return None if row is None else record_of(row)

    def change(self, name: str, change: Change, *, actor: str = "cli", via: str = "cli") -> PersonRecord | None:
        """Change a person; None when there is none of this name, no entry when nothing changes.

        Raises `PersonRefused` for a name that is taken or in use, and where no administrator would be left.
        """
        now = self.clock()
        changed = self._change(name, change, now, actor, via)
        if changed is not None and changed.deactivated_at is not None:
            # What they had would stay theirs for ever, and nobody else could take it.
            _return_everything(self.database, changed.name, now)
        return changed

    def _change(self, name: str, change: Change, now: float, actor: str, via: str) -> PersonRecord | None:
        with self.database.write() as session:
            _lock_administrators(session)
            row = person_named(session, name, lock=True)
            if row is None:
                return None
            before = record_of(row)
            _rename(session, row, change.name, now)
            row.display_name = change.display_name or row.display_name
            row.role = change.role or row.role
            if change.deactivated is not None and change.deactivated == (row.deactivated_at is None):
                row.deactivated_at = now if change.deactivated else None
            _keep_an_administrator(session, before, row)
            if row.deactivated_at is not None:
                _sign_out(session, row.id)
            for action, detail in _differences(before, record_of(row)):
                write_audit(session, now, actor, action, row.name, {**detail, "via": via})
            return record_of(row)


def first_admin(session: Session, now: float) -> PersonRow:
    """Return who has been an administrator for longest; makes the first one where there is none."""
    query = select(PersonRow).where(PersonRow.role == "admin", PersonRow.deactivated_at.is_(None))
    oldest = query.order_by(PersonRow.created_at, PersonRow.id).limit(1)
    names = (FIRST_ADMIN if number == 1 else f"{FIRST_ADMIN}-{number}" for number in count(1))
    while (found := session.scalars(oldest).one_or_none()) is None:
        # Another process that does the same at this moment is waited for, and then found.
        name = next(names)
        if _insert(session, name, "admin", None, now):
            write_audit(session, now, name, "person.added", name, {"role": "admin", "via": "sign-in"})
    return found


def person_named(session: Session, name: str, *, lock: bool = False) -> PersonRow | None:
    """Return the person of this name; nobody else changes them until the transaction ends, if they are locked."""
    query = select(PersonRow).where(PersonRow.folded_name == _folded(name))
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def record_of(row: PersonRow) -> PersonRecord:
    """Return the record of a row."""
    return PersonRecord(
        id=row.id,
        name=row.name,
        display_name=row.display_name,
        # The column holds what was written from a typed value, hence the cast.
        role=cast(Rank, row.role),
        created_at=row.created_at,
        deactivated_at=row.deactivated_at,
    )


def _insert(session: Session, name: str, role: Rank, display_name: str | None, now: float) -> bool:
    """Add a row; False when the name is taken, by whoever was first."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"id": secrets.token_hex(8), "name": name, "folded_name": _folded(name), "role": role, "created_at": now}
    added = insert(PersonRow).values(display_name=display_name or name, **values).on_conflict_do_nothing()
    return bool(session.execute(added.returning(PersonRow.id)).first())


def _existing(session: Session, name: str) -> PersonRow:
    row = person_named(session, name)
    assert row is not None, "it was added in this transaction"
    return row


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip().casefold())


def _lock_administrators(session: Session) -> None:
    """Two administrators who deactivate each other at the same moment come one after the other."""
    session.scalars(select(PersonRow).where(PersonRow.role == "admin").order_by(PersonRow.id).with_for_update()).all()


def _rename(session: Session, row: PersonRow, name: str | None, now: float) -> None:
    if name is None or name == row.name:
        return
    other = person_named(session, name)
    if other is not None and other.id != row.id:
        raise PersonRefused("name", "belongs to somebody already")
    held = session.scalar(select(func.count()).select_from(ConversationRow).where(owned_by(row.name, now)))
    if held:
        raise PersonRefused("name", f"cannot change while {row.name} has {held} conversations; return them first")
    row.name, row.folded_name = name, _folded(name)


def _keep_an_administrator(session: Session, before: PersonRecord, row: PersonRow) -> None:
    was_one = before.role == "admin" and before.deactivated_at is None
    if not was_one or (row.role == "admin" and row.deactivated_at is None):
        return
    others = select(PersonRow.id).where(
        PersonRow.role == "admin", PersonRow.deactivated_at.is_(None), PersonRow.id != row.id
    )
    if session.scalars(others.limit(1)).first() is None:
        field = "deactivated" if row.role == "admin" else "role"
        raise PersonRefused(field, "cannot change: this is the only administrator; make another one first")


def _sign_out(session: Session, person_id: str) -> None:
    session.execute(delete(SessionRow).where(SessionRow.person_id == person_id))
    session.execute(delete(SignInLinkRow).where(SignInLinkRow.person_id == person_id))


def _return_everything(database: Database, name: str, now: float) -> None:
    with database.read() as session:
        held = session.scalars(select(ConversationRow.id).where(owned_by(name, now))).all()
    for conversation_id in held:
        with suppress(HandoffRefused):  # somebody was faster
            hand_over(
                database,
                conversation_id,
                "return",
                name,
                now=now,
                note=None,
                outcome=None,
                limits=Limits(),
                via="deactivation",
                store_text=False,
            )


def _differences(before: PersonRecord, after: PersonRecord) -> list[tuple[str, dict[str, object]]]:
    found: list[tuple[str, dict[str, object]]] = []
    if after.name != before.name:
        found.append(("person.renamed", {"from": before.name, "to": after.name}))
    if after.display_name != before.display_name:
        found.append(("person.changed", {"from": before.display_name, "to": after.display_name}))
    if after.role != before.role:
        found.append(("person.role_changed", {"from": before.role, "to": after.role}))
    if (after.deactivated_at is None) != (before.deactivated_at is None):
        found.append(("person.reactivated" if after.deactivated_at is None else "person.deactivated", {}))
    return found
