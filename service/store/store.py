"""The store: conversations, turns, hand-offs, events and keys on disk; stage `record` of the online flow.

Every method is synchronous, safe to call from any thread and from several processes at once, and
has committed when it returns. Texts are redacted before they touch the disk. Every method raises
`StoreUnavailable` when the database cannot be reached or stays locked.
Try: `Store.open("sqlite:///scratch.db").list_keys()`
"""

from collections.abc import Callable, Sequence
from time import time
from typing import Final, Self

from ..engine import Step
from ..flow import ConversationState, Event, Turn
from ..reports.escalation import Question, Report
from ..risk.alert_actions import AlertChange
from ..risk.alerts import Alert
from ..risk.handoff import HandoffAction, Limits, Outcome
from . import (
    alert_reading,
    alert_tick,
    alerts,
    audit,
    conversations,
    erase,
    handoffs,
    heard,
    keys,
    outbox,
    reports,
    resolutions,
    turns,
)
from .changed_settings import ChangedSettings
from .connections import Connections
from .database import Database
from .deliveries import Deliveries
from .delivery_log import DeliveryLog
from .desk_effects import DeskEffects
from .labels import LabelStore
from .migrate import upgrade
from .people import People
from .records import (
    AlertFilter,
    AlertPage,
    AlertReport,
    AuditEntry,
    ConversationFilter,
    ConversationRecord,
    ErasedContact,
    HandedOver,
    HeardConversation,
    Page,
    Purged,
    RecordedTurn,
    Resolution,
    SimilarResolution,
    Ticked,
    Window,
)
from .records_keys import (
    Answers,
    KeyKind,
    KeyRecord,
    NewKey,
)
from .records_people import AuditFilter, AuditPage
from .sessions import Sessions
from .webhooks import Webhooks


class Store:
    """All reads and writes; open one per process."""

    def __init__(self, database: Database, *, store_text: bool = True, alert_budget: int = 0) -> None:
        self._database = database
        self._store_text = store_text
        self._alert_budget = alert_budget
        self.people: Final = People(database)
        self.sessions: Final = Sessions(database)
        self.settings: Final = ChangedSettings(database)
        self.webhooks: Final = Webhooks(database)
        self.deliveries: Final = Deliveries(database)
        self.delivery_log: Final = DeliveryLog(database)
        self.connections: Final = Connections(database)
        self.desk_effects: Final = DeskEffects(database)
        self.labels = LabelStore(database)
        """What people say of turns."""

    @classmethod
    def open(
        cls, database_url: str, *, store_text: bool = True, alert_budget: int = 0, busy_timeout_s: float = 10.0
    ) -> Self:
        """Connect, create or upgrade the schema, and return the store.

        `sqlite:///path` or `postgresql://…`. With `store_text=False` no text is kept, only scores.
        `alert_budget` is how many alerts an hour a queue gets; 0 is no limit.
        Raises `StoreError` for a URL that cannot be served or a database written by a newer version.
        """
        database = Database.connect(database_url, busy_timeout_s=busy_timeout_s)
        try:
            upgrade(database)
        except BaseException:
            database.close()
            raise
        return cls(database, store_text=store_text, alert_budget=alert_budget)

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def ping(self) -> None:
        """Check that the database takes writes now; raises `StoreUnavailable` when it does not."""
        self._database.ping()

    def record_turn(
        self, turn: Turn, conversation_id: str, received_at: float, step: Callable[[ConversationState], Step]
    ) -> RecordedTurn:
        """Take the conversation one turn further, in one transaction that holds the conversation.

        `step` is called at most once, with the state as it is now; keep it quick, and score before.
        The same `turn_id` again returns the first answer and changes nothing.
        Raises `TurnConflict` when that turn had another role or text; what `step` raises passes through.
        """
        return turns.record_turn(
            self._database,
            turn,
            conversation_id,
            received_at,
            step,
            store_text=self._store_text,
            alert_budget=self._alert_budget,
        )

    def hand_over(
        self,
        conversation_id: str,
        action: HandoffAction,
        by: str,
        *,
        now: float | None = None,
        note: str | None = None,
        outcome: Outcome | None = None,
        limits: Limits | None = None,
        via: str = "api",
        owner_only: bool = False,
    ) -> HandedOver | None:
        """Take an action on the conversation's hand-off, in one transaction that holds the conversation.

        With `owner_only`, it is refused to who does not have the conversation already.
        None when there is no such conversation. Taken again by the same person, an action changes
        nothing, unless it brings a new note or outcome. Raises `HandoffRefused` when somebody else has it.
        """
        return handoffs.hand_over(
            self._database,
            conversation_id,
            action,
            by,
            now=_or_now(now),
            note=note,
            outcome=outcome,
            limits=limits or Limits(),
            via=via,
            store_text=self._store_text,
            owner_only=owner_only,
        )

    def list_conversations(
        self,
        filter: ConversationFilter | None = None,
        limit: int = 50,
        cursor: str | None = None,
        *,
        now: float | None = None,
    ) -> Page:
        """List by risk, highest first, then by recency; who has which is told as of `now`. Raises `BadCursor`."""
        wanted = filter or ConversationFilter()
        return conversations.list_conversations(self._database, wanted, limit, cursor, now=_or_now(now))

    def conversation(self, conversation_id: str, *, now: float | None = None) -> ConversationRecord | None:
        """Return a conversation with all its turns and hand-offs in order, or None."""
        return conversations.conversation(self._database, conversation_id, now=_or_now(now))

    def ids_within(self, window: Window, limit: int) -> tuple[str, ...]:
        """Return the ids of the conversations in a window, the one that was heard of last first."""
        return heard.ids_within(self._database, window, limit)

    def heard(self, ids: Sequence[str]) -> tuple[HeardConversation, ...]:
        """Return these conversations for a replay, in this order; those that are gone are left out. Ask for a page."""
        return heard.heard(self._database, ids)

    def list_alerts(self, filter: AlertFilter | None = None, limit: int = 50, cursor: str | None = None) -> AlertPage:
        """List alerts by rank, highest first, then the longest waiting first; ended ones by time. Raises `BadCursor`."""
        return alert_reading.list_alerts(self._database, filter or AlertFilter(), limit, cursor)

    def alert(self, alert_id: str) -> Alert | None:
        """Return one alert, live or ended."""
        return alert_reading.find_alert(self._database, alert_id)

    def alerts_of(self, conversation_id: str) -> tuple[Alert, ...] | None:
        """Return the alerts of a conversation, live or ended, the latest first; None when it is unknown."""
        return alert_reading.alerts_of(self._database, conversation_id)

    def change_alert(self, alert_id: str, change: AlertChange, *, now: float | None = None) -> Alert | None:
        """Let a person acknowledge, snooze or dismiss an alert; None when it is unknown. Raises `AlertRefused`."""
        return alerts.change_alert(self._database, alert_id, change, _or_now(now))

    def tick_alerts(self, now: float) -> Ticked:
        """Let overdue alerts climb, wake those that slept long enough, give held ones the free slots."""
        return alert_tick.tick(self._database, now, self._alert_budget)

    def alert_report(self, days: int, *, now: float | None = None) -> AlertReport:
        """Return how the alerts that were opened in the last days did, and how full the budgets are."""
        return alert_reading.alert_report(self._database, days, _or_now(now), self._alert_budget)

    def escalation_report(self, question: Question, *, now: float | None = None) -> Report:
        """Return the report over the conversations that began in the question's periods."""
        return reports.escalation_report(self._database, question, now=_or_now(now))

    def find_resolutions(
        self, words: tuple[str, ...] = (), *, language: str | None = None, queue: str | None = None, limit: int = 20
    ) -> tuple[Resolution, ...]:
        """Return noted resolutions that hold all these words (`risk.search.words_of`), best first, else the latest."""
        return resolutions.find_resolutions(self._database, words, language=language, queue=queue, limit=limit)

    def similar_resolutions(self, conversation_id: str, limit: int = 5) -> tuple[SimilarResolution, ...] | None:
        """Return what ended conversations like this one, most similar first; None when there is no such conversation."""
        return resolutions.similar_resolutions(self._database, conversation_id, limit=limit)

    def events_after(self, event_id: int, limit: int = 500) -> list[Event]:
        """Return the first `limit` events with a greater id, in order; none will appear between them later."""
        return outbox.events_after(self._database, event_id, limit)

    def last_event_id(self) -> int:
        """Return the greatest event id, 0 when there is none."""
        return outbox.last_event_id(self._database)

    def create_key(
        self,
        kind: KeyKind,
        name: str,
        origins: tuple[str, ...] = (),
        *,
        answers: Answers = "full",
        now: float | None = None,
        actor: str = "cli",
    ) -> NewKey:
        """Make an API key; its secret is in the answer and nowhere else. Raises `StoreError` for a bad origin.

        With `answers="none"` a publishable key is told only that a turn arrived.
        """
        return keys.create_key(self._database, kind, name, origins, answers=answers, now=_or_now(now), actor=actor)

    def find_key(self, presented: str, *, now: float | None = None) -> KeyRecord | None:
        """Return the key that was presented; None when it is unknown or revoked."""
        return keys.find_key(self._database, presented, now=_or_now(now))

    def revoke_key(self, key_id: str, *, now: float | None = None, actor: str = "cli") -> bool:
        """Revoke a key; False when there is no such key in use."""
        return keys.revoke_key(self._database, key_id, now=_or_now(now), actor=actor)

    def list_keys(self) -> tuple[KeyRecord, ...]:
        """Return every key, revoked ones too, oldest first."""
        return keys.list_keys(self._database)

    def audit_trail(self, limit: int = 100) -> tuple[AuditEntry, ...]:
        """Return who did what to keys and contacts, newest first."""
        return keys.audit_trail(self._database, limit)

    def audit_page(self, filter: AuditFilter | None = None, limit: int = 50, cursor: str | None = None) -> AuditPage:
        """List entries of the audit trail, newest first. Raises `BadCursor`."""
        return audit.audit_page(self._database, filter or AuditFilter(), limit, cursor)

    def erase_contact(self, contact_id: str, *, now: float | None = None, actor: str = "api") -> ErasedContact:
        """Erase every conversation in which this contact took part: texts, scores, states and events."""
        return erase.erase_contact(self._database, contact_id, now=_or_now(now), actor=actor)

    def purge_before(self, timestamp: float, limit: int = 200) -> Purged:
        """Erase up to `limit` conversations that received nothing since, and as many older events of others.

        One short transaction; call it again, with a pause for those who write, until it is `done`.
        """
        return erase.purge_before(self._database, timestamp, limit)


def _or_now(now: float | None) -> float:
    return time() if now is None else now
