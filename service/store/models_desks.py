"""Tables of the connections to desks. Part of `models`.

connections 1 -- n desk_effects     which systems talk to us | what we want done there: the latest wish of each kind
desk_statuses                       what a desk last said of a conversation's status, and when
desk_cursor                         the event up to which effects were worked out
"""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from .models import Base


class ConnectionRow(Base):
    """A desk that sends us its conversations. Its secrets are needed as they are: to check signatures, and to call it."""

    __tablename__ = "connections"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    secrets: Mapped[dict[str, Any]]
    options: Mapped[dict[str, Any]]
    enabled: Mapped[bool]
    created_at: Mapped[float]
    created_by: Mapped[str]
    last_delivery_at: Mapped[float | None]
    last_error: Mapped[str | None]
    """What went wrong last, in our words; null again after a success."""
    last_error_at: Mapped[float | None]


class DeskEffectRow(Base):
    """Something to be done at the desk: there once per conversation and name, newer wishes replace older ones."""

    __tablename__ = "desk_effects"
    __table_args__ = (Index(None, "status", "due_at"), Index(None, "connection_id"))

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    """`standing`, `note:<alert>`, `team:<alert>`."""
    connection_id: Mapped[str] = mapped_column(ForeignKey("connections.id", ondelete="CASCADE"))
    payload: Mapped[dict[str, Any]]
    version: Mapped[int]
    """Grows with each new wish: what was sent meanwhile does not end a newer one."""
    status: Mapped[str]
    attempts: Mapped[int]
    """Begun tries of this version; above 0, it may have been done already."""
    due_at: Mapped[float]
    """Not before; while somebody is sending it, when their time is over."""
    error: Mapped[str | None]
    created_at: Mapped[float]
    updated_at: Mapped[float]


class DeskStatusRow(Base):
    """The latest word of a desk about a conversation's status."""

    __tablename__ = "desk_statuses"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    closed: Mapped[bool]
    at: Mapped[float]
    """By the desk's clock."""


class DeskCursorRow(Base):
    """One row: where the reader of events stands."""

    __tablename__ = "desk_cursor"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(BigInteger)
