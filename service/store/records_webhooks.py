"""What the store answers about webhooks: frozen values. Part of `records`."""

from dataclasses import dataclass, field
from typing import Literal

from ..flow import Event
from ..outgoing import Payload, RefusedWhy, UnreachableKind

DisabledReason = Literal["person", "gone", "failing"]
"""Somebody did it · the receiver answered 410 · nothing but failures for days."""
DeliveryStatus = Literal["pending", "delivered", "failed"]
TryResult = Literal["answered"] | RefusedWhy | UnreachableKind


@dataclass(frozen=True, slots=True)
class WebhookRecord:
    """An endpoint, without its secret."""

    id: str
    url: str
    description: str
    types: tuple[str, ...]
    queues: tuple[str, ...]
    languages: tuple[str, ...]
    payload: Payload
    enabled: bool
    disabled_reason: DisabledReason | None
    disabled_at: float | None
    created_at: float
    failing_since: float | None
    succeeded_at: float | None
    previous_until: float | None
    """Until then the secret before this one signs too."""
    pending: int
    """Messages that wait to be sent, or sent again."""


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """An endpoint with a secret that was just made; `secret_once` is the only copy that leaves the store."""

    record: WebhookRecord
    secret_once: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WebhookSpec:
    """What an administrator decides of an endpoint."""

    url: str
    types: tuple[str, ...]
    description: str = ""
    queues: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    payload: Payload = "thin"


@dataclass(frozen=True, slots=True)
class WebhookChange:
    """What shall be different about an endpoint; None leaves it as it is."""

    url: str | None = None
    types: tuple[str, ...] | None = None
    description: str | None = None
    queues: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    payload: Payload | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt to send a message."""

    at: float
    result: TryResult
    status: int | None
    """Of the answer, when there was one."""
    took_ms: int


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A message to an endpoint, and what came of it."""

    id: int
    endpoint_id: str
    message_id: str
    type: str
    conversation_id: str | None
    at: float
    status: DeliveryStatus
    attempts: int
    tries: tuple[Try, ...]
    next_at: float | None
    created_at: float
    ended_at: float | None


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Some messages, and where the next ones begin (None: these were the last)."""

    items: tuple[DeliveryRecord, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this worker, and no other, sends until its lease ends."""

    delivery_id: int
    endpoint_id: str
    lease: float
    url: str
    secrets: tuple[str, ...] = field(repr=False)
    message_id: str
    event_id: str
    event: Event
    payload: Payload
    attempts: int
    """Before this one."""
