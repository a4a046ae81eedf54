"""The seam between desks and the rest: a verified delivery -> neutral inputs; neutral effects -> a desk's calls.

    headers + body - verify - read - Said | Closed | Opened | Ignored - record_turn, hand_over
    event of the store - plan (effects.py) - Standing | Note | Assignment - writer - calls of the desk's API

A desk is a value of pure functions, so a golden payload is all that a test of one needs. Ids in inputs are the
desk's own; `conversation_id` and `turn_of` make ours of them, one way for all desks.
"""

import hashlib
import re
import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from ..flow import Role, Turn

Json = Mapping[str, object]
Options = Mapping[str, str | int]
Secrets = Mapping[str, str]
FieldKind = Literal["text", "url", "integer", "choice", "long"]
Priority = Literal["high", "urgent"]

_UNSAFE_ID: Final = re.compile(r"[^A-Za-z0-9._:@+~=-]")
_UNSAFE_NAME: Final = re.compile(r"[^A-Za-z0-9._:/ -]+")
MAX_ID_CHARS: Final = 64
MAX_NAME_CHARS: Final = 64


@dataclass(frozen=True, slots=True)
class Field:
    """A secret or an option of a connection."""

    name: str
    kind: FieldKind = "text"
    required: bool = False
    generated: bool = False
    """Of a secret: left out, we make one, which is shown once."""
    default: str | int | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was posted to a connection, as it was received."""

    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    at: float


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody wrote something that everybody in the conversation can read."""

    conversation: str
    message: str
    role: Role
    text: str
    sent_at: float | None
    contact: str | None = None
    queue: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """The desk resolved the conversation."""

    conversation: str
    at: float | None


@dataclass(frozen=True, slots=True)
class Opened:
    """The desk has the conversation open (again)."""

    conversation: str
    at: float | None


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing for us, and why; never a word of the payload."""

    why: str


Input = Said | Closed | Opened | Ignored


@dataclass(frozen=True, slots=True)
class Standing:
    """How the conversation stands: sent anew whenever it changes, and only what differs at the desk."""

    labels: tuple[str, ...]
    family: tuple[str, ...]
    """Every label that is ours to take away; those of others stay."""
    priority: Priority | None
    """At least this; what a person set higher stays."""
    attributes: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Note:
    """A private note about an alert, written once."""

    reference: str
    """Occurs in `text`, so that a note that may have been written already is found again."""
    text: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """Give the conversation to a team, once per alert."""

    team: int


Effect = Standing | Note | Assignment


@dataclass(frozen=True, slots=True)
class Reply:
    """What a desk's API answered."""

    status: int
    body: object = None
    retry_after_s: float | None = None


Call = Callable[[str, str, Json | None], Awaitable[Reply]]
"""(method, path below the desk's address, JSON) -> its answer; raises `DeskUnreachable`."""


class DeskUnreachable(Exception):
    """The desk did not answer; try later. The message is safe to show."""


class DeskRefused(Exception):
    """The desk answered, but did not do it. The message is safe to show."""

    def __init__(self, why: str, *, again: bool, retry_after_s: float | None = None) -> None:
        super().__init__(why)
        self.again = again
        """Whether it is worth another try."""
        self.retry_after_s = retry_after_s


Writer = Callable[[Call, Options, str, Effect, bool], Awaitable[None]]
"""(call, options, the desk's conversation id, effect, whether it may have been done before). Raises the two above."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One kind of desk."""

    kind: str
    title: str
    secrets: tuple[Field, ...]
    options: tuple[Field, ...]
    verify: Callable[[Delivery, Secrets, Options], bool]
    """Whether it really comes from the desk; in constant time."""
    read: Callable[[Json, Options], tuple[Input, ...]]
    writer: Writer | None = None
    write_secret: str | None = None
    """Only with this secret is anything written back."""
    write_headers: Mapping[str, str] = field(default_factory=dict)
    """Header of the desk's API -> the secret that it carries."""


def conversation_id(kind: str, connection: str, theirs: str) -> str:
    """Name a desk's conversation: the same one each time, and never one of another connection."""
    return f"{kind}-{connection}-{_id(theirs)}"


def theirs_of(conversation: str) -> tuple[str, str, str] | None:
    """Return (kind, connection, the desk's id) of what `conversation_id` named; None for any other name."""
    parts = conversation.split("-", 2)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None


def turn_of(said: Said, kind: str, connection: str, received_at: float) -> Turn:
    """Return what was said as a turn."""
    contact = None if said.contact is None else conversation_id(kind, connection, said.contact)
    return Turn(
        turn_id=_id(said.message),
        role=said.role,
        text=said.text,
        sent_at=received_at if said.sent_at is None else said.sent_at,
        contact_id=contact,
        queue=name_of(said.queue),
        channel=name_of(said.channel),
    )


def name_of(text: str | None) -> str | None:
    """Write a desk's name (an inbox, a channel) with the letters that our names have: `Reklamace č. 2` -> `Reklamace c. 2`."""
    if text is None:
        return None
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = _UNSAFE_NAME.sub("-", plain).strip("- ")[:MAX_NAME_CHARS]
    return plain or None


def _id(theirs: str) -> str:
    """Return the id itself where our ids can hold it, else a hash of it."""
    if 0 < len(theirs) <= MAX_ID_CHARS and not _UNSAFE_ID.search(theirs):
        return theirs
    return "x" + hashlib.blake2b(theirs.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
