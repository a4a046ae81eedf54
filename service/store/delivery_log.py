"""What was sent to an endpoint: read in pages, sent again when somebody asks, erased after a while."""

from collections.abc import Callable
from dataclasses import dataclass
from time import time
from typing import Final, cast

from sqlalchemy import Select, delete, select, update

from ..outgoing import PING
from .cursor import make_cursor, read_cursor
from .database import Database
from .keys import write_audit
from .models import EventRow
from .models_webhooks import WebhookDeliveryRow, WebhookEndpointRow
from .records_webhooks import DeliveryPage, DeliveryRecord, DeliveryStatus, Try
from .webhooks import locked, own_message

_PURGED_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class DeliveryLog:
    """Reads messages to endpoints and asks for them again."""

    database: Database
    clock: Callable[[], float] = time

    def page(
        self, endpoint_id: str, status: DeliveryStatus | None = None, limit: int = 50, cursor: str | None = None
    ) -> DeliveryPage | None:
        """List messages, newest first; None when there is no such endpoint. Raises `BadCursor`."""
        query = _messages_of(endpoint_id).order_by(WebhookDeliveryRow.id.desc()).limit(limit + 1)
        if status is not None:
            query = query.where(WebhookDeliveryRow.status == status)
        if cursor is not None:
            query = query.where(WebhookDeliveryRow.id < read_cursor(cursor)[0])
        with self.database.read() as session:
            if session.get(WebhookEndpointRow, endpoint_id) is None:
                return None
            rows = session.execute(query).all()
        following = make_cursor(rows[limit - 1][0].id, 0.0, "") if len(rows) > limit else None
        return DeliveryPage(tuple(_record(row, about) for row, about in rows[:limit]), following)

    def ping(self, endpoint_id: str, *, actor: str, via: str) -> DeliveryRecord | None:
        """Send a test message, also to a disabled endpoint; None when there is none."""
        now = self.clock()
        with self.database.write() as session:
            if locked(session, endpoint_id) is None:
                return None
            row = own_message(endpoint_id, PING, {"webhook_id": endpoint_id}, now)
            session.add(row)
            session.flush()
            write_audit(session, now, actor, "webhook.tested", endpoint_id, {"via": via})
            return _record(row, None)

    def retry(self, endpoint_id: str, delivery_id: int, *, actor: str, via: str) -> DeliveryRecord | None:
        """Send a message again, whatever became of it, under its old id; None when it is not there (any more)."""
        now = self.clock()
        with self.database.write() as session:
            found = session.execute(
                _messages_of(endpoint_id)
                .where(WebhookDeliveryRow.id == delivery_id)
                .with_for_update(of=WebhookDeliveryRow)
            ).first()
            if found is None:
                return None
            row, about = found
            if row.leased_until is None or row.leased_until < now:  # else it is being sent at this moment
                row.status, row.attempts, row.next_at, row.ended_at = "pending", 0, now, None
                write_audit(session, now, actor, "webhook.retried", endpoint_id, {"messages": 1, "via": via})
            return _record(row, about)

    def retry_failed(self, endpoint_id: str, since: float, *, actor: str, via: str) -> int | None:
        """Send again what failed and was queued since then; return how many, None when there is no such endpoint."""
        now, row = self.clock(), WebhookDeliveryRow
        failed = (row.endpoint_id == endpoint_id, row.status == "failed", row.created_at >= since, row.type != PING)
        again = {"status": "pending", "attempts": 0, "next_at": now, "ended_at": None}
        with self.database.write() as session:
            if locked(session, endpoint_id) is None:
                return None
            ids = list(session.scalars(select(row.id).where(*failed).with_for_update()))
            session.execute(update(row).where(row.endpoint_id == endpoint_id, row.id.in_(ids)).values(**again))
            write_audit(session, now, actor, "webhook.retried", endpoint_id, {"messages": len(ids), "via": via})
            return len(ids)

    def purge(self, ended_before: float) -> bool:
        """Erase some messages that ended before; True when there are no more of them."""
        old = select(WebhookDeliveryRow.id).where(WebhookDeliveryRow.ended_at < ended_before).limit(_PURGED_AT_ONCE)
        with self.database.read() as session:
            ids = list(session.scalars(old))
        if ids:
            with self.database.write() as session:
                session.execute(delete(WebhookDeliveryRow).where(WebhookDeliveryRow.id.in_(ids)))
        return len(ids) < _PURGED_AT_ONCE


def _messages_of(endpoint_id: str) -> Select[WebhookDeliveryRow, str]:
    return (
        select(WebhookDeliveryRow, EventRow.conversation_id)
        .outerjoin(EventRow, EventRow.id == WebhookDeliveryRow.event_id)
        .where(WebhookDeliveryRow.endpoint_id == endpoint_id)
    )


def _record(row: WebhookDeliveryRow, conversation_id: str | None) -> DeliveryRecord:
    return DeliveryRecord(
        id=row.id,
        endpoint_id=row.endpoint_id,
        message_id=row.message_id,
        type=row.type,
        conversation_id=conversation_id,
        at=row.at,
        status=cast(DeliveryStatus, row.status),
        attempts=row.attempts,
        tries=tuple(Try(**tried) for tried in row.tries),
        next_at=row.next_at,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )
