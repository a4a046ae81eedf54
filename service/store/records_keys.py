"""What the store answers about API keys: frozen values. Beside `records`."""

from dataclasses import dataclass, field
from typing import Literal

KeyKind = Literal["secret", "publishable"]
Answers = Literal["full", "none"]
"""What the sender of a turn is told: the assessment, or only that it arrived."""


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """An API key as it is kept: nothing here lets anybody in."""

    id: str
    kind: KeyKind
    name: str
    prefix: str
    """The first characters of the key, to recognise it by."""
    origins: tuple[str, ...]
    """Publishable keys work from these web origins only."""
    answers: Answers
    created_at: float
    revoked_at: float | None
    last_used_at: float | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made; `secret_once` is the only copy there will ever be."""

    record: KeyRecord
    secret_once: str = field(repr=False)

    @property
    def id(self) -> str:
        """The key's id, which revokes it."""
        return self.record.id
