"""Customers who write: turns posted at a steady rate, and when each was sent and what it came to. Used by `board`."""

import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random

from training.transcripts import read_transcripts

SENDERS = 8


@dataclass(frozen=True)
class Sent:
    """A turn that was answered; times in seconds since the epoch."""

    conversation_id: str
    at: float
    answered_at: float
    percent: int
    """The risk as the board writes it."""


class Desk:
    """Many chats of one desk, over connections that stay open."""

    def __init__(self, port: int, key: str, seed: int) -> None:
        self._port, self._key = port, key
        self._random = Random(seed)
        self._texts = [turn.text for story in read_transcripts() for turn in story.turns if turn.role == "customer"]
        self._local = threading.local()
        self._numbers = iter(range(10**9))

    def fill(self, conversations: int, turns: int) -> None:
        """Begin that many conversations, each with some turns."""
        with ThreadPoolExecutor(SENDERS) as senders:
            names = [name_of(number) for number in range(conversations) for _ in range(turns)]
            list(senders.map(self.say, names, self._some_texts(len(names))))

    def write(self, names: list[str], per_second: float) -> list[Sent]:
        """Post one turn to each of these, spread evenly; who is late does not wait for who is later."""
        began = time.time()

        def on_time(index: int, name: str, text: str) -> Sent:
            time.sleep(max(0.0, began + index / per_second - time.time()))
            return self.say(name, text)

        with ThreadPoolExecutor(SENDERS) as senders:
            return list(senders.map(on_time, range(len(names)), names, self._some_texts(len(names))))

    def say(self, name: str, text: str) -> Sent:
        """Post one customer turn."""
        at = time.time()
        body = {
            "turn_id": f"b{next(self._numbers)}",
            "role": "customer",
            "text": text,
            "queue": f"queue-{len(text) % 7}",
        }
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        line = self._line()
        line.request("POST", f"/v1/conversations/{name}/turns", json.dumps(body), headers)
        answer = line.getresponse()
        answered = json.loads(answer.read())
        if answer.status != 201:
            raise RuntimeError(f"a turn was answered {answer.status}, expected 201: is the service overloaded?")
        return Sent(name, at, time.time(), int(answered["risk"]["level"] * 100 + 0.5))

    def _some_texts(self, count: int) -> list[str]:
        return self._random.choices(self._texts, k=count)

    def _line(self) -> http.client.HTTPConnection:
        if not hasattr(self._local, "line"):
            self._local.line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        found: http.client.HTTPConnection = self._local.line
        return found


def name_of(number: int) -> str:
    """A conversation's id."""
    return f"chat-{number:05d}"
