"""Laws of keeping: API keys, erasure, retention, and the schema itself."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from service.store import Purged, Store, StoreError
from service.store.models import Base
from tests.unit.store.examples import Stepper, a_turn
from tests.unit.store.laws_turns import at_once


class KeepingLaws:
    """Laws of everything around the turns."""

    def test_a_key_lets_in_until_it_is_revoked(self, store: Store) -> None:
        made = store.create_key("publishable", "shop", ("https://shop.example",), now=1.0, actor="an")
        found = store.find_key(made.secret_once, now=2.0)
        assert made.secret_once.startswith("evk_pk_")
        assert found is not None
        assert (found.id, found.kind, found.origins) == (made.id, "publishable", ("https://shop.example",))
        assert store.revoke_key(made.id, now=3.0, actor="an")
        assert store.find_key(made.secret_once) is None
        assert not store.revoke_key(made.id)
        assert [(entry.actor, entry.action) for entry in store.audit_trail()] == [
            ("an", "key.revoked"),
            ("an", "key.created"),
        ]

    def test_a_key_with_one_other_character_is_no_key(self, store: Store) -> None:
        secret = store.create_key("secret", "desk").secret_once
        for place in (0, 8, len(secret) - 1):
            assert store.find_key(secret[:place] + "_" + secret[place + 1 :]) is None
        for wrong in ("", secret[:-1], secret + "0", secret.upper(), "é", "\ud800"):
            assert store.find_key(wrong) is None

    @pytest.mark.parametrize("origin", ["*", "", "shop.example", "https://shop.example/", "javascript://x"])
    def test_a_key_for_no_web_origin_is_not_made(self, store: Store, origin: str) -> None:
        with pytest.raises(StoreError, match="origin"):
            store.create_key("publishable", "shop", (origin,))
        assert store.list_keys() == ()

    def test_last_use_of_a_key_is_kept_to_the_hour(self, store: Store) -> None:
        secret = store.create_key("secret", "desk", now=0.0).secret_once
        for now, kept in ((10.0, 10.0), (3000.0, 10.0), (3610.0, 3610.0)):
            store.find_key(secret, now=now)
            assert store.list_keys()[0].last_used_at == kept

    def test_a_new_key_does_not_show_its_secret(self, store: Store) -> None:
        made = store.create_key("secret", "desk")
        assert made.secret_once not in repr(made)
        assert made.secret_once not in repr(store.list_keys())

    def test_erasing_a_contact_takes_every_conversation_that_it_was_in(self, store: Store) -> None:
        turns = [("c1", "t1", "anna"), ("c1", "t2", "bob"), ("c2", "t1", "bob"), ("c3", "t1", "eve")]
        for conversation_id, turn_id, contact in turns:
            turn = a_turn(turn_id, contact_id=contact)
            store.record_turn(turn, conversation_id, 101.0, Stepper(turn))
        last = store.last_event_id()
        erased = store.erase_contact("bob")
        assert (erased.conversations, erased.turns, erased.model_versions) == (2, 3, ("m1",))
        assert [item.conversation_id for item in store.list_conversations().items] == ["c3"]
        assert {event.conversation_id for event in store.events_after(0)} == {"c3"}
        assert "bob" not in repr(store.audit_trail())
        assert store.erase_contact("bob").conversations == 0
        turn = a_turn("t9")
        assert store.record_turn(turn, "c9", 101.0, Stepper(turn)).events[0].id > last

    def test_retention_erases_what_received_nothing_since(self, store: Store) -> None:
        for name, at in (("old", 100.0), ("new", 200.0)):
            store.record_turn(a_turn(), name, at, Stepper(a_turn()))
        store.record_turn(a_turn(), "long", 100.0, Stepper(a_turn()))
        store.record_turn(a_turn("t2"), "long", 200.0, Stepper(a_turn("t2")))
        assert store.purge_before(150.0) == Purged(conversations=1, events=1, done=True)
        assert store.conversation("old") is None
        long = store.conversation("long")
        assert long is not None
        assert len(long.turns) == 2
        assert all(event.at >= 150.0 for event in store.events_after(0))

    def test_retention_erases_in_steps_of_bounded_length(self, store: Store) -> None:
        for number in range(5):
            store.record_turn(a_turn(), f"old{number}", 100.0, Stepper(a_turn()))
        store.record_turn(a_turn(), "long", 100.0, Stepper(a_turn()))
        store.record_turn(a_turn("t2"), "long", 200.0, Stepper(a_turn("t2")))
        steps = [store.purge_before(150.0, limit=2) for _ in range(3)]
        assert [(step.conversations, step.done) for step in steps] == [(2, False), (2, False), (1, True)]
        assert [item.conversation_id for item in store.list_conversations().items] == ["long"]
        assert [event.at for event in store.events_after(0)] == [200.0]

    def test_ping_passes_on_a_healthy_database_and_writes_nothing(self, store: Store) -> None:
        store.ping()
        assert store.last_event_id() == 0

    def test_opening_at_once_from_many_threads_migrates_once(self, database_url: str) -> None:
        stores = at_once([lambda: Store.open(database_url) for _ in range(4)])
        for number, store in enumerate(stores):
            assert store.record_turn(a_turn(f"t{number}"), "c1", 101.0, Stepper(a_turn(f"t{number}"))).created
            store.close()

    def test_the_migrated_schema_is_the_schema_of_the_models(self, store: Store, database_url: str) -> None:
        engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        engine.dispose()
