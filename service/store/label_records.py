"""What the store answers about labels: frozen values, detached from the database. Part of `records`."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..flow import Event
from ..risk.corrections import Correction, standing
from ..risk.training_rows import LabelledConversation
from ..risk.worth import Kind, Reason
from .records import TurnRecord


@dataclass(frozen=True, slots=True)
class TurnLabels:
    """Everything that people said of one turn, oldest first."""

    conversation_id: str
    turn_id: str
    history: tuple[Correction, ...]

    @property
    def standing(self) -> tuple[Correction, ...]:
        """The latest of each person, without what was taken back."""
        return standing(self.history)


@dataclass(frozen=True, slots=True)
class Corrected:
    """The answer to a correction, on disk by the time it is returned."""

    changed: bool
    """False: this person had said exactly that, and nothing was written."""
    turn: TurnLabels
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class LabelFilter:
    """Which turns worth a label to list; None lets everything through."""

    by: str | None = None
    """Who asks: what this person labelled is left out, what another corrected may come for a second opinion."""
    language: str | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class QueuedTurn:
    """A turn that is worth a label, and why; the labels of others are left out, so that nobody is led."""

    conversation_id: str
    language: str | None
    queue: str | None
    turn: TurnRecord
    reasons: tuple[Reason, ...]
    before: tuple[TurnRecord, ...]
    """The turns just before it, oldest first: a short answer means nothing without its question."""


@dataclass(frozen=True, slots=True)
class LabelQueue:
    """Some turns, how many wait, in all and by kind, and where the next ones begin (None: these were the last)."""

    items: tuple[QueuedTurn, ...]
    total: int
    """How many wait in all, after the filter."""
    waiting: Mapping[Kind, int]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class LabelExport:
    """The labelled turns of some conversations, and after which the next ones come (None: these were the last)."""

    conversations: tuple[LabelledConversation, ...]
    next_after: str | None
