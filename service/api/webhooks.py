"""Committed events -> signed requests to the endpoints that want them: the loop that fans out, claims, sends and settles.

Every worker runs it; the store sees to it that a message is sent by one at a time. Each attempt is a task of its
own, so an endpoint that hangs takes its few places and nobody else's. What a killed worker was sending is sent
again, under the same `webhook-id`, when its lease ends.
"""

import asyncio
import random
import time
from collections import Counter
from typing import Final

from ..outgoing import CONTENT_TYPE, Answered, Outcome, Refused, envelope, judge, signed_headers
from ..scoring.batching import Overloaded
from ..store import Claimed, StoreError, Try, TryResult
from ..telemetry import log, log_failure
from .runtime import Runtime

TICK_S: Final = 0.5
"""Between two looks for new events and for what is due."""
DRAIN_S: Final = 3.0
"""How long a stop waits for attempts under way; what is cut off is sent again later."""
_NO_ANSWER: Final = 0
"""How much of an answer is read: its status says everything."""


async def keep_webhooks(runtime: Runtime) -> None:
    """Send again and again, until cancelled."""
    desk = WebhookDesk(runtime)
    try:
        while True:
            await desk.tick()
            await asyncio.sleep(TICK_S)
    finally:
        await desk.drain()


class WebhookDesk:
    """The attempts that this worker has under way."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: Counter[str] = Counter()

    async def tick(self) -> None:
        """Write the messages of new events, and begin to send what is due; a database that is away is asked again."""
        store, in_store = self._runtime.store, self._runtime.in_store
        try:
            await in_store(store.deliveries.fan_out)
            claimed = await in_store(store.deliveries.claim, dict(self._busy))
        except (StoreError, Overloaded) as failure:
            log_failure("webhooks.failed", failure)
            return
        for message in claimed:
            self._busy[message.endpoint_id] += 1
            task = asyncio.create_task(self._deliver(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Wait a moment for what is under way, then give it up."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=DRAIN_S)
        for task in self._tasks:
            task.cancel()

    async def _deliver(self, message: Claimed) -> None:
        try:
            began = time.perf_counter()
            outcome = await self._send(message)
            took_ms = int((time.perf_counter() - began) * 1000)
            await self._settle(message, outcome, took_ms)
        except (StoreError, Overloaded) as failure:
            # Not written down: the lease ends, and it is sent again.
            log_failure("webhooks.unsettled", failure)
        finally:
            self._busy[message.endpoint_id] -= 1

    async def _send(self, message: Claimed) -> Outcome:
        body = envelope(message.event_id, message.event, message.payload)
        headers = signed_headers(message.secrets, message.message_id, int(time.time()), body)
        headers["Content-Type"] = CONTENT_TYPE
        return await self._runtime.sender.send("POST", message.url, headers=headers, body=body, answer_bytes=_NO_ANSWER)

    async def _settle(self, message: Claimed, outcome: Outcome, took_ms: int) -> None:
        judged = judge(outcome, type=message.event.type, attempts=message.attempts + 1, chance=random.random())
        result, status = _told(outcome)
        self._runtime.metrics.webhook_attempts.labels("delivered" if judged.verdict == "delivered" else result).inc()
        store = self._runtime.store
        tried = Try(time.time(), result, status, took_ms)
        await self._runtime.in_store(store.deliveries.finish, message, judged, tried)
        if judged.verdict == "gone":
            log("webhook.gone", webhook=message.endpoint_id)


def _told(outcome: Outcome) -> tuple[TryResult, int | None]:
    match outcome:
        case Answered():
            return "answered", outcome.status
        case Refused():
            return outcome.why, None
    return outcome.kind, None
