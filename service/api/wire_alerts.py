"""Alerts as pydantic models: the request of `POST /v1/alerts/{alert_id}` and the answers. Part of `wire`."""

from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, Field

from ..flow import Action, Band
from ..risk.alert_actions import AlertAction
from ..risk.alerts import AlertStatus
from ..risk.policy import Queue
from .wire import ActingPerson, Request

MAX_SNOOZE_S: Final = 24 * 3600
"""Who wants to hear of it tomorrow at the earliest does not want to hear of it."""


class AlertRequest(Request):
    """What to do with an alert. `until` or `for_s` belong to snooze, `justified` to dismiss."""

    action: AlertAction
    by: ActingPerson = None
    until: Annotated[
        AwareDatetime | None,
        Field(description="ISO 8601 with a zone, or seconds since the epoch; at most a day ahead."),
    ] = None
    for_s: Annotated[int | None, Field(ge=1, le=MAX_SNOOZE_S, description="Seconds from now.")] = None
    justified: Annotated[
        bool | None, Field(description="False: a false alarm; true: it was right; left out: not judged.")
    ] = None


class AlertReasonOut(BaseModel):
    """A rule that asked for somebody, and its sentence in the reader's language."""

    rule: str
    because: Annotated[str | None, Field(description="Null for a rule that is not in the policy any more.")]


class AlertOut(BaseModel):
    """An alert. Times are seconds since the epoch."""

    alert_id: str
    conversation_id: str
    turn_id: Annotated[str, Field(description="The turn that opened it, or the latest that brought another reason.")]
    queue: Annotated[Queue, Field(description="Whom it is addressed to now.")]
    action: Action
    rules: list[str]
    reasons: Annotated[
        list[AlertReasonOut], Field(description="The same rules with their sentences, the gravest first.")
    ]
    level: Annotated[float, Field(description="The risk at its height.")]
    band: Annotated[Band, Field(description="The band of that height.")]
    status: AlertStatus
    respond_within_s: int
    opened_at: float
    updated_at: float
    raised_at: Annotated[float | None, Field(description="Since when it asks for somebody; null while held.")]
    due_at: Annotated[float | None, Field(description="When it climbs unless somebody accepts it; null while held.")]
    climbs: int
    climbs_to: Annotated[
        Queue | None,
        Field(description="Who is told at `due_at`, the same queue again where it is the last; null is nobody."),
    ]
    merged: Annotated[int, Field(description="How often another reason joined it.")]
    acknowledged_at: float | None
    acknowledged_by: str | None
    acknowledged_in_time: bool | None
    snoozed_until: float | None
    ended_at: float | None
    justified: Annotated[bool | None, Field(description="The outcome; null until somebody has judged.")]


class AlertsOut(BaseModel):
    """A page of alerts, the most urgent first; `next_cursor` asks for the next one."""

    alerts: list[AlertOut]
    next_cursor: str | None


class ConversationAlertsOut(BaseModel):
    """The alerts of one conversation, the latest first; at most one is live."""

    conversation_id: str
    alerts: list[AlertOut]


class PrecisionOut(BaseModel):
    """How many of the judged alerts were right; `share` is null where none was judged."""

    justified: int
    judged: int
    share: float | None


class AcknowledgedOut(BaseModel):
    """How soon somebody was at it, counted from when the alert was first raised."""

    count: int
    median_s: float | None
    p90_s: float | None
    in_time_share: Annotated[float | None, Field(description="Of those that were acknowledged or climbed.")]


class QueueSummaryOut(BaseModel):
    """The alerts of one queue, and how full its budget is."""

    queue: Queue
    budget: Annotated[int | None, Field(description="Alerts an hour; null is no limit.")]
    used_last_hour: int
    next_slot_at: Annotated[float | None, Field(description="When the full budget has room again; null while it has.")]
    held: Annotated[int, Field(description="Alerts that wait for room; nobody was told of them yet.")]
    opened: int
    withdrawn: int
    climbs: int
    precision: PrecisionOut
    acknowledged: AcknowledgedOut


class LevelRecordOut(BaseModel):
    """How often alerts of this height were right: "at this level right in 58 of 100"."""

    band: Band
    from_level: float
    to_level: float
    precision: PrecisionOut


class AlertSummaryOut(BaseModel):
    """The alerts that were opened in the last days: by queue, in all, and by the height of the risk."""

    days: int
    precision: PrecisionOut
    queues: list[QueueSummaryOut]
    track_record: list[LevelRecordOut]
