"""What the store answers -> plain JSON of the public contract. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from ..flow import Event, Policy
from ..risk.lint_text import Finding
from ..store import ConversationRecord, ConversationSummary, ErasedContact, TurnRecord
from .present_labels import correction_to_json


def summary_to_json(summary: ConversationSummary) -> dict[str, object]:
    """Return a row of the board."""
    row = asdict(summary)
    row["turn_count"] = row.pop("turns")
    return row


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of today's policy in the reader's language, for reasons that were answered in another one."""

    policy: Policy
    language: str

    def of(self, reason: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a reason in these words: sentence and facts; as it was answered when the policy has no such rule."""
        because = self.policy.explain(reason["rule"], self.language)
        if because is None:
            return reason
        return {**reason, "because": because, "collect": list(self.policy.to_collect(reason["rule"], self.language))}


def conversation_to_json(record: ConversationRecord, wording: Wording | None = None) -> dict[str, object]:
    """Return a conversation: its row, and every turn; the reasons as they were answered, or in the reader's words."""
    turns = [_turn_to_json(turn) for turn in record.turns]
    if wording is not None:
        turns = [_reworded(turn, wording) for turn in turns]
    return {**summary_to_json(record.summary), "turns": turns}


def _reworded(turn: dict[str, object], wording: Wording) -> dict[str, object]:
    recommendation = cast("Mapping[str, Any]", turn["recommendation"])
    reasons = [wording.of(reason) for reason in recommendation["reasons"]]
    return {**turn, "recommendation": {**recommendation, "reasons": reasons}}


def _turn_to_json(turn: TurnRecord) -> dict[str, object]:
    answer = {"bot_muted": False, **turn.assessment}  # older answers do not have it
    del answer["conversation_id"]
    answer["labels"] = [correction_to_json(said) for said in turn.labels]
    return {**answer, "role": turn.role, "text": turn.text, "sent_at": turn.sent_at, "received_at": turn.received_at}


def findings_to_json(language: str, findings: Sequence[Finding]) -> dict[str, object]:
    """Return what the check of a draft found, and in which language it was read."""
    return {"language": language, "findings": [asdict(finding) for finding in findings]}


def erased_to_json(erased: ErasedContact) -> dict[str, object]:
    """Return what was erased."""
    return asdict(erased)


def event_to_json(event: Event) -> dict[str, object]:
    """Return the data of an event; its id and type travel beside it."""
    return {"conversation_id": event.conversation_id, "at": event.at, "data": dict(event.data)}
