"""Laws of the event stream: everything once, in order, also over cuts, restarts and the end of the service."""

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.api.process import Service


@dataclass(frozen=True)
class Received:
    id: int
    type: str
    data: dict[str, Any]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = Service(tmp_path_factory.mktemp("events") / "data").start()
    yield running
    assert running.end() == 0


def add(client: httpx2.Client, conversation: str, count: int, *, start: int = 0) -> None:
    for index in range(start, start + count):
        turn = {"turn_id": f"t{index}", "role": "customer", "text": "no" + "!" * (index % 6)}
        assert client.post(f"/v1/conversations/{conversation}/turns", json=turn).status_code == 201


def receive(lines: Iterator[str]) -> Iterator[Received]:
    """Parse the stream as a browser does; comments are skipped."""
    fields: dict[str, str] = {}
    for line in lines:
        if line == "" and "id" in fields:
            yield Received(int(fields["id"]), fields["event"], json.loads(fields["data"]))
        if line == "":
            fields = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value


def read(client: httpx2.Client, count: int, **options: Any) -> list[Received]:
    with client.stream("GET", "/v1/events", **options) as stream:
        assert stream.status_code == 200
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-cache"
        return [event for event, _ in zip(receive(stream.iter_lines()), range(count), strict=False)]


def test_a_stream_cut_anywhere_resumes_without_loss_or_doubles(service: Service) -> None:
    with service.client() as client:
        add(client, "cut", 8)
        everything = read(client, 8, params={"after": 0})
        total = len(everything)
        for size in (1, 2, 3, 5):
            pieces: list[Received] = []
            while len(pieces) < total:
                header = {"Last-Event-ID": str(pieces[-1].id if pieces else 0)}
                pieces += read(client, min(size, total - len(pieces)), headers=header)
            assert pieces == everything
    assert all(earlier.id < later.id for earlier, later in pairwise(everything))


def test_the_header_wins_over_the_address(service: Service) -> None:
    with service.client() as client:
        add(client, "header", 3)
        everything = read(client, 3, params={"after": 0})
        (second,) = read(client, 1, params={"after": 0}, headers={"Last-Event-ID": str(everything[0].id)})
        assert second == everything[1]


def test_without_an_id_a_stream_begins_now_and_shows_what_is_answered(service: Service) -> None:
    with service.client() as client, client.stream("GET", "/v1/events") as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": connected"
        add(client, "live", 1)
        event = next(receive(lines))
        assert event.data["conversation_id"] == "live"
        assert event.type in ("turn.scored", "risk.changed")


def test_events_hold_no_text_and_no_contact(service: Service) -> None:
    with service.client() as client:
        start = read(client, 1, params={"after": 0})[0].id
        turn = {"turn_id": "1", "role": "customer", "text": "call me on 0903 123 456!!!!", "contact_id": "contact-x"}
        assert client.post("/v1/conversations/private/turns", json=turn).status_code == 201
        found: list[Received] = []
        while not any(event.data["conversation_id"] == "private" for event in found):
            found += read(client, 1, params={"after": found[-1].id if found else start})
        assert "0903" not in str(found)
        assert "contact-x" not in str(found)


def test_a_stopping_service_ends_its_streams_and_a_new_one_continues(tmp_path: Path) -> None:
    service = Service(tmp_path / "data").start()
    with service.client() as client:
        add(client, "c1", 4)
        with client.stream("GET", "/v1/events", params={"after": 0}) as stream:
            events = receive(stream.iter_lines())
            seen = [next(events)]
            assert service.end(signal.SIGTERM) == 0
            seen += list(events)
    service.start()
    with service.client() as client:
        add(client, "c1", 2, start=4)
        everything = read(client, len(seen) + 2, params={"after": 0})
        resumed = read(client, 2, headers={"Last-Event-ID": str(seen[-1].id)})
        assert seen + resumed == everything
    assert service.end(signal.SIGINT) == 0
