"""The store on SQLite: the laws of every database, and what only a file can promise."""

import json
import sqlite3
import stat
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from service.store import Store, StoreError, StoreUnavailable
from service.store.database import Database
from tests.unit.store.examples import PHONE, Stepper, a_turn
from tests.unit.store.laws import StoreLaws

WRITER = """
import json, sys
from service.store import Store
from tests.unit.store.examples import Stepper, a_turn
url, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = Store.open(url)
for number in range(count):
    turn = a_turn(f"{name}{number}")
    recorded = store.record_turn(turn, "c1", 101.0, Stepper(turn))
    print(json.dumps(recorded.assessment), flush=True)
print("done", flush=True)
sys.stdin.read()
"""


class TestSqlite(StoreLaws):
    """Every law of the store."""


def test_an_answered_turn_is_there_after_the_process_was_killed(database_url: str) -> None:
    with _writer(database_url, "t", 1000) as child:
        assert child.stdout is not None
        answered = [json.loads(child.stdout.readline()) for _ in range(3)]
        child.kill()
    store = Store.open(database_url)
    stored = store.conversation("c1")
    assert stored is not None
    assert [turn.assessment for turn in stored.turns][:3] == answered
    # Turns that nobody saw answered may be there too; each has its events, and the count is theirs.
    assert stored.summary.turns == len(stored.turns) == len(store.events_after(0, 5000))
    store.close()


def test_two_processes_write_one_conversation_without_losing_a_turn(database_url: str, store: Store) -> None:
    with _writer(database_url, "a", 20) as first, _writer(database_url, "b", 20) as second:
        for child in (first, second):
            assert child.stdout is not None
            assert [line for line in iter(child.stdout.readline, "done\n")]
            child.kill()
    stored = store.conversation("c1")
    assert stored is not None
    assert stored.summary.turns == len(stored.turns) == 40
    ids = [event.id for event in store.events_after(0)]
    assert len(ids) == 40
    assert ids == sorted(set(ids))


def test_neither_phone_nor_key_is_in_any_file(store: Store, database_path: Path) -> None:
    turn = a_turn(text=f"gọi {PHONE} ngay, thẻ 4111111111111111")
    store.record_turn(turn, "c1", 101.0, Stepper(turn))
    secret = store.create_key("secret", "desk").secret_once
    bytes_on_disk = _bytes_on_disk(database_path)
    assert "gọi <phone> ngay".encode() in bytes_on_disk
    for hidden in (PHONE, "4111111111111111", secret, secret[15:]):
        assert hidden.encode() not in bytes_on_disk


def test_an_erased_text_leaves_every_file(store: Store, database_path: Path) -> None:
    turn = a_turn(text="nezapomenutelná věta", contact_id="anna-77")
    store.record_turn(turn, "c1", 101.0, Stepper(turn))
    assert "nezapomenutelná".encode() in _bytes_on_disk(database_path)
    store.erase_contact("anna-77")
    for gone in ("nezapomenutelná", "anna-77"):
        assert gone.encode() not in _bytes_on_disk(database_path)


def test_only_the_owner_may_read_the_files(store: Store, database_path: Path) -> None:
    store.record_turn(a_turn(), "c1", 101.0, Stepper(a_turn()))
    files = list(database_path.parent.iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_every_connection_keeps_what_it_commits(store: Store, database_url: str, database_path: Path) -> None:
    database = Database.connect(database_url, busy_timeout_s=1.0)
    with database.read() as session:
        asked = {name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}
    database.close()
    assert asked == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 1000}


def test_a_locked_database_is_unavailable_and_says_nothing_of_the_turn(database_url: str, database_path: Path) -> None:
    store = Store.open(database_url, busy_timeout_s=0.01)
    other = sqlite3.connect(database_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    turn = a_turn(text="tajemství")
    for call in (store.ping, lambda: store.record_turn(turn, "c1", 101.0, Stepper(turn))):
        with pytest.raises(StoreUnavailable) as caught:
            call()
        assert "tajemství" not in "".join(traceback.format_exception(caught.value))
    other.execute("ROLLBACK")
    other.close()
    store.ping()
    store.close()


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://u:geheim@h/d", "nothing", "sqlite:////proc/none/x.db"]
)
def test_a_database_that_cannot_keep_turns_stops_the_start(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        Store.open(url)
    assert "geheim" not in str(caught.value)


def test_a_database_of_a_newer_version_stops_the_start(store: Store, database_url: str, database_path: Path) -> None:
    with sqlite3.connect(database_path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="9999"):
        Store.open(database_url)


def _writer(database_url: str, name: str, count: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, database_url, name, str(count)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _bytes_on_disk(database_path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in database_path.parent.iterdir())
