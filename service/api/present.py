"""What the store answers -> plain JSON of the public contract. Pure."""

from dataclasses import asdict

from ..flow import Event
from ..store import ConversationRecord, ConversationSummary, ErasedContact, TurnRecord


def summary_to_json(summary: ConversationSummary) -> dict[str, object]:
    """Return a row of the board."""
    row = asdict(summary)
    row["turn_count"] = row.pop("turns")
    return row


def conversation_to_json(record: ConversationRecord) -> dict[str, object]:
    """Return a conversation: its row, and every turn."""
    return {**summary_to_json(record.summary), "turns": [_turn_to_json(turn) for turn in record.turns]}


def _turn_to_json(turn: TurnRecord) -> dict[str, object]:
    answer = {"bot_muted": False, **turn.assessment}  # older answers do not have it
    del answer["conversation_id"]
    return {**answer, "role": turn.role, "text": turn.text, "sent_at": turn.sent_at, "received_at": turn.received_at}


def erased_to_json(erased: ErasedContact) -> dict[str, object]:
    """Return what was erased."""
    return asdict(erased)


def event_to_json(event: Event) -> dict[str, object]:
    """Return the data of an event; its id and type travel beside it."""
    return {"conversation_id": event.conversation_id, "at": event.at, "data": dict(event.data)}
