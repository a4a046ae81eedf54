"""A one-time token -> a signed-in browser: how somebody reaches the board without a password.

Tokens and cookies are 192 random bits, kept as SHA-256 (there is nothing to guess, so no salt and no slow
hash), in the database: a restart signs nobody out, and every process knows every session. Exchanging a token
deletes it in the transaction that begins the session, so it signs in once, whoever comes at the same moment.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from time import time
from typing import Final

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from .database import Database
from .errors import PersonRefused
from .keys import write_audit
from .models_people import PersonRow, SessionRow, SignInLinkRow
from .people import first_admin, person_named, record_of
from .records_people import NewLink, NewSession, PersonRecord, Scope

LINK_LIFETIME_S: Final = 24 * 3600
PANEL_LINK_LIFETIME_S: Final = 10 * 60
"""A panel's link is opened at once, by a program or by who pastes it."""
IDLE_LIFETIME_S: Final = 12 * 3600
"""A session that is not used for so long ends; a board that is open counts as used."""
SESSION_LIFETIME_S: Final = 7 * 24 * 3600
"""A session ends after so long, however it is used."""
PANEL_LIFETIME_S: Final = 12 * 3600
"""A panel's pass lies in the page, not in a cookie: a shift, and no longer."""
_LINK_LIFETIMES: Final[dict[Scope, int]] = {"board": LINK_LIFETIME_S, "panel": PANEL_LINK_LIFETIME_S}
_LIFETIMES: Final[dict[Scope, int]] = {"board": SESSION_LIFETIME_S, "panel": PANEL_LIFETIME_S}
SEEN_EVERY_S: Final = 60.0
"""How exact `last_seen_at` is: a write for every request would cost more than the request."""
MAX_SESSIONS: Final = 20
"""Signed-in browsers of one person; a further one signs out the one that was seen longest ago."""
_TOKEN_BYTES: Final = 24


@dataclass(frozen=True, slots=True)
class Sessions:
    """Makes and exchanges one-time links; begins, finds and ends sessions."""

    database: Database
    clock: Callable[[], float] = time

    def mint(
        self, name: str | None = None, *, scope: Scope = "board", actor: str = "cli", via: str = "cli"
    ) -> NewLink | None:
        """Make a link that signs this person in once, without a name the first administrator.

        It opens its own scope only: a panel's link opens no board. None when there is nobody of this name. Raises `PersonRefused` when they are deactivated.
        """
        now = self.clock()
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        with self.database.write() as session:
            session.execute(delete(SignInLinkRow).where(SignInLinkRow.expires_at <= now))
            person = None if name is None else person_named(session, name, lock=True)
            if name is not None and person is None:
                return None
            if person is not None and person.deactivated_at is not None:
                raise PersonRefused("name", "belongs to somebody who is deactivated; reactivate them first")
            link = SignInLinkRow(
                hash=_hash(token),
                person_id=person and person.id,
                expires_at=now + _LINK_LIFETIMES[scope],
                scope=scope,
            )
            session.add(link)
            detail = {"via": via, "for": scope}
            write_audit(session, now, actor, "link.made", "" if person is None else person.name, detail)
            return NewLink(token, link.expires_at)

    def is_good(self, token: str, *, scope: Scope = "board") -> bool:
        """Tell whether a token would sign somebody in now; it is not used up, however often it is looked at."""
        with self.database.read() as session:
            link = session.get(SignInLinkRow, _hash(token))
            if link is None or link.scope != scope or link.expires_at <= self.clock():
                return False
            person = None if link.person_id is None else session.get(PersonRow, link.person_id)
            return person is None or person.deactivated_at is None

    def begin(self, token: str, *, scope: Scope = "board", instead_of: str = "") -> NewSession | None:
        """Use a token up and sign its person in; None when it is unknown, used, too old, void or for something else.

        `instead_of` is the cookie that the browser held until now: that session ends.
        """
        now, cookie = self.clock(), secrets.token_urlsafe(_TOKEN_BYTES)
        with self.database.write() as session:
            person = _exchanged(session, token, scope, now)
            if person is None:
                return None
            session.execute(delete(SessionRow).where(or_(SessionRow.hash == _hash(instead_of), _over(now))))
            _make_room(session, person.id)
            session.add(
                SessionRow(
                    hash=_hash(cookie),
                    person_id=person.id,
                    created_at=now,
                    last_seen_at=now,
                    expires_at=now + _LIFETIMES[scope],
                    scope=scope,
                )
            )
            write_audit(session, now, person.name, "session.began", person.name, {"for": scope})
            return NewSession(record_of(person), cookie)

    def find(self, cookie: str, scope: Scope = "board") -> PersonRecord | None:
        """Return who is signed in with this cookie or pass; None when it is unknown, over or of another scope."""
        now, key = self.clock(), _hash(cookie)
        query = (
            select(PersonRow, SessionRow.last_seen_at)
            .join(SessionRow, SessionRow.person_id == PersonRow.id)
            .where(SessionRow.hash == key, SessionRow.scope == scope, ~_over(now), PersonRow.deactivated_at.is_(None))
        )
        with self.database.read() as session:
            found = session.execute(query).one_or_none()
        if found is None:
            return None
        person, last_seen_at = found
        if now - last_seen_at >= SEEN_EVERY_S:
            with self.database.write() as session:
                session.execute(update(SessionRow).where(SessionRow.hash == key).values(last_seen_at=now))
        return record_of(person)

    def end(self, cookie: str) -> bool:
        """Sign out; False when there is no such session."""
        with self.database.write() as session:
            row = session.get(SessionRow, _hash(cookie), with_for_update=True)
            if row is None:
                return False
            person = session.get(PersonRow, row.person_id)
            assert person is not None, "a session belongs to a person, and people stay"
            session.delete(row)
            write_audit(session, self.clock(), person.name, "session.ended", person.name, {})
            return True


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _over(now: float) -> ColumnElement[bool]:
    return or_(SessionRow.expires_at <= now, SessionRow.last_seen_at <= now - IDLE_LIFETIME_S)


def _exchanged(session: Session, token: str, scope: Scope, now: float) -> PersonRow | None:
    """Delete the link, which only one of two simultaneous exchanges can, and return whom it signs in."""
    link = session.get(SignInLinkRow, _hash(token), with_for_update=True)
    if link is None or link.scope != scope:
        return None
    session.delete(link)
    if link.expires_at <= now:
        return None
    if link.person_id is None:
        return first_admin(session, now)
    person = session.get(PersonRow, link.person_id, with_for_update=True)
    return person if person is not None and person.deactivated_at is None else None


def _make_room(session: Session, person_id: str) -> None:
    of_them = select(SessionRow.hash).where(SessionRow.person_id == person_id)
    surplus = of_them.order_by(SessionRow.last_seen_at.desc(), SessionRow.hash).offset(MAX_SESSIONS - 1)
    session.execute(delete(SessionRow).where(SessionRow.hash.in_(session.scalars(surplus).all())))
