"""A double of Chatwoot: conversations, signed webhooks, and the calls of its API that we make, with its shapes and errors.

After its documentation (https://developers.chatwoot.com) and the behaviour of version 4.17: `message_created` may be sent twice,
labels are set as a whole and unknown ones are dropped, custom attributes are replaced unless `merge` is sent.
"""

import hashlib
import hmac
import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.receiver import Received, Reply

SIGNING_SECRET: Final = "the-secret-of-the-webhook"
TOKEN: Final = "the-token-of-an-administrator"
ACCOUNT: Final = 3
PAGE: Final = 20
_NO_TOKEN: Final = Reply(401, body=b'{"errors":["You need to sign in or sign up before continuing."]}')
_NOT_FOUND: Final = Reply(404, body=b'{"error":"Resource could not be found"}')


@dataclass(frozen=True)
class Hook:
    """A webhook on its way; signed when it is posted, as Chatwoot does at each try."""

    delivery: str
    body: bytes

    def headers(self, at: float, secret: str = SIGNING_SECRET) -> dict[str, str]:
        stamp = str(int(at))
        signed = hmac.new(secret.encode(), stamp.encode() + b"." + self.body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "X-Chatwoot-Delivery": self.delivery,
            "X-Chatwoot-Timestamp": stamp,
            "X-Chatwoot-Signature": f"sha256={signed}",
        }


@dataclass
class Conversation:
    """What Chatwoot keeps of one."""

    id: int
    contact: int
    labels: list[str] = field(default_factory=list)
    priority: str | None = None
    custom_attributes: dict[str, Any] = field(default_factory=dict)
    team: int | None = None
    status: str = "open"
    messages: list[dict[str, Any]] = field(default_factory=list)
    updated_at: float = 0.0


@dataclass
class Chatwoot:
    """Its state, its outbox of webhooks, and `answer`, which a `Receiver` serves."""

    clock: float = 1_790_000_000.0
    known_labels: set[str] = field(default_factory=lambda: {"vip"})
    teams: dict[int, str] = field(default_factory=lambda: {7: "supervisors"})
    may_add_labels: bool = True
    conversations: dict[int, Conversation] = field(default_factory=dict)
    outbox: list[Hook] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    failures: list[Reply] = field(default_factory=list)
    """Given out before anything else, first come, first served."""
    lost_answers: int = 0
    """So many calls are carried out, but their answers never arrive."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _next_message: int = 100

    def open(self, number: int, **given: Any) -> Conversation:
        conversation = Conversation(number, contact=900 + number, updated_at=self.clock, **given)
        self.conversations[number] = conversation
        self._send("conversation_created", self._shown(conversation))
        return conversation

    def say(self, number: int, text: str | None, kind: str = "incoming", **given: Any) -> dict[str, Any]:
        """Let somebody write; the webhook goes out twice, as it does when messages come fast."""
        with self._lock:
            return self._say(number, text, kind, **given)

    def resolve(self, number: int, status: str = "resolved") -> None:
        conversation = self.conversations[number]
        self.clock += 1
        conversation.status, conversation.updated_at = status, self.clock
        self._send("conversation_status_changed", self._shown(conversation), twice=True)

    def notes(self, number: int) -> list[str]:
        return [message["content"] for message in self.conversations[number].messages if message["private"]]

    def count(self, method: str, ending: str) -> int:
        return sum(1 for called, path in self.calls if called == method and path.endswith(ending))

    def answer(self, request: Received) -> Reply:
        """Answer a call of the API."""
        with self._lock:
            path = urlsplit(request.path)
            self.calls.append((request.method, path.path))
            headers = {name.lower(): value for name, value in request.headers.items()}
            if headers.get("api_access_token") != TOKEN:
                return _NO_TOKEN
            if self.failures:
                return self.failures.pop(0)
            body = json.loads(request.body) if request.body else {}
            reply = self._call(request.method, path.path, parse_qs(path.query), body)
            if self.lost_answers and request.method == "POST":
                self.lost_answers -= 1
                return Reply(drops=True)
            return reply

    def _call(self, method: str, path: str, query: Mapping[str, list[str]], body: Mapping[str, Any]) -> Reply:
        if (method, path) == ("POST", f"/api/v1/accounts/{ACCOUNT}/labels"):
            if not self.may_add_labels:
                return Reply(401, body=b'{"error":"You are not authorized to do this action"}')
            self.known_labels.add(body["title"])
            return _json({"id": len(self.known_labels), "title": body["title"]})
        found = re.fullmatch(rf"/api/v1/accounts/{ACCOUNT}/conversations/(\d+)(?:/(\w+))?", path)
        conversation = self.conversations.get(int(found[1])) if found else None
        if found is None or conversation is None:
            return _NOT_FOUND
        if method == "GET":
            return self._page(conversation, query) if found[2] == "messages" else _json(self._shown(conversation))
        return self._change(conversation, found[2], body)

    def _change(self, conversation: Conversation, what: str, body: Mapping[str, Any]) -> Reply:
        if what == "labels":
            conversation.labels = [label for label in body["labels"] if label in self.known_labels]
            return _json({"payload": conversation.labels})
        if what == "toggle_priority":
            conversation.priority = body["priority"]
            return Reply(200)
        if what == "custom_attributes":
            kept = conversation.custom_attributes if body.get("merge") else {}
            conversation.custom_attributes = {**kept, **body["custom_attributes"]}
            return _json({"custom_attributes": conversation.custom_attributes})
        if what == "assignments":
            conversation.team = body["team_id"] if body["team_id"] in self.teams else None
            return _json({"id": conversation.team, "name": self.teams.get(body["team_id"])})
        if what == "messages":
            made = self._say(conversation.id, body["content"], body["message_type"], private=body["private"])
            return _json(made)
        return _NOT_FOUND

    def _say(self, number: int, text: str | None, kind: str, **given: Any) -> dict[str, Any]:
        conversation = self.conversations[number]
        self.clock += given.pop("after", 1.0)
        self._next_message += 1
        sender = {"id": conversation.contact, "name": "Guest", "type": "contact"}
        if kind != "incoming":
            sender = {"id": 5, "name": "Ann", "type": given.pop("sender", "user")}
        message = {
            "id": self._next_message,
            "content": text,
            "message_type": kind,
            "private": False,
            "content_type": "text",
            "content_attributes": {},
            "created_at": _ruby(self.clock),
            "sender": sender,
            **given,
        }
        conversation.messages.append(message)
        payload = {
            **message,
            "account": {"id": ACCOUNT, "name": "Shop"},
            "inbox": {"id": 2, "name": "Web chat"},
            "conversation": self._shown(conversation),
        }
        self._send("message_created", payload, twice=True)
        return message

    def _send(self, event: str, payload: Mapping[str, Any], *, twice: bool = False) -> None:
        body = json.dumps({"event": event, **payload}).encode()
        for _ in range(2 if twice else 1):
            self.outbox.append(Hook(f"delivery-{len(self.outbox)}", body))

    def _page(self, conversation: Conversation, query: Mapping[str, list[str]]) -> Reply:
        before = int(query["before"][0]) if "before" in query else 10**9
        page = [message for message in conversation.messages if message["id"] < before][-PAGE:]
        return _json({"meta": {"labels": conversation.labels}, "payload": page})

    def _shown(self, conversation: Conversation) -> dict[str, Any]:
        team = None if conversation.team is None else {"id": conversation.team, "name": self.teams[conversation.team]}
        return {
            "id": conversation.id,
            "account_id": ACCOUNT,
            "inbox_id": 2,
            "channel": "Channel::WebWidget",
            "labels": conversation.labels,
            "priority": conversation.priority,
            "custom_attributes": conversation.custom_attributes,
            "status": conversation.status,
            "updated_at": conversation.updated_at,
            "timestamp": int(self.clock),
            "meta": {"sender": {"id": conversation.contact, "type": "contact"}, "team": team, "assignee": None},
        }


def _json(value: Any) -> Reply:
    return Reply(200, {"Content-Type": "application/json"}, json.dumps(value).encode())


def _ruby(at: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
