"""Labels as the store answers them -> plain JSON of the public contract. Pure."""

from dataclasses import asdict

from ..risk.corrections import Correction, Labels
from ..risk.label_summary import LabelSummary
from ..store import LabelQueue, QueuedTurn, TurnLabels


def correction_to_json(said: Correction) -> dict[str, object]:
    """Return what one person says of a turn."""
    labels = asdict(said.labels or Labels())
    return {"by": said.by, "at": said.at, **labels, "model_version": said.model_version}


def turn_labels_to_json(turn: TurnLabels) -> dict[str, object]:
    """Return everything that was said of a turn."""
    history = [{**correction_to_json(said), "withdrawn": said.labels is None} for said in turn.history]
    return {
        "conversation_id": turn.conversation_id,
        "turn_id": turn.turn_id,
        "labels": [correction_to_json(said) for said in turn.standing],
        "history": history,
    }


def queue_to_json(page: LabelQueue) -> dict[str, object]:
    """Return a page of turns that are worth a label."""
    return {
        "turns": [_queued(item) for item in page.items],
        "total": page.total,
        "waiting": dict(page.waiting),
        "next_cursor": page.next_cursor,
    }


def summary_to_json(summary: LabelSummary, days: int) -> dict[str, object]:
    """Return the summary of some days."""
    return {"days": days, **asdict(summary)}


def _queued(item: QueuedTurn) -> dict[str, object]:
    return {
        "conversation_id": item.conversation_id,
        "turn_id": item.turn.turn_id,
        "language": item.language,
        "queue": item.queue,
        "text": item.turn.text,
        "sent_at": item.turn.sent_at,
        "score": item.turn.assessment["score"],
        "model": item.turn.assessment["model"],
        "reasons": [
            {"kind": reason.kind, "cause": reason.cause, "signal": reason.signal, "facts": dict(reason.facts)}
            for reason in item.reasons
        ],
        "before": [{"role": turn.role, "text": turn.text} for turn in item.before],
    }
