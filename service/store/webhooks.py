"""Webhook endpoints: added, listed, changed, given a new secret, removed; each change with its audit entry, in one transaction.

The audit trail names the host of an endpoint and never its path, which may be a secret by itself.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import time
from typing import Final, cast
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ..outgoing import WEBHOOK_DISABLED, Payload, new_secret
from .database import Database
from .errors import WebhookRefused
from .keys import write_audit
from .models import EventRow
from .models_webhooks import WebhookDeliveryRow, WebhookEndpointRow
from .records_webhooks import DisabledReason, NewWebhook, WebhookChange, WebhookRecord, WebhookSpec

MAX_ENDPOINTS: Final = 20
"""Each has its share of attempts at the same time, so their number bounds what is under way."""
OVERLAP_S: Final = 24 * 3600.0
"""How long the secret before the newest one signs too."""


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Reads and changes endpoints."""

    database: Database
    clock: Callable[[], float] = time

    def list(self) -> tuple[WebhookRecord, ...]:
        """Return every endpoint, oldest first."""
        query = select(WebhookEndpointRow).order_by(WebhookEndpointRow.created_at, WebhookEndpointRow.id)
        with self.database.read() as session:
            waiting = _waiting(session)
            return tuple(_record(row, waiting) for row in session.scalars(query))

    def find(self, endpoint_id: str) -> WebhookRecord | None:
        """Return one endpoint."""
        with self.database.read() as session:
            row = session.get(WebhookEndpointRow, endpoint_id)
            return None if row is None else _record(row, _waiting(session))

    def add(self, spec: WebhookSpec, *, actor: str, via: str) -> NewWebhook:
        """Add an endpoint, which is told of what happens from now on. Raises `WebhookRefused` when there are too many."""
        now, secret = self.clock(), new_secret()
        with self.database.write() as session:
            if (session.scalar(select(func.count()).select_from(WebhookEndpointRow)) or 0) >= MAX_ENDPOINTS:
                raise WebhookRefused("url", f"is one too many: there are {MAX_ENDPOINTS} webhooks, remove one first")
            row = WebhookEndpointRow(
                id=f"wh_{secrets.token_hex(8)}",
                url=spec.url,
                description=spec.description,
                types=list(spec.types),
                queues=list(spec.queues),
                languages=list(spec.languages),
                payload=spec.payload,
                secret=secret,
                enabled=True,
                created_at=now,
                cursor=_last_event_id(session),
            )
            session.add(row)
            session.flush()
            detail = {"host": host_of(row.url), "types": list(spec.types), "via": via}
            write_audit(session, now, actor, "webhook.created", row.id, detail)
            return NewWebhook(_record(row, {}), secret)

    def change(self, endpoint_id: str, change: WebhookChange, *, actor: str, via: str) -> WebhookRecord | None:
        """Change an endpoint; None when there is none. Enabled again, it is told of what happens from then on."""
        now = self.clock()
        with self.database.write() as session:
            row = locked(session, endpoint_id)
            if row is None:
                return None
            changed = _apply(row, change)
            if change.enabled is True and not row.enabled:
                _enable(session, row)
                changed.append("enabled")
            elif change.enabled is False and row.enabled:
                disable(session, row, "person", now)
                changed.append("enabled")
            if changed:
                detail = {"changed": changed, "enabled": row.enabled, "host": host_of(row.url), "via": via}
                write_audit(session, now, actor, "webhook.changed", row.id, detail)
            session.flush()
            return _record(row, _waiting(session))

    def rotate(self, endpoint_id: str, *, actor: str, via: str) -> NewWebhook | None:
        """Give an endpoint a new secret; the one before it signs too for a day. None when there is no endpoint."""
        now, secret = self.clock(), new_secret()
        with self.database.write() as session:
            row = locked(session, endpoint_id)
            if row is None:
                return None
            row.previous_secret, row.previous_until, row.secret = row.secret, now + OVERLAP_S, secret
            write_audit(session, now, actor, "webhook.rotated", row.id, {"host": host_of(row.url), "via": via})
            return NewWebhook(_record(row, _waiting(session)), secret)

    def remove(self, endpoint_id: str, *, actor: str, via: str) -> bool:
        """Remove an endpoint with its messages; False when there is none."""
        with self.database.write() as session:
            row = session.get(WebhookEndpointRow, endpoint_id, with_for_update=True)
            if row is None:
                return False
            session.delete(row)
            detail = {"host": host_of(row.url), "via": via}
            write_audit(session, self.clock(), actor, "webhook.removed", endpoint_id, detail)
            return True

    def forget_secrets(self, now: float) -> None:
        """Erase replaced secrets that do not sign any more."""
        lapsed = WebhookEndpointRow.previous_until < now
        with self.database.read() as session:
            if session.scalar(select(WebhookEndpointRow.id).where(lapsed).limit(1)) is None:
                return
        with self.database.write() as session:
            session.execute(update(WebhookEndpointRow).where(lapsed).values(previous_secret=None, previous_until=None))


def locked(session: Session, endpoint_id: str) -> WebhookEndpointRow | None:
    """Return an endpoint's row, held; messages to it may be added by others meanwhile."""
    query = select(WebhookEndpointRow).where(WebhookEndpointRow.id == endpoint_id).with_for_update(key_share=True)
    return session.scalar(query)


def disable(session: Session, row: WebhookEndpointRow, reason: DisabledReason, now: float) -> None:
    """Disable a held endpoint: what waits for it counts as failed, and others that asked for it are told."""
    row.enabled, row.disabled_reason, row.disabled_at = False, reason, now
    delivery = WebhookDeliveryRow
    waiting = (delivery.endpoint_id == row.id, delivery.status == "pending")
    unsent = delivery.leased_until.is_(None) | (delivery.leased_until < now)
    session.execute(update(delivery).where(*waiting, unsent).values(status="failed", next_at=None, ended_at=now))
    others = select(WebhookEndpointRow).where(WebhookEndpointRow.id != row.id, WebhookEndpointRow.enabled)
    for other in session.scalars(others):
        if WEBHOOK_DISABLED in other.types:
            session.add(own_message(other.id, WEBHOOK_DISABLED, {"webhook_id": row.id, "reason": reason}, now))


def own_message(endpoint_id: str, type: str, data: Mapping[str, object], now: float) -> WebhookDeliveryRow:
    """Return a message that tells of webhooks themselves, to be sent at once."""
    return new_message(endpoint_id, None, type, now, now, data)


def new_message(
    endpoint_id: str, event_id: int | None, type: str, at: float, now: float, data: Mapping[str, object] | None = None
) -> WebhookDeliveryRow:
    """Return a message that waits to be sent."""
    return WebhookDeliveryRow(
        endpoint_id=endpoint_id,
        event_id=event_id,
        message_id=f"msg_{secrets.token_hex(12)}",
        type=type,
        at=at,
        data=None if data is None else dict(data),
        status="pending",
        attempts=0,
        tries=[],
        next_at=now,
        created_at=now,
    )


def host_of(url: str) -> str:
    """Return the host of a URL, which may be told; its path may be a secret."""
    return urlsplit(url).hostname or ""


def _apply(row: WebhookEndpointRow, change: WebhookChange) -> list[str]:
    """Set what is given and different; return the names."""
    changed = []
    for name in ("url", "description", "types", "queues", "languages", "payload"):
        value = getattr(change, name)
        value = list(value) if isinstance(value, tuple) else value
        if value is not None and value != getattr(row, name):
            setattr(row, name, value)
            changed.append(name)
    return changed


def _enable(session: Session, row: WebhookEndpointRow) -> None:
    row.enabled, row.disabled_reason, row.disabled_at = True, None, None
    row.failures, row.failing_since, row.cursor = 0, None, _last_event_id(session)


def _last_event_id(session: Session) -> int:
    return session.scalar(select(func.max(EventRow.id))) or 0


def _waiting(session: Session) -> dict[str, int]:
    delivery = WebhookDeliveryRow
    counted = select(delivery.endpoint_id, func.count()).where(delivery.status == "pending")
    return {endpoint_id: number for endpoint_id, number in session.execute(counted.group_by(delivery.endpoint_id))}


def _record(row: WebhookEndpointRow, waiting: Mapping[str, int]) -> WebhookRecord:
    return WebhookRecord(
        id=row.id,
        url=row.url,
        description=row.description,
        types=tuple(row.types),
        queues=tuple(row.queues),
        languages=tuple(row.languages),
        payload=cast(Payload, row.payload),
        enabled=row.enabled,
        disabled_reason=cast("DisabledReason | None", row.disabled_reason),
        disabled_at=row.disabled_at,
        created_at=row.created_at,
        failing_since=row.failing_since,
        succeeded_at=row.succeeded_at,
        previous_until=row.previous_until,
        pending=waiting.get(row.id, 0),
    )
