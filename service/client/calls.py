"""What may be asked of the service -> the request that asks it. Pure; `blocking` and `aio` send it.

One function per operation of the API. Its arguments and its answer are those of the OpenAPI document, where
every field is explained (`/docs`); times are seconds since the epoch. A call is `repeatable` when it may be sent
again after the line broke in the middle, because the service takes it once however often it comes.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar
from urllib.parse import quote

from . import answers

Answer_co = TypeVar("Answer_co", covariant=True)
Language = Literal["vi", "tl", "cs", "en"]
Role = Literal["customer", "agent", "bot"]
HandoffAction = Literal["claim", "accept", "join", "return", "resolve"]
Outcome = Literal["solved", "unsolved", "false_alarm"]
AlertAction = Literal["acknowledge", "snooze", "dismiss"]
AlertStatus = Literal["raised", "acknowledged", "snoozed", "held", "ended"]
Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Call(Generic[Answer_co]):
    """A request that is answered with an `Answer_co`."""

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    params: Mapping[str, Value] = field(default_factory=dict)
    body: Mapping[str, object] | None = field(default=None, repr=False)
    """As JSON; kept out of the repr, for it holds what a customer wrote."""
    repeatable: bool = True


def score(texts: Sequence[str], *, language: Language | None = None) -> Call[answers.Scores]:
    """Score up to 256 texts, each alone; nothing is stored. `results` has their order."""
    turns = [_given(text=text, language=language) for text in texts]
    return Call("POST", "/v1/score", body={"turns": turns})


def add_turn(
    conversation_id: str,
    text: str,
    *,
    role: Role = "customer",
    turn_id: str | None = None,
    sent_at: float | None = None,
    contact_id: str | None = None,
    queue: str | None = None,
    channel: str | None = None,
) -> Call[answers.Assessment]:
    """Send a message of a conversation, and get what to do. Without a `turn_id` of your own, one is made."""
    body = _given(
        turn_id=turn_id or uuid.uuid4().hex,
        role=role,
        text=text,
        sent_at=sent_at,
        contact_id=contact_id,
        queue=queue,
        channel=channel,
    )
    return Call("POST", f"/v1/conversations/{_part(conversation_id)}/turns", body=body)


def check_draft(conversation_id: str, text: str, *, language: Language | None = None) -> Call[answers.Draft]:
    """Check what somebody is about to send: findings with better wordings; nothing is stored."""
    body = _given(text=text, language=language)
    return Call("POST", f"/v1/conversations/{_part(conversation_id)}/draft", body=body)


def get_conversation(conversation_id: str, *, language: Language | None = None) -> Call[answers.ConversationDetail]:
    """Return one conversation with every turn, score and recommendation; reasons in `language`."""
    return Call("GET", f"/v1/conversations/{_part(conversation_id)}", _given(language=language))


def list_conversations(
    *,
    band: Literal["calm", "watch", "high", "critical"] | None = None,
    language: Language | None = None,
    queue: str | None = None,
    status: str | None = None,
    resolved: bool | None = None,
    owner: str | None = None,
    active_since: float | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Call[answers.Conversations]:
    """Return a page of conversations, riskiest first; `next_cursor` asks for the page after it."""
    wanted = _given(
        band=band,
        language=language,
        queue=queue,
        status=status,
        resolved=resolved,
        owner=owner,
        active_since=active_since,
        limit=limit,
        cursor=cursor,
    )
    return Call("GET", "/v1/conversations", wanted)


def hand_over(
    conversation_id: str, action: HandoffAction, *, by: str, note: str | None = None, outcome: Outcome | None = None
) -> Call[answers.Handoff]:
    """Take a step of a hand-off; a 409 names who owns the conversation. Sent once: a repeated claim is another."""
    body = _given(action=action, by=by, note=note, outcome=outcome)
    return Call("POST", f"/v1/conversations/{_part(conversation_id)}/handoff", body=body, repeatable=False)


def get_handoff(conversation_id: str, *, language: Language | None = None) -> Call[answers.HandoffDetail]:
    """Return where the hand-off stands, its log, and the packet for whoever takes over."""
    return Call("GET", f"/v1/conversations/{_part(conversation_id)}/handoff", _given(language=language))


def list_alerts(
    *,
    status: AlertStatus | None = None,
    queue: str | None = None,
    language: Language | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Call[answers.Alerts]:
    """Return a page of alerts, most urgent first; the live ones unless a `status` is named."""
    wanted = _given(status=status, queue=queue, language=language, limit=limit, cursor=cursor)
    return Call("GET", "/v1/alerts", wanted)


def change_alert(
    alert_id: str,
    action: AlertAction,
    *,
    by: str,
    for_s: float | None = None,
    until: float | None = None,
    justified: bool | None = None,
) -> Call[answers.Alert]:
    """Acknowledge, snooze (`for_s` seconds, or `until` a time) or dismiss an alert."""
    body = _given(action=action, by=by, for_s=for_s, until=until, justified=justified)
    return Call("POST", f"/v1/alerts/{_part(alert_id)}", body=body, repeatable=False)


def label_turn(
    conversation_id: str,
    turn_id: str,
    *,
    by: str,
    frustration: Literal[0, 1] | None = None,
    abuse: Literal[0, 1] | None = None,
    threat: Literal[0, 1] | None = None,
    asks_human: Literal[0, 1] | None = None,
    threat_kind: str | None = None,
    sentiment: Literal["negative", "neutral", "positive"] | None = None,
) -> Call[answers.TurnLabels]:
    """Correct or confirm what the model said of a turn; None says nothing, which is not 0."""
    body = _given(
        by=by,
        frustration=frustration,
        abuse=abuse,
        threat=threat,
        asks_human=asks_human,
        threat_kind=threat_kind,
        sentiment=sentiment,
    )
    return Call("PUT", f"/v1/conversations/{_part(conversation_id)}/turns/{_part(turn_id)}/labels", body=body)


def erase_contact(contact_id: str) -> Call[answers.Erased]:
    """Erase every text, score and label of a contact; the answer names the models that had seen them."""
    return Call("DELETE", f"/v1/contacts/{_part(contact_id)}")


def check_readiness() -> Call[answers.Ready]:
    """Return which model and policy answer; a 503 says why the service is not ready."""
    return Call("GET", "/readyz")


def _part(identifier: str) -> str:
    """An identifier as one part of a path: also with a slash in it."""
    return quote(identifier, safe="")


def _given(**values: Value | None) -> dict[str, Value]:
    """What was given; None leaves a field out."""
    return {name: value for name, value in values.items() if value is not None}
