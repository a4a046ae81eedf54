"""RETENTION_DAYS, WEBHOOK_LOG_DAYS -> what is older is erased: once at the start, and every hour while the service runs.

In short transactions with pauses between them, so that turns are stored meanwhile.
"""

import asyncio
import time
from typing import Final

from ..scoring.batching import Overloaded
from ..store import RETENTION_DAYS, StoreError
from ..telemetry import log, log_failure
from .runtime import Runtime

EVERY_S: Final = 3600.0
PAUSE_S: Final = 0.05
"""Between two steps; a turn that waits for the database goes first."""
_DAY_S: Final = 24 * 3600.0


async def keep_retention(runtime: Runtime) -> None:
    """Erase what is too old, again and again, until cancelled."""
    while True:
        await erase_old(runtime, time.time())
        await erase_old_messages(runtime, time.time())
        await asyncio.sleep(EVERY_S)


async def erase_old(runtime: Runtime, now: float) -> None:
    """Erase once, step by step; a database that is away or busy is logged, and asked again an hour later.

    0 days keep everything. What an administrator set stands over the setting of the start.
    """
    try:
        days = await runtime.in_store(
            runtime.store.settings.value, RETENTION_DAYS, otherwise=runtime.settings.retention_days
        )
        if days == 0:
            return
        oldest_kept = now - days * _DAY_S
        while True:
            purged = await runtime.in_store(runtime.store.purge_before, oldest_kept)
            log("retention.erased", conversations=purged.conversations, events=purged.events)
            if purged.done:
                return
            await asyncio.sleep(PAUSE_S)
    except (StoreError, Overloaded) as failure:
        log_failure("retention.failed", failure)


async def erase_old_messages(runtime: Runtime, now: float) -> None:
    """Erase what the log of webhooks need not keep any more, and secrets that were replaced."""
    oldest_kept = now - runtime.settings.webhook_log_days * _DAY_S
    try:
        await runtime.in_store(runtime.store.webhooks.forget_secrets, now)
        while not await runtime.in_store(runtime.store.delivery_log.purge, oldest_kept):
            await asyncio.sleep(PAUSE_S)
    except (StoreError, Overloaded) as failure:
        log_failure("retention.failed", failure)
