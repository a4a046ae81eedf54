"""Wake-ups between workers over Redis pub/sub; the messages are empty, the events stay in the database.

Lives in `events.py`'s loop. While Redis is away it tries again, and `connected` tells the bus to poll.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

CHANNEL: Final = "evenkeel:events"
RETRY_S: Final = 2.0

_log: Final = logging.getLogger(__name__)


def check_url(redis_url: str) -> None:
    """Raise ValueError for what is no URL of Redis, ModuleNotFoundError without the extra `redis`."""
    from redis.asyncio.connection import parse_url

    parse_url(redis_url)


class RedisWakeup:
    """Sends and receives "look again"."""

    def __init__(self, redis_url: str, woken: Callable[[], None]) -> None:
        """Prepare a client; raises ModuleNotFoundError without the extra `redis`."""
        import redis.asyncio  # only who sets REDIS_URL needs it

        self._client = redis.asyncio.from_url(redis_url, health_check_interval=30)
        self._errors = (redis.asyncio.RedisError, OSError)
        self._woken = woken
        self._requested = asyncio.Event()
        self.connected = False

    def request_publish(self) -> None:
        """Have the other workers woken; several requests at once become one message."""
        self._requested.set()

    async def publish(self) -> None:
        """Send a message for each request, until cancelled."""
        while True:
            await self._requested.wait()
            self._requested.clear()
            try:
                await self._client.publish(CHANNEL, b"")
            except self._errors as error:
                # The other workers poll as long as they hear nothing.
                _log.warning("events.redis_publish_failed: %s", type(error).__name__)

    async def listen(self) -> None:
        """Wake our streams for each message, until cancelled."""
        while True:
            try:
                await self._receive()
            except self._errors as error:
                _log.warning("events.redis_unreachable: %s", type(error).__name__)
            finally:
                self.connected = False
            await asyncio.sleep(RETRY_S)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _receive(self) -> None:
        async with self._client.pubsub() as subscription:
            await subscription.subscribe(CHANNEL)
            async for _ in subscription.listen():
                # The first message confirms the subscription; what was committed before it is looked up.
                self.connected = True
                self._woken()
