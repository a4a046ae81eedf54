"""Redis wakes the streams of other workers: no poll and no heartbeat could, they are set to never."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

from service.events import EventBus
from service.flow import Event
from service.store import Store
from tests.unit.store.examples import Stepper, a_turn

NEVER_S = 1000.0


def test_a_stream_of_one_worker_sees_what_another_commits(redis_url: str, tmp_path: Path) -> None:
    asyncio.run(asyncio.wait_for(_check(redis_url, f"sqlite:///{tmp_path}/evenkeel.db"), 60))


async def _check(redis_url: str, database_url: str) -> None:
    async with AsyncExitStack() as stack:
        stores, buses = [], []
        for _ in range(2):
            stores.append(Store.open(database_url))
            stack.callback(stores[-1].close)
            buses.append(EventBus(stores[-1], redis_url, poll_s=NEVER_S, heartbeat_s=NEVER_S))
            await buses[-1].start()
            stack.push_async_callback(buses[-1].stop)
        stream = buses[1].follow(0)
        # The first may come with the subscription itself, the others can come through Redis only.
        for name in ("c1", "c2", "c3"):
            waiting = asyncio.ensure_future(_next_names(stream))
            await asyncio.to_thread(stores[0].record_turn, a_turn(), name, 101.0, Stepper(a_turn()))
            buses[0].notify()
            assert await waiting == [name]


async def _next_names(stream: AsyncIterator[list[Event]]) -> list[str]:
    return [event.conversation_id for event in await anext(stream)]
