"""A question -> the conversations that it asks for, streamed from their facts -> the escalation report.

One query over the narrow table of facts, an index range of it; no turn and no JSON is read. How alerts
were judged comes from the table of alerts.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, null, or_, select
from sqlalchemy.orm import aliased

from ..reports.escalation import Question, Report, build_report
from ..reports.figures import COME_BACK_S, Case
from .database import Database
from .models import AlertRow, FactsRow

_BATCH: Final = 5000
"""Rows that are in memory at a time, beside the numbers made of them."""


def escalation_report(database: Database, question: Question, *, now: float) -> Report:
    """See `Store.escalation_report`."""
    with database.read() as session:
        rows = session.execute(_cases(question).execution_options(yield_per=_BATCH))
        return build_report(question, map(Case._make, rows), now)


def alert_verdicts() -> list[ColumnElement[int]]:
    """Return how many alerts of a conversation were right, were wrong, and were not judged."""
    of_it = select(func.count()).where(AlertRow.conversation_id == FactsRow.conversation_id)
    verdicts = (AlertRow.justified.is_(True), AlertRow.justified.is_(False), AlertRow.justified.is_(None))
    return [of_it.where(verdict).correlate(FactsRow).scalar_subquery() for verdict in verdicts]


def _cases(question: Question) -> Select[*tuple[Any, ...]]:
    """The columns of `figures.Case`, in its order."""
    group = {"language": FactsRow.language, "queue": FactsRow.queue, None: null()}[question.group]
    query = select(
        FactsRow.began_at,
        group,
        FactsRow.contact_id.is_not(None),
        FactsRow.first_customer_at,
        FactsRow.first_reply_at,
        FactsRow.escalated_at.is_not(None),
        FactsRow.resolved_at,
        _came_back(),
        FactsRow.outcome,
        FactsRow.deciding_rules,
        *alert_verdicts(),
    ).where(FactsRow.began_at >= question.since, FactsRow.began_at < question.until)
    if question.language is not None:
        query = query.where(FactsRow.language == question.language)
    return query if question.queue is None else query.where(FactsRow.queue == question.queue)


def _came_back() -> ColumnElement[bool]:
    """Whether the contact was back in time: in the same conversation, or in another one of whatever queue."""
    other = aliased(FactsRow)
    in_time = FactsRow.resolved_at + COME_BACK_S
    elsewhere = (
        select(1)
        .where(
            other.contact_id == FactsRow.contact_id,
            other.began_at > FactsRow.resolved_at,
            other.began_at <= in_time,
            other.conversation_id != FactsRow.conversation_id,
        )
        .exists()
    )
    back = or_(func.coalesce(FactsRow.came_back_at <= in_time, False), elsewhere)
    return case((FactsRow.resolved_at.is_not(None), back), else_=False)
