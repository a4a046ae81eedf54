"""`evenkeel demo` as it is typed: it finds the running service, makes its own key, and the board fills."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.__main__ import main
from service.client import Client
from service.store import Store
from tests.browser.running_service import KEY, RunningService


@pytest.fixture
def service(tmp_path: Path) -> Iterator[RunningService]:
    running = RunningService(tmp_path / "data")
    running.start()
    yield running
    running.stop()


def test_the_conversations_of_the_repository_arrive(
    service: RunningService, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EVENKEEL_DATA_DIR", str(service.data_dir))
    monkeypatch.setenv("EVENKEEL_PORT", str(service.port))  # where `evenkeel serve` would listen, too
    assert main(["demo", "--conversations", "4", "--speed", "100000"]) == 0
    waiting, head, *lines, last = capsys.readouterr().out.splitlines()
    assert waiting == f"Waiting for the service at {service.url}"
    assert head.startswith("4 conversations at")
    assert last == f"{len(lines)} messages sent"
    with Client(service.url, KEY) as client:
        rows = client.list_conversations()["conversations"]
    assert len(rows) == 4
    assert {row["conversation_id"] for row in rows} == {line.split()[0] for line in lines}
    store = Store.open(f"sqlite:///{service.data_dir / 'evenkeel.db'}")
    assert [key.name for key in store.list_keys() if key.name == "demo" and key.revoked_at is None] == []
    store.close()


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "klíč"])
def test_a_key_that_no_header_can_carry_is_named_at_once(
    key: str, service: RunningService, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--url", service.url, "--key", key]) == 1
    said = capsys.readouterr().err
    assert "key: expected" in said
    assert key not in said
