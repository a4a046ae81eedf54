"""An event -> the body of its webhook: a CloudEvents 1.0 envelope in JSON, the same bytes at every attempt. Pure.

Thin by default: ids and words from closed lists, so that a receiver knows what happened and asks us for the
rest with its key. "full" adds what the live stream tells. Neither holds what a customer wrote.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal

from ..flow import Event
from .schedule import PING

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
SOURCE: Final = "urn:evenkeel"
PREFIX: Final = "evenkeel."
WEBHOOK_DISABLED: Final = "webhook.disabled"
EVENT_TYPES: Final = (
    "turn.scored",
    "risk.changed",
    "alert.raised",
    "alert.changed",
    "handoff.changed",
    "label.corrected",
    WEBHOOK_DISABLED,
)
"""What an endpoint may ask for: every event of the live stream, and that another endpoint was disabled."""

Payload = Literal["thin", "full"]
_THIN: Final = ("turn_id", "alert_id", "change", "status", "action", "queue", "from", "to")
_OF_WEBHOOKS: Final = (PING, WEBHOOK_DISABLED)


def envelope(event_id: str, event: Event, payload: Payload) -> bytes:
    """Write an event down; `event_id` is its id in the live stream, or the message's where it is in none."""
    conversation = event.conversation_id
    written = {
        "specversion": "1.0",
        "id": event_id,
        "source": SOURCE,
        "type": PREFIX + event.type,
        **({"subject": conversation} if conversation else {}),
        "time": datetime.fromtimestamp(event.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {**({"conversation_id": conversation} if conversation else {}), **_data(event, payload)},
    }
    return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()


def _data(event: Event, payload: Payload) -> Mapping[str, object]:
    if payload == "full" or event.type in _OF_WEBHOOKS:
        return event.data
    return {name: event.data[name] for name in _THIN if name in event.data}
