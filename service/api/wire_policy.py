"""The policy as pydantic models: what `GET /v1/policy` shows, and what may be tried on it. Part of `wire`."""

from typing import Annotated, Final

from pydantic import BaseModel, Field, StrictBool, StrictFloat, StrictInt, StringConstraints

from ..flow import Action
from ..risk.describe import Unit
from ..risk.policy import Queue
from .wire import Language, PolicyOut, Request

MAX_POLICY_CHARS: Final = 200_000
MAX_CHANGES: Final = 200


class PolicyChange(Request):
    """One place of one rule, and what is to stand there."""

    rule: Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9-]+$", examples=["forecast-high"])]
    path: Annotated[
        str,
        Field(
            max_length=100,
            pattern=r"^[a-z_]+(\.[a-z_]+)*$",
            description="From the rule on; `enabled` with the value false switches the rule off.",
            examples=["when.forecast_at_least", "queue", "enabled"],
        ),
    ]
    value: (
        StrictBool
        | StrictInt
        | Annotated[StrictFloat, Field(allow_inf_nan=False)]
        | Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]+$")]
    )


class PolicyEdits(Request):
    """A policy to try: today's or a given one, with changes."""

    policy: Annotated[
        str | None,
        Field(min_length=1, max_length=MAX_POLICY_CHARS, description="A policy file's text; today's, when left out."),
    ] = None
    changes: Annotated[
        tuple[PolicyChange, ...],
        Field(max_length=MAX_CHANGES, description="Made to that policy; its other lines stay as they are."),
    ] = ()


class LimitOut(BaseModel):
    """A number that a condition asks for, and between which ones it may be changed."""

    name: Annotated[str | None, Field(description="A signal or sentiment, where the word has a number for each.")]
    path: Annotated[str, Field(description="Of a change.", examples=["when.streak_at_least.abuse"])]
    value: float
    unit: Unit
    low: float
    high: float


class ConditionOut(BaseModel):
    """A word of a rule's `when` with its numbers, its names, or its truth."""

    word: str
    limits: list[LimitOut]
    names: list[str]
    truth: bool | None


class PolicyRuleOut(BaseModel):
    """A row of the escalation matrix."""

    id: str
    because: str
    action: Action
    queue: Queue | None
    respond_within_s: int | None
    conditions: list[ConditionOut]


class TodaysPolicyOut(BaseModel):
    """The policy in force: its rules in their order, and the names that a change may put."""

    policy: PolicyOut
    language: Annotated[Language, Field(description="Of `because`.")]
    actions: list[Action]
    queues: list[Queue]
    rules: list[PolicyRuleOut]


class EditOut(BaseModel):
    """A place of the policy that reads otherwise."""

    rule: Annotated[str | None, Field(description="Null for a key of the file itself.")]
    what: str
    before: str | None
    after: str | None


class MatrixChangesOut(BaseModel):
    """How the replayed policy differs from today's."""

    added: list[str]
    removed: list[str]
    moved: list[str]
    edits: list[EditOut]


class PolicyMistakeOut(BaseModel):
    """Why a text is no policy; nothing that stands in it is quoted."""

    line: Annotated[int, Field(description="1 is the first.")]
    key: Annotated[str, Field(examples=["rules[2].when.streak_at_least"])]
    expected: str


class PolicyCheckOut(BaseModel):
    """The changed policy, or the first mistake in it."""

    policy: Annotated[PolicyOut | None, Field(description="Null when there is a mistake.")]
    against: PolicyOut
    mistake: PolicyMistakeOut | None
    changes: Annotated[MatrixChangesOut | None, Field(description="Against today's; null when there is a mistake.")]
    text: Annotated[str, Field(description="With every change made: the file to put into force.")]
