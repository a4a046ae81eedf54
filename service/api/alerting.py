"""The clock of the alerts: every ALERT_TICK_S seconds, what is overdue climbs and what has a slot is raised.

Every worker runs it; the store sees to it that an alert climbs once.
"""

import asyncio
import time

from ..scoring.batching import Overloaded
from ..store import StoreError
from ..telemetry import log, log_failure
from .runtime import Runtime


async def keep_alerts(runtime: Runtime) -> None:
    """Tick again and again, until cancelled."""
    while True:
        await tick_once(runtime, time.time())
        await asyncio.sleep(runtime.settings.alert_tick_s)


async def tick_once(runtime: Runtime, now: float) -> None:
    """Tick, and wake the streams when something moved; a database that is away is logged, and asked again later."""
    try:
        ticked = await runtime.in_store(runtime.store.tick_alerts, now)
    except (StoreError, Overloaded) as failure:
        log_failure("alerts.failed", failure)
        return
    runtime.metrics.saw_events(ticked.events)
    runtime.metrics.saw_held(ticked.held)
    if ticked.events:
        log("alerts.moved", alerts=len(ticked.events))
        runtime.bus.notify()
