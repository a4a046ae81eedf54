"""Zendesk messaging (Sunshine Conversations webhooks, version 2) -> inputs, from `conversation:message`.

The webhook's shared secret comes in `X-API-Key`. One delivery may carry several events. Whether a business's message
is a person's is told by its source and its author's `subtypes`.
"""

from typing import Final

from ..flow import Role
from .seam import Delivery, Desk, Field, Ignored, Input, Json, Options, Said, Secrets
from .signatures import token_matches
from .values import ident, moment, part, record, records, words

_BOT_SOURCES: Final = frozenset({"zd:answerBot", "api:conversations"})
"""What the API sends is a bot's unless the author says that it is a person's."""


def verify(delivery: Delivery, secrets: Secrets, options: Options) -> bool:
    """See `Desk.verify`."""
    return token_matches(delivery, "x-api-key", secrets.get("shared_secret", ""))


def read(payload: Json, options: Options) -> tuple[Input, ...]:
    """See `Desk.read`."""
    return tuple(_event(event) for event in records(payload, "events")) or (Ignored("it holds no event"),)


def _event(event: Json) -> Input:
    if event.get("type") != "conversation:message":
        return Ignored("this event says nothing about messages")
    found = record(event, "payload")
    conversation, message = ident(found, "conversation", "id"), record(found, "message")
    number, role = ident(message, "id"), _role(message)
    if conversation is None or number is None or role is None:
        return Ignored("it names no conversation, no message or no author")
    text = words(message, "content", "text")
    if text is None:
        return Ignored("a message without text")
    contact = ident(message, "author", "userId") if role == "customer" else ident(found, "user", "id")
    return Said(
        conversation=conversation,
        message=number,
        role=role,
        text=text,
        sent_at=moment(message, "received"),
        contact=contact,
        queue=words(found, "conversation", "brandId"),
        channel=words(message, "source", "type") if role == "customer" else None,
    )


def _role(message: Json) -> Role | None:
    author = words(message, "author", "type")
    if author == "user":
        return "customer"
    if author != "business":
        return None
    kinds = part(message, "author", "subtypes")
    by_machine = isinstance(kinds, list) and "AI" in kinds
    return "bot" if by_machine or words(message, "source", "type") in _BOT_SOURCES else "agent"


ZENDESK: Final = Desk(
    kind="zendesk",
    title="Zendesk",
    secrets=(Field("shared_secret", required=True),),
    options=(),
    verify=verify,
    read=read,
)
