"""One message -> the service's answer, over plain HTTP: waits for readiness, and retries what may be retried.

Belongs to `demo.py`. The standard library alone, so that it shows how little a caller needs. Sending a
turn again is safe, because the service answers the same `turn_id` once; so a lost connection and
429/503 are retried after the time that the service names, everything else is refused at once.
"""

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlsplit

MAX_ATTEMPTS: Final = 8
MAX_RETRY_AFTER_S: Final = 60.0
READY_POLL_S: Final = 0.5
TIMEOUT_S: Final = 30.0
RETRIED: Final = frozenset({429, 503})


class Unreachable(Exception):
    """Nothing answers at the address, or it does not become ready."""


class Refused(Exception):
    """The service answered, and it was no; the message is the problem's detail."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, the wait the service asks for (seconds), and the body as JSON."""

    status: int
    retry_after_s: float | None
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Client:
    """Talks to one service with one key."""

    url: str
    key: str
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise Unreachable(f"{self.url} is no http address; give one like http://127.0.0.1:8000")

    def wait_until_ready(self, timeout_s: float) -> None:
        """Return when `/readyz` says yes. Raises `Unreachable` after the time is over."""
        end = self.clock() + timeout_s
        while True:
            answer = self._try("GET", "/readyz", None)
            if answer and answer.status == 200:
                return
            if self.clock() >= end:
                said = "it answers, but is not ready (see /readyz)" if answer else "nothing answers there"
                raise Unreachable(f"no service at {self.url}: {said}. Start it with `make run`, or give --url")
            self.sleep(READY_POLL_S)

    def send_turn(self, conversation_id: str, turn: Mapping[str, object]) -> Mapping[str, Any]:
        """Send a message until it is answered. Raises `Refused` or `Unreachable`."""
        path = f"/v1/conversations/{quote(conversation_id, safe='')}/turns"
        for attempt in range(MAX_ATTEMPTS):
            answer = self._try("POST", path, turn)
            if answer and answer.status in (200, 201):
                return answer.body
            if answer and answer.status not in RETRIED:
                raise Refused(f"the service answered {answer.status}: {answer.body.get('detail', 'no detail')}")
            self.sleep(_pause(answer, attempt))
        raise Unreachable(f"no answer from {self.url} after {MAX_ATTEMPTS} attempts")

    def _try(self, method: str, path: str, body: Mapping[str, object] | None) -> Answer | None:
        """Call once; None when nothing answered."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url.rstrip("/") + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
                return _answer(response.status, response.headers.get("Retry-After"), response.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return _answer(refusal.code, refusal.headers.get("Retry-After"), refusal.read())
        except (urllib.error.URLError, http.client.HTTPException, OSError):
            return None


def _answer(status: int, retry_after: str | None, raw: bytes) -> Answer:
    try:
        body = json.loads(raw)
    except ValueError:
        body = {}
    wait = float(retry_after) if retry_after and retry_after.isdecimal() else None
    return Answer(status, wait, body if isinstance(body, dict) else {})


def _pause(answer: Answer | None, attempt: int) -> float:
    """Seconds until the next attempt: what the service asks for, else twice as long each time."""
    asked = answer.retry_after_s if answer else None
    return min(asked if asked is not None else 0.5 * 2**attempt, MAX_RETRY_AFTER_S)
