"""Our own transcripts -> two weeks at a help desk, told to the running service over HTTP at the times of a movable clock.

Used by `screenshots.py`. Everything follows from the seed: who writes when, who takes what over and how it ends.
The last hour is left as it stands at `NOW`, in the middle of its conversations.
"""

import heapq
import json
import random
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from service.labels import BINARY, LANGUAGES  # noqa: E402

NOW = datetime(2026, 11, 19, 9, 42, tzinfo=UTC).timestamp()
DAY_S, HOUR_S, MINUTE_S = 86400.0, 3600.0, 60.0
DAYS = 14
QUEUES = ("telecom", "bank", "courier", "insurance", "hotel")
PEOPLE = (
    ("jana.novakova", "Jana Nováková", "admin"),
    ("mai.nguyen", "Mai Nguyễn", "supervisor"),
    ("jose.santos", "José Santos", "supervisor"),
    ("emma.clarke", "Emma Clarke", "agent"),
)
ADMIN = PEOPLE[0][0]
NOTES = {
    "vi": ("Đã hoàn tiền và gọi lại xin lỗi khách.", "Gửi lại đơn mới, giao trong hôm nay."),
    "tl": ("Na-refund na at tinawagan ang customer.", "Naipadala na ulit, darating bukas."),
    "cs": ("Vrátili jsme peníze a zavolali zpět.", "Poslali jsme náhradu, dorazí zítra."),
    "en": ("Refunded both charges and called back.", "Sent a replacement, arrives tomorrow."),
}
LABELLED = 0.15
DOUBLY_LABELLED = 0.3
MISREAD = 0.06
FALSE_ALARM = 0.7
LEFT_OPEN = 0.3


class Clock:
    """The time that the service is told; it only moves when the story does."""

    def __init__(self) -> None:
        self.at = NOW - DAYS * DAY_S

    def time(self) -> float:
        """Take the place of `time.time`."""
        return self.at


@dataclass(frozen=True)
class Api:
    """Calls the service with a key; whatever is refused ends the story."""

    url: str
    key: str

    def __call__(self, method: str, path: str, body: object = None) -> Any:
        """Return the answer's JSON."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise RuntimeError(f"{method} {path}: {refusal.code} {refusal.read().decode()}") from refusal


@dataclass(frozen=True)
class Chat:
    """A transcript with its place in the two weeks."""

    id: str
    transcript: dict[str, Any]
    start: float
    pace_s: float
    contact: str

    @property
    def language(self) -> str:
        return str(self.transcript["language"])


class Story:
    """Steps in the order of their times; a step may add later ones."""

    def __init__(self, api: Api, clock: Clock, tick: Callable[[float], object], seed: int = 20261119) -> None:
        self.api, self.clock, self.tick = api, clock, tick
        self.random = random.Random(seed)
        self.steps: list[tuple[float, int, Callable[[], None]]] = []
        self.told = 0
        self.taken: dict[str, str] = {}

    def tell(self) -> None:
        """Set up the desk, then play everything that lies before NOW."""
        self._set_up()
        for chat in self._chats():
            self._at(chat.start, self._turn_of(chat, 0))
        while self.steps and self.steps[0][0] <= NOW:
            at, _, step = heapq.heappop(self.steps)
            self.clock.at = at
            self.tick(at)
            step()
        self.clock.at = NOW
        self.tick(NOW)
        self._connect()

    def _at(self, at: float, step: Callable[[], None]) -> None:
        self.told += 1
        heapq.heappush(self.steps, (at, self.told, step))

    def _set_up(self) -> None:
        for name, display_name, role in PEOPLE:
            self.api("POST", "/v1/people", {"name": name, "display_name": display_name, "role": role})
        self.api("POST", "/v1/keys", {"kind": "secret", "name": "chat desk"})
        self.api("POST", "/v1/keys", {"kind": "publishable", "name": "shop", "origins": ["https://shop.example"]})
        self.api("PATCH", "/v1/settings", {"alert_budgets": {"supervisor": 12}, "retention_days": 180})

    def _connect(self) -> None:
        """Last, so that nothing of the story is sent to where nobody is."""
        secrets = {"signing_secret": "written-for-a-picture", "api_token": "written-for-a-picture"}
        options = {"base_url": "https://chat.example", "account_id": 1}
        desk = {"kind": "chatwoot", "name": "Chatwoot", "secrets": secrets, "options": options}
        self.api("POST", "/v1/connections", desk)
        types = ["alert.raised", "handoff.changed"]
        self.api("POST", "/v1/webhooks", {"url": "https://crm.example/evenkeel", "types": types, "description": "CRM"})

    def _chats(self) -> Iterator[Chat]:
        piles = {language: self._shuffled(language) for language in LANGUAGES}
        number = 4100
        for start, pace_s in self._starts():
            language = LANGUAGES[number % len(LANGUAGES)]
            number += 1
            # Most days are calm: an escalated conversation for two others, and every second one of the last hour.
            wanted = self.random.random() < (0.5 if start > NOW - HOUR_S else 0.3)
            place = next(i for i, item in enumerate(piles[language]) if bool(item["escalated"]) == wanted)
            contact = f"c-{self.random.randrange(260)}"
            yield Chat(f"chat-{number}", piles[language].pop(place), start, pace_s, contact)

    def _shuffled(self, language: str) -> list[dict[str, Any]]:
        lines = (ROOT / "data" / "transcripts" / f"{language}.jsonl").read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        whole = [row for row in rows if "escalated" in row and row.get("industry") in QUEUES and len(row["turns"]) > 5]
        self.random.shuffle(whole)
        return whole

    def _starts(self) -> Iterator[tuple[float, float]]:
        """Ten to fifteen conversations a working day, and thirty that began within the last hour."""
        today = NOW - NOW % DAY_S
        for ago in range(DAYS, 0, -1):
            day = today - ago * DAY_S
            for _ in range(self.random.randint(10, 15)):
                yield day + self.random.uniform(7, 17) * HOUR_S, 1.0
        for _ in range(30):
            yield NOW - self.random.uniform(1, 45) * MINUTE_S, self.random.uniform(2, 6)

    def _turn_of(self, chat: Chat, index: int) -> Callable[[], None]:
        def send() -> None:
            turn = chat.transcript["turns"][index]
            body = {"turn_id": f"t{index + 1}", "role": turn["role"], "text": turn["text"], "channel": "web"}
            body |= {"queue": chat.transcript["industry"], "contact_id": chat.contact}
            answer = self.api("POST", f"/v1/conversations/{chat.id}/turns", body)
            self._react(chat, answer["recommendation"]["action"])
            if turn["role"] == "customer" and chat.start < NOW - HOUR_S and self.random.random() < LABELLED:
                self._at(self.clock.at + HOUR_S, lambda: self._label(chat, index))
            self._go_on(chat, index + 1)

        return send

    def _go_on(self, chat: Chat, index: int) -> None:
        turns = chat.transcript["turns"]
        if index < len(turns):
            pause = self.random.uniform(5, 20) + len(turns[index]["text"]) / 9
            self._at(self.clock.at + pause * chat.pace_s, self._turn_of(chat, index))
        elif chat.start < NOW - HOUR_S:
            self._at(self.clock.at + self.random.uniform(2, 25) * MINUTE_S, lambda: self._resolve(chat))

    def _react(self, chat: Chat, action: str) -> None:
        """A supervisor takes a conversation over, or sees its alert; some of the last hour still wait for one."""
        if action not in ("consult", "handoff") or chat.id in self.taken:
            return
        if chat.start > NOW - HOUR_S and self.random.random() < LEFT_OPEN:
            return
        person = self.random.choice([name for name, _, role in PEOPLE if role != "agent"])
        self.taken[chat.id] = person
        after = self.clock.at + self.random.uniform(20, 170)
        if action == "consult":
            return self._at(after, lambda: self._acknowledge(chat, person))
        self._at(after, lambda: self._step(chat, "accept", person))
        self._at(after + self.random.uniform(10, 90), lambda: self._step(chat, "join", person))

    def _acknowledge(self, chat: Chat, person: str) -> None:
        for alert in self.api("GET", f"/v1/conversations/{chat.id}/alerts")["alerts"]:
            if alert["status"] == "raised":
                self.api("POST", f"/v1/alerts/{alert['alert_id']}", {"action": "acknowledge", "by": person})

    def _step(self, chat: Chat, action: str, person: str, **more: str) -> None:
        self.api("POST", f"/v1/conversations/{chat.id}/handoff", {"action": action, "by": person, **more})

    def _resolve(self, chat: Chat) -> None:
        person = self.taken.get(chat.id, "emma.clarke")
        is_false = chat.id in self.taken and not chat.transcript["escalated"] and self.random.random() < FALSE_ALARM
        outcome = "false_alarm" if is_false else self.random.choices(("solved", "unsolved"), (9, 1))[0]
        note = {"note": self.random.choice(NOTES[chat.language])} if outcome == "solved" else {}
        self._step(chat, "resolve", person, outcome=outcome, **note)

    def _label(self, chat: Chat, index: int) -> None:
        """One or two people say what the transcript's labels say, or now and then something else."""
        truth = chat.transcript["turns"][index]
        people = ["mai.nguyen", "jose.santos"]
        self.random.shuffle(people)
        for by in people[: 2 if self.random.random() < DOUBLY_LABELLED else 1]:
            said = {name: int(truth[name]) ^ (self.random.random() < MISREAD) for name in BINARY}
            body = {"by": by, **said, "sentiment": truth["sentiment"]}
            self.api("PUT", f"/v1/conversations/{chat.id}/turns/t{index + 1}/labels", body)
