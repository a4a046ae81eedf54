"""Rows of labels <-> corrections, and which of them stand; read by whoever shows, counts or exports them."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..risk.corrections import Correction, Labels, standing
from .models import LabelRow, TurnRow

_LEFT_OUT: Final = frozenset({"evidence", "threat_kinds"})


def history_of(session: Session, conversation_id: str, turn_id: str) -> tuple[Correction, ...]:
    """Return everything that was said of a turn, oldest first."""
    of_turn = (LabelRow.conversation_id == conversation_id, LabelRow.turn_id == turn_id)
    return tuple(correction_of(row) for row in session.scalars(select(LabelRow).where(*of_turn).order_by(LabelRow.id)))


def standing_of(session: Session, conversation_id: str) -> dict[str, tuple[Correction, ...]]:
    """Return what stands of each labelled turn of a conversation."""
    rows = session.scalars(select(LabelRow).where(LabelRow.conversation_id == conversation_id).order_by(LabelRow.id))
    return {turn_id: said for (_, turn_id), said in by_turn(rows).items()}


def by_turn(rows: Iterable[LabelRow]) -> dict[tuple[str, str], tuple[Correction, ...]]:
    """Return what stands by (conversation, turn), for rows in their order."""
    histories: dict[tuple[str, str], list[Correction]] = {}
    for row in rows:
        histories.setdefault((row.conversation_id, row.turn_id), []).append(correction_of(row))
    return {turn: standing(history) for turn, history in histories.items()}


def correction_of(row: LabelRow) -> Correction:
    """Return what a row holds."""
    said = Labels(row.frustration, row.abuse, row.threat, row.asks_human, row.threat_kind, row.sentiment)
    return Correction(row.by, row.at, None if row.withdrawn else said, row.model_version)


def row_of(turn: TurnRow, said: Correction) -> LabelRow:
    """Return the row that keeps a correction of this turn."""
    return LabelRow(
        conversation_id=turn.conversation_id,
        turn_id=turn.turn_id,
        by=said.by,
        at=said.at,
        withdrawn=said.labels is None,
        **asdict(said.labels or Labels()),
        model_version=said.model_version,
        answer={name: value for name, value in (turn.score or {}).items() if name not in _LEFT_OUT},
    )
