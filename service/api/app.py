"""Settings -> the ASGI application: routes, middleware, and a lifespan that owns every resource.

`create_app` opens nothing; the lifespan opens store, model and executors, and closes them in reverse.
There is no state in modules, so tests run as many applications as they like in one process.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from starlette.middleware import Middleware

from .. import __version__
from ..engine import Engine
from ..events import EventBus
from ..flow import Policy, Scorer
from ..outgoing import Sender
from ..risk.decide import load_policy
from ..scoring.batching import Batcher
from ..settings import Settings
from ..store import Store
from ..telemetry import Metrics, log
from . import failures, openapi
from .alerting import keep_alerts
from .cors import Cors
from .desk_worker import keep_desks
from .middleware import Envelope
from .readiness import Readiness, golden_failure
from .replaying import ReplayDesk
from .retention import keep_retention
from .routes import (
    alerts,
    assets,
    audit,
    board,
    connections,
    contacts,
    conversations,
    demo,
    docs,
    drafts,
    events,
    handoffs,
    health,
    integrations,
    keys,
    labelling,
    labels,
    me,
    moderations,
    panel,
    people,
    perspective,
    policies,
    replays,
    reports,
    resolutions,
    score,
    webhooks,
    widget,
)
from .routes import settings as settings_routes
from .runtime import Runtime
from .webhooks import keep_webhooks

MAX_BODY_BYTES: Final = 8 * 2**20
"""Larger bodies are refused unread (413)."""
MODEL_BATCH: Final = 8
"""Most turns in one call of the model: a longer call only makes the first turn wait for the last."""
STORE_THREADS: Final = 4

_ROUTES: Final = (
    score,
    perspective,
    moderations,
    conversations,
    drafts,
    handoffs,
    labels,
    labelling,
    alerts,
    reports,
    resolutions,
    policies,
    replays,
    events,
    contacts,
    me,
    people,
    keys,
    connections,
    integrations,
    settings_routes,
    audit,
    webhooks,
    health,
    docs,
    widget,
    assets,
    demo,
    panel,
    board,
)
_DESCRIPTION: Final = (
    "Scores each message of a customer chat for frustration, abuse and threat, and turns a conversation's "
    "scores into one recommendation. Every error is `application/problem+json` (RFC 9457) and names the field."
)
_NO_TELEMETRY: Final = TelemetryConfig(
    tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False
)
"""FastAPI's own telemetry can carry bodies and exception messages, that is: customer text."""


def create_app(
    settings: Settings,
    *,
    scorer: Scorer | None = None,
    policy: Policy | None = None,
    store: Store | None = None,
) -> FastAPI:
    """Return the application. Parts that are not given are opened by the lifespan, from the settings."""
    metrics = Metrics()
    app = FastAPI(
        title="Evenkeel",
        version=__version__,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        telemetry=_NO_TELEMETRY,
        generate_unique_id_function=_operation_id,
        lifespan=_lifespan(settings, metrics, scorer, policy, store),
        middleware=[
            Middleware(Envelope, metrics=metrics, max_body_bytes=MAX_BODY_BYTES),
            Middleware(Cors),
        ],
    )
    failures.install(app)
    openapi.install(app)
    for module in _ROUTES:
        for router in module.ROUTERS:
            app.include_router(router)
    return app


def _operation_id(route: APIRoute) -> str:
    """Every route names its operation itself, so that generated clients stay stable."""
    return route.name


def _lifespan(
    settings: Settings, metrics: Metrics, scorer: Scorer | None, policy: Policy | None, store: Store | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            runtime = await _open(stack, settings, metrics, scorer, policy, store)
            app.state.runtime = runtime
            log("service.started", version=__version__, model=runtime.engine.scorer.model.version)
            yield
            log("service.stopping")

    return lifespan


async def _open(
    stack: AsyncExitStack,
    settings: Settings,
    metrics: Metrics,
    scorer: Scorer | None,
    policy: Policy | None,
    store: Store | None,
) -> Runtime:
    """Open the parts in order; the stack closes them in reverse, also when a later one fails."""
    loop = asyncio.get_running_loop()
    if store is None:
        # Before the executors, so that it closes after their last job.
        store = await asyncio.to_thread(_open_store, settings)
        stack.callback(store.close)
    model_executor = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="model"))
    store_executor = stack.enter_context(ThreadPoolExecutor(STORE_THREADS, thread_name_prefix="store"))
    replay_executor = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="replay"))
    sender = Sender(allow_private=settings.outgoing_private)
    stack.callback(sender.close)
    policy = policy or load_policy(settings.policy)
    if scorer is None:
        scorer = await loop.run_in_executor(model_executor, _load_scorer, settings)
    bus = EventBus(store, settings.redis_url)
    await bus.start()
    stack.push_async_callback(bus.stop)
    batcher = Batcher(scorer, model_executor, max_batch=MODEL_BATCH, max_queue=settings.score_queue)
    stack.push_async_callback(batcher.close)
    metrics.queue_depth.set_function(lambda: batcher.depth)
    metrics.build.labels(__version__, scorer.model.version, policy.version).set(1)
    runtime = Runtime(
        settings=settings,
        engine=Engine(scorer, policy),
        store=store,
        bus=bus,
        batcher=batcher,
        readiness=Readiness(await loop.run_in_executor(model_executor, golden_failure, scorer), store.ping),
        metrics=metrics,
        store_executor=store_executor,
        replays=ReplayDesk(replay_executor),
        sender=sender,
    )
    for background in (keep_retention(runtime), keep_alerts(runtime), keep_webhooks(runtime), keep_desks(runtime)):
        stack.push_async_callback(_cancel, asyncio.create_task(background))
    stack.callback(runtime.closing.set)
    return runtime


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _load_scorer(settings: Settings) -> Scorer:
    # Imported here: onnxruntime takes long to load, and who brings a scorer does not need it.
    from ..scoring.onnx import load_scorer

    return load_scorer(settings.model_dir, settings.threads)


def _open_store(settings: Settings) -> Store:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Store.open(settings.database_url, store_text=settings.store_text, alert_budget=settings.alert_budget)
