"""Golden payloads: each desk's documented shapes, written by us, and the inputs that they become."""

import json
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.integrations.desks import DESKS, read_payload
from service.integrations.seam import Closed, Ignored, Input, Opened, Said

AT: Final = 1_790_000_000.0
ISO: Final = "2026-09-21T14:13:20.000Z"
RUBY: Final = "2026-09-21 14:13:20 UTC"
CHATWOOT: Final = {"base_url": "https://desk.example", "account_id": 3}
ACCOUNT: Final = {"id": 3, "name": "Shop"}
TALK: Final = {"id": 41, "channel": "Channel::WebWidget", "inbox_id": 2, "meta": {"sender": {"id": 9}}}
GENERIC: Final = {
    "mapping": """
messages: events[?kind == 'message']
conversation: thread
message: id
text: body
role:
  from: author.type
  values: {visitor: customer, operator: agent}
  otherwise: bot
sent_at: at
contact: author.id
queue: group
channel: via
ignore_when: internal
closed_when: last
"""
}


def chatwoot(event: str = "message_created", **changes: Any) -> dict[str, Any]:
    message = {
        "event": event,
        "id": 100,
        "content": "hello",
        "message_type": "incoming",
        "private": False,
        "content_attributes": {},
        "created_at": ISO,
        "sender": {"id": 9, "type": "contact"},
        "inbox": {"id": 2, "name": "Web chat"},
        "conversation": TALK,
        "account": ACCOUNT,
    }
    return message | changes


def status(**changes: Any) -> dict[str, Any]:
    return {"event": "conversation_status_changed", "id": 41, "status": "resolved", "updated_at": AT, **changes}


def said(**changes: Any) -> Said:
    known: dict[str, Any] = {
        "conversation": "41",
        "message": "100",
        "role": "customer",
        "text": "hello",
        "sent_at": AT,
        "contact": "9",
        "queue": "Web chat",
        "channel": "web_widget",
    }
    return Said(**(known | changes))


def part(author: str = "user", body: str | None = "<p>still <b>nothing</b></p>", **changes: Any) -> dict[str, Any]:
    return {
        "id": "p1",
        "part_type": "comment",
        "body": body,
        "author": {"type": author, "id": "u1"},
        "created_at": AT,
        **changes,
    }


def intercom(topic: str, *parts: Any, **item: Any) -> dict[str, Any]:
    source = {"type": "conversation", "id": "s1", "body": "<p>Hi</p>", "author": {"type": "user", "id": "u1"}}
    talk = {
        "type": "conversation",
        "id": "77",
        "created_at": AT,
        "source": source,
        "contacts": {"contacts": [{"id": "c5"}]},
        "team_assignee_id": 12,
        "conversation_parts": {"conversation_parts": list(parts)},
    }
    return {"type": "notification_event", "topic": topic, "created_at": AT + 5, "data": {"item": talk | item}}


def from_intercom(**changes: Any) -> Said:
    known = {
        "conversation": "77",
        "message": "s1",
        "text": "Hi",
        "contact": "c5",
        "queue": "12",
        "channel": "conversation",
    }
    return said(**(known | changes))


def zendesk(
    author: dict[str, Any], source: str = "web", kind: str = "conversation:message", **content: Any
) -> dict[str, Any]:
    message = {
        "id": "m1",
        "received": ISO,
        "author": author,
        "content": content or {"type": "text", "text": "hello"},
        "source": {"type": source},
    }
    payload = {"conversation": {"id": "z1", "type": "personal", "brandId": "b1"}, "message": message}
    return {
        "app": {"id": "a"},
        "webhook": {"id": "w", "version": "v2"},
        "events": [{"id": "e", "type": kind, "payload": payload}],
    }


def from_zendesk(**changes: Any) -> Said:
    known = {"conversation": "z1", "message": "m1", "contact": "u1", "queue": "b1", "channel": "web"}
    return said(**(known | changes))


def rocketchat(kind: str = "Message", *messages: Any, **changes: Any) -> dict[str, Any]:
    visitor = {"_id": "v1", "username": "guest-3", "department": "sales"}
    return {"type": kind, "_id": "room1", "visitor": visitor, "messages": list(messages), **changes}


def line(**changes: Any) -> dict[str, Any]:
    return {"_id": "r1", "username": "guest-3", "msg": "hello", "ts": ISO, "rid": "room1", **changes}


def from_rocketchat(**changes: Any) -> Said:
    known = {"conversation": "room1", "message": "r1", "contact": "v1", "queue": "sales", "channel": "livechat"}
    return said(**(known | changes))


def liveagent(**changes: Any) -> dict[str, Any]:
    known = {
        "ticket": "T-1",
        "message": "m9",
        "text": "hello<br>there",
        "from": "customer",
        "sent_at": ISO,
        "department": "shop",
    }
    return known | {"contact": "c1", "channel": "chat", "type": "Chat", "status": "open"} | changes


def event(**changes: Any) -> dict[str, Any]:
    known = {
        "kind": "message",
        "thread": 5,
        "id": 6,
        "body": "hello",
        "author": {"type": "visitor", "id": 8},
        "at": AT * 1000,
    }
    return known | {"group": "help", "via": "app"} | changes


# fmt: off
GOLDEN: Final[dict[str, tuple[str, dict[str, Any], list[Any]]]] = {
    # what                        desk        payload                                             inputs; of what is ignored, a word of the reason
    "a customer's message":      ("chatwoot", chatwoot(),                                         [said()]),
    "an older time":             ("chatwoot", chatwoot(created_at=RUBY),                          [said()]),
    "a time as a number":        ("chatwoot", chatwoot(created_at=int(AT)),                       [said()]),
    "types as numbers":          ("chatwoot", chatwoot(message_type=0),                           [said()]),
    "an agent's":                ("chatwoot", chatwoot(message_type="outgoing", sender={"id": 5, "type": "user"}), [said(role="agent")]),
    "a bot's":                   ("chatwoot", chatwoot(message_type="outgoing", sender={"id": 5, "type": "agent_bot"}), [said(role="bot")]),
    "an assistant's":            ("chatwoot", chatwoot(message_type="outgoing", sender={"id": 5, "type": "captain_assistant"}), [said(role="bot")]),
    "an update":                 ("chatwoot", chatwoot("message_updated"),                        [said()]),
    "an inbox without a name":   ("chatwoot", chatwoot(inbox={"id": 2}),                          [said(queue="inbox-2")]),
    "a private note":            ("chatwoot", chatwoot(private=True),                             ["private"]),
    "an activity":               ("chatwoot", chatwoot(message_type="activity"),                  ["activity"]),
    "a template":                ("chatwoot", chatwoot(message_type=3),                           ["template"]),
    "an attachment":             ("chatwoot", chatwoot(content=None, attachments=[{"id": 1}]),    ["attachments"]),
    "nothing":                   ("chatwoot", chatwoot(content=" "),                              ["without text"]),
    "deleted":                   ("chatwoot", chatwoot(content_attributes={"deleted": True}),     ["deleted"]),
    "a type of tomorrow":        ("chatwoot", chatwoot(message_type="hologram"),                  ["type"]),
    "another account":           ("chatwoot", chatwoot(account={"id": 4}),                        ["account"]),
    "no conversation":           ("chatwoot", chatwoot(conversation=None),                        ["no conversation"]),
    "resolved":                  ("chatwoot", status(),                                           [Closed("41", AT)]),
    "resolved, to a bot":        ("chatwoot", status(event="conversation_resolved"),              [Closed("41", AT)]),
    "opened":                    ("chatwoot", status(status="open"),                              [Opened("41", AT)]),
    "snoozed":                   ("chatwoot", status(status="snoozed"),                           ["neither"]),
    "a contact":                 ("chatwoot", {"event": "contact_updated", "account": ACCOUNT},   ["nothing about"]),
    "begun":                     ("chatwoot", {"event": "conversation_created", "id": 41},        ["nothing about"]),
    "started":                   ("intercom", intercom("conversation.user.created"),              [from_intercom()]),
    "replied":                   ("intercom", intercom("conversation.user.replied", part()),      [from_intercom(), from_intercom(message="p1", text="still nothing")]),
    "an admin replied":          ("intercom", intercom("conversation.admin.replied", part("admin"), source={}), [from_intercom(message="p1", text="still nothing", role="agent", channel=None)]),
    "an operator replied":       ("intercom", intercom("conversation.operator.replied", part("bot"), source={}), [from_intercom(message="p1", text="still nothing", role="bot", channel=None)]),
    "noted":                     ("intercom", intercom("conversation.admin.noted", part("admin", part_type="note")), ["nothing about"]),
    "a note beside":             ("intercom", intercom("conversation.admin.replied", part("admin", part_type="note"), source={}), ["a note"]),
    "an image":                  ("intercom", intercom("conversation.user.replied", part(body=None, attachments=[{"name": "a"}]), source={}), ["attachments"]),
    "closed":                    ("intercom", intercom("conversation.admin.closed", source={}),   [Closed("77", AT + 5)]),
    "reopened":                  ("intercom", intercom("conversation.admin.opened", source={}),   [Opened("77", AT + 5)]),
    "a ping":                    ("intercom", {"type": "notification_event", "topic": "ping", "data": {"item": {"type": "ping"}}}, ["nothing about"]),
    "a user's":                  ("zendesk",  zendesk({"type": "user", "userId": "u1"}),          [from_zendesk()]),
    "an agent's at Zendesk":     ("zendesk",  zendesk({"type": "business"}, "zd:agentWorkspace"), [from_zendesk(role="agent", contact=None, channel=None)]),
    "the answer bot's":          ("zendesk",  zendesk({"type": "business"}, "zd:answerBot"),      [from_zendesk(role="bot", contact=None, channel=None)]),
    "an AI's":                   ("zendesk",  zendesk({"type": "business", "subtypes": ["AI"]}, "zd:agentWorkspace"), [from_zendesk(role="bot", contact=None, channel=None)]),
    "a picture":                 ("zendesk",  zendesk({"type": "user", "userId": "u1"}, type="image", mediaUrl="https://x.example"), ["without text"]),
    "read":                      ("zendesk",  zendesk({"type": "user"}, kind="conversation:read"), ["nothing about"]),
    "no event":                  ("zendesk",  {"app": {}, "events": []},                          ["no event"]),
    "a visitor's":               ("rocketchat", rocketchat("Message", line()),                    [from_rocketchat()]),
    "an agent's in the room":    ("rocketchat", rocketchat("Message", line(username="ann", agentId="a1")), [from_rocketchat(role="agent")]),
    "a bot's in the room":       ("rocketchat", rocketchat("Message", line(username="robo", agentId="a2")), [from_rocketchat(role="bot")]),
    "without an id":             ("rocketchat", rocketchat("Message", line(_id=None)),            [from_rocketchat(message=f"{ISO} guest-3")]),
    "the end, with everything":  ("rocketchat", rocketchat("LivechatSession", line(), line(_id="r2", closingMessage=True), closedAt=ISO), [from_rocketchat(), "system", Closed("room1", AT)]),
    "a forward":                 ("rocketchat", rocketchat("LivechatSessionForwarded", line(), departmentId="d2"), [from_rocketchat(queue="d2")]),
    "a file":                    ("rocketchat", rocketchat("Message", line(msg="", file={"_id": "f"})), ["attachments"]),
    "the test of the form":      ("rocketchat", rocketchat("LivechatSession", line(), visitor={"_id": ""}), ["test"]),
    "an offline form":           ("rocketchat", {"type": "LivechatOfflineMessage", "message": "hello"}, ["nothing about"]),
    "a rule's request":          ("liveagent", liveagent(),                                       [said(conversation="T-1", message="m9", text="hello\nthere", contact="c1", queue="shop", channel="chat")]),
    "an internal note":          ("liveagent", liveagent(type="Internal"),                        ["ignore_when"]),
    "a resolved ticket":         ("liveagent", liveagent(status="resolved", text=""),             [Closed("T-1", AT)]),
    "a mapped message":          ("generic",  {"events": [event()]},                              [said(conversation="5", message="6", contact="8", queue="help", channel="app")]),
    "others are bots":           ("generic",  {"events": [event(author={"type": "x", "id": 8})]}, [said(conversation="5", message="6", contact="8", queue="help", channel="app", role="bot")]),
    "the last one":              ("generic",  {"events": [event(last=True)]},                     [said(conversation="5", message="6", contact="8", queue="help", channel="app"), Closed("5", AT)]),
    "an internal one":           ("generic",  {"events": [event(internal=True)]},                 ["ignore_when"]),
    "no message":                ("generic",  {"events": [{"kind": "typing"}]},                   ["no message"]),
    "another shape":             ("generic",  {"events": "none"},                                 ["no conversation"]),
}
# fmt: on
OPTIONS: Final[dict[str, Any]] = {"chatwoot": CHATWOOT, "rocketchat": {"bots": "robo, other"}, "generic": GENERIC}


@pytest.mark.parametrize("what", list(GOLDEN))
def test_a_documented_payload_becomes_these_inputs(what: str) -> None:
    kind, payload, expected = GOLDEN[what]
    found = read_payload(DESKS[kind], json.dumps(payload).encode(), OPTIONS.get(kind, {}))
    assert found is not None
    assert [short(item) if isinstance(item, Ignored) else item for item in found] == [
        short_of(want, found[number]) for number, want in enumerate(expected)
    ]


def short(item: Ignored) -> str:
    return item.why


def short_of(want: Any, found: Input) -> Any:
    """A word of the reason stands for the whole of it."""
    return found.why if isinstance(want, str) and isinstance(found, Ignored) and want in found.why else want


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def put(payload: Any, path: list[int], value: Any) -> Any:
    """Return the payload with something else somewhere in it."""
    if not path or not isinstance(payload, dict | list) or not payload:
        return value
    keys = list(payload) if isinstance(payload, dict) else list(range(len(payload)))
    changed = dict(payload) if isinstance(payload, dict) else list(payload)
    key = keys[path[0] % len(keys)]
    changed[key] = put(payload[key], path[1:], value)
    return changed


@settings(max_examples=150)
@given(st.sampled_from(sorted(GOLDEN)), st.lists(st.integers(0, 20), min_size=1, max_size=5), JSON)
def test_whatever_a_desk_sends_is_read_or_ignored_and_never_an_error(what: str, path: list[int], value: Any) -> None:
    kind, payload, _ = GOLDEN[what]
    broken = json.dumps(put(payload, path, value)).encode()
    for desk in {kind, "chatwoot"}:
        found = read_payload(DESKS[desk], broken, OPTIONS.get(desk, {}))
        assert found is None or all(isinstance(item, Said | Closed | Opened | Ignored) for item in found)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"[" * 100_000, b"\xff", b"null"])
def test_what_is_no_object_is_told(body: bytes) -> None:
    assert read_payload(DESKS["chatwoot"], body, CHATWOOT) is None
