"""Hand-offs as pydantic models: the action that is sent, the standing that is answered, and the packet. Part of `wire`."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, field_validator

from ..flow import Band, Role, Stage, Trend
from ..risk.handoff import ConversationStatus, HandoffAction, Outcome
from .wire import ActingPerson, EvidenceOut, Language, Request, no_nul

MAX_NOTE_CHARS: Final = 2000


class HandoffRequest(Request):
    """What somebody does with a conversation."""

    action: HandoffAction
    by: ActingPerson = None
    note: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=MAX_NOTE_CHARS,
            description="Redacted before it is kept; not kept where texts are not.",
        ),
        AfterValidator(lambda note: note if note is None else no_nul(note)),
    ] = None
    outcome: Annotated[Outcome | None, Field(description="With `resolve` only.")] = None

    @field_validator("outcome")
    @classmethod
    def _only_of_a_resolution(cls, outcome: Outcome | None, info: ValidationInfo) -> Outcome | None:
        if outcome is not None and info.data.get("action", "resolve") != "resolve":
            raise ValueError("belongs to the action `resolve` only")
        return outcome


class HandoffOut(BaseModel):
    """Who has the conversation. Times are seconds since the epoch."""

    conversation_id: str
    status: ConversationStatus
    owner: Annotated[str | None, Field(description="Who claimed it, accepted it or is in it.")]
    by: Annotated[str | None, Field(description="Who brought it into this status; null when time or the customer did.")]
    at: float | None
    deadline: Annotated[float | None, Field(description="When it is open again unless its owner goes on.")]
    bot_muted: Annotated[bool, Field(description="A chat bot stays silent while somebody has accepted or joined.")]


class HandoffStepOut(BaseModel):
    """An action that was taken."""

    action: HandoffAction
    by: str
    at: float
    deadline: float | None
    after_seq: Annotated[int, Field(description="The conversation had so many turns.")]
    note: str | None
    outcome: Outcome | None


class QuoteOut(BaseModel):
    """A passage in its original language: characters `start` to `end` of the stored turn."""

    turn_id: str
    role: Role
    at: float
    text: str
    start: int
    end: int
    signals: list[str]
    evidence: Annotated[list[EvidenceOut], Field(description="Positions count characters of this quote.")]


class ThreatOut(BaseModel):
    """A kind of threat, where it was made, and what to find out about it."""

    kind: str
    name: str
    turn_ids: list[str]
    quotes: list[QuoteOut]
    facts: list[str]


class PointOut(BaseModel):
    """The risk after a customer's turn."""

    turn_id: str
    at: float
    level: float
    band: Band


class RiskCurveOut(BaseModel):
    """The risk now and how it came there."""

    level: float
    band: Band
    trend: Trend
    stage: Stage
    curve: list[PointOut]


class FiredOut(BaseModel):
    """A rule that fired, those of the latest turn first."""

    rule: str
    because: str
    times: int
    last_turn_id: str


class MoodOut(BaseModel):
    """The sentiment of a turn."""

    turn_id: str
    sentiment: str
    word: str


class PacketOut(BaseModel):
    """For the person who takes over: words in `language`, quotes in the original."""

    language: Language
    conversation_language: str | None
    titles: Annotated[Mapping[str, str], Field(description="A heading for each part.")]
    summary: list[str]
    issue: list[QuoteOut]
    tried: list[QuoteOut]
    promised: list[QuoteOut]
    threats: list[ThreatOut]
    risk: RiskCurveOut | None
    quotes: list[QuoteOut]
    reasons: list[FiredOut]
    waiting_since: float | None
    waiting_s: float
    sentiment_at_start: MoodOut | None
    sentiment_now: MoodOut | None


class HandoffDetailOut(HandoffOut):
    """Who has the conversation, how it came to that, and what to know before the first word."""

    log: list[HandoffStepOut]
    packet: PacketOut
