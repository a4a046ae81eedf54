"""Tables of the people who work at the board, and of what administrators set while the service runs. Part of `models`.

people 1 -- n sign_in_links, sessions     who works at the board | links not used yet | signed-in browsers
changed_settings                          what stands over the settings of the start
"""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .models import Base


class PersonRow(Base):
    """Somebody who works at the board; never deleted, because the audit trail names them."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("folded_name"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded_name: Mapped[str]
    """`name` without capitals: Jana and jana are one person."""
    display_name: Mapped[str]
    role: Mapped[str]
    created_at: Mapped[float]
    deactivated_at: Mapped[float | None]


class SignInLinkRow(Base):
    """A one-time token that was not used yet; of it there is only a hash."""

    __tablename__ = "sign_in_links"

    hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    """Null: whoever is the first administrator when it is used."""
    expires_at: Mapped[float]
    scope: Mapped[str]
    """What it opens: `board` or `panel`."""


class SessionRow(Base):
    """A signed-in browser, or a panel in another site; of its cookie or pass there is only a hash."""

    __tablename__ = "sessions"

    hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[float]
    last_seen_at: Mapped[float]
    expires_at: Mapped[float]
    scope: Mapped[str]
    """What it is good for: `board` (a cookie) or `panel` (a pass)."""


class ChangedSettingRow(Base):
    """A setting that stands over the one of the start: `retention_days`, `alert_budget.<queue>`."""

    __tablename__ = "changed_settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
    changed_at: Mapped[float]
    changed_by: Mapped[str]
