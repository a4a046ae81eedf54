"""What the store answers about connections to desks: frozen values. Part of `records`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..integrations.seam import Effect


@dataclass(frozen=True, slots=True)
class ConnectionRecord:
    """A connection to a desk."""

    id: str
    kind: str
    name: str
    secrets: Mapping[str, str] = field(repr=False)
    options: Mapping[str, str | int]
    enabled: bool
    created_at: float
    created_by: str
    last_delivery_at: float | None
    last_error: str | None
    last_error_at: float | None
    waiting: int = 0
    """Effects that are still to be done."""
    failed: int = 0
    """Effects that were given up."""


@dataclass(frozen=True, slots=True)
class ConnectionChange:
    """What shall be different; None leaves it as it is."""

    name: str | None = None
    enabled: bool | None = None
    secrets: Mapping[str, str] | None = field(default=None, repr=False)
    options: Mapping[str, str | int] | None = None


@dataclass(frozen=True, slots=True)
class DueEffect:
    """An effect that is ours to send until its time is over."""

    connection: ConnectionRecord
    conversation_id: str
    name: str
    version: int
    effect: Effect
    attempts: int
    """With this one."""
