"""Reports and resolutions as pydantic models: what `GET /v1/reports/…`, `/v1/resolutions` and `…/similar` answer. Part of `wire`."""

from typing import Annotated

from pydantic import BaseModel, Field

from ..reports.escalation import Group
from ..reports.periods import By
from ..risk.handoff import Outcome
from .wire import PolicyOut

Rate = Annotated[float | None, Field(description="0 to 1; null where there is nothing to divide by.")]
Seconds = Annotated[float | None, Field(description="Null where nothing was measured.")]


class FirstResponseOut(BaseModel):
    """From the customer's first turn to an agent's first one after it; a bot's turn is no answer."""

    answered: int
    unanswered: Annotated[int, Field(description="No agent has answered; in neither of the two times.")]
    median_s: Seconds
    p90_s: Seconds


class ResolutionTimeOut(BaseModel):
    """From the first turn to the first `resolve`."""

    resolved: int
    median_s: Seconds
    p90_s: Seconds


class FirstContactOut(BaseModel):
    """Resolved, and the contact did not come back within seven days: `held` of `measured`."""

    rate: Rate
    held: int
    measured: Annotated[int, Field(description="Resolved seven days ago or earlier, with a known contact.")]
    too_recent: Annotated[int, Field(description="Resolved less than seven days ago: not measured yet.")]
    unknown_contact: Annotated[int, Field(description="Resolved without a contact_id: cannot be measured.")]


class HandoffOutcomesOut(BaseModel):
    """Resolved conversations by the outcome that was stated last."""

    solved: int
    unsolved: int
    false_alarm: int
    not_stated: int


class AlertPrecisionOut(BaseModel):
    """Of the alerts that somebody judged, the share that was right."""

    rate: Rate
    right: int
    wrong: int
    unjudged: int


class ReasonCountOut(BaseModel):
    """A rule that asked for a second person, and in how many conversations it did."""

    rule: str
    conversations: int
    because: Annotated[str | None, Field(description="Null for a rule that is not in the policy any more.")]


class FiguresOut(BaseModel):
    """The numbers of the conversations that began in a period."""

    conversations: int
    escalated: Annotated[int, Field(description="A hand-over was recommended, or somebody accepted one.")]
    escalation_rate: Rate
    first_response: FirstResponseOut
    resolution: ResolutionTimeOut
    first_contact_resolution: FirstContactOut
    handoffs: HandoffOutcomesOut
    alert_precision: AlertPrecisionOut
    reasons: Annotated[list[ReasonCountOut], Field(description="The ten most frequent ones.")]


class ReportRowOut(FiguresOut):
    """A period, or one group's share of it; `ends` is the first moment after it."""

    period: Annotated[str, Field(examples=["2026-11-22", "2026-W47", "2026-11"])]
    begins: str
    ends: str
    group: Annotated[str | None, Field(description="Null: not split, or a conversation without one.")]


class GroupTotalOut(FiguresOut):
    """One group over all periods."""

    group: str | None


class EscalationReportOut(BaseModel):
    """Every number by period and in total; the times are local to `tz`."""

    by: By
    tz: str
    since: str
    until: str
    language: str | None
    queue: str | None
    group: Group | None
    policy: PolicyOut
    rows: list[ReportRowOut]
    groups: Annotated[list[GroupTotalOut], Field(description="Empty, unless `group` splits the report.")]
    total: FiguresOut


class ResolutionOut(BaseModel):
    """What ended a conversation. Times are seconds since the epoch."""

    conversation_id: str
    at: float
    by: str
    note: Annotated[str | None, Field(description="Redacted; null where there is none, or texts are not kept.")]
    outcome: Outcome | None
    queue: str | None
    language: str | None
    rules: list[str]
    threat_kinds: list[str]
    came_back: Annotated[bool, Field(description="The customer wrote in it again, and not only to say thanks.")]


class ResolutionsOut(BaseModel):
    """What was found, best first; without a query the latest."""

    resolutions: list[ResolutionOut]


class InCommonOut(BaseModel):
    """Why a conversation counts as similar."""

    rules: Annotated[list[str], Field(description="Rules that fired in both.")]
    threat_kinds: list[str]
    words: Annotated[list[str], Field(description="Of what the customer came with, folded.")]
    same_queue: bool
    same_language: bool


class SimilarOut(ResolutionOut):
    """What ended a similar conversation."""

    similarity: Annotated[float, Field(description="Greater is more alike; it compares within one answer only.")]
    in_common: InCommonOut


class SimilarsOut(BaseModel):
    """What ended conversations like this one, most similar first."""

    conversation_id: str
    similar: list[SimilarOut]
