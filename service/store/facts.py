"""A turn, or a step of a hand-off -> the conversation's row of facts, in the transaction that stores it.

What the facts are is decided in `reports/facts.py`; here they are read, compared and kept. The caller
holds the conversation's row, so nobody else changes its facts.
"""

from dataclasses import fields
from typing import Any, Final

from sqlalchemy.orm import Session

from ..engine import Step
from ..flow import Turn
from ..reports.facts import ConversationFacts, after_step, after_turn
from ..risk.handoff import HandoffStep
from .models import FactsRow

_NAMES: Final = tuple(field.name for field in fields(ConversationFacts))
_LISTS: Final = frozenset({"rules", "deciding_rules", "threat_kinds"})


def note_turn(session: Session, conversation_id: str, row: FactsRow | None, turn: Turn, taken: Step) -> None:
    """Keep what a turn adds to the facts; `row` holds those so far."""
    facts = after_turn(None if row is None else facts_of(row), turn, taken)
    if row is None:
        session.add(FactsRow(conversation_id=conversation_id, **_columns(facts)))
    else:
        _put(row, facts)


def note_step(session: Session, conversation_id: str, step: HandoffStep) -> None:
    """Keep what a step of the hand-off adds to the facts."""
    row = session.get(FactsRow, conversation_id)
    if row is not None:
        _put(row, after_step(facts_of(row), step))


def facts_of(row: FactsRow) -> ConversationFacts:
    """Return the facts that a row holds."""
    values = {name: getattr(row, name) for name in _NAMES}
    return ConversationFacts(**{**values, **{name: tuple(values[name].split()) for name in _LISTS}})


def listed(names: tuple[str, ...]) -> str:
    """Return names as they are kept: each between two blanks, so that one is found by ` name `."""
    return "".join(f" {name}" for name in names) + " " if names else ""


def _columns(facts: ConversationFacts) -> dict[str, Any]:
    values = {name: getattr(facts, name) for name in _NAMES}
    return {**values, **{name: listed(values[name]) for name in _LISTS}}


def _put(row: FactsRow, facts: ConversationFacts) -> None:
    for name, value in _columns(facts).items():
        setattr(row, name, value)
