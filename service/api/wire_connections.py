"""Connections to desks as pydantic models: what administrators send and are answered, and what desks are. Part of `wire`."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ..integrations.desks import DESKS
from .desk_inbox import Did
from .wire import Person, Request

Kind = Literal["chatwoot", "zendesk", "intercom", "rocketchat", "liveagent", "generic"]
assert set(Kind.__args__) == set(DESKS)  # type: ignore[attr-defined]
FieldName = Annotated[str, Field(max_length=40, pattern=r"^[a-z_]+$")]
Secret = Annotated[str, Field(max_length=500)]
Option = Annotated[str, Field(max_length=20000)] | Annotated[int, Field(strict=True)]
Secrets = Annotated[
    Mapping[FieldName, Secret | None],
    Field(max_length=10, description="By name, as `kinds` lists them. Never shown again."),
]
Options = Annotated[
    Mapping[FieldName, Option | None], Field(max_length=20, description="By name, as `kinds` lists them.")
]


class NewConnectionRequest(Request):
    """A desk to connect."""

    kind: Kind
    name: Annotated[Person, Field(description="What it is called here.", examples=["Chatwoot"])]
    secrets: Secrets = Field(default_factory=dict)
    options: Options = Field(default_factory=dict)


class ConnectionChangeRequest(Request):
    """What shall be different; what is left out stays. `options` are replaced as a whole, of `secrets` those that are named."""

    name: Person | None = None
    enabled: bool | None = None
    secrets: Secrets | None = None
    options: Options | None = None


class ConnectionOut(BaseModel):
    """A connection. Times are seconds since the epoch."""

    id: str
    kind: Kind
    name: str
    path: Annotated[str, Field(description="Where the desk delivers, to be put after the address of the service.")]
    secrets_set: Annotated[list[str], Field(description="Which secrets are kept; they are never shown.")]
    options: Mapping[str, str | int]
    enabled: bool
    writes: Annotated[bool, Field(description="Whether something is written back to the desk.")]
    created_at: float
    created_by: str
    last_delivery_at: float | None
    last_error: Annotated[str | None, Field(description="`signature`, or what the desk's API refused, in words.")]
    last_error_at: float | None
    waiting: Annotated[int, Field(description="Changes that are still to be made at the desk.")]
    failed: Annotated[int, Field(description="Changes that were given up.")]


class NewConnectionOut(ConnectionOut):
    """A connection that was just made."""

    secrets_once: Annotated[Mapping[str, str], Field(description="Secrets that we made, shown here and nowhere else.")]


class FieldOut(BaseModel):
    """A secret or an option that a desk asks for."""

    name: str
    kind: Literal["text", "url", "integer", "choice", "long"]
    required: bool
    generated: Annotated[bool, Field(description="Left out, it is made and shown once.")]
    default: str | int | None
    choices: list[str]


class DeskOut(BaseModel):
    """A kind of desk."""

    kind: Kind
    title: str
    secrets: list[FieldOut]
    options: list[FieldOut]
    writes: Annotated[bool, Field(description="Whether labels, notes and the like can be written back.")]


class ConnectionsOut(BaseModel):
    """Every connection, oldest first, and the desks that can be connected."""

    connections: list[ConnectionOut]
    kinds: list[DeskOut]


class DoneOut(BaseModel):
    """What became of one part of a delivery."""

    did: Did
    why: Annotated[str | None, Field(description="Of what was ignored.")]
    conversation_id: str | None
    turn_id: str | None


class ReceivedOut(BaseModel):
    """What was done with a delivery."""

    received: list[DoneOut]
