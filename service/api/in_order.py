"""What comes within a moment, in any order -> done in the order in which it happened, one at a time per conversation.

Desks send each message by itself, and two that were written within a second may come the wrong way round. So what comes
waits a moment for what may still be on its way. What comes later than that is done when it comes: a risk that was told
stays told. Each process waits for itself; the store keeps the rest straight.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple, TypeVar

SETTLE_S: Final = 0.3
"""How long to wait for an earlier message: desks' queues mix up what is tens of milliseconds apart."""

Key = tuple[float, int, int, str]
Pause = Callable[[], Awaitable[None]]
_T = TypeVar("_T")


class _Waiting(NamedTuple):
    key: Key
    job: Callable[[], Awaitable[Any]]
    answer: "asyncio.Future[Any]"


async def settle() -> None:
    """Wait as long as the live service does."""
    await asyncio.sleep(SETTLE_S)


class InOrder:
    """Runs jobs by key within each group."""

    def __init__(self, pause: Pause = settle) -> None:
        self._pause = pause
        self._waiting: dict[str, list[_Waiting]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """How many jobs wait for their turn."""
        return sum(len(waiting) for waiting in self._waiting.values())

    async def run(self, group: str, key: Key, job: Callable[[], Awaitable[_T]]) -> _T:
        """Run a job after those of its group with a smaller key that come within the pause; returns or raises as it does."""
        answer: asyncio.Future[_T] = asyncio.get_running_loop().create_future()
        waiting = self._waiting.get(group)
        if waiting is None:
            self._waiting[group] = waiting = []
            task = asyncio.create_task(self._work(group))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        waiting.append(_Waiting(key, job, answer))
        return await answer

    async def _work(self, group: str) -> None:
        while True:
            await self._pause()
            due, self._waiting[group] = self._waiting[group], []
            for item in sorted(due, key=lambda waiting: waiting.key):
                try:
                    result = await item.job()
                except Exception as failure:
                    _settle(item.answer, failure)
                else:
                    _settle(item.answer, result)
            if not self._waiting[group]:
                del self._waiting[group]
                return


def _settle(answer: "asyncio.Future[Any]", outcome: object) -> None:
    if answer.done():
        return  # who asked is gone
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
