"""Committed events -> server-sent events: bounded in time, ended by a shutdown, a revoked key or a sign-out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from fastapi.sse import ServerSentEvent

from ..flow import Event
from ..store import StoreError
from ..telemetry import log_failure
from .present import event_to_json
from .runtime import Runtime

LIFETIME_S: Final = 15 * 60.0
"""A stream ends after this long, and the client resumes."""
CHECK_EVERY_S: Final = 5.0
"""How soon a stream ends after its key was revoked, or its person signed out or deactivated."""
RETRY_MS: Final = 2000


async def follow(
    runtime: Runtime, after_id: int, still_allowed: Callable[[], Awaitable[bool]]
) -> AsyncIterator[ServerSentEvent]:
    """Yield every event after `after_id`, oldest first, until lifetime, service or permission end."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + LIFETIME_S
    batches = runtime.bus.follow(after_id)
    closing = loop.create_task(_over(runtime, still_allowed))
    runtime.metrics.streams.inc()
    try:
        yield ServerSentEvent(comment="connected", retry=RETRY_MS)
        while (batch := await _next(batches, closing, ends - loop.time())) is not None:
            for event in batch:
                yield _sse(event)
    except StoreError as failure:
        # The client resumes from the last event that it saw, and is told 503 if it still cannot.
        log_failure("events.interrupted", failure)
    finally:
        runtime.metrics.streams.dec()
        closing.cancel()


async def _over(runtime: Runtime, still_allowed: Callable[[], Awaitable[bool]]) -> None:
    """Return when the service closes, or the caller may not read any more."""
    while True:
        try:
            await asyncio.wait_for(runtime.closing.wait(), CHECK_EVERY_S)
        except TimeoutError:
            if await still_allowed():
                continue
        return


async def _next(
    batches: AsyncIterator[list[Event]], closing: asyncio.Task[None], within_s: float
) -> list[Event] | None:
    """Return the next batch; None when the service closes, the time is up or the source ends."""
    if within_s <= 0:
        return None
    waiting = asyncio.ensure_future(anext(batches, None))
    try:
        await asyncio.wait({waiting, closing}, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
        return await waiting if waiting.done() and not closing.done() else None
    finally:
        waiting.cancel()


def _sse(event: Event) -> ServerSentEvent:
    return ServerSentEvent(id=str(event.id), event=event.type, data=event_to_json(event))
