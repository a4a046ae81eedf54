"""`AsyncClient`: as `Client`, for programs with an event loop."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from functools import wraps
from itertools import count
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar

import httpx2

from . import calls
from .attempts import pause_s
from .calls import Call
from .events import Event, event_of, following, reopen_s
from .failures import Unreachable
from .requesting import READY_POLL_S, Service, looks, never_ready, received, returned

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def _asking(
    build: Callable[Arguments, Call[Answer]],
) -> Callable[Concatenate["AsyncClient", Arguments], Coroutine[Any, Any, Answer]]:
    """Make a method of a call: the same arguments, and its answer."""

    @wraps(build)
    async def ask(self: "AsyncClient", /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        return await self.ask(build(*args, **kwargs))

    return ask


class AsyncClient:
    """One service, one key, one event loop. Close it, or use it in an `async with`."""

    def __init__(
        self,
        url: str,
        key: str | None,
        *,
        timeout_s: float = 10.0,
        attempts: int = 5,
        http: httpx2.AsyncClient | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Prepare; nothing is sent. Raises `ValueError` for an address or a key that is none.

        `http` brings proxies or certificates of your own, and stays yours to close.
        """
        self._service = Service(url, key)
        self._attempts = attempts
        self._http = http or httpx2.AsyncClient(timeout=timeout_s)
        self._own = http is None
        self._sleep = sleep

    async def __aenter__(self) -> "AsyncClient":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"AsyncClient({self._service.url!r})"

    async def close(self) -> None:
        """Give the connections back."""
        if self._own:
            await self._http.aclose()

    score = _asking(calls.score)
    add_turn = _asking(calls.add_turn)
    check_draft = _asking(calls.check_draft)
    get_conversation = _asking(calls.get_conversation)
    list_conversations = _asking(calls.list_conversations)
    hand_over = _asking(calls.hand_over)
    get_handoff = _asking(calls.get_handoff)
    list_alerts = _asking(calls.list_alerts)
    change_alert = _asking(calls.change_alert)
    label_turn = _asking(calls.label_turn)
    erase_contact = _asking(calls.erase_contact)
    check_readiness = _asking(calls.check_readiness)

    async def ask(self, call: Call[Answer]) -> Answer:
        """Send a call until it is answered. Raises `ApiError` and `Unreachable`."""
        for attempt in count(1):
            response = await self._try(call)
            pause = pause_s(
                received(response),
                repeatable=call.repeatable,
                attempt=attempt,
                attempts=self._attempts,
                chance=random.random(),
            )
            if pause is None:
                return returned(call, response)
            await self._sleep(pause)
        raise AssertionError("the last attempt has no pause")

    async def wait_until_ready(self, timeout_s: float = 60.0) -> None:
        """Return when the service is ready to answer, for example after its start. Raises `Unreachable`."""
        response: httpx2.Response | None = None
        for _ in looks(timeout_s):
            response = await self._try(calls.check_readiness())
            if response is not None and response.is_success:
                return
            await self._sleep(READY_POLL_S)
        raise never_ready(self._service, response)

    async def _try(self, call: Call[Answer]) -> httpx2.Response | None:
        try:
            return await self._http.request(**self._service.sent(call))
        except httpx2.TransportError:
            return None

    async def follow_events(self, after: int | None = None) -> AsyncIterator[Event]:
        """Yield what happens, for ever: the events after the id `after`, or those from now on.

        A stream that ends or breaks is opened again where it stood, so from its first event on nothing is lost or
        told twice. Raises `ApiError` and `Unreachable`.
        """
        failures = 0
        while True:
            response: httpx2.Response | None = None
            try:
                async with self._http.sse(**following(self._service, after)) as source:
                    response = source.response
                    if response.is_success:
                        failures = 0
                        async for sent in source:
                            if (event := event_of(sent)) is not None:
                                after = event.id
                                yield event
                    else:
                        await response.aread()
            except httpx2.SSEError:
                raise Unreachable("no stream of events was answered: this address is no Evenkeel") from None
            except httpx2.TransportError:
                pass  # what came before it was yielded; the next opening goes on from there
            failures += 1
            await self._sleep(reopen_s(response, failures, self._attempts, random.random()))
