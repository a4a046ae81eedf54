"""Chatwoot, played whole: its double sends signed webhooks twice and in any order, and ends with everything set once."""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from service.api.app import create_app
from service.api.desk_worker import work_once
from service.api.in_order import InOrder
from service.flow import Score
from service.risk.handoff import Limits
from service.store import Store
from service.store import desk_effects as effects_of_store
from tests.api.scorers import LetterScorer
from tests.api.support import KEY_HEADER, MakeClient, settings_in, store_of
from tests.chatwoot_double import ACCOUNT, SIGNING_SECRET, TOKEN, Chatwoot, Hook
from tests.receiver import Receiver, Reply

# fmt: off
STORY: Final = (
    ("incoming", "Hello, where is my parcel?"),
    ("outgoing", "Let me see. One moment, please."),
    ("incoming", "I have waited two weeks!!!"),
    ("incoming", "Nobody answers! This is a shame!!!"),
    ("incoming", "I have had enough!!!! Give me a manager!!!!"),
)
# fmt: on

ALL_THERE_S: Final = 30.0
IN_ORDER: Final = 7
"""The conversation that is played in order."""


class StoryScorer(LetterScorer):
    """Asking for a manager is asking for a person."""

    def score(self, texts: list[str], languages: list[str | None] | None = None) -> list[Score]:
        scored = super().score(texts, languages)
        wish = {"asks_human": 0.97, "asks_human_flag": True}
        return [
            replace(score, **wish) if "manager" in text else score for text, score in zip(texts, scored, strict=True)
        ]


class Pair:
    """A running service and a desk that are connected."""

    def __init__(self, client: TestClient, desk: Chatwoot, receiver: Receiver, **options: Any) -> None:
        self.client, self.desk, self.url = client, desk, receiver.url.removesuffix("/hook")
        body = {
            "kind": "chatwoot",
            "name": "Our Chatwoot",
            "secrets": {"signing_secret": SIGNING_SECRET, "api_token": TOKEN},
            "options": {"base_url": self.url, "account_id": ACCOUNT, **options},
        }
        made = client.post("/v1/connections", json=body)
        assert made.status_code == 201, made.text
        self.connection: dict[str, Any] = made.json()

    @property
    def store(self) -> Store:
        return store_of(self.client)

    def band(self, number: int) -> str:
        found = self.store.conversation(self.id(number))
        assert found is not None
        return found.summary.risk.band

    def id(self, number: int) -> str:
        return f"chatwoot-{self.connection['id']}-{number}"

    def post(self, hook: Hook, at: float | None = None) -> Any:
        headers = hook.headers(time.time() if at is None else at)
        return self.client.post(self.connection["path"], content=hook.body, headers=headers)

    def deliver(self, hooks: list[Hook] | None = None) -> list[dict[str, Any]]:
        """Deliver what is on its way, one after the other."""
        waiting, self.desk.outbox = self.desk.outbox if hooks is None else hooks, []
        answers = [self.post(hook) for hook in waiting]
        assert {answer.status_code for answer in answers} <= {200}, [answer.text for answer in answers]
        return [done for answer in answers for done in answer.json()["received"]]

    def work(self) -> None:
        """Let the background work until nothing is left."""
        runtime = self.client.app.state.runtime  # type: ignore[attr-defined]
        while self.client.portal.call(work_once, runtime):  # type: ignore[union-attr]
            pass

    def settle(self) -> None:
        """Deliver and work until both sides are quiet: a note that we write comes back as a webhook."""
        while self.desk.outbox:
            self.deliver()
            self.work()

    def connection_now(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"/v1/connections/{self.connection['id']}").json()
        return found


@pytest.fixture
def desk() -> Chatwoot:
    return Chatwoot()


@pytest.fixture
def receiver(desk: Chatwoot) -> Iterator[Receiver]:
    with Receiver(desk.answer) as running:
        yield running


@pytest.fixture
def pair(make_client: MakeClient, desk: Chatwoot, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Pair:
    return connected(make_client, desk, receiver, monkeypatch, handoff_team_id=7, note_language="en")


def connected(
    make_client: MakeClient, desk: Chatwoot, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, **options: Any
) -> Pair:
    # The background is called by the tests, when they want it.
    monkeypatch.setattr("service.api.desk_worker.POLL_S", 3600.0)
    client = make_client(outgoing_private=True, scorer=StoryScorer())
    client.app.state.runtime.desk_order = InOrder(at_once)  # type: ignore[attr-defined]
    return Pair(client, desk, receiver, **options)


async def at_once() -> None:
    """Wait for nothing."""


def play(desk: Chatwoot, number: int = 41) -> None:
    desk.open(number, labels=["vip"], custom_attributes={"plan": "gold"})
    for kind, text in STORY:
        desk.say(number, text, kind)


def texts(store: Store, conversation_id: str) -> list[tuple[str, str | None]]:
    found = store.conversation(conversation_id)
    return [] if found is None else [(item.role, item.text) for item in found.turns]


def test_a_whole_escalation_sets_label_priority_note_and_team_once(pair: Pair) -> None:
    play(pair.desk)
    pair.settle()
    shown = pair.desk.conversations[41]
    alerts = pair.store.alerts_of(pair.id(41))
    assert alerts is not None
    assert len(alerts) == 1
    assert [text for _, text in texts(pair.store, pair.id(41))] == [text for _, text in STORY]
    assert alerts[0].action == "handoff"
    band = pair.band(41)
    assert shown.labels == ["vip", f"evenkeel-{band}", f"evenkeel-{alerts[0].action}"]
    assert shown.priority == {"high": "high", "critical": "urgent"}[band]
    assert shown.custom_attributes["plan"] == "gold"
    assert shown.custom_attributes["evenkeel_band"] == band
    assert len(pair.desk.notes(41)) == 1
    assert pair.desk.count("POST", "/messages") == 1
    assert (shown.team, pair.desk.count("POST", "/assignments")) == (7, 1)
    assert pair.desk.count("POST", "/toggle_priority") <= 2, "once for each step up"
    before = len(pair.desk.calls)
    pair.settle()
    pair.work()
    assert len(pair.desk.calls) == before, "nothing is said twice"


def test_the_note_says_why_and_what_to_say_and_nothing_of_the_customer(pair: Pair) -> None:
    play(pair.desk)
    pair.settle()
    (note,) = pair.desk.notes(41)
    alerts = pair.store.alerts_of(pair.id(41))
    assert alerts
    policy = pair.client.app.state.runtime.engine.policy  # type: ignore[attr-defined]
    for rule in alerts[0].rules:
        assert policy.explain(rule, "en") in note
    assert "You could say" in note
    for _, text in STORY:
        assert text not in note


@pytest.mark.parametrize("language", ["vi", "tl", "cs"])
def test_the_note_is_in_the_language_of_the_desk(
    make_client: MakeClient, desk: Chatwoot, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    pair = connected(make_client, desk, receiver, monkeypatch, note_language=language)
    play(desk)
    pair.settle()
    (note,) = desk.notes(41)
    policy = pair.client.app.state.runtime.engine.policy  # type: ignore[attr-defined]
    alerts = pair.store.alerts_of(pair.id(41))
    assert alerts
    assert all(policy.explain(rule, language) in note for rule in alerts[0].rules)


def test_what_is_not_said_to_everybody_is_ignored_with_a_reason(pair: Pair) -> None:
    pair.desk.open(5)
    pair.desk.say(5, "please watch this one", "outgoing", private=True)
    pair.desk.say(5, "Conversation was marked resolved by Ann", "activity")
    pair.desk.say(5, "We reply within an hour", "template")
    pair.desk.say(5, None, attachments=[{"id": 1, "file_type": "image"}])
    whys = [done["why"] for done in pair.deliver() if done["did"] == "ignored"]
    assert whys[1::2] == [
        "a private note",
        "an activity, not a message of a person",
        "a template, not a message of a person",
        "attachments only",
    ]
    assert pair.store.conversation(pair.id(5)) is None


def test_an_agent_bot_is_a_bot(pair: Pair) -> None:
    pair.desk.open(6)
    pair.desk.say(6, "hello")
    pair.desk.say(6, "How may I help?", "outgoing", sender="agent_bot")
    pair.desk.say(6, "I am Ann", "outgoing")
    pair.deliver()
    assert [role for role, _ in texts(pair.store, pair.id(6))] == ["customer", "bot", "agent"]


def test_an_edited_message_keeps_its_first_words(pair: Pair) -> None:
    pair.desk.open(8)
    said = pair.desk.say(8, "hello")
    first = pair.desk.outbox[-1]
    edited = Hook(
        "another", first.body.replace(b'"hello"', b'"good bye"').replace(b"message_created", b"message_updated")
    )
    pair.desk.outbox.append(edited)
    assert [done["did"] for done in pair.deliver()][-3:] == ["stored", "known", "ignored"]
    assert texts(pair.store, pair.id(8)) == [("customer", said["content"])]


@pytest.mark.parametrize("owner", [None, "jana"])
def test_resolved_there_is_resolved_here_in_the_name_of_who_has_it(pair: Pair, owner: str | None) -> None:
    play(pair.desk)
    pair.settle()
    if owner is not None:
        pair.store.hand_over(pair.id(41), "join", owner, limits=Limits())
    pair.desk.resolve(41)
    pair.settle()
    found = pair.store.conversation(pair.id(41))
    assert found is not None
    assert found.handoff.status == "resolved"
    assert found.handoffs[-1].by == (owner or "Our Chatwoot")
    assert sum(step.action == "resolve" for step in found.handoffs) == 1
    alerts = pair.store.alerts_of(pair.id(41))
    assert alerts
    assert alerts[0].status == "closed"
    assert pair.desk.conversations[41].labels == ["vip", f"evenkeel-{found.summary.risk.band}"]


def test_an_older_status_changes_nothing_and_a_late_message_reopens_nothing(pair: Pair) -> None:
    pair.desk.open(9)
    pair.desk.say(9, "hello")
    pair.desk.resolve(9)
    early_close = pair.desk.outbox[-1]
    pair.desk.resolve(9, "open")
    pair.deliver()
    assert [done["did"] for done in pair.deliver([early_close])] == ["ignored"]
    pair.desk.say(9, "one more thing")
    late = pair.desk.outbox[-1]
    pair.desk.outbox = []
    pair.desk.resolve(9)
    pair.deliver()
    assert [done["did"] for done in pair.deliver([late])] == ["stored"]
    found = pair.store.conversation(pair.id(9))
    assert found is not None
    assert found.handoff.status == "resolved"


def test_what_fails_is_done_later_and_once(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, pair.store)
    play(pair.desk)
    pair.deliver()
    pair.desk.failures = [Reply(502), Reply(429, {"Retry-After": "60"}), Reply(503), Reply(500)]
    pair.desk.lost_answers = 1
    for _ in range(12):
        pair.work()
        clock.now += 30
    assert len(pair.desk.notes(41)) == 1
    assert pair.desk.conversations[41].priority is not None
    assert pair.connection_now()["waiting"] == 0
    assert pair.connection_now()["last_error"] is None


def test_a_refused_token_is_told_and_mended_without_a_loss(pair: Pair) -> None:
    here = f"/v1/connections/{pair.connection['id']}"
    assert pair.client.patch(here, json={"secrets": {"api_token": "a-wrong-token"}}).status_code == 200
    play(pair.desk)
    pair.settle()
    assert "401" in pair.connection_now()["last_error"]
    assert pair.connection_now()["waiting"] >= 2
    assert pair.client.patch(here, json={"secrets": {"api_token": TOKEN}}).status_code == 200
    pair.work()
    pair.settle()
    assert len(pair.desk.notes(41)) == 1
    assert pair.connection_now()["waiting"] == 0


def test_a_label_that_may_not_be_added_is_told_and_the_rest_is_done(pair: Pair) -> None:
    pair.desk.may_add_labels = False
    play(pair.desk)
    pair.settle()
    shown = pair.desk.conversations[41]
    assert shown.labels == ["vip"]
    assert shown.priority is not None
    assert len(pair.desk.notes(41)) == 1
    assert "no label evenkeel-" in pair.connection_now()["last_error"]


def test_what_a_person_set_higher_stays(pair: Pair) -> None:
    pair.desk.open(41, priority="urgent")
    pair.desk.say(41, "I have waited two weeks!!!!")
    pair.desk.say(41, "Nobody answers!!!!")
    pair.settle()
    assert pair.desk.conversations[41].priority == "urgent"
    assert pair.desk.count("POST", "/toggle_priority") == 0


def test_a_connection_that_is_switched_off_takes_nothing_and_says_nothing(pair: Pair) -> None:
    play(pair.desk)
    pair.deliver()
    here = f"/v1/connections/{pair.connection['id']}"
    assert pair.client.patch(here, json={"enabled": False}).status_code == 200
    pair.work()
    assert pair.desk.calls == []
    pair.desk.say(41, "hello?")
    assert pair.post(pair.desk.outbox[-1]).status_code == 403
    assert pair.client.patch(here, json={"enabled": True}).status_code == 200
    pair.work()
    assert len(pair.desk.notes(41)) == 1


def test_the_worker_that_dies_after_sending_leaves_one_note(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """The effect was sent and nobody wrote that down: whoever takes it next finds the note that is there."""
    clock = Clock(monkeypatch, pair.store)
    play(pair.desk)
    pair.deliver()
    with monkeypatch.context() as dead:
        dead.setattr(effects_of_store.DeskEffects, "done", lambda self, effect: None)
        pair.work()
    assert len(pair.desk.notes(41)) == 1
    clock.now += effects_of_store.LEASE_S + 1
    pair.work()
    assert len(pair.desk.notes(41)) == 1
    assert pair.desk.count("POST", "/messages") == 1
    assert pair.connection_now()["waiting"] == 0


class Clock:
    """The time of the list of effects, moved by the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
        self.now = time.time() + 1
        moved = effects_of_store.DeskEffects(store.desk_effects.database, lambda: self.now)
        monkeypatch.setattr(store, "desk_effects", moved)


@settings(max_examples=8)
@given(st.randoms(use_true_random=False))
def test_any_order_and_repetition_within_the_pause_gives_the_same_conversation(
    shared_pair: Pair, chance: random.Random
) -> None:
    """What comes within the pause is taken in the order of the desk's times, however it comes, and each message once."""
    if IN_ORDER not in shared_pair.desk.conversations:
        play(shared_pair.desk, IN_ORDER)
        shared_pair.deliver()
    number = 1000 + len(shared_pair.desk.conversations)
    play(shared_pair.desk, number)
    hooks = [*shared_pair.desk.outbox, *chance.sample(shared_pair.desk.outbox, 4)]
    shared_pair.desk.outbox = []
    chance.shuffle(hooks)
    shared_pair.client.portal.call(at_the_same_time, shared_pair, hooks)  # type: ignore[union-attr]
    found = shared_pair.store.conversation(shared_pair.id(number))
    assert found is not None
    assert [turn.text for turn in found.turns] == [text for _, text in STORY]
    assert risks(shared_pair, number) == risks(shared_pair, IN_ORDER)


def risks(pair: Pair, number: int) -> list[object]:
    found = pair.store.conversation(pair.id(number))
    assert found is not None
    # Which of several phrases is offered depends on the conversation's id.
    return [(turn.role, turn.assessment["risk"], turn.assessment["recommendation"]["action"]) for turn in found.turns]  # type: ignore[index]


async def at_the_same_time(pair: Pair, hooks: list[Hook]) -> None:
    """Post everything, and end the pause when all of it is there."""
    here = asyncio.Event()
    runtime = pair.client.app.state.runtime  # type: ignore[attr-defined]

    async def pause() -> None:
        await here.wait()

    runtime.desk_order = InOrder(pause)
    transport = httpx2.ASGITransport(app=pair.client.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        posts = [
            asyncio.create_task(
                client.post(pair.connection["path"], content=hook.body, headers=hook.headers(time.time()))
            )
            for hook in hooks
        ]
        messages = sum(b'"message_created"' in hook.body for hook in hooks)
        try:
            async with asyncio.timeout(ALL_THERE_S):
                while runtime.desk_order.waiting < messages:
                    await asyncio.sleep(0.001)
        finally:
            here.set()  # else the service could not even be stopped
        assert {answer.status_code for answer in await asyncio.gather(*posts)} == {200}


@pytest.fixture(scope="module")
def shared_pair(tmp_path_factory: pytest.TempPathFactory, policy: Any) -> Iterator[Pair]:
    """One pair for every example of the property; each plays a conversation of its own."""
    folder: Path = tmp_path_factory.mktemp("pair")
    app = create_app(replace(settings_in(folder), outgoing_private=True), scorer=LetterScorer(), policy=policy)
    desk = Chatwoot()
    with pytest.MonkeyPatch.context() as still, Receiver(desk.answer) as receiver:
        # Nothing is written back: our own notes would come between, whenever the background gets to them.
        still.setattr("service.api.desk_worker.POLL_S", 3600.0)
        with TestClient(app, headers=KEY_HEADER) as client:
            yield Pair(client, desk, receiver)
