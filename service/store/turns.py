"""Stage `record`: a turn and the step it makes -> rows on disk, in one transaction per turn.

The conversation's row is locked first, so the turns of one conversation form a line, whichever
thread, process or machine they come through; turns of different conversations do not wait here.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Text, and_, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..engine import Step
from ..flow import ConversationState, Turn
from ..privacy import Redacted, redact
from ..risk.state import state_from_json, state_to_json
from .alerts import after_turn
from .database import Database
from .errors import TurnConflict
from .facts import note_turn
from .handoffs import bring_up
from .models import AlertRow, ConversationRow, FactsRow, TurnRow
from .outbox import news_of, publish
from .records import RecordedTurn
from .serialise import assessment_to_json, score_to_record

LATELY_S: Final = 30 * 24 * 3600
"""Somebody who was here last year does not come back about the same matter."""
MAX_EARLIER: Final = 100

_ID: Final = bindparam("conversation", type_=Text)
_LOCKED: Final = select(ConversationRow).where(ConversationRow.id == _ID).with_for_update()
_LATEST_ALERT: Final = select(func.max(AlertRow.seq)).where(AlertRow.conversation_id == _ID).scalar_subquery()
_KEPT: Final = (
    select(TurnRow, FactsRow, AlertRow)
    .select_from(ConversationRow)
    .outerjoin(TurnRow, and_(TurnRow.conversation_id == _ID, TurnRow.turn_id == bindparam("turn", type_=Text)))
    .outerjoin(FactsRow, FactsRow.conversation_id == ConversationRow.id)
    .outerjoin(AlertRow, AlertRow.seq == _LATEST_ALERT)
    .where(ConversationRow.id == _ID)
)
"""Made once: to put such a query together takes longer than to run it."""


def record_turn(
    database: Database,
    turn: Turn,
    conversation_id: str,
    received_at: float,
    step: Callable[[ConversationState], Step],
    *,
    store_text: bool,
    alert_budget: int,
) -> RecordedTurn:
    """See `Store.record_turn`."""
    redacted = redact(turn.text)
    fingerprint = _fingerprint(turn.role, redacted.text)
    with database.write() as session, session.no_autoflush:
        conversation = _lock(session, turn, conversation_id, received_at)
        stored, facts, alert = _kept(session, conversation_id, turn.turn_id)
        if stored is not None:
            return _first_answer(stored, fingerprint)
        before = _known(session, _state(conversation), turn, conversation, received_at)
        taken = step(before)
        row = _turn_row(turn, conversation, taken, redacted, fingerprint, store_text=store_text)
        row.received_at = received_at
        session.add(row)
        _update(conversation, turn, taken, received_at)
        # First the alert: `bring_up` forgets whose hand-off has lapsed.
        alert_news = after_turn(session, conversation, alert, turn, taken.assessment, received_at, alert_budget)
        note_turn(session, conversation.id, facts, turn, taken)
        reopened = bring_up(conversation, turn.role, received_at)
        news = [*news_of(before, turn, taken, conversation), *reopened, *alert_news]
        events = publish(session, conversation_id, received_at, news)
        return RecordedTurn(created=True, assessment=row.assessment, events=events)


def _lock(session: Session, turn: Turn, conversation_id: str, received_at: float) -> ConversationRow:
    """Return the conversation's row, made if new, that nobody else changes until this transaction ends."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = {
        "id": conversation_id,
        "created_at": received_at,
        "updated_at": received_at,
        "last_turn_at": turn.sent_at,
    }
    # Most turns are not their conversation's first. Where a row that was just made is gone again, an erasure that was
    # under way has committed meanwhile: the conversation begins anew.
    while (row := session.scalars(_LOCKED, {"conversation": conversation_id}).one_or_none()) is None:
        session.execute(insert(ConversationRow).values(new).on_conflict_do_nothing())
    return row


def _kept(
    session: Session, conversation_id: str, turn_id: str
) -> tuple[TurnRow | None, FactsRow | None, AlertRow | None]:
    """Return the turn if it is stored already, the conversation's facts and its latest alert: one query.

    Not in one with the lock: who waited for that would see the conversation as it is, and these as they were.
    """
    stored, facts, alert = session.execute(_KEPT, {"conversation": conversation_id, "turn": turn_id}).one()
    return stored, facts, alert


def _first_answer(stored: TurnRow, fingerprint: str) -> RecordedTurn:
    if stored.fingerprint != fingerprint:
        raise TurnConflict("turn_id is already stored with another role or text")
    return RecordedTurn(created=False, assessment=stored.assessment, events=())


def _state(conversation: ConversationRow) -> ConversationState:
    if conversation.state is None:
        return ConversationState(conversation.id)
    return state_from_json(conversation.state)


def _known(
    session: Session, state: ConversationState, turn: Turn, conversation: ConversationRow, received_at: float
) -> ConversationState:
    """Add how often the contact was here lately: one query, at the turn that first names the contact."""
    if turn.contact_id is None or conversation.contact_id is not None:
        return state
    others = select(TurnRow.conversation_id).where(
        TurnRow.contact_id == turn.contact_id,
        TurnRow.conversation_id != conversation.id,
        TurnRow.received_at >= received_at - LATELY_S,
    )
    count = session.scalar(select(func.count()).select_from(others.distinct().limit(MAX_EARLIER).subquery()))
    return replace(state, earlier_conversations=count or 0)


def _turn_row(
    turn: Turn, conversation: ConversationRow, taken: Step, redacted: Redacted, fingerprint: str, *, store_text: bool
) -> TurnRow:
    answer = taken.assessment
    return TurnRow(
        conversation_id=conversation.id,
        turn_id=turn.turn_id,
        seq=conversation.turns + 1,
        contact_id=turn.contact_id,
        role=turn.role,
        queue=turn.queue,
        text=redacted.text if store_text else None,
        fingerprint=fingerprint,
        redactions=redacted.to_json(),
        sent_at=turn.sent_at,
        score=None if answer.score is None else score_to_record(answer.score),
        assessment=assessment_to_json(answer),
        model_version=answer.model.version,
        model_digest=answer.model.digest,
        policy_version=answer.policy_version,
    )


def _update(conversation: ConversationRow, turn: Turn, taken: Step, received_at: float) -> None:
    state, risk = taken.state, taken.assessment.risk
    values: dict[str, Any] = {
        # A conversation keeps its first contact; the others are found through their turns.
        "contact_id": conversation.contact_id or turn.contact_id,
        "queue": turn.queue or conversation.queue,
        "channel": turn.channel or conversation.channel,
        "language": state.language,
        "state": state_to_json(state),
        "risk_level": risk.level,
        "band": risk.band,
        "trend": risk.trend,
        "stage": risk.stage,
        "action": taken.assessment.recommendation.action,
        "turns": conversation.turns + 1,
        "updated_at": max(received_at, conversation.updated_at),
        "last_turn_at": max(turn.sent_at, conversation.last_turn_at),
        "waiting_since": state.waiting_since,
    }
    for name, value in values.items():
        setattr(conversation, name, value)


def _fingerprint(role: str, redacted_text: str) -> str:
    """Hash what is stored, never what was received: a short text could be guessed from its hash."""
    return hashlib.blake2b(f"{role}\n{redacted_text}".encode(), digest_size=8).hexdigest()
