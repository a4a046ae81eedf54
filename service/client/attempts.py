"""An answer, or none -> the seconds until the call is tried again, or never. Pure; both clients ask it.

429 and 503 were refused before anything was done, so every call is repeated after them. After a broken line nobody
knows what was done: then only what the service takes once however often it comes is sent again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

REFUSED_FOR_NOW: Final = frozenset({429, 503})
FIRST_PAUSE_S: Final = 0.25
LONGEST_PAUSE_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Received:
    """What an answer says about trying again."""

    status: int
    headers: Mapping[str, str]


def pause_s(received: Received | None, *, repeatable: bool, attempt: int, attempts: int, chance: float) -> float | None:
    """Return how long to wait after the attempt with this number (from 1 on); None says that its outcome stands.

    `received` is None when the line broke. `chance` from 0 to 1 spreads callers who were refused at the same moment.
    """
    again = repeatable if received is None else received.status in REFUSED_FOR_NOW
    if not again or attempt >= attempts:
        return None
    asked = None if received is None else _seconds(received.headers.get("retry-after"))
    backed_off = FIRST_PAUSE_S * 2.0 ** (attempt - 1) * (0.5 + 0.5 * chance)
    # Never sooner than the service asks for, but a few of its milliseconds may lie between two callers.
    return min(backed_off if asked is None else asked + FIRST_PAUSE_S * chance, LONGEST_PAUSE_S)


def _seconds(retry_after: str | None) -> float | None:
    """Read a Retry-After in seconds, the only form that the service uses."""
    return float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdecimal() else None
