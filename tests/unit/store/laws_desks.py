"""Laws of connections and effects: each event has its effects once, whoever works them out, sends them or dies."""

from dataclasses import dataclass, field
from typing import Final

import pytest

from service.flow import Turn
from service.integrations.seam import Note, Standing
from service.store import ConnectionChange, Store
from service.store.connections import Connections
from service.store.desk_effects import LEASE_S, MAX_ATTEMPTS, DeskEffects, effect_from_json, effect_to_json, wait_s
from tests.unit.store.examples import Stepper
from tests.unit.store.laws_turns import at_once

SECRETS: Final = {"signing_secret": "12345678", "api_token": "abcdefgh"}
OPTIONS: Final = {"base_url": "https://desk.example", "account_id": 3, "handoff_team_id": 7, "note_language": "cs"}


def explain(rule: str, language: str) -> str:
    return f"{rule} in {language}"


@dataclass
class Desk:
    """A store with a connection, by a clock that the test moves."""

    store: Store
    now: float = 100.0
    connections: Connections = field(init=False)
    effects: DeskEffects = field(init=False)
    id: str = field(init=False)

    def __post_init__(self) -> None:
        database = self.store.people.database
        self.connections = Connections(database, lambda: self.now)
        self.effects = DeskEffects(database, lambda: self.now)
        self.id = self.connections.add("chatwoot", "Desk", SECRETS, OPTIONS).id

    def conversation(self, number: int = 1) -> str:
        return f"chatwoot-{self.id}-{number}"

    def say(self, turn_id: str, level: float, action: str = "none", number: int = 1) -> None:
        turn = Turn(turn_id, "customer", "pořád nic", 100.0)
        step = Stepper(turn, level, action)  # type: ignore[arg-type]
        self.store.record_turn(turn, self.conversation(number), self.now, step)

    def work(self) -> None:
        while self.effects.work_out(explain):
            pass

    def names(self) -> list[str]:
        self.work()
        return sorted(effect.name.partition(":")[0] for effect in self.effects.take())


class DeskLaws:
    """Laws of what desks are to show."""

    @pytest.fixture
    def shop(self, store: Store) -> Desk:
        return Desk(store)

    def test_an_alert_has_its_effects_once_however_many_work_them_out(self, shop: Desk) -> None:
        shop.say("t1", 0.9, "handoff")
        at_once([shop.work for _ in range(4)])
        taken = [effect for part in at_once([shop.effects.take for _ in range(4)]) for effect in part]  # type: ignore[attr-defined]
        assert sorted(effect.name.partition(":")[0] for effect in taken) == ["note", "standing", "team"]
        (note,) = (effect.effect for effect in taken if isinstance(effect.effect, Note))
        assert "rule-1 in cs" in note.text
        assert "Rozumím vám." in note.text
        assert shop.names() == []

    def test_ten_turns_are_one_standing_and_the_latest_one_counts(self, shop: Desk) -> None:
        for number in range(10):
            shop.say(f"t{number}", number / 100)
        shop.work()
        (due,) = shop.effects.take()
        assert isinstance(due.effect, Standing)
        assert due.effect.attributes["evenkeel_risk"] == 9

    def test_what_changed_while_it_was_sent_is_sent_as_well(self, shop: Desk) -> None:
        shop.say("t1", 0.1)
        shop.work()
        (due,) = shop.effects.take()
        shop.say("t2", 0.2)
        shop.work()
        shop.effects.done(due)
        (again,) = shop.effects.take()
        assert (again.version, again.attempts) == (due.version + 1, 1)
        shop.effects.done(again)
        assert shop.names() == []

    def test_whoever_dies_is_followed_by_another_who_knows(self, shop: Desk) -> None:
        shop.say("t1", 0.1)
        shop.work()
        assert [effect.attempts for effect in shop.effects.take()] == [1]
        shop.now += LEASE_S - 1
        assert shop.effects.take() == ()
        shop.now += 1
        assert [effect.attempts for effect in shop.effects.take()] == [2]

    def test_what_fails_is_tried_later_each_time_and_given_up_in_the_end(self, shop: Desk) -> None:
        shop.say("t1", 0.1)
        shop.work()
        waits = []
        for _ in range(MAX_ATTEMPTS):
            (due,) = shop.effects.take()
            shop.effects.put_off(due, "no answer")
            waits.append(wait_s(due.attempts))
            shop.now += wait_s(due.attempts)
        assert waits == sorted(waits)
        assert shop.effects.take() == ()
        found = shop.connections.find(shop.id)
        assert found is not None
        assert (found.failed, found.waiting, found.last_error) == (1, 0, "no answer")
        shop.connections.change(shop.id, ConnectionChange(secrets=SECRETS | {"api_token": "another-one"}))
        (due,) = shop.effects.take()
        shop.effects.done(due)
        found = shop.connections.find(shop.id)
        assert found is not None
        assert (found.failed, found.last_error) == (0, None)

    def test_only_conversations_of_a_desk_that_may_be_written_to_have_effects(self, shop: Desk) -> None:
        turn = Turn("t1", "customer", "pořád nic", 100.0)
        for conversation in ("c1", "chatwoot-nobody-1", f"intercom-{shop.id}-1"):
            shop.store.record_turn(turn, conversation, 100.0, Stepper(turn, 0.9, "handoff"))
        assert shop.names() == []
        shop.connections.change(shop.id, ConnectionChange(secrets={"signing_secret": "12345678"}))
        shop.say("t1", 0.9, "handoff")
        assert shop.names() == []

    def test_switched_off_it_waits_and_removed_it_is_gone(self, shop: Desk) -> None:
        shop.say("t1", 0.9, "handoff")
        shop.connections.change(shop.id, ConnectionChange(enabled=False))
        assert shop.names() == []
        shop.connections.change(shop.id, ConnectionChange(enabled=True))
        assert len(shop.names()) == 3
        assert shop.connections.remove(shop.id)
        assert not shop.connections.remove(shop.id)
        shop.now += LEASE_S
        assert shop.names() == []
        assert shop.store.conversation(shop.conversation()) is not None

    def test_an_erased_conversation_takes_its_effects_along(self, shop: Desk) -> None:
        turn = Turn("t1", "customer", "pořád nic", 100.0, contact_id="k1")
        shop.store.record_turn(turn, shop.conversation(), 100.0, Stepper(turn, 0.9, "handoff"))
        shop.work()
        (first, *_) = shop.effects.take()
        shop.store.erase_contact("k1")
        shop.effects.done(first)
        shop.now += LEASE_S
        assert shop.names() == []

    def test_an_older_status_is_not_taken_for_a_newer_one(self, shop: Desk) -> None:
        said = shop.effects.status_said
        assert not said(shop.conversation(), True, 5.0)
        shop.say("t1", 0.1)
        assert said(shop.conversation(), True, 10.0)
        assert shop.effects.closed_at(shop.conversation()) == 10.0
        assert said(shop.conversation(), False, 12.0)
        assert not said(shop.conversation(), True, 11.0)
        assert shop.effects.closed_at(shop.conversation()) is None

    def test_what_was_before_the_connection_is_not_told(self, store: Store) -> None:
        turn = Turn("t1", "customer", "pořád nic", 100.0)
        store.record_turn(turn, "c1", 50.0, Stepper(turn, 0.9, "handoff"))
        assert Desk(store).names() == []

    def test_an_effect_is_kept_as_it_is(self, shop: Desk) -> None:
        shop.say("t1", 0.9, "handoff")
        shop.work()
        for due in shop.effects.take():
            assert effect_from_json(due.name, effect_to_json(due.effect)) == due.effect
