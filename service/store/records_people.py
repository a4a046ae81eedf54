"""What the store answers about people, settings and the audit trail: frozen values. Part of `records`."""

from dataclasses import dataclass, field
from typing import Final, Literal

from .records import AuditEntry

Rank = Literal["agent", "supervisor", "admin"]
"""What a person may do, each with all that the one before may. (A `Role` is whose turn it is in a chat.)"""
Scope = Literal["board", "panel"]
"""What a sign-in opens: the board, or a panel in another site, which only reads."""
RANKS: Final[tuple[Rank, ...]] = ("agent", "supervisor", "admin")


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """Somebody who works at the board."""

    id: str
    """Stays, whatever becomes of the name."""
    name: str
    """Under which their actions are kept."""
    display_name: str
    role: Rank
    created_at: float
    deactivated_at: float | None


@dataclass(frozen=True, slots=True)
class NewLink:
    """A one-time sign-in that was just made; `token_once` is the only copy there will ever be."""

    token_once: str = field(repr=False)
    expires_at: float


@dataclass(frozen=True, slots=True)
class NewSession:
    """A browser that just signed in; `cookie_once` is the only copy there will ever be."""

    person: PersonRecord
    cookie_once: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangedSetting:
    """A setting that an administrator changed."""

    value: int
    changed_at: float
    changed_by: str


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries to list; None lets everything through."""

    action: str | None = None
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, and where the next ones begin (None: these were the last)."""

    items: tuple[AuditEntry, ...]
    next_cursor: str | None
