"""Stage `publish`: events that any worker commits -> every stream that waits for them.

The store is the truth and its ids are the order; the bus only says "look again". In this process
`notify()` says so, from other workers Redis does, and without Redis (or while it is away) a look at
the greatest event id each second. A lost or doubled wake-up therefore costs time, never an event.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, TypeVar

from .flow import Event
from .store import Store, StoreError
from .wakeup import RedisWakeup, check_url

BATCH: Final = 500
"""Most events in one batch of `follow`."""

_log: Final = logging.getLogger(__name__)
_T = TypeVar("_T")


class EventBus:
    """Wakes the streams of this process; one per process, started in its event loop."""

    def __init__(
        self, store: Store, redis_url: str | None = None, *, poll_s: float = 1.0, heartbeat_s: float = 15.0
    ) -> None:
        """Prepare the bus; raises `StoreError` as `check_redis` does."""
        self._store = store
        self._poll_s = poll_s
        self._heartbeat_s = heartbeat_s
        self._redis = None if redis_url is None else _wakeup(redis_url, self._announce)
        self._changed = asyncio.Event()
        self._reads: dict[int, asyncio.Task[list[Event]]] = {}
        self._stopped = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="events")
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to listen; call it once, in the loop that the streams run in."""
        self._loop = asyncio.get_running_loop()
        self._tasks.append(asyncio.create_task(self._poll()))
        if self._redis is not None:
            self._tasks.append(asyncio.create_task(self._redis.listen()))
            self._tasks.append(asyncio.create_task(self._redis.publish()))

    async def stop(self) -> None:
        """End every stream and release what the bus holds."""
        self._stopped = True
        self._announce()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._redis is not None:
            await self._redis.close()
        await asyncio.to_thread(self._threads.shutdown)

    def notify(self) -> None:
        """Say that events were committed. Callable from any thread; never blocks, never raises."""
        if self._loop is None:
            return
        with suppress(RuntimeError):  # the loop is closed: nobody is listening any more
            self._loop.call_soon_threadsafe(self._announce_everywhere)

    async def follow(self, after_id: int) -> AsyncIterator[list[Event]]:
        """Yield the events after `after_id` in batches, each once and in order; [] when there was none for a while.

        Ends when the bus stops. Raises `StoreError`; resume with the last id that was seen.
        """
        position = min(after_id, await self._in_thread(self._store.last_event_id))
        while not self._stopped:
            changed = self._changed  # taken before reading: a commit during the read sets this very one
            batch = await self._read(position)
            if batch:
                position = batch[-1].id
                yield batch
                continue
            try:
                await asyncio.wait_for(changed.wait(), self._heartbeat_s)
            except TimeoutError:
                yield []

    async def _read(self, after_id: int) -> list[Event]:
        """Read a batch; streams that stand at the same id share one read."""
        task = self._reads.get(after_id)
        if task is None:
            task = asyncio.create_task(self._in_thread(lambda: self._store.events_after(after_id, BATCH)))
            self._reads[after_id] = task
            task.add_done_callback(lambda done: self._forget(after_id, done))
        return await asyncio.shield(task)

    def _forget(self, after_id: int, task: asyncio.Task[list[Event]]) -> None:
        if self._reads.get(after_id) is task:
            del self._reads[after_id]
        if not task.cancelled():
            task.exception()  # each stream that waited has raised it; here it counts as seen

    def _announce(self) -> None:
        # A read that began before this commit may miss it, so nobody may join one from here on.
        self._reads.clear()
        self._changed.set()
        self._changed = asyncio.Event()

    def _announce_everywhere(self) -> None:
        self._announce()
        if self._redis is not None:
            self._redis.request_publish()

    async def _poll(self) -> None:
        """Look at the greatest id: each second, or once per heartbeat while Redis does the waking."""
        seen, looked_at = -1, float("-inf")
        while True:
            now = asyncio.get_running_loop().time()
            if self._redis is None or not self._redis.connected or now - looked_at >= self._heartbeat_s:
                seen, looked_at = await self._look(seen), now
            await asyncio.sleep(self._poll_s)

    async def _look(self, seen: int) -> int:
        try:
            last = await self._in_thread(self._store.last_event_id)
        except StoreError as error:
            _log.warning("events.poll_failed: %s", error)
            return seen
        if last != seen:
            self._announce()
        return last

    async def _in_thread(self, read: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, read)


def check_redis(redis_url: str) -> None:
    """Raise `StoreError` when the URL is none of Redis, or the Redis client is not installed; connects nowhere."""
    try:
        check_url(redis_url)
    except ModuleNotFoundError:
        raise StoreError("REDIS_URL needs a client: pip install redis") from None
    except ValueError:
        # The URL may hold a password, so it is not repeated.
        raise StoreError("REDIS_URL is not a Redis URL; expected redis://:password@host:6379/0") from None


def _wakeup(redis_url: str, woken: Callable[[], None]) -> RedisWakeup:
    check_redis(redis_url)
    return RedisWakeup(redis_url, woken)
