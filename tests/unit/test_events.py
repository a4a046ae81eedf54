"""The event bus: every stream gets every event once and in order, whoever committed it and whoever woke it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread

import pytest

from service.events import EventBus
from service.flow import Event
from service.store import Store, StoreError, StoreUnavailable
from tests.unit.store.examples import Stepper, a_turn

NEVER_S = 1000.0
SOON_S = 0.01
LIMIT_S = 60.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/evenkeel.db")
    yield store
    store.close()


def test_a_stream_gets_what_was_stored_and_then_what_is_committed(store: Store) -> None:
    async def check() -> None:
        _record(store, "before")
        async with _running(EventBus(store, poll_s=NEVER_S, heartbeat_s=NEVER_S)) as bus:
            stream = bus.follow(0)
            assert await _names(stream) == ["before"]
            waiting = asyncio.ensure_future(_names(stream))
            Thread(target=lambda: (_record(store, "after"), bus.notify())).start()
            assert await waiting == ["after"]

    _run(check)


def test_a_commit_of_another_worker_is_found_by_looking(store: Store) -> None:
    async def check() -> None:
        async with _running(EventBus(store, poll_s=SOON_S, heartbeat_s=NEVER_S)) as bus:
            waiting = asyncio.ensure_future(_names(bus.follow(0)))
            await asyncio.to_thread(_record, store, "elsewhere")
            assert await waiting == ["elsewhere"]

    _run(check)


def test_a_quiet_stream_beats(store: Store) -> None:
    async def check() -> None:
        async with _running(EventBus(store, poll_s=NEVER_S, heartbeat_s=SOON_S)) as bus:
            stream = bus.follow(0)
            assert await anext(stream) == []
            assert await anext(stream) == []

    _run(check)


def test_streams_that_join_while_turns_pour_in_each_see_every_event_once(store: Store) -> None:
    def write(bus: EventBus, worker: int) -> None:
        for number in range(25):
            _record(store, f"w{worker}-{number}")
            bus.notify()

    async def read(bus: EventBus) -> list[int]:
        ids: list[int] = []
        async for batch in bus.follow(0):
            ids += [event.id for event in batch]
            if len(ids) == 100:
                break
        return ids

    async def check() -> None:
        async with _running(EventBus(store, poll_s=NEVER_S, heartbeat_s=NEVER_S)) as bus:
            writers = [asyncio.to_thread(write, bus, worker) for worker in range(4)]
            results = await asyncio.gather(*(read(bus) for _ in range(5)), *writers)
            expected = [event.id for event in store.events_after(0)]
            assert all(ids == expected for ids in results[:5])

    _run(check)


def test_an_id_from_the_future_waits_for_what_comes_next(store: Store) -> None:
    async def check() -> None:
        _record(store, "before")
        async with _running(EventBus(store, poll_s=NEVER_S, heartbeat_s=SOON_S)) as bus:
            stream = bus.follow(10**9)
            assert await anext(stream) == []
            _record(store, "next")
            bus.notify()
            assert await _names(stream) == ["next"]

    _run(check)


def test_stopping_ends_every_stream(store: Store) -> None:
    async def check() -> None:
        bus = EventBus(store, poll_s=NEVER_S, heartbeat_s=NEVER_S)
        await bus.start()
        waiting = asyncio.ensure_future(anext(bus.follow(0), None))
        await asyncio.sleep(0)  # let the stream begin
        await bus.stop()
        assert await waiting is None
        bus.notify()

    _run(check)


@pytest.mark.parametrize("failure", [StoreUnavailable("away"), StoreError("a statement was refused")])
def test_looking_goes_on_after_the_database_failed(
    store: Store, monkeypatch: pytest.MonkeyPatch, failure: StoreError
) -> None:
    failures = iter([failure])
    real = store.last_event_id

    def unreliable() -> int:
        for failure in failures:
            raise failure
        return real()

    async def check() -> None:
        async with _running(EventBus(store, poll_s=SOON_S, heartbeat_s=NEVER_S)) as bus:
            stream = bus.follow(0)
            waiting = asyncio.ensure_future(_names(stream))
            monkeypatch.setattr(store, "last_event_id", unreliable)
            await asyncio.to_thread(_record, store, "later")
            assert await waiting == ["later"]

    _run(check)


def test_without_a_reachable_redis_the_bus_looks_by_itself(store: Store) -> None:
    pytest.importorskip("redis")

    async def check() -> None:
        async with _running(EventBus(store, "redis://127.0.0.1:1", poll_s=SOON_S, heartbeat_s=NEVER_S)) as bus:
            waiting = asyncio.ensure_future(_names(bus.follow(0)))
            await asyncio.to_thread(_record, store, "elsewhere")
            bus.notify()
            assert await waiting == ["elsewhere"]

    _run(check)


@pytest.mark.parametrize("url", ["redis://h:geheim", "redis://h:99999999", "http://h", "redis://h?db=geheim"])
def test_what_is_no_url_of_redis_is_said_without_repeating_it(store: Store, url: str) -> None:
    pytest.importorskip("redis")
    with pytest.raises(StoreError, match="REDIS_URL is not a Redis URL") as caught:
        EventBus(store, url)
    assert "geheim" not in str(caught.value)


@asynccontextmanager
async def _running(bus: EventBus) -> AsyncIterator[EventBus]:
    await bus.start()
    try:
        yield bus
    finally:
        await bus.stop()


def _run(check: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        await asyncio.wait_for(check(), LIMIT_S)

    asyncio.run(limited())


def _record(store: Store, name: str) -> None:
    turn = a_turn()
    store.record_turn(turn, name, 101.0, Stepper(turn))


async def _names(stream: AsyncIterator[list[Event]]) -> list[str]:
    """Return the conversations of the next batch that is not a heartbeat."""
    async for batch in stream:
        if batch:
            return [event.conversation_id for event in batch]
    return []
