"""What a person says of a turn -> a row, an audit entry and an event, in one transaction; and what was said.

The conversation's row is locked first, as `record_turn` locks it, so the same labels twice at once are
written once. Rows are only ever added: the latest of a person counts, the others are the history. The
stored score and the conversation's risk are not touched: a correction changes no answer.
"""

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..risk.corrections import Correction, Labels, standing
from ..risk.label_summary import LabelSummary
from .database import Database
from .errors import NotACustomersTurn
from .keys import subject_of, write_audit
from .label_queue import queue
from .label_reading import export_page, summary
from .label_records import Corrected, LabelExport, LabelFilter, LabelQueue, TurnLabels
from .label_rows import history_of, row_of
from .models import ConversationRow, TurnRow
from .outbox import News, publish


class LabelStore:
    """The labels in an open database; every method has committed when it returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def correct(
        self, conversation_id: str, turn_id: str, by: str, labels: Labels, *, now: float, via: str = "api"
    ) -> Corrected | None:
        """Keep what a person says of a turn; None when there is no such turn.

        The same labels again by the same person change nothing. Raises `NotACustomersTurn`.
        """
        return self._say(conversation_id, turn_id, by, labels, now, via)

    def withdraw(
        self, conversation_id: str, turn_id: str, by: str, *, now: float, via: str = "api"
    ) -> Corrected | None:
        """Let a person take back what they said of a turn; None when there is no such turn."""
        return self._say(conversation_id, turn_id, by, None, now, via)

    def of_turn(self, conversation_id: str, turn_id: str) -> TurnLabels | None:
        """Return everything that was said of a turn; None when there is no such turn."""
        with self._database.read() as session:
            if _turn(session, conversation_id, turn_id) is None:
                return None
            return TurnLabels(conversation_id, turn_id, history_of(session, conversation_id, turn_id))

    def queue(self, filter: LabelFilter, limit: int, cursor: str | None = None, *, now: float) -> LabelQueue:
        """Return turns that are worth a label, the best reasons first, kinds and languages mixed. Raises `BadCursor`."""
        return queue(self._database, filter, limit, cursor, now)

    def summary(self, since: float) -> LabelSummary:
        """Return who labelled how much since then, how far people agree, and how often the model was confirmed."""
        return summary(self._database, since)

    def export_page(self, after: str | None = None, limit: int = 200) -> LabelExport:
        """Return the labelled turns of the conversations whose ids come next, for training."""
        return export_page(self._database, after, limit)

    def _say(
        self, conversation_id: str, turn_id: str, by: str, labels: Labels | None, now: float, via: str
    ) -> Corrected | None:
        with self._database.write() as session:
            session.scalar(select(ConversationRow.id).where(ConversationRow.id == conversation_id).with_for_update())
            turn = _turn(session, conversation_id, turn_id)
            if turn is None:
                return None
            if turn.score is None:
                raise NotACustomersTurn("only customers' turns can be labelled")
            history = history_of(session, conversation_id, turn_id)
            before = next((said.labels for said in standing(history) if said.by == by), None)
            if before == labels:
                return Corrected(False, TurnLabels(conversation_id, turn_id, history), ())
            said = Correction(by, now, labels, turn.model_version)
            session.add(row_of(turn, said))
            action = "label.withdrawn" if labels is None else "label.corrected"
            told = {"labels": None if labels is None else asdict(labels), "model_version": said.model_version}
            write_audit(session, now, by, action, subject_of(conversation_id), {"via": via, **told})
            news = News("label.corrected", {"turn_id": turn_id, "by": by, **told})
            events = publish(session, conversation_id, now, [news])
            return Corrected(True, TurnLabels(conversation_id, turn_id, (*history, said)), events)


def _turn(session: Session, conversation_id: str, turn_id: str) -> TurnRow | None:
    return session.scalar(select(TurnRow).where(TurnRow.conversation_id == conversation_id, TurnRow.turn_id == turn_id))
