"""What the store answers: frozen values, detached from the database.

`flow.Event` is used as it is. JSON values are plain dicts and lists, ready to be sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..flow import Action, Band, Event, Risk, Role, Score, Turn
from ..risk.alert_summary import Summary
from ..risk.alerts import Alert, AlertStatus
from ..risk.corrections import Correction
from ..risk.handoff import ConversationStatus, Handoff, HandoffStep, Outcome
from ..risk.policy import Queue
from ..risk.similar import Match


@dataclass(frozen=True, slots=True)
class RecordedTurn:
    """The answer to a turn, on disk by the time it is returned."""

    created: bool
    """False: the turn was stored before and `assessment` is the first answer."""
    assessment: dict[str, object]
    events: tuple[Event, ...]
    """What this turn published; empty when it was stored before."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The answer to a hand-off's action, on disk by the time it is returned."""

    changed: bool
    """False: it was so already, and nothing was written."""
    handoff: Handoff
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """Which conversations to list; None lets everything through."""

    band: Band | None = None
    language: str | None = None
    queue: str | None = None
    status: ConversationStatus | None = None
    resolved: bool | None = None
    owner: str | None = None
    active_since: float | None = None
    """Those that received a turn at this time or later."""
    ids: tuple[str, ...] | None = None
    id_contains: str | None = None


@dataclass(frozen=True, slots=True)
class AlertMark:
    """A conversation's live alert, as far as a row of the board shows it."""

    alert_id: str
    status: AlertStatus
    action: Action
    queue: Queue
    due_at: float | None


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A row of the board."""

    conversation_id: str
    contact_id: str | None
    queue: str | None
    channel: str | None
    language: str | None
    status: ConversationStatus
    """At the time of reading, as `owner` and `deadline`: what lapsed is open."""
    owner: str | None
    deadline: float | None
    risk: Risk
    action: Action
    """The latest recommendation's action."""
    turns: int
    created_at: float
    updated_at: float
    """When we last received a turn; the board's order of recency, whatever clock the sender has."""
    last_turn_at: float
    """The latest `sent_at` of its turns."""
    waiting_since: float | None
    last_customer_text: str | None
    """Beginning of the customer's last message, redacted; None when there is none or texts are not kept."""
    risk_history: tuple[float, ...]
    """Risk after each of the customer's latest turns, oldest first."""
    alert: AlertMark | None
    event_id: int
    """The latest event of this conversation: all up to it are in this row, none after it is."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some conversations, and where the next ones begin (None: these were the last)."""

    items: tuple[ConversationSummary, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A stored turn. Every span, in `score` and in `assessment`, counts characters of this `text`."""

    turn_id: str
    role: Role
    text: str | None
    """Redacted; None when texts are not kept."""
    sent_at: float
    received_at: float
    score: Score | None
    assessment: Mapping[str, object]
    labels: tuple[Correction, ...] = ()
    """What people say of it: the latest of each."""


@dataclass(frozen=True, slots=True)
class ConversationRecord:
    """A conversation with all its turns and hand-offs, oldest first."""

    summary: ConversationSummary
    turns: tuple[TurnRecord, ...]
    handoff: Handoff
    """Who has it, at the time of reading."""
    handoffs: tuple[HandoffStep, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Which conversations to replay; None lets everything through."""

    since: float | None = None
    """Those that received a turn at this time or later…"""
    until: float | None = None
    """…and none at this time or later."""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class HeardTurn:
    """A turn as it can be replayed; its text is the redacted one, and the score's spans count its characters."""

    turn: Turn
    received_at: float
    score: Score | None
    text_kept: bool
    """False: texts are not kept, and the turn's is empty."""


@dataclass(frozen=True, slots=True)
class HeardConversation:
    """A conversation as it can be replayed, its turns in the order of arrival."""

    conversation_id: str
    language: str | None
    turns: tuple[HeardTurn, ...]
    handoffs: tuple[HandoffStep, ...] = ()
    earlier_conversations: int = 0
    """How often the contact had been here, as it was counted when the contact was first named."""


ListedStatus = Literal[AlertStatus, "ended"]
"""What a list may ask for: `ended` is withdrawn or closed."""


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts to list; without a status the live ones."""

    status: ListedStatus | None = None
    queue: Queue | None = None


@dataclass(frozen=True, slots=True)
class AlertPage:
    """Some alerts, and where the next ones begin (None: these were the last)."""

    items: tuple[Alert, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Ticked:
    """What the clock did to alerts."""

    events: tuple[Event, ...]
    held: Mapping[str, int]
    """By queue, how many wait for their budget now."""


@dataclass(frozen=True, slots=True)
class AlertReport:
    """How the alerts of some days did, and how full the queues' budgets are now."""

    summary: Summary
    used_last_hour: Mapping[str, int]
    next_slot_at: Mapping[str, float]
    """When each queue whose budget is used up has room again."""
    held: Mapping[str, int]
    budgets: Mapping[str, int]
    """By queue, those that have one; 0 is no limit."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What ended a conversation."""

    conversation_id: str
    at: float
    """When it was resolved last."""
    by: str
    note: str | None
    """Redacted, every note of its resolutions; None when there is none, or texts are not kept."""
    outcome: Outcome | None
    queue: str | None
    language: str | None
    rules: tuple[str, ...]
    threat_kinds: tuple[str, ...]
    came_back: bool
    """The customer wrote in it again afterwards, and not only to say thanks."""


@dataclass(frozen=True, slots=True)
class SimilarResolution:
    """What ended a similar conversation, and what it has in common with the one that was asked about."""

    resolution: Resolution
    match: Match


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, when. No customer text is in it."""

    id: int
    at: float
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Purged:
    """What one step of `Store.purge_before` erased, and whether it was the last one."""

    conversations: int
    events: int
    """Events of conversations that stay."""
    done: bool


@dataclass(frozen=True, slots=True)
class ErasedContact:
    """How much was erased, and which models had scored it."""

    conversations: int
    turns: int
    model_versions: tuple[str, ...]
