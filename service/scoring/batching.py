"""Many requests at once -> few calls of the model: turns that arrive together are scored together.

Sits between the routes and stages 1-4. Whoever asks gets the scores that they would have got alone:
each text is scored by itself, only the call is shared. The queue is bounded, so an overload is
refused at once (`Overloaded`) instead of growing slower for everybody; whoever stops waiting costs
nobody else anything.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import ClassVar

from ..flow import Score, Scorer


class Overloaded(Exception):
    """A queue is full; `retry_after_s` says when it is worth asking again."""

    why: ClassVar[str] = "too many turns are waiting to be scored"

    def __init__(self, retry_after_s: int = 1) -> None:
        super().__init__(f"{self.why}; try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class BatcherClosed(Overloaded):
    """The service is shutting down: nothing more is scored here."""

    why = "the service is shutting down"


@dataclass(slots=True)
class _Waiting:
    """One text of one request."""

    text: str
    language: str | None
    answer: asyncio.Future[Score]


@dataclass(slots=True)
class Batcher:
    """Scores texts for concurrent callers of one event loop, `max_batch` in a call of the executor."""

    scorer: Scorer
    executor: Executor
    max_batch: int = 32
    max_queue: int = 1024
    _queue: deque[_Waiting] = field(default_factory=deque)
    _worker: asyncio.Task[None] | None = None
    _closed: bool = False

    @property
    def depth(self) -> int:
        """How many texts wait for the model right now."""
        return len(self._queue)

    async def score(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> list[Score]:
        """Score the texts, order kept; all of them are accepted or none (`Overloaded`)."""
        hints = languages if languages is not None else [None] * len(texts)
        self._admit(len(texts))
        loop = asyncio.get_running_loop()
        mine = [_Waiting(text, hint, loop.create_future()) for text, hint in zip(texts, hints, strict=True)]
        self._queue.extend(mine)
        self._wake()
        try:
            return list(await asyncio.gather(*(waiting.answer for waiting in mine)))
        finally:
            for waiting in mine:
                waiting.answer.cancel()

    def _admit(self, count: int) -> None:
        if self._closed:
            raise BatcherClosed
        if self._queue and len(self._queue) + count > self.max_queue:
            raise Overloaded

    def _wake(self) -> None:
        if self._worker is None or self._worker.done():
            self._worker = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        """Work until the queue is empty; while one batch is at the model the next one gathers."""
        while self._queue:
            batch = self._take()
            if batch:
                await self._answer(batch)

    def _take(self) -> list[_Waiting]:
        """Take the oldest texts that somebody still waits for."""
        batch: list[_Waiting] = []
        while self._queue and len(batch) < self.max_batch:
            waiting = self._queue.popleft()
            if not waiting.answer.done():
                batch.append(waiting)
        return batch

    async def _answer(self, batch: list[_Waiting]) -> None:
        loop = asyncio.get_running_loop()
        texts, hints = [w.text for w in batch], [w.language for w in batch]
        try:
            scores = await loop.run_in_executor(self.executor, self.scorer.score, texts, hints)
        except Exception as failure:
            await self._answer_failure(batch, failure)
            return
        for waiting, score in zip(batch, scores, strict=True):
            if not waiting.answer.done():
                waiting.answer.set_result(score)

    async def _answer_failure(self, batch: list[_Waiting], failure: Exception) -> None:
        """Fail only the text that failed: its neighbours in the batch are scored again, each alone."""
        if len(batch) > 1:
            for waiting in batch:
                await self._answer([waiting])
        elif not batch[0].answer.done():
            batch[0].answer.set_exception(failure)

    async def close(self) -> None:
        """Refuse new texts, score those that wait, and return when the last is answered."""
        self._closed = True
        if self._worker is not None:
            await self._worker
