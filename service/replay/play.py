"""A conversation and an engine -> what would have been answered, turn by turn, and the alerts in it. Pure.

The core of the replay: one chronological iterator that hands each turn to `Engine` with nothing of
what came later. A turn that brings its score needs no model (`Engine.advance`), any other is scored
anew (`Engine.assess`); both are the live service's own path, so a replay answers what it answered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..engine import Engine
from ..flow import Action, Assessment, Band, ConversationState, Score, Turn
from ..risk.alert_actions import followed
from ..risk.alerts import Alert as LiveAlert
from ..risk.alerts import alert_after
from ..risk.handoff import HandoffStep, apply_handoff


@dataclass(frozen=True, slots=True)
class Moment:
    """A turn as it was heard."""

    turn: Turn
    at: float
    """When it was heard, in epoch seconds: the live service's `now`."""
    score: Score | None = None
    """The score that it got; a customer's turn without one is scored by the engine's model."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a conversation ended, as somebody labelled it."""

    escalated: bool
    customer_turn: int | None = None
    """The customer's turn (1 is the first) at which it was escalated, where that is known."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation to replay, its moments in the order in which they were heard."""

    id: str
    language: str | None
    moments: tuple[Moment, ...]
    outcome: Outcome | None = None
    handoffs: tuple[HandoffStep, ...] = ()
    """What people did with it, each step after the turn of its `after_seq`."""
    earlier_conversations: int = 0
    """How often the contact had been here before, known from the first turn that names the contact."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a turn was answered, and the state before it."""

    moment: Moment
    before: ConversationState
    after: ConversationState
    assessment: Assessment
    handoffs: tuple[HandoffStep, ...] = ()
    """What people did before the next turn; it is not in `after` yet."""


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert opened, or moved up to a graver action or a queue further up, as the live service would tell it
    with room in every budget and nobody but the hand-offs' owners touching it."""

    customer_turn: int
    """1 is the customer's first turn."""
    turn_id: str
    action: Action
    queue: str | None
    rules: tuple[str, ...]
    """The rules that fired; the first decided."""
    level: float
    band: Band


@dataclass(frozen=True, slots=True)
class Decision:
    """The recommendation for one customer turn, as far as replays compare it."""

    action: Action
    queue: str | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """What one replay leaves of a conversation: no text and no score, so that many fit into memory."""

    id: str
    language: str
    outcome: Outcome | None
    decisions: tuple[Decision, ...]
    """One per customer turn."""
    alerts: tuple[Alert, ...]

    @property
    def escalated(self) -> bool | None:
        """Whether it was escalated; None where nobody said."""
        return None if self.outcome is None else self.outcome.escalated


def play(engine: Engine, conversation: Conversation) -> Iterator[Answer]:
    """Yield the answer to each moment, in order; the next moment is not looked at before it."""
    state, known = ConversationState(conversation.id), False
    for number, moment in enumerate(conversation.moments, 1):
        turn, score = moment.turn, moment.score
        if turn.contact_id is not None and not known:
            state, known = replace(state, earlier_conversations=conversation.earlier_conversations), True
        if turn.role == "customer" and score is None:
            step = engine.assess(state, turn, moment.at)
        else:
            step = engine.advance(state, turn, score, moment.at)
        taken = tuple(handoff for handoff in conversation.handoffs if handoff.after_seq == number)
        yield Answer(moment, state, step.state, step.assessment, taken)
        state = step.state
        for handoff in taken:
            state = apply_handoff(state, handoff, handoff.at)


def trace(conversation: Conversation, answers: Iterable[Answer]) -> Trace:
    """Keep what metrics and comparisons need of a replay."""
    decisions: list[Decision] = []
    alerts: list[Alert] = []
    language, live = None, None
    for answer in answers:
        language = answer.after.language
        following = alert_after(live, answer.assessment, answer.moment.at)
        if answer.moment.turn.role == "customer":
            decisions.append(_decision(answer))
            if following is not None and _is_told(live, following):
                alerts.append(_alert(answer, following, len(decisions)))
        for step in answer.handoffs:
            following = following and followed(following, step.action, step.at, step.outcome, step.by)
        live = following
    spoken = conversation.language or language or "other"
    return Trace(conversation.id, spoken, conversation.outcome, tuple(decisions), tuple(alerts))


def _is_told(before: LiveAlert | None, after: LiveAlert) -> bool:
    """Whether somebody hears of it: another alert, or the same one moved up."""
    if before is None or after.id != before.id:
        return True
    return (after.action, after.queue) != (before.action, before.queue)


def with_scores(conversation: Conversation, answers: Iterable[Answer]) -> Conversation:
    """Return the conversation with the scores of these answers: a second policy then needs no model."""
    moments = (replace(answer.moment, score=answer.assessment.score) for answer in answers)
    return replace(conversation, moments=tuple(moments))


def without_scores(conversation: Conversation) -> Conversation:
    """Return the conversation without its scores: another model gives its own."""
    return replace(conversation, moments=tuple(replace(moment, score=None) for moment in conversation.moments))


def _decision(answer: Answer) -> Decision:
    made = answer.assessment.recommendation
    return Decision(made.action, made.queue, tuple(reason.rule for reason in made.reasons))


def _alert(answer: Answer, told: LiveAlert, customer_turn: int) -> Alert:
    """What is told now: an alert that moved up keeps the graver of its actions, and names the rules that moved it."""
    risk = answer.assessment.risk
    return Alert(
        customer_turn=customer_turn,
        turn_id=answer.moment.turn.turn_id,
        action=told.action,
        queue=told.queue,
        rules=_decision(answer).rules,
        level=risk.level,
        band=risk.band,
    )
