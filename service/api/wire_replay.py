"""The what-if replay as pydantic models: the request of `POST /v1/replays` and its answer. Part of `wire`."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from ..flow import Action, Band, Role
from ..replay.compare import Kind
from .wire import Identifier, Language, ModelOut, PolicyOut, Request, TurnText
from .wire_policy import MatrixChangesOut, PolicyEdits

MAX_STORED: Final = 2000
MAX_INLINE: Final = 200
MAX_INLINE_TURNS: Final = 2000
"""In all inline conversations together: each of them is scored while others wait for their turns."""
DEFAULT_LIMIT: Final = 500


class ReplayTurn(Request):
    """A turn of a conversation that is given with the call."""

    role: Role
    text: TurnText
    sent_at: Annotated[AwareDatetime | None, Field(description="20 seconds after the turn above, when left out.")] = (
        None
    )


class ReplayConversation(Request):
    """A conversation to replay: a stored one by its id alone, or one that is given with its turns."""

    id: Identifier
    turns: Annotated[list[ReplayTurn] | None, Field(min_length=1)] = None
    language: Annotated[Language | None, Field(description="Only groups the numbers; for given turns.")] = None
    escalated: Annotated[bool | None, Field(description="How it ended; for given turns.")] = None


def _named(value: object) -> object:
    """Read a bare id as the conversation of that name."""
    return {"id": value} if isinstance(value, str) else value


Named = Annotated[ReplayConversation, BeforeValidator(_named, json_schema_input_type=Identifier | ReplayConversation)]


class ReplayRequest(PolicyEdits):
    """What to replay. Without `conversations`, the stored ones that the other fields let through, newest first."""

    since: Annotated[AwareDatetime | None, Field(description="Stored conversations heard of since.")] = None
    until: Annotated[AwareDatetime | None, Field(description="Stored conversations last heard of before.")] = None
    language: Language | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_STORED)] = DEFAULT_LIMIT
    conversations: Annotated[list[Named] | None, Field(min_length=1, max_length=MAX_STORED)] = None


class ReplayMetricsOut(BaseModel):
    """The alerts of some conversations; shares are null where there is nothing to divide by."""

    conversations: int
    customer_turns: int
    alerts: int
    alerts_per_100_conversations: float | None
    alerted: Annotated[int, Field(description="Conversations with an alert.")]
    labelled: Annotated[int, Field(description="Conversations whose outcome is known.")]
    escalated: int
    alerted_escalated: int
    alerted_calm: int
    late: Annotated[int, Field(description="Escalated ones whose first alert came after the escalation.")]
    precision: float | None
    recall: float | None
    false_positive_rate: float | None
    lead_median: Annotated[float | None, Field(description="Customer turns from first alert to escalation or end.")]
    lead_early: Annotated[float | None, Field(description="Share of the alerts in time that lead by 2 or more.")]


class RuleUseOut(BaseModel):
    """How often a rule mattered; a rule that never fired is listed with zeros."""

    rule: str
    action: Action
    fired: int
    decided: int
    alerts: int
    alerted_escalated: int
    alerted_calm: int


class ReplayCountOut(BaseModel):
    """Conversations, by outcome."""

    conversations: int
    escalated: int
    calm: int


class ReplayAlertOut(BaseModel):
    """An alert that a replay raised."""

    customer_turn: Annotated[int, Field(description="1 is the customer's first.")]
    turn_id: str
    action: Action
    queue: str | None
    rules: Annotated[list[str], Field(description="Those that fired; the first decided.")]
    level: float
    band: Band


class ReplayCaseOut(BaseModel):
    """A conversation whose alerts change."""

    conversation_id: str
    language: str
    escalated: bool | None
    kinds: list[Kind]
    rules: Annotated[list[str], Field(description="Those responsible for the first alert that differs.")]
    before: list[ReplayAlertOut]
    after: list[ReplayAlertOut]


class ReplayDiffOut(BaseModel):
    """What the replayed policy changes against today's."""

    against: PolicyOut
    metrics_before: Mapping[str, ReplayMetricsOut]
    matrix: MatrixChangesOut
    conversations: int
    changed: int
    turns_answered_otherwise: Annotated[int, Field(description="Customer turns, with or without an alert.")]
    kinds: Mapping[str, ReplayCountOut]
    rules: Mapping[str, ReplayCountOut]
    cases: list[ReplayCaseOut]
    cases_left_out: int


class ReplayOut(BaseModel):
    """What a replay found; metrics are under `all` and per language."""

    model: ModelOut
    policy: PolicyOut
    more: Annotated[bool, Field(description="Stored conversations beyond `limit` were left out.")]
    metrics: Mapping[str, ReplayMetricsOut]
    rules: list[RuleUseOut]
    diff: Annotated[ReplayDiffOut | None, Field(description="Null when neither policy nor changes were sent.")]
