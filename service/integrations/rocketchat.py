"""Rocket.Chat's omnichannel webhooks -> inputs: `Message`, and the messages of every `LivechatSession…`.

The secret token comes in `X-RocketChat-Livechat-Token`. It tries ten times when it does not get 200, and it sends the whole
conversation along at start, transfer and end: messages that are known already change nothing.
"""

from typing import Final

from ..flow import Role
from .seam import Closed, Delivery, Desk, Field, Ignored, Input, Json, Options, Said, Secrets
from .signatures import token_matches
from .values import ident, moment, records, words

_ENDED: Final = "LivechatSession"
_SPOKEN: Final = frozenset(
    {
        "Message",
        _ENDED,
        "LivechatSessionStart",
        "LivechatSessionQueued",
        "LivechatSessionTaken",
        "LivechatSessionForwarded",
    }
)


def verify(delivery: Delivery, secrets: Secrets, options: Options) -> bool:
    """See `Desk.verify`."""
    return token_matches(delivery, "x-rocketchat-livechat-token", secrets.get("token", ""))


def read(payload: Json, options: Options) -> tuple[Input, ...]:
    """See `Desk.read`."""
    kind, conversation, visitor = words(payload, "type"), ident(payload, "_id"), ident(payload, "visitor", "_id")
    if kind not in _SPOKEN:
        return (Ignored("this event says nothing about messages or status"),)
    if conversation is None or visitor is None:
        return (Ignored("it names no conversation or no visitor, as the test of Rocket.Chat does"),)
    found: list[Input] = [
        _said(payload, conversation, visitor, message, options) for message in records(payload, "messages")
    ]
    if kind == _ENDED:
        found.append(Closed(conversation, moment(payload, "closedAt") or moment(payload, "lastMessageAt")))
    return tuple(found) or (Ignored("nothing was said"),)


def _said(payload: Json, conversation: str, visitor: str, message: Json, options: Options) -> Input:
    writer, written = words(message, "username"), ident(message, "ts")
    if message.get("closingMessage") is True or "navigation" in message or words(message, "t"):
        return Ignored("a message of the system")
    text = words(message, "msg")
    if text is None or writer is None:
        return Ignored("attachments only" if message.get("file") else "a message without text or author")
    return Said(
        conversation=conversation,
        message=ident(message, "_id") or f"{written} {writer}",
        role=_role(message, writer, options),
        text=text,
        sent_at=moment(message, "ts"),
        contact=visitor,
        queue=ident(payload, "departmentId") or words(payload, "visitor", "department"),
        channel="livechat",
    )


def _role(message: Json, writer: str, options: Options) -> Role:
    if ident(message, "agentId") is None:
        return "customer"
    return "bot" if writer in str(options.get("bots", "")).replace(",", " ").split() else "agent"


ROCKETCHAT: Final = Desk(
    kind="rocketchat",
    title="Rocket.Chat",
    secrets=(Field("token", required=True, generated=True),),
    options=(Field("bots"),),
    verify=verify,
    read=read,
)
