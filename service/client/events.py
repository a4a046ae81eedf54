"""A server-sent event -> `Event`: what happened to a conversation, as the stream of the service tells it. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from .attempts import pause_s
from .failures import Unreachable
from .requesting import Service, Stream, json_of, received, refusal

SILENCE_S: Final = 60.0
"""A stream that says nothing for so long is broken: the service sends a heartbeat every 15 seconds."""
REOPEN_S: Final = 1.0
"""Before a stream that ended is opened again: it lives for a limited time."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was committed; `data` is as `GET /v1/events` documents it for the type."""

    id: int
    type: str
    conversation_id: str
    at: float
    """Seconds since the epoch."""
    data: Mapping[str, Any]


def following(service: Service, after: int | None) -> Stream:
    """Return the request of a stream, from after this event on."""
    return {
        "url": f"{service.url.rstrip('/')}/v1/events",
        "params": {} if after is None else {"after": after},
        "headers": service.headers() | {"Accept": "text/event-stream"},
        "timeout": httpx2.Timeout(10.0, read=SILENCE_S),
    }


def event_of(sent: httpx2.ServerSentEvent) -> Event | None:
    """Return the event; None for what is no event of ours, such as a heartbeat."""
    if not sent.id.isdecimal():
        return None
    content = json.loads(sent.data)
    return Event(int(sent.id), sent.event, content["conversation_id"], content["at"], content["data"])


def reopen_s(response: httpx2.Response | None, failures: int, attempts: int, chance: float) -> float:
    """Return the seconds until a stream that is over is opened again. Raises `ApiError` and `Unreachable`.

    `failures` counts the openings since the last that was answered with a stream; `response` is None when nothing
    answered the last one.
    """
    if response is not None and response.is_success:
        return REOPEN_S
    pause = pause_s(received(response), repeatable=True, attempt=failures, attempts=attempts, chance=chance)
    if pause is not None:
        return pause
    if response is None:
        raise Unreachable("nothing answered at this address")
    raise refusal(response.status_code, json_of(response))
