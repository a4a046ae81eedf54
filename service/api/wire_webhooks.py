"""Webhooks as pydantic models: what administrators send and are answered. Part of `wire`."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from ..outgoing import EVENT_TYPES, SCHEDULE_S, Payload
from ..outgoing.target import MAX_URL_CHARS
from ..store import DeliveryStatus, DisabledReason, TryResult
from .wire import Language, Name, Request

EventType = Literal[
    "turn.scored",
    "risk.changed",
    "alert.raised",
    "alert.changed",
    "handoff.changed",
    "label.corrected",
    "webhook.disabled",
]
assert EventType.__args__ == EVENT_TYPES  # type: ignore[attr-defined]

Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_URL_CHARS,
        description="Where to send: https, without a password in it. What it stands for must be a public address.",
        examples=["https://desk.example/hooks/evenkeel"],
    ),
]
Description = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Types = Annotated[
    tuple[EventType, ...], Field(min_length=1, max_length=len(EVENT_TYPES), description="Which events are sent.")
]
Queues = Annotated[
    tuple[Name, ...],
    Field(max_length=20, description="Only of these queues, of the event or of its conversation; empty: of all."),
]
Languages = Annotated[
    tuple[Language, ...], Field(max_length=4, description="Only of conversations in these languages; empty: of all.")
]
HowMuch = Annotated[
    Payload, Field(description="thin: ids and what happened; full: what `GET /v1/events` tells. No customer's words.")
]


class NewWebhookRequest(Request):
    """An endpoint to tell of events."""

    url: Url
    types: Types
    description: Description = ""
    queues: Queues = ()
    languages: Languages = ()
    payload: HowMuch = "thin"


class WebhookChangeRequest(Request):
    """What shall be different about an endpoint; what is left out stays."""

    url: Url | None = None
    types: Types | None = None
    description: Description | None = None
    queues: Queues | None = None
    languages: Languages | None = None
    payload: HowMuch | None = None
    enabled: Annotated[
        bool | None,
        Field(
            description="False: nothing is sent, and what waits has failed. True: it is told of what happens from now on."
        ),
    ] = None


class WebhookOut(BaseModel):
    """An endpoint. Times are seconds since the epoch."""

    id: str
    url: str
    description: str
    types: list[EventType]
    queues: list[str]
    languages: list[Language]
    payload: Payload
    enabled: bool
    disabled_reason: Annotated[
        DisabledReason | None,
        Field(description="person: somebody did it; gone: it answered 410; failing: only failures for three days."),
    ]
    disabled_at: float | None
    created_at: float
    failing_since: Annotated[float | None, Field(description="Since when every attempt failed.")]
    succeeded_at: float | None
    previous_until: Annotated[float | None, Field(description="Until then the secret before this one signs too.")]
    pending: Annotated[int, Field(description="Messages that wait to be sent, or sent again.")]


class WebhooksOut(BaseModel):
    """Every endpoint, oldest first."""

    webhooks: list[WebhookOut]


class NewSecretOut(WebhookOut):
    """An endpoint with a new secret."""

    secret: Annotated[str, Field(description="Verifies signatures; shown here and nowhere else.", examples=["whsec_…"])]


class TryOut(BaseModel):
    """One attempt."""

    at: float
    result: Annotated[
        TryResult,
        Field(description="answered, or why there is no answer: refused by us before it was sent, or unreachable."),
    ]
    status: Annotated[int | None, Field(description="Of the answer; 2xx is a success, everything else a failure.")]
    took_ms: int


class DeliveryOut(BaseModel):
    """A message and its last attempts. Times are seconds since the epoch."""

    id: int
    message_id: Annotated[str, Field(description="The header `webhook-id`, the same at every attempt.")]
    type: Annotated[str, Field(description="Of the event; or `ping`, of a test.")]
    conversation_id: str | None
    at: Annotated[float, Field(description="When the event happened.")]
    status: DeliveryStatus
    attempts: Annotated[int, Field(description=f"Since it was queued or asked for again; {len(SCHEDULE_S)} at most.")]
    tries: list[TryOut]
    next_at: Annotated[float | None, Field(description="When it is sent, or sent again.")]
    created_at: float
    ended_at: float | None


class DeliveriesOut(BaseModel):
    """A page of messages, newest first; `next_cursor` asks for the next one."""

    deliveries: list[DeliveryOut]
    next_cursor: str | None


class RetryRequest(Request):
    """Which failed messages to send again."""

    since: Annotated[AwareDatetime, Field(description="Queued since then.", examples=["2026-12-01T08:00:00+07:00"])]


class RetriedOut(BaseModel):
    """How many messages are sent again."""

    retried: int
