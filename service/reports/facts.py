"""A conversation, turn by turn and hand-off by hand-off -> the few facts that reports need of it. Pure.

Kept beside the conversation (`store/facts.py`), so that no report digs through turns. Turns count in the
order in which they arrived, at the time at which they were sent (`sent_at`), as everywhere else.
"""

from dataclasses import dataclass, replace
from typing import Final

from ..engine import Step
from ..flow import Turn
from ..risk.alerts import ALERTING
from ..risk.handoff import TAKES_OVER, HandoffStep, Outcome

GOODBYE_S: Final = 3600.0
"""A customer who writes within this time after the end says thanks; later, that it was not the end."""


@dataclass(frozen=True, slots=True)
class ConversationFacts:
    """What reports need of a conversation; times are epoch seconds, None where it has not happened."""

    began_at: float
    """Its first turn, whoever wrote it."""
    contact_id: str | None = None
    queue: str | None = None
    language: str | None = None
    first_customer_at: float | None = None
    first_reply_at: float | None = None
    """The first turn of an agent after the customer's first one; bots do not answer."""
    alerted_at: float | None = None
    """A consultation or a hand-over was recommended for the first time."""
    escalated_at: float | None = None
    """Somebody was asked to take over: a hand-over was recommended, or somebody accepted one."""
    resolved_at: float | None = None
    """Somebody resolved it for the first time."""
    came_back_at: float | None = None
    """The customer wrote in it again after that, and not only to say thanks."""
    outcome: Outcome | None = None
    """As it was stated last."""
    rules: tuple[str, ...] = ()
    """Every rule that fired, in order of first sight."""
    deciding_rules: tuple[str, ...] = ()
    """Those of them that decided that a second person is needed."""
    threat_kinds: tuple[str, ...] = ()


def after_turn(facts: ConversationFacts | None, turn: Turn, taken: Step) -> ConversationFacts:
    """Return the facts after a turn; `facts` is None before the first one."""
    known = facts or ConversationFacts(began_at=turn.sent_at)
    known = replace(
        known,
        contact_id=known.contact_id or turn.contact_id,
        queue=turn.queue or known.queue,
        language=taken.state.language,
    )
    if turn.role == "customer":
        return _after_customer(known, turn, taken)
    if turn.role == "agent" and known.first_customer_at is not None:
        return replace(known, first_reply_at=_first(known.first_reply_at, turn.sent_at))
    return known


def _after_customer(facts: ConversationFacts, turn: Turn, taken: Step) -> ConversationFacts:
    recommended = taken.assessment.recommendation
    fired = tuple(reason.rule for reason in recommended.reasons)
    alerts = recommended.action in ALERTING
    back = facts.resolved_at is not None and turn.sent_at > facts.resolved_at + GOODBYE_S
    return replace(
        facts,
        first_customer_at=_first(facts.first_customer_at, turn.sent_at),
        alerted_at=_first(facts.alerted_at, turn.sent_at if alerts else None),
        escalated_at=_first(facts.escalated_at, turn.sent_at if recommended.action == "handoff" else None),
        came_back_at=_first(facts.came_back_at, turn.sent_at if back else None),
        rules=_united(facts.rules, fired),
        deciding_rules=_united(facts.deciding_rules, fired[:1] if alerts else ()),
        threat_kinds=_united(facts.threat_kinds, taken.state.threat_kinds),
    )


def after_step(facts: ConversationFacts, step: HandoffStep) -> ConversationFacts:
    """Return the facts after somebody acted on the conversation's hand-off."""
    resolves = step.action == "resolve"
    return replace(
        facts,
        escalated_at=_first(facts.escalated_at, step.at if step.action in TAKES_OVER else None),
        resolved_at=_first(facts.resolved_at, step.at if resolves else None),
        outcome=step.outcome or facts.outcome,
    )


def _first(known: float | None, at: float | None) -> float | None:
    return at if known is None else known


def _united(known: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))
