"""The store on SQLite: the laws of every database, and what only a file can promise."""

import json
import sqlite3
import stat
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from service.flow import ConversationState
from service.risk.state import state_to_json
from service.store import Store, StoreError, StoreUnavailable
from service.store.database import Database
from service.store.migrate import configuration
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

CLAIMANT = """
import sys
from service.risk.handoff import HandoffRefused
from service.store import Store
url, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = Store.open(url)
print("ready", flush=True)
sys.stdin.readline()
for number in range(count):
    try:
        taken = store.hand_over(f"c{number}", "claim", name, now=200.0)
        print(taken.handoff.owner, flush=True)
    except HandoffRefused as refused:
        print(f"refused: {refused.standing.owner}", flush=True)
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


def test_two_processes_that_claim_the_same_conversations_never_both_have_one(database_url: str, store: Store) -> None:
    for number in range(20):
        store.record_turn(a_turn(), f"c{number}", 101.0, Stepper(a_turn()))
    with (
        _process(CLAIMANT, database_url, "jana", 20) as first,
        _process(CLAIMANT, database_url, "petr", 20) as second,
    ):
        children = (first, second)
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        answers = [[line.strip() for line in iter(child.stdout.readline, "done\n")] for child in children]  # type: ignore[union-attr]
        for child in children:
            child.kill()
    for number, (one, other) in enumerate(zip(*answers, strict=True)):
        found = store.conversation(f"c{number}", now=201.0)
        assert found is not None
        owner = found.handoff.owner
        assert {one, other} == {owner, f"refused: {owner}"}
        assert [step.by for step in found.handoffs] == [owner]


def test_a_hand_off_that_was_answered_is_there_after_the_process_was_killed(database_url: str, store: Store) -> None:
    for number in range(21):
        store.record_turn(a_turn(), f"c{number}", 101.0, Stepper(a_turn()))
    with _process(CLAIMANT, database_url, "jana", 21) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        child.stdout.readline()
        child.stdin.write("go\n")
        child.stdin.flush()
        answered = [child.stdout.readline() for _ in range(3)]
        child.kill()
    assert answered == ["jana\n"] * 3
    for number in range(3):
        found = store.conversation(f"c{number}", now=201.0)
        assert found is not None
        assert (found.handoff.owner, len(found.handoffs)) == ("jana", 1)
        assert [event.type for event in store.events_after(0) if event.conversation_id == f"c{number}"][-1:] == [
            "handoff.changed"
        ]


def test_a_database_of_the_first_version_is_brought_up_and_keeps_its_conversations(
    database_url: str, database_path: Path
) -> None:
    database = Database.connect(database_url, busy_timeout_s=1.0)
    with database.migrate() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text(OLD_ROW), {"state": json.dumps(state_to_json(OLD_STATE))})
    database.close()
    store = Store.open(database_url)
    (row,) = store.list_conversations().items
    assert (row.conversation_id, row.status, row.owner, row.deadline) == ("old", "open", None, None)
    taken = store.hand_over("old", "accept", "jana", now=200.0)
    assert taken is not None
    assert taken.handoff.owner == "jana"
    store.close()


OLD_STATE = ConversationState("old", customer_turns=1)
OLD_ROW = """
INSERT INTO conversations (id, status, state, risk_level, band, trend, stage, action, turns, created_at, updated_at,
                           last_turn_at)
VALUES ('old', 'open', :state, 0.5, 'watch', 'steady', 'venting', 'none', 1, 100, 100, 100)
"""


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
    store.hand_over("c1", "resolve", "jana", note=f"poznámka o zákazníkovi {PHONE}", outcome="solved")
    assert "nezapomenutelná".encode() in _bytes_on_disk(database_path)
    assert "poznámka o zákazníkovi <phone>".encode() in _bytes_on_disk(database_path)
    assert PHONE.encode() not in _bytes_on_disk(database_path)
    folded = (" nezapomenutelna veta", " poznamka o zakaznikovi")
    assert all(words.encode() in _bytes_on_disk(database_path) for words in folded)
    store.erase_contact("anna-77")
    for gone in ("nezapomenutelná", "poznámka", "anna-77", *folded):
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
    return _process(WRITER, database_url, name, count)


def _process(program: str, database_url: str, name: str, count: int) -> "subprocess.Popen[str]":
    command_line = [sys.executable, "-c", program, database_url, name, str(count)]
    return subprocess.Popen(command_line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _bytes_on_disk(database_path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in database_path.parent.iterdir())
