"""What the service runs with, and the part of it that administrators change while it runs."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Body, Request
from starlette.responses import JSONResponse

from ... import __version__
from ...risk.decide import EscalationPolicy
from ...risk.policy import QUEUES
from ...settings import SETTINGS, Setting, Settings, start_source
from ...store import BUDGETED, RETENTION_DAYS, ChangedSetting, budget_name
from ..auth import Access, guarded_router
from ..errors import BadBody, BodyTooLarge, Busy, Invalid, NotJson
from ..examples import SETTINGS_EXAMPLES
from ..openapi import documented
from ..runtime import Runtime, runtime_of
from ..wire_people import SettingsChangeRequest, SettingsOut

admin = guarded_router(Access.ADMIN, "settings")
ROUTERS: Final = (admin,)

_SHOWN: Final[tuple[Setting, ...]] = tuple(
    setting
    for setting in SETTINGS
    if setting.kind in ("integer", "boolean", "list") and setting.name not in ("PORT", "RETENTION_DAYS", "ALERT_BUDGET")
)
"""What cannot hold a secret, an address or a path; the two that can be changed are shown apart."""


@admin.get("/v1/settings", name="getSettings", response_model=SettingsOut, responses=documented(Busy))
async def get_settings(request: Request) -> JSONResponse:
    """Return what the service runs with, and of each value where it comes from. No secret, no address, no path."""
    runtime = runtime_of(request)
    return JSONResponse(_shown(runtime, await runtime.in_store(runtime.store.settings.all)))


@admin.patch(
    "/v1/settings",
    name="changeSettings",
    response_model=SettingsOut,
    responses=documented(BadBody, BodyTooLarge, NotJson, Invalid, Busy),
)
async def change_settings(
    request: Request, body: Annotated[SettingsChangeRequest, Body(openapi_examples=SETTINGS_EXAMPLES)]
) -> JSONResponse:
    """Change the alert budget of queues or the retention, without a restart and for every process.

    It stands over flag and variable until it is taken back with null. Budgets count from the next alert on,
    the retention from its next round, which comes every hour.
    """
    runtime, caller = runtime_of(request), request.state.caller
    values: dict[str, int | None] = {budget_name(queue): value for queue, value in body.alert_budgets.items()}
    if RETENTION_DAYS in body.model_fields_set:
        values[RETENTION_DAYS] = body.retention_days
    await runtime.in_store(runtime.store.settings.change, values, actor=caller.name, via=caller.kind)
    return JSONResponse(_shown(runtime, await runtime.in_store(runtime.store.settings.all)))


def _shown(runtime: Runtime, changed: Mapping[str, ChangedSetting]) -> dict[str, object]:
    settings, model = runtime.settings, runtime.engine.scorer.model
    return {
        "version": __version__,
        "database": "sqlite" if settings.database_url.startswith("sqlite") else "postgresql",
        "model": {"version": model.version, "digest": model.digest, "precision": model.precision},
        "policy": {"version": runtime.engine.policy.version},
        "queues": _queues_of(runtime),
        "retention_days": _changeable(settings, "RETENTION_DAYS", changed.get(RETENTION_DAYS)),
        "alert_budgets": [
            {"queue": queue, **_changeable(settings, "ALERT_BUDGET", changed.get(budget_name(queue)))}
            for queue in BUDGETED
        ],
        "started_with": [_started_with(settings, setting) for setting in _SHOWN],
    }


def _queues_of(runtime: Runtime) -> list[str]:
    policy = runtime.engine.policy
    used = {rule.queue for rule in policy.rules} if isinstance(policy, EscalationPolicy) else set()
    return [queue for queue in QUEUES if queue in used]


def _changeable(settings: Settings, name: str, changed: ChangedSetting | None) -> dict[str, object]:
    start = getattr(settings, name.lower())
    return {
        "value": start if changed is None else changed.value,
        "source": start_source(settings, name) if changed is None else "board",
        "start_value": start,
        "changed_at": None if changed is None else changed.changed_at,
        "changed_by": None if changed is None else changed.changed_by,
    }


def _started_with(settings: Settings, setting: Setting) -> dict[str, object]:
    value = getattr(settings, setting.name.lower())
    shown = list(value) if isinstance(value, tuple) else value
    return {"name": setting.name, "value": shown, "source": start_source(settings, setting.name)}
