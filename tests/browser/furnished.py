"""An empty service -> one in which every page of the board has something to show, in the words that a test chooses."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from tests.browser.running_service import RunningService

CHAT: Final = "chat-4711"
"""Has everything a conversation can have: two sides, an alert, steps of a hand-off, a label."""


@dataclass(frozen=True, slots=True)
class Words:
    """What people write and call things."""

    customer: str = "My parcel is late."
    agent: str = "I am looking into it."
    note: str = "Refunded, and sent once more."
    queue: str = "shop"


def furnish(service: RunningService, words: Words | None = None) -> None:
    """Fill the service: conversations, alerts in every state, hand-offs, labels, people, keys, changed settings."""
    words = words or Words()
    _say_much(service, words)
    _hand_over(service, words)
    _answer_alerts(service)
    _label(service)
    _administer(service)
    _tell_others(service, words)


def _say_much(service: RunningService, words: Words) -> None:
    for text in ("this is slow", "useless idiots, I want the manager", "I told my lawyer, useless, again"):
        service.say(CHAT, f"{text} {words.customer}", queue=words.queue, channel="web", contact_id="contact-1")
        service.say(CHAT, words.agent, role="agent")
    service.say(CHAT, f"ridiculous, useless, my lawyer will call you {words.customer}", queue=words.queue)
    for name, text in {
        "chat-vi": "bực quá, lần này tôi bóc phốt",
        "chat-tl": "nakakainis na po ang tagal, dti na po ako",
        "chat-cs": "pořád nic, hrozné, můj právník vám napíše",
        "chat-en": "let me talk to your manager, useless",
        "chat-calm": "hello",
        "chat-close": "I am waiting",
    }.items():
        service.say(name, f"{text} {words.customer}", queue=words.queue)
    now = datetime.now(UTC)
    for number in range(8):
        at = now - timedelta(days=1 + number % 4, minutes=number)
        text = "my lawyer will write, useless idiots" if number % 2 else "hello"
        service.say(f"old-{number}", f"{text} {words.customer}", sent_at=at.isoformat(), queue=words.queue)
        service.say(f"old-{number}", words.agent, role="agent", sent_at=(at + timedelta(minutes=3)).isoformat())


def _hand_over(service: RunningService, words: Words) -> None:
    def step(chat: str, action: str, **more: str) -> None:
        service.call("POST", f"/v1/conversations/{chat}/handoff", {"action": action, "by": "Jana Nováková", **more})

    step(CHAT, "claim")
    step(CHAT, "accept", note=words.note)
    step(CHAT, "return", note=words.note)
    step("chat-cs", "join")
    for number, outcome in enumerate(("solved", "unsolved", "false_alarm", "solved")):
        step(f"old-{number}", "resolve", outcome=outcome, note=words.note)


def _answer_alerts(service: RunningService) -> None:
    alerts = service.call("GET", "/v1/alerts?limit=50")["alerts"]
    named = {alert["conversation_id"]: f"/v1/alerts/{alert['alert_id']}" for alert in alerts}
    service.call("POST", named["chat-vi"], {"action": "acknowledge", "by": "Petr Dvořák"})
    service.call("POST", named["chat-tl"], {"action": "snooze", "by": "Petr Dvořák", "for_s": 3600})
    service.call("POST", named["old-5"], {"action": "dismiss", "by": "Petr Dvořák", "justified": True})
    service.call("POST", named["old-7"], {"action": "dismiss", "by": "Petr Dvořák", "justified": False})


def _label(service: RunningService) -> None:
    turns = service.call("GET", f"/v1/conversations/{CHAT}")["turns"]
    path = f"/v1/conversations/{CHAT}/turns/{turns[0]['turn_id']}/labels"
    service.call("PUT", path, {"by": "Jana Nováková", "frustration": 0, "threat": 1, "threat_kind": "legal"})


def _administer(service: RunningService) -> None:
    store = service.store
    store.people.add("jana.novakova", "supervisor", "Jana Nováková")
    store.people.add("petr", "agent", "Petr Dvořák")
    service.call("PATCH", "/v1/people/petr", {"deactivated": True})
    store.create_key("secret", "help desk")
    store.create_key("publishable", "web shop", ("https://shop.example",))
    key_id = store.create_key("secret", "old desk").record.id
    store.revoke_key(key_id)
    store.settings.change({"alert_budget.supervisor": 20}, actor="admin", via="session")


def _tell_others(service: RunningService, words: Words) -> None:
    # This machine is refused before anything is sent: nothing leaves it, and the log has a failure.
    for number, types in enumerate((["alert.raised", "turn.scored"], ["turn.scored"])):
        body = {"url": f"https://localhost/{number}", "types": types, "description": f"Tickets {words.note}"[:200]}
        made = service.call("POST", "/v1/webhooks", {**body, "languages": ["cs", "en"], "queues": ["support"]})
        service.call("POST", f"/v1/webhooks/{made['id']}/test")
    service.call("PATCH", f"/v1/webhooks/{made['id']}", {"enabled": False})
