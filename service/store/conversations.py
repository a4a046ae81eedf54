"""Reading conversations: the board's pages, and one conversation with all its turns.

Pages are cut by key, not by offset: a cursor names the last row that was shown, so rows that appear
or leave above it move nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_

from ..flow import Action, Band, Forecast, Risk, Role, Stage, Trend
from ..privacy import Redacted
from ..risk.alerts import LIVE, AlertStatus
from ..risk.corrections import Correction
from ..risk.handoff import standing
from ..risk.policy import Queue
from .cursor import make_cursor, read_cursor
from .database import Database
from .handoffs import handoff_of, owned_by, status_at, steps_of
from .label_rows import standing_of
from .models import AlertRow, ConversationRow, TurnRow
from .records import (
    AlertMark,
    ConversationFilter,
    ConversationRecord,
    ConversationSummary,
    Page,
    TurnRecord,
)
from .serialise import move_spans, score_from_record

SHOWN_TEXT_CHARS: Final = 120
SHOWN_HISTORY: Final = 20
"""How much of the last message and of the risk's history a row of the board shows."""

_ORDER = (ConversationRow.risk_level, ConversationRow.updated_at, ConversationRow.id)


def list_conversations(
    database: Database, filter: ConversationFilter, limit: int, cursor: str | None, *, now: float
) -> Page:
    """See `Store.list_conversations`."""
    query = _matching(filter, now).order_by(*(column.desc() for column in _ORDER)).limit(limit + 1)
    if cursor is not None:
        query = query.where(tuple_(*_ORDER) < tuple_(*read_cursor(cursor)))
    with database.read() as session:
        rows = session.execute(query).all()
    following = _cursor_after(rows[limit - 1][0]) if len(rows) > limit else None
    return Page(tuple(_summary(row, text, alert, now) for row, text, alert in rows[:limit]), following)


def _cursor_after(row: ConversationRow) -> str:
    return make_cursor(row.risk_level, row.updated_at, row.id)


def conversation(database: Database, conversation_id: str, *, now: float) -> ConversationRecord | None:
    """See `Store.conversation`."""
    with database.read() as session:
        found = session.execute(_rows().where(ConversationRow.id == conversation_id)).one_or_none()
        if found is None:
            return None
        turns = session.scalars(select(TurnRow).where(TurnRow.conversation_id == conversation_id).order_by(TurnRow.seq))
        row, last_text, alert = found
        labels = standing_of(session, conversation_id)
        return ConversationRecord(
            summary=_summary(row, last_text, alert, now),
            turns=tuple(turn_record(turn, labels.get(turn.turn_id, ())) for turn in turns),
            handoff=standing(handoff_of(row), now),
            handoffs=steps_of(session, conversation_id),
        )


def _rows() -> Select[ConversationRow, str | None, AlertRow | None]:
    """Conversations, each with the beginning of the customer's last message and its live alert."""
    last_text = (
        select(func.substr(TurnRow.text, 1, SHOWN_TEXT_CHARS))
        .where(TurnRow.conversation_id == ConversationRow.id, TurnRow.role == "customer")
        .order_by(TurnRow.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    live = and_(AlertRow.conversation_id == ConversationRow.id, AlertRow.status.in_(LIVE))
    return select(ConversationRow, last_text, AlertRow).outerjoin(AlertRow, live)


def _matching(filter: ConversationFilter, now: float) -> Select[ConversationRow, str | None, AlertRow | None]:
    query = _rows().where(ConversationRow.turns > 0, *_conditions(filter, now))
    for column, wanted in (
        (ConversationRow.band, filter.band),
        (ConversationRow.language, filter.language),
        (ConversationRow.queue, filter.queue),
        (status_at(now), filter.status),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    return query


def _conditions(filter: ConversationFilter, now: float) -> Iterator[ColumnElement[bool]]:
    """What does not compare a column with a value."""
    if filter.resolved is not None:
        status = status_at(now)
        yield status == "resolved" if filter.resolved else status != "resolved"
    if filter.owner is not None:
        yield owned_by(filter.owner, now)
    if filter.active_since is not None:
        yield ConversationRow.updated_at >= filter.active_since
    if filter.ids is not None:
        yield ConversationRow.id.in_(filter.ids)
    if filter.id_contains is not None:
        yield ConversationRow.id.icontains(filter.id_contains, autoescape=True)


def _summary(
    row: ConversationRow, last_customer_text: str | None, alert: AlertRow | None, now: float
) -> ConversationSummary:
    handoff = standing(handoff_of(row), now)
    # The columns hold what `record_turn` wrote from typed records, hence the casts.
    return ConversationSummary(
        conversation_id=row.id,
        contact_id=row.contact_id,
        queue=row.queue,
        channel=row.channel,
        language=row.language,
        status=handoff.status,
        owner=handoff.owner,
        deadline=handoff.deadline,
        risk=_risk(row),
        action=cast(Action, row.action),
        turns=row.turns,
        created_at=row.created_at,
        updated_at=row.updated_at,
        last_turn_at=row.last_turn_at,
        waiting_since=row.waiting_since,
        last_customer_text=last_customer_text,
        risk_history=tuple((row.state or {}).get("risk_history", ())[-SHOWN_HISTORY:]),
        alert=None if alert is None else _mark(alert),
        event_id=row.event_id,
    )


def _mark(row: AlertRow) -> AlertMark:
    # As above: the columns hold what was written from an `Alert`.
    status, action, queue = cast(AlertStatus, row.status), cast(Action, row.action), cast(Queue, row.queue)
    return AlertMark(row.id, status, action, queue, row.due_at)


def _risk(row: ConversationRow) -> Risk:
    state = row.state or {}
    foreseen, reasons = state.get("forecast"), state.get("forecast_because", ())
    return Risk(
        level=row.risk_level,
        band=cast(Band, row.band),
        trend=cast(Trend, row.trend),
        stage=cast(Stage, row.stage),
        forecast=None if foreseen is None else Forecast(foreseen, tuple(reasons)),
    )


def turn_record(row: TurnRow, labels: tuple[Correction, ...] = ()) -> TurnRecord:
    """Return a stored turn, its spans moved onto the text that is kept."""
    redacted = Redacted.from_json(row.text or "", row.redactions)
    score = move_spans(row.score, redacted.map_span)
    return TurnRecord(
        turn_id=row.turn_id,
        role=cast(Role, row.role),
        text=row.text,
        sent_at=row.sent_at,
        received_at=row.received_at,
        score=None if score is None else score_from_record(cast(Mapping[str, Any], score)),
        assessment=cast(Mapping[str, object], move_spans(row.assessment, redacted.map_span)),
        labels=labels,
    )
