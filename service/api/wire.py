"""The public contract as pydantic models: JSON -> checked values, and the answers as /docs shows them.

The edge of the flow: nothing behind the routes knows pydantic. Requests are strict (unknown fields
are refused, so a typo never goes unnoticed). Answers are written by `store/serialise.py`; the models
here describe them for OpenAPI, and a test holds the two together.
"""

import unicodedata
from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from ..flow import Action, Band, ForecastReason, Role, Stage, Status, Trend
from ..risk.alerts import AlertStatus
from ..risk.policy import Queue
from ..store import ConversationStatus, Rank
from .wire_label import LabelsOut

MAX_TURNS: Final = 256
"""Most turns in one call of /v1/score."""

Language = Literal["vi", "tl", "cs", "en"]


def no_nul(text: str) -> str:
    """Refuse a NUL: no database keeps one, so none may be answered as if it were kept."""
    if "\0" in text:
        raise ValueError("must not hold a NUL character")
    return text


Identifier = Annotated[
    str, Field(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._:@+~=-]+$", examples=["chat-4711"])
]
"""Ids are the caller's own: letters, digits and `. _ : @ + ~ = -`. Keep personal data out of them."""
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:/ -]+$")]
Person = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=r"^[\w.:@+~='’ -]+$"),
    AfterValidator(lambda name: unicodedata.normalize("NFC", name)),
    Field(examples=["jana.novakova"]),
]
"""Somebody of the staff, by an id or a name: one spelling, one person."""
ActingPerson = Annotated[
    Person | None,
    Field(description="Who does it: required with a key; at the board whoever is signed in, and nobody else."),
]
TurnText = Annotated[str, Field(min_length=1, description="The message as it was written."), AfterValidator(no_nul)]


class Request(BaseModel):
    """Base of every body that is sent to us."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class TurnToScore(Request):
    """A turn of a stateless call."""

    text: TurnText
    role: Role = "customer"
    language: Annotated[Language | None, Field(description="Overrides the detected language.")] = None


class ScoreRequest(Request):
    """Turns to score, each alone; the order is kept."""

    turns: Annotated[list[TurnToScore], Field(min_length=1, max_length=MAX_TURNS)]


class TurnRequest(Request):
    """One message of a conversation."""

    turn_id: Identifier
    role: Role
    text: TurnText
    sent_at: Annotated[
        AwareDatetime | None,
        Field(description="ISO 8601 with a zone, or seconds since the epoch; now, when left out."),
    ] = None
    contact_id: Identifier | None = None
    queue: Name | None = None
    channel: Name | None = None

    def sent_at_s(self) -> float | None:
        """Return the time in seconds since the epoch, or None when the caller gave none."""
        return self.sent_at.timestamp() if self.sent_at is not None else None


class EvidenceOut(BaseModel):
    """A word and how much it moved a signal; positions count characters of the text as sent."""

    signal: str
    start: int
    end: int
    weight: float


class ScoreOut(BaseModel):
    """What the model says of one turn, calibrated."""

    status: Status
    abstain_reason: str | None
    language: str
    language_probability: float
    scores: Mapping[str, float]
    flags: Annotated[Mapping[str, bool], Field(description="Per signal and for `asks_human`.")]
    asks_human: float
    threat_kind: str | None
    sentiment: Mapping[str, float]
    evidence: list[EvidenceOut]


class ModelOut(BaseModel):
    """The model that answered."""

    version: str
    digest: str
    precision: str


class PolicyOut(BaseModel):
    """The policy that decided."""

    version: str


class ScoresOut(BaseModel):
    """Scores in the order of the turns; null where an agent or a bot wrote."""

    model: ModelOut
    policy: PolicyOut
    results: list[ScoreOut | None]


class ForecastOut(BaseModel):
    """The probability that the conversation escalates now or within the next customer turns."""

    probability: float
    within_turns: int
    because: Annotated[
        list[ForecastReason],
        Field(description="What raises it above a usual conversation's, the strongest first; may be empty."),
    ]


class RiskOut(BaseModel):
    """Where the conversation stands."""

    level: float
    band: Band
    trend: Trend
    stage: Stage
    forecast: Annotated[ForecastOut | None, Field(description="Null before the first scored customer turn.")] = None


class PhraseOut(BaseModel):
    """A sentence for the agent."""

    id: str
    language: str
    technique: str
    stage: Stage
    text: str


class ReasonOut(BaseModel):
    """Why a rule fired."""

    rule: str
    because: str
    evidence: list[EvidenceOut]
    collect: Annotated[list[str], Field(description="Facts that whoever takes this over will need.")] = []


class RecommendationOut(BaseModel):
    """What to do now."""

    action: Action
    queue: str | None
    respond_within_s: int | None
    phrases: list[PhraseOut]
    reasons: list[ReasonOut]


class AssessmentOut(BaseModel):
    """The answer to one turn."""

    conversation_id: str
    turn_id: str
    score: ScoreOut | None
    risk: RiskOut
    recommendation: RecommendationOut
    bot_muted: Annotated[
        bool, Field(description="A person has taken over: a chat bot stays silent until this is false again.")
    ]
    model: ModelOut
    policy: PolicyOut


class AlertMarkOut(BaseModel):
    """A conversation's live alert in a row of the board; `GET /v1/alerts` tells more."""

    alert_id: str
    status: AlertStatus
    action: Action
    queue: Annotated[Queue, Field(description="Whom it is addressed to now.")]
    due_at: Annotated[float | None, Field(description="When it climbs unless somebody accepts it; null while held.")]


class ConversationOut(BaseModel):
    """A row of the board. Times are seconds since the epoch."""

    conversation_id: str
    contact_id: str | None
    queue: str | None
    channel: str | None
    language: str | None
    status: ConversationStatus
    owner: Annotated[str | None, Field(description="Who claimed it, accepted it or is in it.")]
    deadline: Annotated[float | None, Field(description="When it is open again unless its owner goes on.")]
    risk: RiskOut
    action: Action
    turn_count: int
    created_at: float
    updated_at: float
    last_turn_at: float
    waiting_since: float | None
    last_customer_text: Annotated[str | None, Field(description="Redacted, and cut to 120 characters.")]
    risk_history: Annotated[list[float], Field(description="After each of the last 20 customer turns.")]
    alert: AlertMarkOut | None
    event_id: Annotated[int, Field(description="The latest event of this conversation that is in this row.")]


class ConversationsOut(BaseModel):
    """A page of the board, riskiest first; `next_cursor` asks for the next one."""

    conversations: list[ConversationOut]
    next_cursor: str | None


class TurnOut(BaseModel):
    """A stored turn and what was answered to it; every span counts characters of this text."""

    turn_id: str
    role: Role
    text: str | None
    sent_at: float
    received_at: float
    score: ScoreOut | None
    risk: RiskOut
    recommendation: RecommendationOut
    bot_muted: bool
    model: ModelOut
    policy: PolicyOut
    labels: Annotated[list[LabelsOut], Field(description="What people say of it; the score stays as it was.")]


class ConversationDetailOut(ConversationOut):
    """A conversation with every turn, oldest first."""

    turns: list[TurnOut]


class MeOut(BaseModel):
    """Who asks."""

    kind: Annotated[
        Literal["secret", "session", "panel"], Field(description="A key, or a person at the board or in a panel.")
    ]
    name: Annotated[str, Field(description="Under which its actions are kept.")]
    display_name: str
    role: Rank


class ErasedOut(BaseModel):
    """What was erased, and which models had scored it."""

    conversations: int
    turns: int
    model_versions: list[str]


class EventOut(BaseModel):
    """The `data` of a server-sent event; its `id` and `event` stand beside it."""

    conversation_id: str
    at: float
    data: Mapping[str, object]


class ReadyOut(BaseModel):
    """Everything that is needed to answer works."""

    status: Literal["ready"]
    version: str
    model: ModelOut
    policy: PolicyOut
