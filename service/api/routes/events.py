"""GET /v1/events: what was committed, as server-sent events that resume without loss."""

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from ..auth import Access, guarded_router, still_allowed
from ..errors import Busy, Invalid
from ..openapi import documented
from ..runtime import runtime_of
from ..stream import follow
from ..wire import EventOut

MAX_EVENT_ID: Final = 2**63 - 1

read = guarded_router(Access.READ, "events")
ROUTERS: Final = (read,)

EventId = Annotated[int | None, Query(ge=0, le=MAX_EVENT_ID, description="Send what came after this event.")]
LastEventId = Annotated[int | None, Header(ge=0, le=MAX_EVENT_ID, description="As `after`; browsers send it.")]


async def _start(request: Request, after: EventId = None, last_event_id: LastEventId = None) -> int:
    """Find where the stream starts, before the answer does: a failure here is still a problem."""
    if last_event_id is not None:
        return last_event_id
    if after is not None:
        return after
    runtime = runtime_of(request)
    return await runtime.in_store(runtime.store.last_event_id)


@read.get(
    "/v1/events",
    name="followEvents",
    response_class=EventSourceResponse,
    responses={200: {"model": EventOut, "description": "Server-sent events."}, **documented(Invalid, Busy)},
)
async def follow_events(request: Request, start: Annotated[int, Depends(_start)]) -> AsyncIterator[ServerSentEvent]:
    """Follow the events; without `Last-Event-ID` or `after`, from now on.

    A stream ends after a while by itself; reconnect with the last id, as browsers do, and nothing is lost. It ends
    within seconds when the key is revoked or the person signed out.
    """
    async for event in follow(runtime_of(request), start, lambda: still_allowed(request, Access.READ)):
        yield event
