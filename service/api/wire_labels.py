"""Labels as pydantic models: the request of `PUT …/turns/{turn_id}/labels` and the answers. Part of `wire`."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ..flow import Role
from ..risk.corrections import Labels
from ..risk.worth import Cause, Kind
from .wire import ActingPerson, ModelOut, Request, ScoreOut
from .wire_label import LabelsOut, Sentiment, ThreatKind

Bit = Annotated[
    int | None,
    Field(strict=True, ge=0, le=1, description="1: it holds; 0: it does not; null or left out: not said."),
]


class LabelsRequest(Request):
    """What a person says of a customer's turn; at least one label."""

    by: ActingPerson = None
    frustration: Bit = None
    abuse: Bit = None
    threat: Bit = None
    asks_human: Bit = None
    threat_kind: Annotated[ThreatKind | None, Field(description="With `threat` 1 only.")] = None
    sentiment: Sentiment | None = None

    def labels(self) -> Labels:
        """Return what is said."""
        return Labels(**self.model_dump(exclude={"by"}))


class HistoryOut(LabelsOut):
    """One entry of the history; all labels are null where they were taken back."""

    withdrawn: bool


class TurnLabelsOut(BaseModel):
    """What people say of a turn. Times are seconds since the epoch."""

    conversation_id: str
    turn_id: str
    labels: Annotated[list[LabelsOut], Field(description="The latest of each person, oldest first.")]
    history: Annotated[list[HistoryOut], Field(description="Everything that was ever said, oldest first.")]


class WorthReasonOut(BaseModel):
    """Why a turn is worth a label.

    `near_threshold`: the score of `signal` is a close call (`probability`, `threshold`). `mixed_mood`: two moods are
    alike (`first`, `second`). `abstained`: the model did not answer (`abstain_reason`). `false_alarm`: its alert was
    judged a false one. `missed`: somebody had to take over after it, and no score was above `highest`. `corrected`:
    somebody contradicted the model. `contested`: two people differ. `moved`: scores of its `group` (language or queue)
    `name` have left their distribution, by the population stability index `psi`, and this one lies where they went.
    """

    kind: Kind
    cause: Cause
    signal: Annotated[str | None, Field(description="The label that it is about.")]
    facts: Mapping[str, float | str]


class BeforeOut(BaseModel):
    """A turn just before."""

    role: Role
    text: str | None


class QueuedTurnOut(BaseModel):
    """A customer's turn that is worth a label."""

    conversation_id: str
    turn_id: str
    language: str | None
    queue: str | None
    text: str | None
    sent_at: float
    score: ScoreOut
    model: ModelOut
    reasons: Annotated[list[WorthReasonOut], Field(description="The best first.")]
    before: Annotated[list[BeforeOut], Field(description="The two turns before it, oldest first.")]


class LabelQueueOut(BaseModel):
    """A page of the queue; `next_cursor` asks for the next one."""

    turns: list[QueuedTurnOut]
    total: Annotated[int, Field(description="Turns that wait, after the filters.")]
    waiting: Annotated[
        Mapping[Kind, int], Field(description="Of all reasons: turns that wait, by each kind that they have.")
    ]
    next_cursor: str | None


class CountOut(BaseModel):
    """So many labelled turns of a person, or in a language."""

    name: str
    turns: int


class ShareOut(BaseModel):
    """So many of so many, with Wilson's interval of 95 %; null where there is nothing to share."""

    confirmed: int
    of: int
    share: float | None
    low: float | None
    high: float | None


class SignalSummaryOut(BaseModel):
    """How the model's answers for one label fared among the labelled turns."""

    label: str
    labelled: Annotated[int, Field(description="Turns on which people decided it.")]
    raised: Annotated[int, Field(description="Of these, said to hold; for the sentiment: negative.")]
    confirmed: Annotated[ShareOut, Field(description="People and model say the same.")]
    precision: Annotated[
        ShareOut | None, Field(description="Of the flagged ones, said to hold. Not for the sentiment.")
    ]


class AgreementOut(BaseModel):
    """How far two people agree over the turns that both labelled."""

    people: tuple[str, str]
    label: str
    turns: int
    agreed: int
    kappa: Annotated[float | None, Field(description="Cohen's; null where both always gave one answer.")]


class LabelSummaryOut(BaseModel):
    """The labels of the last days."""

    days: int
    turns: int
    people: list[CountOut]
    languages: list[CountOut]
    signals: list[SignalSummaryOut]
    agreement: list[AgreementOut]


class LabelledOut(BaseModel):
    """Who labelled, and when."""

    by: Annotated[str, Field(description="A short hash: a pseudonym, the same for the same person.")]
    at: str


class ExportedTurnOut(BaseModel):
    """What is decided of a turn: by majority; null where nobody said, or as many said so as not."""

    turn_id: str
    role: Literal["customer"]
    text: str
    frustration: Bit
    abuse: Bit
    threat: Bit
    asks_human: Bit
    threat_kinds: list[ThreatKind] | None
    sentiment: Sentiment | None
    labelled: list[LabelledOut]
    model_version: str


class ExportedOut(BaseModel):
    """The labelled turns of one conversation: one line of the export."""

    id: str
    language: str
    language_known: Annotated[Literal[0], Field(description="The model's guess: training does not learn it.")]
    turns: list[ExportedTurnOut]
