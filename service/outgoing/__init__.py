"""Whatever this service says to other services on its own: one sender that can be pointed at nothing inside a network, and signed webhooks."""

from .envelope import CONTENT_TYPE, EVENT_TYPES, WEBHOOK_DISABLED, Payload, envelope
from .schedule import PING, SCHEDULE_S, Judged, Verdict, judge
from .sender import ANSWER_BYTES, TIMEOUT_S, Answered, Outcome, Refused, Sender, Unreachable, UnreachableKind
from .signing import new_secret, signed_headers
from .target import RefusedWhy, Target, read_target

__all__ = [
    "ANSWER_BYTES",
    "CONTENT_TYPE",
    "EVENT_TYPES",
    "PING",
    "SCHEDULE_S",
    "TIMEOUT_S",
    "WEBHOOK_DISABLED",
    "Answered",
    "Judged",
    "Outcome",
    "Payload",
    "Refused",
    "RefusedWhy",
    "Sender",
    "Target",
    "Unreachable",
    "UnreachableKind",
    "Verdict",
    "envelope",
    "judge",
    "new_secret",
    "read_target",
    "signed_headers",
]
