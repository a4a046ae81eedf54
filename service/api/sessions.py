"""A one-time token -> a signed-in browser: how a supervisor reaches the board without a password.

`evenkeel serve` and `evenkeel token` mint a token into the data folder, so that the command line can
sign somebody in to a service that already runs. Exchanging it removes it, and a session begins that
lives in this process's memory. Of both only SHA-256 hashes are kept.
"""

import hashlib
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

TOKEN_LIFETIME_S: Final = 24 * 3600
SESSION_LIFETIME_S: Final = 12 * 3600
MAX_SESSIONS: Final = 1000
_TOKEN_BYTES: Final = 24


def _hash(secret: str) -> str:
    """Hash a random secret; 192 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class SignInTokens:
    """One-time tokens as empty files named by their hash: every process of a data folder sees them."""

    folder: Path
    clock: Callable[[], float] = time.time

    def mint(self) -> str:
        """Return a new token; it may be exchanged once within `TOKEN_LIFETIME_S`."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sweep()
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        file = self.folder / _hash(token)
        file.touch(mode=0o600, exist_ok=False)
        os.utime(file, (self.clock(), self.clock()))
        return token

    def exchange(self, token: str) -> bool:
        """Use the token up; False when it is unknown, used or too old."""
        file = self.folder / _hash(token)
        try:
            minted = file.stat().st_mtime
            # Only one of two simultaneous exchanges can remove the file; the other one fails here.
            file.unlink()
        except FileNotFoundError:
            return False
        return self.clock() - minted < TOKEN_LIFETIME_S

    def _sweep(self) -> None:
        for file in self.folder.iterdir():
            if self.clock() - file.stat().st_mtime >= TOKEN_LIFETIME_S:
                file.unlink(missing_ok=True)


@dataclass(slots=True)
class Sessions:
    """Signed-in browsers: hash of the cookie -> when it ends. A restart signs everybody out."""

    clock: Callable[[], float] = time.time
    _ends: dict[str, float] = field(default_factory=dict)

    def begin(self) -> str:
        """Return the cookie value of a new session."""
        now = self.clock()
        self._ends = {key: end for key, end in self._ends.items() if end > now}
        while len(self._ends) >= MAX_SESSIONS:
            self._ends.pop(next(iter(self._ends)))
        cookie = secrets.token_urlsafe(_TOKEN_BYTES)
        self._ends[_hash(cookie)] = now + SESSION_LIFETIME_S
        return cookie

    def holds(self, cookie: str) -> bool:
        """Tell whether the cookie belongs to a session that has not ended."""
        return self._ends.get(_hash(cookie), 0.0) > self.clock()

    def end(self, cookie: str) -> None:
        """Sign out."""
        self._ends.pop(_hash(cookie), None)
