"""Rows of labels -> the summary of some days, and the pages of an export."""

from typing import Final

from sqlalchemy import select

from ..risk.corrections import answer_of
from ..risk.label_summary import JudgedTurn, LabelSummary, summarise
from ..risk.training_rows import LabelledConversation, LabelledTurn
from .database import Database
from .label_records import LabelExport
from .label_rows import by_turn
from .models import ConversationRow, LabelRow, TurnRow

MAX_COUNTED: Final = 20_000
"""The latest rows, which a summary counts."""


def summary(database: Database, since: float) -> LabelSummary:
    """See `LabelStore.summary`."""
    latest = select(LabelRow).where(LabelRow.at >= since).order_by(LabelRow.id.desc()).limit(MAX_COUNTED)
    with database.read() as session:
        rows = session.scalars(latest).all()[::-1]
    answers = {(row.conversation_id, row.turn_id): row.answer for row in rows}
    return summarise(
        JudgedTurn(str(answers[turn]["language"]), answer_of(answers[turn]), said)
        for turn, said in by_turn(rows).items()
    )


def export_page(database: Database, after: str | None, limit: int) -> LabelExport:
    """See `LabelStore.export_page`."""
    labelled = select(LabelRow.conversation_id).distinct().order_by(LabelRow.conversation_id).limit(limit)
    if after is not None:
        labelled = labelled.where(LabelRow.conversation_id > after)
    with database.read() as session:
        ids = list(session.scalars(labelled))
        rows = session.scalars(select(LabelRow).where(LabelRow.conversation_id.in_(ids)).order_by(LabelRow.id))
        said = by_turn(rows)
        turns = session.execute(
            select(TurnRow.conversation_id, TurnRow.turn_id, TurnRow.text, ConversationRow.language)
            .join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
            .join(
                LabelRow, (LabelRow.conversation_id == TurnRow.conversation_id) & (LabelRow.turn_id == TurnRow.turn_id)
            )
            .where(TurnRow.conversation_id.in_(ids))
            .order_by(TurnRow.conversation_id, TurnRow.seq)
        ).unique()
        found: dict[str, LabelledConversation] = {}
        for conversation_id, turn_id, text, language in turns:
            before = found.get(conversation_id, LabelledConversation(conversation_id, language, ()))
            turn = LabelledTurn(turn_id, text, said[conversation_id, turn_id])
            found[conversation_id] = LabelledConversation(conversation_id, language, (*before.turns, turn))
    return LabelExport(tuple(found.values()), ids[-1] if len(ids) == limit else None)
