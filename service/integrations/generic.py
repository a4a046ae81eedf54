"""Any other system's webhook -> inputs, by a mapping that an administrator wrote (`mapping.py`).

What proves the sender is chosen with the connection: a secret token in a header, or an HMAC-SHA256 of the body in one,
in hexadecimal, with or without `sha256=` before it.
"""

from functools import lru_cache
from typing import Final

from .mapping import Expression, Mapping, parse_mapping
from .seam import Closed, Delivery, Desk, Field, Ignored, Input, Json, Options, Said, Secrets
from .signatures import body_signed, token_matches
from .values import ident, moment, text_of_html

DEFAULT_HEADER: Final = "x-evenkeel-token"
PROOFS: Final = ("token", "hmac-sha256")
MAX_MESSAGES: Final = 500
"""Most messages in one delivery."""


def verify(delivery: Delivery, secrets: Secrets, options: Options) -> bool:
    """See `Desk.verify`."""
    header, secret = str(options.get("header", DEFAULT_HEADER)).lower(), secrets.get("token", "")
    if options.get("proof") != "hmac-sha256":
        return token_matches(delivery, header, secret)
    prefix = "sha256=" if delivery.headers.get(header, "").startswith("sha256=") else ""
    return body_signed(delivery, header, secret, "sha256", prefix)


def read(payload: Json, options: Options) -> tuple[Input, ...]:
    """See `Desk.read`."""
    return read_by(_mapping(str(options["mapping"])), payload)


def read_by(mapping: Mapping, payload: Json) -> tuple[Input, ...]:
    """Read a payload by a mapping."""
    found = [payload] if mapping.messages is None else mapping.messages.find(payload)
    messages = found if isinstance(found, list) else [found]
    inputs: list[Input] = []
    for message in messages[:MAX_MESSAGES]:
        inputs += _read_one(mapping, message)
    return tuple(inputs) or (Ignored("the mapping finds no message in it"),)


@lru_cache(maxsize=64)
def _mapping(text: str) -> Mapping:
    return parse_mapping(text)


def _read_one(mapping: Mapping, message: object) -> list[Input]:
    if mapping.ignore_when is not None and mapping.ignore_when.holds(message):
        return [Ignored("ignore_when of the mapping holds")]
    conversation = ident(mapping.conversation.find(message))
    if conversation is None:
        return [Ignored("the mapping finds no conversation in it")]
    sent_at = moment(_found(mapping.sent_at, message))
    said = _said(mapping, message, conversation, sent_at)
    if mapping.closed_when is None or not mapping.closed_when.holds(message):
        return [said]
    return [*([said] if isinstance(said, Said) else []), Closed(conversation, sent_at)]


def _said(mapping: Mapping, message: object, conversation: str, sent_at: float | None) -> Input:
    number, text = ident(mapping.message.find(message)), mapping.text.find(message)
    who = ident(mapping.role.found_at.find(message))
    role = mapping.role.values.get(who or "", mapping.role.otherwise)
    if number is None or role is None:
        return Ignored("the mapping finds no message, or nobody whose role it knows")
    words = text_of_html(text) if mapping.html and isinstance(text, str) else text
    if not isinstance(words, str) or not words.strip():
        return Ignored("a message without text")
    return Said(
        conversation=conversation,
        message=number,
        role=role,
        text=words,
        sent_at=sent_at,
        contact=ident(_found(mapping.contact, message)),
        queue=ident(_found(mapping.queue, message)),
        channel=ident(_found(mapping.channel, message)),
    )


def _found(expression: Expression | None, message: object) -> object:
    return None if expression is None else expression.find(message)


GENERIC: Final = Desk(
    kind="generic",
    title="Webhook",
    secrets=(Field("token", required=True, generated=True),),
    options=(
        Field("mapping", "long", required=True),
        Field("proof", "choice", default="token", choices=PROOFS),
        Field("header", default=DEFAULT_HEADER),
    ),
    verify=verify,
    read=read,
)
