"""Alerts: what asks for somebody now, what a supervisor does about it, and how good the alerts were."""

import time
from typing import Annotated, Final

from fastapi import Body, Depends, Header, Path, Query, Request
from starlette.responses import JSONResponse

from ...risk.alert_actions import AlertChange
from ...risk.alerts import Alert
from ...risk.policy import Queue
from ...store import AlertFilter, ListedStatus
from ..auth import Access, guarded_router, signed_by
from ..errors import AlertConflict, BadBody, BodyTooLarge, Busy, FieldError, Invalid, NotFound, NotJson
from ..examples import ALERT_EXAMPLES
from ..languages import first_supported
from ..openapi import documented
from ..present_alerts import alert_to_json, alerts_to_json, report_to_json
from ..runtime import Runtime, runtime_of
from ..wire import Identifier, Language
from ..wire_alerts import MAX_SNOOZE_S, AlertOut, AlertRequest, AlertsOut, AlertSummaryOut, ConversationAlertsOut

read = guarded_router(Access.READ, "alerts")
act = guarded_router(Access.ACT, "alerts")
ROUTERS: Final = (read, act)


def _wanted_language(
    language: Annotated[Language | None, Query(description="Of the sentences; else by Accept-Language.")] = None,
    accept_language: Annotated[str | None, Header(max_length=500)] = None,
) -> Language:
    return language or first_supported(accept_language)


WantedLanguage = Annotated[Language, Depends(_wanted_language)]
AlertId = Annotated[Identifier, Path()]


@read.get("/v1/alerts", name="listAlerts", response_model=AlertsOut, responses=documented(Invalid, Busy))
async def list_alerts(
    request: Request,
    language: WantedLanguage,
    status: Annotated[
        ListedStatus | None, Query(description="The live ones when left out; `ended` is withdrawn or closed.")
    ] = None,
    queue: Annotated[Queue | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> JSONResponse:
    """List alerts, the most urgent first: safety, then by action, by the height of the risk, by waiting time.

    With the status `ended` the latest first. The cursor of one order belongs to that order.
    """
    runtime = runtime_of(request)
    page = await runtime.in_store(runtime.store.list_alerts, AlertFilter(status, queue), limit, cursor)
    return JSONResponse(alerts_to_json(page, runtime.engine.policy, language))


@read.get(
    "/v1/alerts/summary", name="summariseAlerts", response_model=AlertSummaryOut, responses=documented(Invalid, Busy)
)
async def summarise_alerts(request: Request, days: Annotated[int, Query(ge=1, le=90)] = 7) -> JSONResponse:
    """Return how the alerts of the last days did: precision, time to acknowledge, climbs, budgets, track record.

    Only judged alerts count for precision: those that were dismissed with `justified`, or whose hand-off was resolved.
    """
    runtime = runtime_of(request)
    return JSONResponse(report_to_json(await runtime.in_store(runtime.store.alert_report, days), days))


@read.get(
    "/v1/alerts/{alert_id}", name="getAlert", response_model=AlertOut, responses=documented(NotFound, Invalid, Busy)
)
async def get_alert(request: Request, alert_id: AlertId, language: WantedLanguage) -> JSONResponse:
    """Return one alert, live or ended: what has become of it."""
    runtime = runtime_of(request)
    return _answer(runtime, await runtime.in_store(runtime.store.alert, alert_id), language)


@read.get(
    "/v1/conversations/{conversation_id}/alerts",
    name="getAlerts",
    response_model=ConversationAlertsOut,
    responses=documented(NotFound, Invalid, Busy),
)
async def get_alerts(
    request: Request, conversation_id: Annotated[Identifier, Path()], language: WantedLanguage
) -> JSONResponse:
    """Return the alerts of one conversation, live or ended, the latest first."""
    runtime = runtime_of(request)
    found = await runtime.in_store(runtime.store.alerts_of, conversation_id)
    if found is None:
        raise NotFound("There is no conversation with this id.")
    alerts = [alert_to_json(alert, runtime.engine.policy, language) for alert in found]
    return JSONResponse({"conversation_id": conversation_id, "alerts": alerts})


@act.post(
    "/v1/alerts/{alert_id}",
    name="changeAlert",
    response_model=AlertOut,
    responses=documented(BadBody, NotFound, AlertConflict, BodyTooLarge, NotJson, Invalid, Busy),
)
async def change_alert(
    request: Request,
    alert_id: AlertId,
    body: Annotated[AlertRequest, Body(openapi_examples=ALERT_EXAMPLES)],
    language: WantedLanguage,
) -> JSONResponse:
    """Acknowledge an alert, let it sleep for a while, or dismiss it and say whether it was right.

    Acknowledging again changes nothing. A sleeping alert comes back by itself, or earlier for a graver reason;
    one of the queue safety cannot be put to sleep.
    """
    runtime, now = runtime_of(request), time.time()
    _refuse_misplaced(body)
    by = signed_by(request.state.caller, body.by)
    change = AlertChange(body.action, by, until=_until(body, now), justified=body.justified)
    alert = await runtime.in_store(runtime.store.change_alert, alert_id, change, now=now)
    runtime.bus.notify()
    return _answer(runtime, alert, language)


def _answer(runtime: Runtime, alert: Alert | None, language: Language) -> JSONResponse:
    if alert is None:
        raise NotFound("There is no alert with this id.")
    return JSONResponse(alert_to_json(alert, runtime.engine.policy, language))


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
