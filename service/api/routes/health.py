"""/healthz, /readyz and /metrics: for whatever watches the service. None of them shows a text or an id."""

from typing import Final

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import JSONResponse, Response

from ... import __version__
from ..errors import NotReady
from ..openapi import documented
from ..runtime import runtime_of
from ..wire import ReadyOut

router = APIRouter(tags=["health"])
ROUTERS: Final = (router,)


@router.get("/healthz", name="checkHealth")
async def check_health() -> JSONResponse:
    """Answer while the process lives; says nothing of its parts."""
    return JSONResponse({"status": "alive"})


@router.get("/readyz", name="checkReadiness", response_model=ReadyOut, responses=documented(NotReady))
async def check_readiness(request: Request) -> JSONResponse:
    """Answer 200 when a turn would be scored rightly and stored; otherwise 503 that names what is wrong."""
    runtime = runtime_of(request)
    failures = await runtime.in_store(runtime.readiness.failures)
    if failures:
        raise NotReady("; ".join(f"{failure.field} {failure.message}" for failure in failures), errors=failures)
    model = runtime.engine.scorer.model
    return JSONResponse(
        {
            "status": "ready",
            "version": __version__,
            "model": {"version": model.version, "digest": model.digest, "precision": model.precision},
            "policy": {"version": runtime.engine.policy.version},
        }
    )


@router.get("/metrics", name="readMetrics", response_class=Response)
async def read_metrics(request: Request) -> Response:
    """Return the numbers in Prometheus' text format."""
    return Response(runtime_of(request).metrics.render(), headers={"Content-Type": CONTENT_TYPE_LATEST})
