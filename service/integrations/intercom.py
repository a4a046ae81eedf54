"""Intercom's webhooks -> inputs (topics `conversation.user.*`, `conversation.admin.*`, `conversation.operator.replied`).

Signed with the app's client secret: `X-Hub-Signature: sha1=<hex>` over the body. The signature covers no time, so what was
overheard can be sent again; that changes nothing, because a message is known by its own id.
"""

from typing import Final

from ..flow import Role
from .seam import Closed, Delivery, Desk, Field, Ignored, Input, Json, Opened, Options, Said, Secrets
from .signatures import body_signed
from .values import ident, moment, record, records, text_of_html, words

_ROLES: Final[dict[str, Role]] = {
    "user": "customer",
    "lead": "customer",
    "contact": "customer",
    "visitor": "customer",
    "admin": "agent",
    "bot": "bot",
}
_SAID: Final = frozenset({"comment", "open", "close"})
"""Kinds of parts that the customer reads; notes and assignments are not among them."""


def verify(delivery: Delivery, secrets: Secrets, options: Options) -> bool:
    """See `Desk.verify`."""
    return body_signed(delivery, "x-hub-signature", secrets.get("client_secret", ""), "sha1", "sha1=")


def read(payload: Json, options: Options) -> tuple[Input, ...]:
    """See `Desk.read`."""
    topic, item = words(payload, "topic") or "", record(payload, "data", "item")
    if not topic.startswith("conversation.") or topic.endswith(".noted"):
        return (Ignored("this topic says nothing about messages or status"),)
    conversation = ident(item, "id")
    if conversation is None or item.get("type") not in (None, "conversation"):
        return (Ignored("it names no conversation"),)
    found = [_said(item, conversation, source) for source in _messages(topic, item)]
    return (*found, *_status(topic, conversation, payload)) or (Ignored("nothing was said"),)


def _messages(topic: str, item: Json) -> list[Json]:
    opening = record(item, "source")
    # The source is in every payload; it is the first message wherever that has not come yet.
    first = [{**opening, "created_at": item.get("created_at")}] if opening else []
    return [*first, *records(item, "conversation_parts", "conversation_parts")]


def _said(item: Json, conversation: str, message: Json) -> Input:
    author, kind = words(message, "author", "type") or "", words(message, "part_type") or "comment"
    number, role = ident(message, "id"), _ROLES.get(author)
    if kind not in _SAID:
        return Ignored("a note or an assignment")
    if role is None or number is None:
        return Ignored("a message without a known author")
    text = text_of_html(words(message, "body") or "")
    if not text:
        return Ignored("attachments only" if message.get("attachments") else "a message without text")
    return Said(
        conversation=conversation,
        message=number,
        role=role,
        text=text,
        sent_at=moment(message, "created_at"),
        contact=ident(item, "contacts", "contacts", 0, "id")
        or (ident(message, "author", "id") if role == "customer" else None),
        queue=ident(item, "team_assignee_id"),
        channel=words(item, "source", "type"),
    )


def _status(topic: str, conversation: str, payload: Json) -> tuple[Input, ...]:
    at = moment(payload, "created_at")
    if topic.endswith(".closed"):
        return (Closed(conversation, at),)
    return (Opened(conversation, at),) if topic.endswith(".opened") else ()


INTERCOM: Final = Desk(
    kind="intercom",
    title="Intercom",
    secrets=(Field("client_secret", required=True),),
    options=(),
    verify=verify,
    read=read,
)
