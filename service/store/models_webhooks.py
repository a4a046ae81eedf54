"""Tables of the outgoing webhooks. Part of `models`.

webhook_endpoints 1 -- n webhook_deliveries     who is told of what | one message each, and every attempt to send it
events            1 -- n webhook_deliveries     a message is written from its event, and leaves with it
"""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from .models import Base, BigId


class WebhookEndpointRow(Base):
    """Somebody else's address that we tell of events."""

    __tablename__ = "webhook_endpoints"

    id: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str]
    description: Mapped[str]
    types: Mapped[list[Any]]
    queues: Mapped[list[Any]]
    languages: Mapped[list[Any]]
    """Empty: of every queue, of every language."""
    payload: Mapped[str]
    secret: Mapped[str]
    """As it is, not as a hash: it signs every message. Left out of every record that leaves the store but the one that signs."""
    previous_secret: Mapped[str | None]
    previous_until: Mapped[float | None]
    enabled: Mapped[bool]
    disabled_reason: Mapped[str | None]
    disabled_at: Mapped[float | None]
    created_at: Mapped[float]
    cursor: Mapped[int] = mapped_column(BigInteger)
    """The last event of which it is decided whether this endpoint is told."""
    failures: Mapped[int] = mapped_column(default=0)
    """Attempts in a row that failed, up to now."""
    failing_since: Mapped[float | None]
    succeeded_at: Mapped[float | None]


_WAITS = text("status = 'pending'")


class WebhookDeliveryRow(Base):
    """A message to an endpoint. Its text is not kept: it is written from the event each time."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        Index(None, "endpoint_id", "id"),
        Index("ix_webhook_deliveries_waiting", "endpoint_id", "next_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index(None, "ended_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("events.id", ondelete="CASCADE"), index=True)
    """Null for what is about webhooks themselves; `data` holds that."""
    message_id: Mapped[str]
    """`webhook-id`: the same at every attempt."""
    type: Mapped[str]
    at: Mapped[float]
    data: Mapped[dict[str, Any] | None]
    status: Mapped[str]
    attempts: Mapped[int]
    """Since it was queued, or asked for again."""
    tries: Mapped[list[Any]]
    """The last attempts: when, what came of it, the HTTP status, how long it took."""
    next_at: Mapped[float | None]
    leased_until: Mapped[float | None]
    """A worker is sending it until then; also the token by which its report is believed."""
    created_at: Mapped[float]
    ended_at: Mapped[float | None]
