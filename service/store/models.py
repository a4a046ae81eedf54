"""What the store keeps: the tables, and nothing else about them.

    conversations 1 -- n turns          the state after the last turn | every turn and its first answer
    conversations 1 -- n handoffs       who has it now (columns) | who did what, when (rows, only ever added to)
    conversations 1 -- n alerts         at most one of them live
    conversations 1 -- 1 conversation_facts, 0..1 resolutions     what reports need | what solved it, to be searched
    conversations 1 -- n labels         what people say of a customer's turn (rows, only ever added to)
    conversations 1 -- n events         the outbox of the live stream, in commit order
    api_keys, audit                     who may call | who changed what

People and what administrators set are in `models_people.py`, connections to desks in `models_desks.py`. Times are seconds since the epoch (UTC). A change
here needs a revision in `migrations/versions/`; a test compares the two.
"""

from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Double, ForeignKey, Index, Integer, MetaData, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Only an INTEGER primary key numbers itself in SQLite.
BigId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Maps Python types to columns, and names constraints so that migrations can address them."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        float: Double,
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
    }
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class ConversationRow(Base):
    """A conversation as it stands; the columns beside `state` are what the board filters and sorts by."""

    __tablename__ = "conversations"
    __table_args__ = (Index(None, "risk_level", "updated_at", "id"), Index(None, "updated_at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str | None]
    queue: Mapped[str | None]
    channel: Mapped[str | None]
    language: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="open")
    """As it was left; with `handoff_deadline` behind us it is open again (`risk.handoff.standing`)."""
    owner: Mapped[str | None] = mapped_column(index=True)
    handoff_by: Mapped[str | None]
    handoff_at: Mapped[float | None]
    handoff_deadline: Mapped[float | None]
    state: Mapped[dict[str, Any] | None]
    """`ConversationState` as JSON; null until the first turn is in."""
    risk_level: Mapped[float] = mapped_column(default=0.0)
    band: Mapped[str] = mapped_column(default="calm")
    trend: Mapped[str] = mapped_column(default="steady")
    stage: Mapped[str] = mapped_column(default="connected")
    action: Mapped[str] = mapped_column(default="none")
    turns: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[float]
    updated_at: Mapped[float]
    last_turn_at: Mapped[float]
    waiting_since: Mapped[float | None]
    event_id: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """The latest event of this conversation: a reader tells by it which events the row holds already."""


class TurnRow(Base):
    """A turn and the answer that it got first."""

    __tablename__ = "turns"
    __table_args__ = (
        UniqueConstraint("conversation_id", "turn_id"),
        UniqueConstraint("conversation_id", "seq"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    turn_id: Mapped[str]
    seq: Mapped[int]
    """1, 2, 3… in the order of arrival."""
    contact_id: Mapped[str | None] = mapped_column(index=True)
    role: Mapped[str]
    queue: Mapped[str | None]
    """As the turn named it; a change of queue is a transfer, which a replay must see."""
    text: Mapped[str | None]
    """Redacted; null when texts are not kept."""
    fingerprint: Mapped[str]
    """Short hash of role and redacted text: tells a repeat from another turn under the same id."""
    redactions: Mapped[list[Any]]
    """Which spans of the received text were replaced, to move evidence onto `text`."""
    sent_at: Mapped[float]
    received_at: Mapped[float]
    score: Mapped[dict[str, Any] | None]
    """The whole score, for replays; null for agents and bots."""
    assessment: Mapped[dict[str, Any]]
    """Exactly what was answered; its spans count characters of the text as it was received."""
    model_version: Mapped[str]
    model_digest: Mapped[str]
    policy_version: Mapped[str]


class HandoffRow(Base):
    """What somebody did with a conversation; only ever added to."""

    __tablename__ = "handoffs"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    action: Mapped[str]
    by: Mapped[str]
    at: Mapped[float]
    deadline: Mapped[float | None]
    after_seq: Mapped[int]
    """`seq` of the conversation's last turn at that time."""
    note: Mapped[str | None]
    """Redacted; null when texts are not kept."""
    outcome: Mapped[str | None]


_LIVE_ALERT = text("status IN ('held', 'raised', 'acknowledged', 'snoozed')")


class AlertRow(Base):
    """`risk.alerts.Alert` column by column, and what it is sorted by."""

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("id"),
        # The database itself refuses a second live alert of a conversation.
        Index(
            "ux_alerts_live_conversation_id",
            "conversation_id",
            unique=True,
            sqlite_where=_LIVE_ALERT,
            postgresql_where=_LIVE_ALERT,
        ),
        Index(None, "status", "due_at"),
        Index(None, "queue", "addressed_at"),
        Index(None, "rank", "opened_at", "id"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigId, primary_key=True)
    """The alert of a conversation with the greatest one was opened last."""
    id: Mapped[str]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    turn_id: Mapped[str]
    queue: Mapped[str]
    action: Mapped[str]
    rules: Mapped[list[Any]]
    level: Mapped[float]
    status: Mapped[str]
    rank: Mapped[int]
    respond_within_s: Mapped[int]
    opened_at: Mapped[float] = mapped_column(index=True)
    updated_at: Mapped[float]
    raised_at: Mapped[float | None]
    addressed_at: Mapped[float | None]
    due_at: Mapped[float | None]
    climbs: Mapped[int]
    merged: Mapped[int]
    acknowledged_at: Mapped[float | None]
    acknowledged_by: Mapped[str | None]
    acknowledged_in_time: Mapped[bool | None]
    snoozed_until: Mapped[float | None]
    ended_at: Mapped[float | None]
    settled_level: Mapped[float | None]
    justified: Mapped[bool | None]


class FactsRow(Base):
    """`reports.facts.ConversationFacts` column by column: narrow, because a report reads very many."""

    __tablename__ = "conversation_facts"
    # The second one finds out whether a contact came back.
    __table_args__ = (Index(None, "began_at"), Index(None, "contact_id", "began_at"), Index(None, "resolved_at"))

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    began_at: Mapped[float]
    contact_id: Mapped[str | None]
    queue: Mapped[str | None]
    language: Mapped[str | None]
    first_customer_at: Mapped[float | None]
    first_reply_at: Mapped[float | None]
    alerted_at: Mapped[float | None]
    escalated_at: Mapped[float | None]
    resolved_at: Mapped[float | None]
    came_back_at: Mapped[float | None]
    outcome: Mapped[str | None]
    rules: Mapped[str]
    """Ids, each between two blanks, as those of the two columns below."""
    deciding_rules: Mapped[str]
    threat_kinds: Mapped[str]


class ResolutionRow(Base):
    """The words by which a resolution is found: its notes, and what the customer came with."""

    __tablename__ = "resolutions"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[float] = mapped_column(index=True)
    note: Mapped[str]
    """Redacted, folded words, a blank before each; `issue` too."""
    issue: Mapped[str]


class LabelRow(Base):
    """What somebody said of a customer's turn, or that they took it back; only ever added to."""

    __tablename__ = "labels"
    __table_args__ = (Index(None, "conversation_id", "turn_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    turn_id: Mapped[str]
    by: Mapped[str]
    at: Mapped[float] = mapped_column(index=True)
    withdrawn: Mapped[bool]
    """Their labels before this do not count any more; the columns of this row are null."""
    frustration: Mapped[int | None]
    abuse: Mapped[int | None]
    threat: Mapped[int | None]
    asks_human: Mapped[int | None]
    threat_kind: Mapped[str | None]
    sentiment: Mapped[str | None]
    model_version: Mapped[str]
    answer: Mapped[dict[str, Any]]
    """The score that was corrected or confirmed, without its evidence: a summary reads many of these and no turn."""


class EventRow(Base):
    """What happened, in the order it was committed (see `outbox.py`)."""

    __tablename__ = "events"
    # AUTOINCREMENT: an id is never used twice, not even after the newest event was erased.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    type: Mapped[str]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    at: Mapped[float] = mapped_column(index=True)
    data: Mapped[dict[str, Any]]


class KeyRow(Base):
    """An API key; of its secret there is only a hash."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    prefix: Mapped[str] = mapped_column(index=True)
    hash: Mapped[str]
    origins: Mapped[list[Any]]
    answers: Mapped[str]
    created_at: Mapped[float]
    revoked_at: Mapped[float | None]
    last_used_at: Mapped[float | None]


class AuditRow(Base):
    """Who did what, when; only ever added to."""

    __tablename__ = "audit"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[float]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]]
