"""Our own labelled conversations -> the running service, over HTTP, at human pace: the board comes alive.

Beside the flow: it is a client like any other. What is sent, and in which order and with which pauses,
follows from the seed alone (`script`); only the ids are fresh, so that every run is new to the service.
No text is printed. Without a key it makes one in the local data folder, and revokes it at the end.
Try: `make run` in one terminal, `evenkeel demo --speed 4` in another.
"""

import argparse
import heapq
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TextIO

from .client import Client
from .client.answers import Assessment
from .labels import LANGUAGES
from .settings import SettingsError, load_settings
from .store import Store, StoreError

WRITING_CHARS_PER_S: Final = 9.0
PAUSE_S: Final = (2.0, 7.0)
"""Reading and thinking before somebody writes, drawn between these."""
START_GAP_S: Final = (1.0, 5.0)
MIN_CUSTOMER_TURNS: Final = 3
KEY_VARIABLES: Final = ("EVENKEEL_API_KEY", "EVENKEEL_KEY", "EVENKEEL_BOOTSTRAP_KEY")


class DemoError(Exception):
    """The demonstration cannot run; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a transcript."""

    role: Literal["customer", "agent"]
    text: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """A labelled conversation, as far as the demonstration needs it."""

    id: str
    language: str
    industry: str
    escalated: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, order=True)
class Cue:
    """When which message is sent; `due_s` counts from the start at speed 1."""

    due_s: float
    conversation: int
    line: int


def read_transcripts(folder: Path) -> dict[str, list[Transcript]]:
    """Return the multi-turn conversations per language. Raises `DemoError` when the folder has none."""
    found: dict[str, list[Transcript]] = {}
    for language in LANGUAGES:
        file = folder / f"{language}.jsonl"
        if file.is_file():
            rows = [json.loads(row) for row in file.read_text("utf-8").splitlines() if row.strip()]
            found[language] = [_transcript(row) for row in rows if not row.get("single")]
    if not any(found.values()):
        raise DemoError(f"{folder} holds no conversations ({', '.join(f'{name}.jsonl' for name in LANGUAGES)})")
    return found


def _transcript(row: dict[str, Any]) -> Transcript:
    lines = tuple(Line(turn["role"], turn["text"]) for turn in row["turns"])
    return Transcript(row["id"], row["language"], row.get("industry") or "general", bool(row.get("escalated")), lines)


def choose(found: Mapping[str, Sequence[Transcript]], count: int, rng: random.Random) -> list[Transcript]:
    """Return `count` conversations: the languages in turn, escalated and calm ones in turn, none twice."""
    piles: dict[tuple[str, bool], list[Transcript]] = {}
    for language in found:
        for escalated in (True, False):
            pile = [item for item in found[language] if item.escalated == escalated and _long_enough(item)]
            piles[language, escalated] = rng.sample(pile, len(pile))
    chosen: list[Transcript] = []
    while len(chosen) < count and any(piles.values()):
        turn = len(chosen) // max(1, len(found))
        for place, language in enumerate(found):
            pile = piles[language, (turn + place) % 2 == 0] or piles[language, (turn + place) % 2 == 1]
            if pile and len(chosen) < count:
                chosen.append(pile.pop())
    return chosen


def _long_enough(transcript: Transcript) -> bool:
    return sum(line.role == "customer" for line in transcript.lines) >= MIN_CUSTOMER_TURNS


def script(chosen: Sequence[Transcript], rng: random.Random) -> Iterator[Cue]:
    """Yield every message in the order of sending: several conversations at once, each in its own order."""
    waiting: list[Cue] = []
    start = 0.0
    for index in range(len(chosen)):
        waiting.append(Cue(start, index, 0))
        start += rng.uniform(*START_GAP_S)
    heapq.heapify(waiting)
    while waiting:
        cue = heapq.heappop(waiting)
        yield cue
        lines = chosen[cue.conversation].lines
        if cue.line + 1 < len(lines):
            pause = rng.uniform(*PAUSE_S) + len(lines[cue.line + 1].text) / WRITING_CHARS_PER_S
            heapq.heappush(waiting, Cue(cue.due_s + pause, cue.conversation, cue.line + 1))


@dataclass(frozen=True, slots=True)
class Player:
    """Sends a script; time is an argument, so that a test need not wait."""

    client: Client
    run: str
    speed: float
    out: TextIO
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def play(self, chosen: Sequence[Transcript], cues: Iterator[Cue]) -> int:
        """Send every message when it is due; return how many were sent."""
        started, sent = self.clock(), 0
        for cue in cues:
            early = cue.due_s / self.speed - (self.clock() - started)
            if early > 0:
                self.sleep(early)
            self._send(chosen[cue.conversation], cue)
            sent += 1
        return sent

    def _send(self, transcript: Transcript, cue: Cue) -> None:
        line = transcript.lines[cue.line]
        conversation_id = f"demo-{self.run}-{transcript.id}"
        answer = self.client.add_turn(
            conversation_id,
            line.text,
            role=line.role,
            turn_id=f"t{cue.line + 1}",
            queue=transcript.industry,
            channel="demo",
        )
        print(describe(conversation_id, line.role, answer), file=self.out, flush=True)


def describe(conversation_id: str, role: str, answer: Assessment) -> str:
    """Return one line about an answered turn; it never quotes the text."""
    risk, recommendation = answer["risk"], answer["recommendation"]
    standing = f"risk {round(risk['level'] * 100):3d} {risk['band']:<8} {risk['trend']:<7}"
    return f"{conversation_id:<28} {role:<8} {standing} {recommendation['action']}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `evenkeel demo`."""
    parser.add_argument("--url", help="address of the running service; else EVENKEEL_HOST and EVENKEEL_PORT say it")
    parser.add_argument("--key", help=f"API key; else {', '.join(KEY_VARIABLES)}, else one is made for this run")
    parser.add_argument("--speed", type=_positive, default=1.0, help="1 is human pace, 10 is ten times as fast")
    parser.add_argument("--conversations", type=int, default=24, help="how many conversations to replay")
    parser.add_argument("--seed", type=int, default=7, help="chooses the conversations and the pauses")
    parser.add_argument("--transcripts", type=Path, default=Path("data/transcripts"), help="folder of *.jsonl")
    parser.add_argument("--wait", type=_positive, default=60.0, help="seconds to wait for the service to be ready")


def _positive(value: str) -> float:
    number = float(value)
    if number <= 0:
        raise argparse.ArgumentTypeError("must be greater than 0")
    return number


def run(options: argparse.Namespace, *, environ: Mapping[str, str], out: TextIO, run_name: str) -> int:
    """Replay; return how many messages were sent. Raises `DemoError`, `ClientError`."""
    rng = random.Random(options.seed)
    chosen = choose(read_transcripts(options.transcripts), options.conversations, rng)
    with _client(options.url, key=None) as client:
        print(f"Waiting for the service at {options.url}", file=out, flush=True)
        client.wait_until_ready(options.wait)
    with usable_key(options.key, environ) as key, _client(options.url, key) as client:
        head = f"{len(chosen)} conversations at {options.speed:g} x human pace; watch {options.url}/"
        print(head, file=out, flush=True)
        return Player(client, run_name, options.speed, out).play(chosen, script(chosen, rng))


def _client(url: str, key: str | None) -> Client:
    try:
        return Client(url, key, timeout_s=30.0, attempts=8)
    except ValueError as failure:
        raise DemoError(str(failure)) from None


@contextmanager
def usable_key(given: str | None, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the key that was given or set, else one that lives as long as this run. Raises `DemoError`."""
    found = given or next((environ[name] for name in KEY_VARIABLES if environ.get(name)), None)
    if found:
        yield found
        return
    try:
        settings = load_settings({}, environ)
        if not settings.data_dir.is_dir():
            raise DemoError(f"no API key, and no data folder at {settings.data_dir} to make one in: give --key")
        store = Store.open(settings.database_url)
    except (SettingsError, StoreError) as failure:
        raise DemoError(f"no API key, and none can be made: {failure}; give --key") from failure
    with closing(store):
        made = store.create_key("secret", "demo", actor="demo")
        try:
            yield made.secret_once
        finally:
            store.revoke_key(made.id, actor="demo")
