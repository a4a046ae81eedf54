"""What solved a conversation: its notes -> words that can be searched, and what is like a conversation that begins.

A resolution is written with the step that resolves, in its transaction, and leaves with its conversation.
It holds folded words only; the note itself stands in the log of the hand-off. Which one comes first is
decided in `risk/search.py` and `risk/similar.py`, over candidates of a bounded number.
"""

from collections.abc import Iterable, Sequence
from typing import Final, cast

from sqlalchemy import ColumnElement, Integer, Select, SQLColumnExpression, case, func, literal, or_, select
from sqlalchemy.orm import Session

from ..risk.handoff import HandoffStep, Outcome
from ..risk.search import hits, searchable
from ..risk.similar import Traits, issue_of, rank_similar, stem, telling_words
from .database import Database
from .facts import facts_of
from .models import FactsRow, HandoffRow, ResolutionRow, TurnRow
from .records import Resolution, SimilarResolution

MAX_FOUND: Final = 500
"""The latest matches, which are ranked."""
MAX_READ: Final = 5000
"""The latest resolved conversations, which are compared with one that begins."""
MAX_COMPARED: Final = 300
MAX_COMPARED_WORDS: Final = 24
_READ_TURNS: Final = 12
"""The first turns of a customer, which say what the matter is."""


def keep_resolution(session: Session, conversation_id: str, step: HandoffStep) -> None:
    """Keep by which words the notes of a resolved conversation are found."""
    if step.action != "resolve" or step.note is None:
        return
    session.flush()  # the step itself
    row = session.get(ResolutionRow, conversation_id) or ResolutionRow(conversation_id=conversation_id)
    notes = _notes(session, [conversation_id])[conversation_id]
    row.at, row.note, row.issue = step.at, searchable(_joined(notes)), _issue(session, conversation_id)
    session.add(row)


def find_resolutions(
    database: Database, words: Sequence[str], *, language: str | None, queue: str | None, limit: int
) -> tuple[Resolution, ...]:
    """See `Store.find_resolutions`."""
    query = (
        select(FactsRow, ResolutionRow.note, ResolutionRow.issue)
        .join(ResolutionRow, ResolutionRow.conversation_id == FactsRow.conversation_id)
        .order_by(ResolutionRow.at.desc(), ResolutionRow.conversation_id)
        .limit(MAX_FOUND if words else limit)
    )
    for word in words:
        query = query.where(or_(_begins(ResolutionRow.note, word), _begins(ResolutionRow.issue, word)))
    for column, wanted in ((FactsRow.language, language), (FactsRow.queue, queue)):
        if wanted is not None:
            query = query.where(column == wanted)
    with database.read() as session:
        found = [(hits(tuple(words), note, issue), row) for row, note, issue in session.execute(query)]
        # The sort keeps the order of equals: the latest first.
        best = [row for _, row in sorted(found, key=lambda item: -item[0])[:limit]]
        return _resolutions(session, best)


def similar_resolutions(
    database: Database, conversation_id: str, *, limit: int
) -> tuple[SimilarResolution, ...] | None:
    """See `Store.similar_resolutions`."""
    with database.read() as session:
        facts = session.get(FactsRow, conversation_id)
        if facts is None:
            return None
        begun = _traits(facts, _issue(session, conversation_id))
        rows = {row.conversation_id: (row, issue or "") for row, issue in session.execute(_candidates(begun))}
        matches = rank_similar(begun, [_traits(row, issue) for row, issue in rows.values()], limit=limit)
        shown = _resolutions(session, [rows[match.conversation_id][0] for match in matches])
    return tuple(SimilarResolution(resolution, match) for resolution, match in zip(shown, matches, strict=True))


def _candidates(begun: Traits) -> Select[FactsRow, str | None]:
    """Resolved conversations that have anything in common with this one, those with the most of it."""
    latest = (
        select(FactsRow.conversation_id)
        .where(FactsRow.resolved_at.is_not(None), or_(FactsRow.outcome.is_(None), FactsRow.outcome == "solved"))
        .where(FactsRow.conversation_id != begun.conversation_id)
        .order_by(FactsRow.resolved_at.desc(), FactsRow.conversation_id)
        .limit(MAX_READ)
        .subquery()
    )
    issue = func.coalesce(ResolutionRow.issue, "")
    in_common = sum(
        (
            *_ones(FactsRow.rules.contains(f" {rule} ", autoescape=True) for rule in begun.rules),
            *_ones(FactsRow.threat_kinds.contains(f" {kind} ", autoescape=True) for kind in begun.threat_kinds),
            *_ones(_begins(issue, stem(word)) for word in telling_words(begun.issue)[:MAX_COMPARED_WORDS]),
        ),
        start=cast("ColumnElement[int]", literal(0, Integer)),
    )
    return (
        select(FactsRow, ResolutionRow.issue)
        .join(latest, latest.c.conversation_id == FactsRow.conversation_id)
        .outerjoin(ResolutionRow, ResolutionRow.conversation_id == FactsRow.conversation_id)
        .where(in_common > 0)
        .order_by(in_common.desc(), FactsRow.resolved_at.desc(), FactsRow.conversation_id)
        .limit(MAX_COMPARED)
    )


def _ones(conditions: Iterable[ColumnElement[bool]]) -> list[ColumnElement[int]]:
    return [case((condition, 1), else_=0) for condition in conditions]


def _begins(column: SQLColumnExpression[str], word: str) -> ColumnElement[bool]:
    """Whether a word of the kept text begins so; `autoescape` takes wildcards for characters."""
    return column.contains(f" {word}", autoescape=True)


def _traits(row: FactsRow, issue: str) -> Traits:
    facts = facts_of(row)
    return Traits(
        conversation_id=row.conversation_id,
        rules=facts.rules,
        threat_kinds=facts.threat_kinds,
        queue=facts.queue,
        language=facts.language,
        issue=issue,
        came_back=facts.came_back_at is not None,
    )


def _issue(session: Session, conversation_id: str) -> str:
    texts = session.scalars(
        select(TurnRow.text)
        .where(TurnRow.conversation_id == conversation_id, TurnRow.role == "customer", TurnRow.text.is_not(None))
        .order_by(TurnRow.seq)
        .limit(_READ_TURNS)
    )
    return issue_of(text for text in texts if text is not None)


def _notes(session: Session, conversation_ids: Sequence[str]) -> dict[str, list[HandoffRow]]:
    """The steps that resolved each of these, oldest first."""
    steps = session.scalars(
        select(HandoffRow)
        .where(HandoffRow.conversation_id.in_(conversation_ids), HandoffRow.action == "resolve")
        .order_by(HandoffRow.id)
    )
    found: dict[str, list[HandoffRow]] = {conversation_id: [] for conversation_id in conversation_ids}
    for step in steps:
        found[step.conversation_id].append(step)
    return found


def _joined(steps: Sequence[HandoffRow]) -> str:
    return "\n".join(dict.fromkeys(step.note for step in steps if step.note is not None))


def _resolutions(session: Session, rows: Sequence[FactsRow]) -> tuple[Resolution, ...]:
    steps = _notes(session, [row.conversation_id for row in rows])
    return tuple(_resolution(row, steps[row.conversation_id]) for row in rows)


def _resolution(row: FactsRow, steps: Sequence[HandoffRow]) -> Resolution:
    facts, last = facts_of(row), steps[-1]
    return Resolution(
        conversation_id=row.conversation_id,
        at=last.at,
        by=last.by,
        note=_joined(steps) or None,
        outcome=cast("Outcome | None", row.outcome),
        queue=facts.queue,
        language=facts.language,
        rules=facts.rules,
        threat_kinds=facts.threat_kinds,
        came_back=facts.came_back_at is not None,
    )
