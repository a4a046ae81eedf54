"""The store on a real PostgreSQL: the laws of every database, and what only a server can break."""

import threading
from collections.abc import Iterator
from itertools import count

import psycopg
import pytest

from service.store import Store, StoreError, StoreUnavailable
from tests.unit.store.examples import Stepper, a_turn
from tests.unit.store.laws import StoreLaws
from tests.unit.store.laws_turns import at_once

_numbers = count()


@pytest.fixture
def database_url(postgresql_server: str) -> Iterator[str]:
    """Make an empty database."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"{postgresql_server}/{name}"
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


class TestPostgresql(StoreLaws):
    """Every law of the store."""


def test_a_stream_never_skips_an_event_that_commits_late(database_url: str) -> None:
    """One transaction has its ids and is not committed: nobody may see greater ids before it is."""
    store = Store.open(database_url)
    numbered, go_on = threading.Event(), threading.Event()
    slow = threading.Thread(target=_insert_event_slowly, args=(database_url, numbered, go_on))
    store.record_turn(a_turn("t0"), "slow", 101.0, Stepper(a_turn("t0")))
    slow.start()
    assert numbered.wait(30)
    turn = a_turn("t1")
    fast = threading.Thread(target=store.record_turn, args=(turn, "fast", 101.0, Stepper(turn)))
    fast.start()
    fast.join(0.3)
    seen_early = [event.id for event in store.events_after(0)]
    go_on.set()
    slow.join()
    fast.join()
    ids = [event.id for event in store.events_after(0)]
    assert len(ids) == 3
    # What was visible early is a prefix of what there is: nothing appeared between.
    assert ids[: len(seen_early)] == seen_early
    store.close()


def test_conversations_do_not_wait_for_each_other_in_their_steps(database_url: str) -> None:
    """Two steps run at the same moment: each waits inside its transaction until the other is there."""
    store = Store.open(database_url)
    meet = threading.Barrier(2, timeout=30)

    def record(name: str) -> bool:
        def step(state):  # type: ignore[no-untyped-def]
            meet.wait()
            return Stepper(a_turn())(state)

        return store.record_turn(a_turn(), name, 101.0, step).created

    assert at_once([lambda: record("a"), lambda: record("b")]) == [True, True]
    store.close()


def test_a_turn_that_meets_the_erasure_of_its_conversation_begins_it_anew(database_url: str) -> None:
    """The erasure holds the row when the turn comes for it, and deletes it while the turn waits."""
    from service.store.database import Database
    from service.store.models import ConversationRow

    store, database = Store.open(database_url), Database.connect(database_url, busy_timeout_s=10.0)
    store.record_turn(a_turn("t1"), "c1", 101.0, Stepper(a_turn("t1")))
    turn, created = a_turn("t2"), []
    late = threading.Thread(target=lambda: created.append(store.record_turn(turn, "c1", 102.0, Stepper(turn)).created))
    with database.write() as session:
        row = session.get(ConversationRow, "c1", with_for_update=True)
        late.start()
        late.join(0.5)
        session.delete(row)
    late.join()
    stored = store.conversation("c1")
    assert created == [True]
    assert stored is not None
    assert [found.turn_id for found in stored.turns] == ["t2"]
    database.close()
    store.close()


def test_a_read_only_database_is_not_ready(database_url: str) -> None:
    store = Store.open(database_url)
    store.ping()
    with psycopg.connect(database_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    store.close()
    reopened = Store.open(database_url)
    with pytest.raises(StoreUnavailable):
        reopened.ping()
    reopened.close()


def test_an_unreachable_server_does_not_show_the_password() -> None:
    with pytest.raises(StoreError) as caught:
        Store.open("postgresql://u:tajne-heslo@127.0.0.1:1/x")
    assert "tajne" not in str(caught.value)


def _insert_event_slowly(database_url: str, numbered: threading.Event, go_on: threading.Event) -> None:
    """Publish as the store does, and stay between insert and commit until told to go on."""
    from service.store.database import Database
    from service.store.outbox import News, publish

    database = Database.connect(database_url, busy_timeout_s=10.0)
    with database.write() as session:
        publish(session, "slow", 101.0, [News("turn.scored", {})])
        numbered.set()
        go_on.wait(30)
    database.close()
