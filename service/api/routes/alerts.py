"""Alerts: what asks for somebody now, what a supervisor does about it, and how good the alerts were."""

import time
from typing import Annotated, Final

from fastapi import Body, Path, Query, Request
from starlette.responses import JSONResponse

from ...risk.alert_actions import AlertChange
from ...risk.alerts import AlertStatus
from ...risk.policy import Queue
from ...store import AlertFilter
from ..auth import Access, guarded_router
from ..errors import AlertConflict, BadBody, BodyTooLarge, Busy, FieldError, Invalid, NotFound, NotJson
from ..examples import ALERT_EXAMPLES
from ..openapi import documented
from ..present_alerts import alert_to_json, alerts_to_json, report_to_json
from ..runtime import runtime_of
from ..wire import Identifier
from ..wire_alerts import MAX_SNOOZE_S, AlertOut, AlertRequest, AlertsOut, AlertSummaryOut

read = guarded_router(Access.READ, "alerts")
act = guarded_router(Access.ACT, "alerts")
ROUTERS: Final = (read, act)


@read.get("/v1/alerts", name="listAlerts", response_model=AlertsOut, responses=documented(Invalid, Busy))
async def list_alerts(
    request: Request,
    status: Annotated[AlertStatus | None, Query(description="The live ones when left out.")] = None,
    queue: Annotated[Queue | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> JSONResponse:
    """List alerts, the most urgent first: safety, then by action, by the height of the risk, by waiting time."""
    runtime = runtime_of(request)
    page = await runtime.in_store(runtime.store.list_alerts, AlertFilter(status, queue), limit, cursor)
    return JSONResponse(alerts_to_json(page))


@read.get(
    "/v1/alerts/summary", name="summariseAlerts", response_model=AlertSummaryOut, responses=documented(Invalid, Busy)
)
async def summarise_alerts(request: Request, days: Annotated[int, Query(ge=1, le=90)] = 7) -> JSONResponse:
    """Return how the alerts of the last days did: precision, time to acknowledge, climbs, budgets, track record.

    Only judged alerts count for precision: those that were dismissed with `justified`, or whose hand-off was resolved.
    """
    runtime = runtime_of(request)
    return JSONResponse(report_to_json(await runtime.in_store(runtime.store.alert_report, days), days))


@act.post(
    "/v1/alerts/{alert_id}",
    name="changeAlert",
    response_model=AlertOut,
    responses=documented(BadBody, NotFound, AlertConflict, BodyTooLarge, NotJson, Invalid, Busy),
)
async def change_alert(
    request: Request,
    alert_id: Annotated[Identifier, Path()],
    body: Annotated[AlertRequest, Body(openapi_examples=ALERT_EXAMPLES)],
) -> JSONResponse:
    """Acknowledge an alert, let it sleep for a while, or dismiss it and say whether it was right.

    Acknowledging again changes nothing. A sleeping alert comes back by itself, or earlier for a graver reason;
    one of the queue safety cannot be put to sleep.
    """
    runtime, now = runtime_of(request), time.time()
    _refuse_misplaced(body)
    change = AlertChange(body.action, body.by, until=_until(body, now), justified=body.justified)
    alert = await runtime.in_store(runtime.store.change_alert, alert_id, change, now=now)
    if alert is None:
        raise NotFound("There is no alert with this id.")
    runtime.bus.notify()
    return JSONResponse(alert_to_json(alert))


_BELONGS_TO: Final = {"until": "snooze", "for_s": "snooze", "justified": "dismiss"}


def _refuse_misplaced(body: AlertRequest) -> None:
    """A field that would be ignored is a misunderstanding that must not go unnoticed."""
    errors = [
        FieldError(field, f"belongs to the action {action} only")
        for field, action in _BELONGS_TO.items()
        if getattr(body, field) is not None and body.action != action
    ]
    if errors:
        raise Invalid("; ".join(f"{error.field} {error.message}" for error in errors), errors=errors)


def _until(body: AlertRequest, now: float) -> float | None:
    """Return when a snoozed alert wakes, from one of the two ways to say it."""
    if body.action != "snooze":
        return None
    if (body.until is None) == (body.for_s is None):
        raise _wrong_until("or for_s is required, one of the two")
    until = body.until.timestamp() if body.until is not None else now + (body.for_s or 0)
    if not now < until <= now + MAX_SNOOZE_S:
        raise _wrong_until("must lie ahead, by at most a day")
    return until


def _wrong_until(message: str) -> Invalid:
    return Invalid(f"until {message}", errors=[FieldError("until", message)])
