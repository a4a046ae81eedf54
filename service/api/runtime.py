"""What one running application owns: settings, engine, store, executors, numbers.

Made once by the lifespan of `create_app`, handed to the routes through `runtime_of`, closed in
reverse order. There is one executor for the model and one for the database, so that neither blocks
the event loop nor the other.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, ParamSpec, TypeVar

from fastapi import Request

from ..engine import Engine
from ..events import EventBus
from ..flow import Score
from ..outgoing import Sender
from ..scoring.batching import Batcher, Overloaded
from ..settings import Settings
from ..store import Store
from ..telemetry import Metrics
from .in_order import InOrder
from .readiness import Readiness, model_not_ready
from .replaying import ReplayDesk
from .trial import TrialDesk

MAX_STORE_JOBS: Final = 512
"""Database jobs under way or waiting; more are refused, so that memory and waiting time stay bounded."""


class StoreOverloaded(Overloaded):
    """The database has as many jobs as may wait for it."""

    why = "too many requests are waiting for the database"


P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class Runtime:
    """The parts of a running application."""

    settings: Settings
    engine: Engine
    store: Store
    bus: EventBus
    batcher: Batcher
    readiness: Readiness
    metrics: Metrics
    store_executor: ThreadPoolExecutor
    replays: ReplayDesk
    sender: Sender
    desk_order: InOrder = field(default_factory=InOrder)
    trial: TrialDesk = field(default_factory=TrialDesk)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _store_jobs: int = 0

    async def score(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> list[Score]:
        """Score texts through the batcher; the time counts from the asking, waiting included.

        Raises `NotReady` when the model does not score rightly on this machine: no score is better than a wrong one.
        """
        if self.readiness.model_failure is not None:
            raise model_not_ready(self.readiness.model_failure)
        try:
            with self.metrics.time_stage("score"):
                return await self.batcher.score(texts, languages)
        except Overloaded:
            self.metrics.refused.inc(len(texts))
            raise

    async def in_store(self, job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a database job beside the event loop; raise `StoreOverloaded` when too many wait."""
        if self._store_jobs >= MAX_STORE_JOBS:
            raise StoreOverloaded
        self._store_jobs += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.store_executor, lambda: job(*args, **kwargs))
        finally:
            self._store_jobs -= 1


def runtime_of(request: Request) -> Runtime:
    """Return the runtime of the application that got this request."""
    runtime: Runtime = request.app.state.runtime
    return runtime
