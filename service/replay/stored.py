"""The store -> conversations to replay, page by page, with the scores that they got.

What is kept of a text is redacted, and the live service reads its facts from that same text, so a
replay of stored turns answers what was answered. Where texts are not kept, what stands in the text
itself (shouting, "the third time") is taken as absent.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..flow import ModelInfo, Score
from ..risk.handoff import TAKES_OVER
from ..store import HeardConversation, Store
from .play import Conversation, Moment, Outcome

PAGE: Final = 50
"""Conversations read at once: a page is small beside the memory, and short beside other readers."""


@dataclass(frozen=True, slots=True)
class StoredScores:
    """In place of a model where every score is there; it satisfies `flow.Scorer` and is never asked."""

    @property
    def model(self) -> ModelInfo:
        """Nothing is scored, so no model is named."""
        return ModelInfo("stored", "", "stored")

    def score(self, texts: list[str], languages: list[str | None] | None = None) -> list[Score]:
        """Refuse."""
        raise LookupError("a stored turn of a customer has no score")


def stored_conversations(store: Store, ids: Sequence[str]) -> Iterator[HeardConversation]:
    """Yield these conversations in order, without those that were erased meanwhile."""
    for page in pages(ids):
        yield from store.heard(page)


def pages(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    """Cut a list into pages."""
    return (ids[start : start + PAGE] for start in range(0, len(ids), PAGE))


def as_conversation(heard: HeardConversation) -> Conversation:
    """Return what the store heard as a conversation to replay."""
    moments = tuple(Moment(item.turn, item.received_at, item.score) for item in heard.turns)
    return Conversation(
        heard.conversation_id,
        heard.language,
        moments,
        outcome_of(heard),
        handoffs=heard.handoffs,
        earlier_conversations=heard.earlier_conversations,
    )


def outcome_of(heard: HeardConversation) -> Outcome | None:
    """Return how it ended, as the people who handled it left it; None while nobody said.

    Escalated: somebody took it over, and did not call that a false alarm. Not escalated: it was resolved
    without that.
    """
    taken = next((step for step in heard.handoffs if step.action in TAKES_OVER), None)
    said = [step.outcome for step in heard.handoffs if step.action == "resolve"]
    if taken is None:
        return Outcome(False) if said else None
    if "false_alarm" in said[-1:]:
        return Outcome(False)
    customer_turns = sum(item.turn.role == "customer" for item in heard.turns[: taken.after_seq])
    return Outcome(True, max(customer_turns, 1))


def has_texts(heard: HeardConversation) -> bool:
    """Return whether every text was kept, so that another model can score it."""
    return all(item.text_kept for item in heard.turns)
