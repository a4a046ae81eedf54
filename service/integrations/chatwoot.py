"""Chatwoot's webhooks -> inputs. What goes back to it is in `chatwoot_api.py`.

Signed with the webhook's own secret: `X-Chatwoot-Signature: sha256=<hex>` over `<X-Chatwoot-Timestamp>.<body>`
(https://developers.chatwoot.com, "Verify webhook signatures"). One message may come twice, under two delivery
ids, and in any order; so a message is known by its own id, and `message_updated` tells it as well as `message_created`.
"""

import re
from typing import Final

from ..flow import Role
from .chatwoot_api import write
from .seam import Closed, Delivery, Desk, Field, Ignored, Input, Json, Opened, Options, Said, Secrets
from .signatures import body_signed_at
from .values import ident, moment, part, record, words

LANGUAGES: Final = ("customer", "vi", "tl", "cs", "en")
"""Of the notes: the customer's own, or a fixed one."""
_ROLES: Final[dict[object, Role]] = {"incoming": "customer", 0: "customer", "outgoing": "agent", 1: "agent"}
_NOT_SAID: Final = {"activity": "an activity", 2: "an activity", "template": "a template", 3: "a template"}
_BOTS: Final = frozenset({"agent_bot", "agentbot", "captain_assistant", "captain::assistant"})
_MESSAGES: Final = frozenset({"message_created", "message_updated"})
_STATUSES: Final = frozenset({"conversation_status_changed", "conversation_resolved", "conversation_opened"})
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def verify(delivery: Delivery, secrets: Secrets, options: Options) -> bool:
    """See `Desk.verify`."""
    return body_signed_at(delivery, "x-chatwoot-signature", "x-chatwoot-timestamp", secrets.get("signing_secret", ""))


def read(payload: Json, options: Options) -> tuple[Input, ...]:
    """See `Desk.read`."""
    event = words(payload, "event")
    account = ident(payload, "account", "id") or ident(payload, "account_id")
    if account is not None and account != str(options.get("account_id")):
        return (Ignored("it belongs to another account than this connection's"),)
    if event in _MESSAGES:
        return (_message(payload),)
    if event in _STATUSES:
        return (_status(payload),)
    return (Ignored("this event says nothing about messages or status"),)


def _message(payload: Json) -> Input:
    conversation = ident(payload, "conversation", "id") or ident(payload, "conversation", "display_id")
    message, kind = ident(payload, "id"), payload.get("message_type")
    if conversation is None or message is None:
        return Ignored("it names no conversation or no message")
    if payload.get("private") is True:
        return Ignored("a private note")
    if isinstance(kind, str | int) and kind in _NOT_SAID:
        return Ignored(f"{_NOT_SAID[kind]}, not a message of a person")
    role = _ROLES.get(kind) if isinstance(kind, str | int) else None
    if role is None:
        return Ignored("an unknown type of message")
    if part(payload, "content_attributes", "deleted") is True:
        return Ignored("a deleted message")
    text = words(payload, "content")
    if text is None:
        return Ignored("attachments only" if payload.get("attachments") else "a message without text")
    return Said(
        conversation=conversation,
        message=message,
        role="bot" if role == "agent" and _is_bot(payload) else role,
        text=text,
        sent_at=moment(payload, "created_at"),
        contact=_contact(payload, role),
        queue=words(payload, "inbox", "name") or _inbox(payload),
        channel=_channel(words(payload, "conversation", "channel")),
    )


def _status(payload: Json) -> Input:
    conversation, status = ident(payload, "id"), payload.get("status")
    at = moment(payload, "updated_at") or moment(payload, "timestamp") or moment(payload, "last_activity_at")
    if conversation is None:
        return Ignored("it names no conversation")
    if status == "resolved":
        return Closed(conversation, at)
    return Opened(conversation, at) if status == "open" else Ignored("neither resolved nor open")


def _is_bot(payload: Json) -> bool:
    kind = words(payload, "sender", "type") or words(payload, "sender_type") or ""
    return kind.lower() in _BOTS


def _contact(payload: Json, role: Role) -> str | None:
    of_conversation = ident(record(payload, "conversation"), "meta", "sender", "id")
    return of_conversation or (ident(payload, "sender", "id") if role == "customer" else None)


def _inbox(payload: Json) -> str | None:
    inbox = ident(payload, "inbox", "id") or ident(payload, "conversation", "inbox_id")
    return None if inbox is None else f"inbox-{inbox}"


def _channel(name: str | None) -> str | None:
    """`Channel::WebWidget` -> `web_widget`."""
    return None if name is None else _CAPITAL.sub("_", name.removeprefix("Channel::")).lower()


CHATWOOT: Final = Desk(
    kind="chatwoot",
    title="Chatwoot",
    secrets=(Field("signing_secret", required=True), Field("api_token")),
    options=(
        Field("base_url", "url", required=True),
        Field("account_id", "integer", required=True),
        Field("note_language", "choice", default="customer", choices=LANGUAGES),
        Field("handoff_team_id", "integer"),
    ),
    verify=verify,
    read=read,
    writer=write,
    write_secret="api_token",
    write_headers={"api_access_token": "api_token"},
)
