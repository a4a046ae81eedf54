"""Stored events -> messages to the endpoints that want them -> each claimed by one worker, sent, and its end written down.

    fan_out   events after an endpoint's cursor become messages; the cursor moves in the same transaction
    claim     what is due gets a lease: no other worker sends it before the lease ends, also when this one was killed
    finish    delivered, due again later, or given up; a report counts only under the lease that it was claimed with

So every message is sent at least once under one `webhook-id`, and never by two workers at the same time. Where
messages pile up, the cursor waits: the outbox keeps the events.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from time import time
from typing import Final

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from ..flow import Event
from ..outgoing import PING, Judged
from .database import Database
from .keys import write_audit
from .models import ConversationRow, EventRow
from .models_webhooks import WebhookDeliveryRow, WebhookEndpointRow
from .outbox import last_event_id
from .records_webhooks import Claimed, Try
from .webhooks import disable, host_of, locked, new_message

SCAN: Final = 1000
"""Most events that one step looks at for one endpoint."""
MAX_WAITING: Final = 10_000
"""Messages that may wait for one endpoint; beyond, its cursor waits."""
LEASE_S: Final = 60.0
"""Well above the time that an attempt may take, and what it costs when a worker is killed."""
AT_ONCE: Final = 4
"""Attempts under way to one endpoint, from one worker."""
FAILING: Final = 5
"""Failures in a row from which on one attempt at a time is enough."""
DISABLE_AFTER_S: Final = 3 * 24 * 3600.0
DISABLE_AFTER: Final = 10
"""An endpoint that for so long, and so often in a row, only failed is disabled."""
KEPT_TRIES: Final = 20
SERVICE: Final = "service"
"""Under which name the service's own changes stand in the audit trail."""


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Moves messages; safe to be used by any number of workers at once."""

    database: Database
    clock: Callable[[], float] = time

    def fan_out(self) -> int:
        """Write the messages of new events; return how many."""
        newest = last_event_id(self.database)
        with self.database.read() as session:
            wants = select(WebhookEndpointRow).where(WebhookEndpointRow.enabled, WebhookEndpointRow.cursor < newest)
            behind = [row.id for row in session.scalars(wants) if _has_news(session, row, newest)]
        return sum(self._fan_out_to(endpoint_id, newest) for endpoint_id in behind)

    def claim(self, busy: Mapping[str, int]) -> list[Claimed]:
        """Take messages that are due; `busy` is how many this worker is sending to each endpoint."""
        now = self.clock()
        with self.database.read() as session:
            endpoints = session.scalars(select(WebhookEndpointRow))
            due = [
                row.id for row in endpoints if _room(row, busy) and session.scalar(_due(row, now).limit(1)) is not None
            ]
        claimed: list[Claimed] = []
        for endpoint_id in due:
            with self.database.write() as session:
                claimed += _claimed(session, endpoint_id, busy, now)
        return claimed

    def finish(self, claimed: Claimed, judged: Judged, tried: Try) -> bool:
        """Write an attempt down; False when the lease was lost. An endpoint that is gone, or fails for days, is disabled."""
        now = self.clock()
        with self.database.write() as session:
            endpoint = locked(session, claimed.endpoint_id)
            row = session.get(WebhookDeliveryRow, claimed.delivery_id, with_for_update=True)
            if endpoint is None or row is None or row.leased_until != claimed.lease:
                return False
            row.attempts += 1
            row.tries = [*row.tries, asdict(tried)][-KEPT_TRIES:]
            _settle(row, judged, now, again=endpoint.enabled)
            if judged.verdict == "delivered":
                endpoint.failures, endpoint.failing_since, endpoint.succeeded_at = 0, None, now
            elif row.type != PING:
                _count_failure(session, endpoint, gone=judged.verdict == "gone", now=now)
            return True

    def _fan_out_to(self, endpoint_id: str, newest: int) -> int:
        with self.database.write() as session:
            mine = select(WebhookEndpointRow).where(WebhookEndpointRow.id == endpoint_id, WebhookEndpointRow.enabled)
            endpoint = session.scalar(mine.with_for_update(key_share=True, skip_locked=True))
            if endpoint is None or endpoint.cursor >= newest or _is_full(session, endpoint_id):
                return 0
            upto = min(endpoint.cursor + SCAN, newest)
            messages = [
                new_message(endpoint_id, event.id, event.type, event.at, self.clock())
                for event, queue, language in session.execute(_news(endpoint, upto))
                if _wanted(endpoint, event, queue, language)
            ]
            session.add_all(messages)
            endpoint.cursor = upto
            return len(messages)


def _has_news(session: Session, endpoint: WebhookEndpointRow, newest: int) -> bool:
    """Whether to open a write transaction: something may be wanted, or the cursor is far behind."""
    if newest - endpoint.cursor >= SCAN:
        return True
    between = EventRow.id.between(endpoint.cursor + 1, newest)
    return session.scalar(select(EventRow.id).where(between, EventRow.type.in_(endpoint.types)).limit(1)) is not None


def _news(endpoint: WebhookEndpointRow, upto: int) -> Select[EventRow, str | None, str | None]:
    # Skipped is what is being erased at this moment.
    return (
        select(EventRow, ConversationRow.queue, ConversationRow.language)
        .join(ConversationRow, ConversationRow.id == EventRow.conversation_id)
        .where(EventRow.id.between(endpoint.cursor + 1, upto), EventRow.type.in_(endpoint.types))
        .order_by(EventRow.id)
        .with_for_update(of=EventRow, read=True, key_share=True, skip_locked=True)
    )


def _wanted(endpoint: WebhookEndpointRow, event: EventRow, queue: str | None, language: str | None) -> bool:
    """Whether an event passes the filters: its own queue, or that of its conversation; the conversation's language."""
    of_queue = not endpoint.queues or bool({queue, event.data.get("queue")} & set(endpoint.queues))
    return of_queue and (not endpoint.languages or language in endpoint.languages)


def _is_full(session: Session, endpoint_id: str) -> bool:
    waiting = select(WebhookDeliveryRow.id).where(
        WebhookDeliveryRow.endpoint_id == endpoint_id, WebhookDeliveryRow.status == "pending"
    )
    return session.scalar(waiting.offset(MAX_WAITING - 1).limit(1)) is not None


def _due(endpoint: WebhookEndpointRow, now: float) -> Select[WebhookDeliveryRow]:
    """Find what may be sent to an endpoint now, the longest due first; a disabled one may still be tried."""
    delivery = WebhookDeliveryRow
    free = or_(delivery.leased_until.is_(None), delivery.leased_until < now)
    due = select(delivery).where(
        delivery.endpoint_id == endpoint.id, delivery.status == "pending", delivery.next_at <= now, free
    )
    due = due if endpoint.enabled else due.where(delivery.type == PING)
    return due.order_by(delivery.next_at, delivery.id)


def _room(endpoint: WebhookEndpointRow, busy: Mapping[str, int]) -> int:
    return max(0, (AT_ONCE if endpoint.failures < FAILING else 1) - busy.get(endpoint.id, 0))


def _claimed(session: Session, endpoint_id: str, busy: Mapping[str, int], now: float) -> list[Claimed]:
    endpoint = session.get(WebhookEndpointRow, endpoint_id)
    if endpoint is None:
        return []
    room = _room(endpoint, busy)
    rows = session.scalars(_due(endpoint, now).limit(room).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.leased_until = now + LEASE_S
    return [_claim_of(row, endpoint, session, now) for row in rows]


def _claim_of(row: WebhookDeliveryRow, endpoint: WebhookEndpointRow, session: Session, now: float) -> Claimed:
    told = None if row.event_id is None else session.get_one(EventRow, row.event_id)
    event = (
        Event(0, row.type, "", row.at, row.data or {})
        if told is None
        else Event(told.id, told.type, told.conversation_id, told.at, told.data)
    )
    old = endpoint.previous_secret
    still_old = old is not None and endpoint.previous_until is not None and now < endpoint.previous_until
    return Claimed(
        delivery_id=row.id,
        endpoint_id=endpoint.id,
        lease=now + LEASE_S,
        url=endpoint.url,
        secrets=(endpoint.secret, old) if still_old and old is not None else (endpoint.secret,),
        message_id=row.message_id,
        event_id=row.message_id if told is None else str(told.id),
        event=event,
        payload="full" if endpoint.payload == "full" else "thin",
        attempts=row.attempts,
    )


def _settle(row: WebhookDeliveryRow, judged: Judged, now: float, *, again: bool) -> None:
    row.leased_until = None
    if judged.verdict == "retry" and again:
        row.next_at = now + judged.wait_s
        return
    row.status, row.next_at, row.ended_at = ("delivered" if judged.verdict == "delivered" else "failed"), None, now


def _count_failure(session: Session, endpoint: WebhookEndpointRow, *, gone: bool, now: float) -> None:
    endpoint.failures += 1
    endpoint.failing_since = now if endpoint.failing_since is None else endpoint.failing_since
    for_days = endpoint.failures >= DISABLE_AFTER and now - endpoint.failing_since >= DISABLE_AFTER_S
    if endpoint.enabled and (gone or for_days):
        disable(session, endpoint, "gone" if gone else "failing", now)
        detail = {"host": host_of(endpoint.url), "reason": endpoint.disabled_reason, "failures": endpoint.failures}
        write_audit(session, now, SERVICE, "webhook.disabled", endpoint.id, detail)
