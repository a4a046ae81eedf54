"""Outgoing webhooks: whom we tell of events, what was sent, and sending it again. A secret is in two answers only."""

from dataclasses import asdict
from typing import Annotated, Final

from fastapi import Body, Path, Query, Request
from starlette.responses import JSONResponse, Response

from ...outgoing import RefusedWhy, Target, read_target
from ...store import DeliveryRecord, DeliveryStatus, NewWebhook, WebhookChange, WebhookRecord, WebhookSpec
from ..auth import Access, guarded_router
from ..errors import BadBody, BodyTooLarge, Busy, FieldError, Invalid, NotFound, NotJson, WebhookConflict
from ..examples import RETRY_EXAMPLES, WEBHOOK_CHANGE_EXAMPLES, WEBHOOK_EXAMPLES
from ..openapi import documented
from ..runtime import Runtime, runtime_of
from ..wire import Identifier
from ..wire_webhooks import (
    DeliveriesOut,
    DeliveryOut,
    NewSecretOut,
    NewWebhookRequest,
    RetriedOut,
    RetryRequest,
    WebhookChangeRequest,
    WebhookOut,
    WebhooksOut,
)

admin = guarded_router(Access.ADMIN, "webhooks")
ROUTERS: Final = (admin,)

WebhookId = Annotated[Identifier, Path(examples=["wh_1a2b3c4d5e6f7a8b"])]
NONE: Final = "There is no webhook with this id."
_BODY_PROBLEMS: Final = (BadBody, BodyTooLarge, NotJson, Invalid, Busy)
_REFUSED: Final[dict[RefusedWhy, str]] = {
    "url": "must be an https URL without blanks and without a fragment",
    "scheme": "must begin with https://",
    "credentials": "must not hold a user or a password",
    "host": "must name its host by a name or by an address in the usual form",
    "address": "must not lead to a private or reserved address (setting OUTGOING_PRIVATE)",
}


@admin.get("/v1/webhooks", name="listWebhooks", response_model=WebhooksOut, responses=documented(Busy))
async def list_webhooks(request: Request) -> JSONResponse:
    """List every webhook, without their secrets."""
    runtime = runtime_of(request)
    found = await runtime.in_store(runtime.store.webhooks.list)
    return JSONResponse({"webhooks": [asdict(record) for record in found]})


@admin.post(
    "/v1/webhooks",
    name="addWebhook",
    status_code=201,
    response_model=NewSecretOut,
    responses=documented(*_BODY_PROBLEMS, WebhookConflict),
)
async def add_webhook(
    request: Request, body: Annotated[NewWebhookRequest, Body(openapi_examples=WEBHOOK_EXAMPLES)]
) -> JSONResponse:
    """Tell an endpoint of events from now on, signed as Standard Webhooks asks. Its secret is in this answer and nowhere else.

    A message is a CloudEvents envelope, sent at least once: a receiver answers 2xx within 15 seconds and knows
    repetitions by `webhook-id`. What fails is tried ten times within three days; 410 ends it at once.
    """
    runtime, caller = runtime_of(request), request.state.caller
    _check_url(runtime, body.url)
    spec = WebhookSpec(**body.model_dump())
    made = await runtime.in_store(runtime.store.webhooks.add, spec, actor=caller.name, via=caller.kind)
    return JSONResponse(_with_secret(made), 201)


@admin.get(
    "/v1/webhooks/{webhook_id}",
    name="getWebhook",
    response_model=WebhookOut,
    responses=documented(Invalid, NotFound, Busy),
)
async def get_webhook(request: Request, webhook_id: WebhookId) -> JSONResponse:
    """Return one webhook."""
    runtime = runtime_of(request)
    return _shown(await runtime.in_store(runtime.store.webhooks.find, webhook_id))


@admin.patch(
    "/v1/webhooks/{webhook_id}",
    name="changeWebhook",
    response_model=WebhookOut,
    responses=documented(*_BODY_PROBLEMS, NotFound),
)
async def change_webhook(
    request: Request,
    webhook_id: WebhookId,
    body: Annotated[WebhookChangeRequest, Body(openapi_examples=WEBHOOK_CHANGE_EXAMPLES)],
) -> JSONResponse:
    """Change a webhook, disable it or enable it again; its secret stays."""
    runtime, caller = runtime_of(request), request.state.caller
    if body.url is not None:
        _check_url(runtime, body.url)
    change = WebhookChange(**body.model_dump())
    changed = runtime.store.webhooks.change
    return _shown(await runtime.in_store(changed, webhook_id, change, actor=caller.name, via=caller.kind))


@admin.delete(
    "/v1/webhooks/{webhook_id}",
    name="removeWebhook",
    status_code=204,
    responses=documented(Invalid, NotFound, Busy),
)
async def remove_webhook(request: Request, webhook_id: WebhookId) -> Response:
    """Remove a webhook with its log; nothing more is sent."""
    runtime, caller = runtime_of(request), request.state.caller
    if not await runtime.in_store(runtime.store.webhooks.remove, webhook_id, actor=caller.name, via=caller.kind):
        raise NotFound(NONE)
    return Response(status_code=204)


@admin.post(
    "/v1/webhooks/{webhook_id}/rotate",
    name="rotateWebhookSecret",
    response_model=NewSecretOut,
    responses=documented(Invalid, NotFound, Busy),
)
async def rotate_webhook_secret(request: Request, webhook_id: WebhookId) -> JSONResponse:
    """Make a new secret. For a day messages carry two signatures, by the new and by the old one; then the old one is erased."""
    runtime, caller = runtime_of(request), request.state.caller
    made = await runtime.in_store(runtime.store.webhooks.rotate, webhook_id, actor=caller.name, via=caller.kind)
    if made is None:
        raise NotFound(NONE)
    return JSONResponse(_with_secret(made))


@admin.post(
    "/v1/webhooks/{webhook_id}/test",
    name="testWebhook",
    status_code=202,
    response_model=DeliveryOut,
    responses=documented(Invalid, NotFound, Busy),
)
async def test_webhook(request: Request, webhook_id: WebhookId) -> JSONResponse:
    """Send a message of the type `evenkeel.ping`, once; what came of it is in the log within seconds."""
    runtime, caller = runtime_of(request), request.state.caller
    sent = await runtime.in_store(runtime.store.delivery_log.ping, webhook_id, actor=caller.name, via=caller.kind)
    return _message(sent, NONE)


@admin.get(
    "/v1/webhooks/{webhook_id}/deliveries",
    name="listDeliveries",
    response_model=DeliveriesOut,
    responses=documented(Invalid, NotFound, Busy),
)
async def list_deliveries(
    request: Request,
    webhook_id: WebhookId,
    status: Annotated[DeliveryStatus | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> JSONResponse:
    """List what was sent, newest first, for WEBHOOK_LOG_DAYS; what belongs to an erased conversation is erased with it."""
    runtime = runtime_of(request)
    page = await runtime.in_store(runtime.store.delivery_log.page, webhook_id, status, limit, cursor)
    if page is None:
        raise NotFound(NONE)
    return JSONResponse({"deliveries": [_delivery(item) for item in page.items], "next_cursor": page.next_cursor})


@admin.post(
    "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/retry",
    name="retryDelivery",
    status_code=202,
    response_model=DeliveryOut,
    responses=documented(Invalid, NotFound, Busy),
)
async def retry_delivery(
    request: Request, webhook_id: WebhookId, delivery_id: Annotated[int, Path(ge=1, le=2**63 - 1)]
) -> JSONResponse:
    """Send one message again, with all its attempts, whatever became of it; its `webhook-id` stays."""
    runtime, caller = runtime_of(request), request.state.caller
    retry = runtime.store.delivery_log.retry
    again = await runtime.in_store(retry, webhook_id, delivery_id, actor=caller.name, via=caller.kind)
    return _message(again, "There is no such message to this webhook.")


@admin.post(
    "/v1/webhooks/{webhook_id}/retry",
    name="retryFailedDeliveries",
    status_code=202,
    response_model=RetriedOut,
    responses=documented(*_BODY_PROBLEMS, NotFound),
)
async def retry_failed_deliveries(
    request: Request, webhook_id: WebhookId, body: Annotated[RetryRequest, Body(openapi_examples=RETRY_EXAMPLES)]
) -> JSONResponse:
    """Send again everything that failed since a time, tests aside; enable the webhook first."""
    runtime, caller = runtime_of(request), request.state.caller
    retry = runtime.store.delivery_log.retry_failed
    number = await runtime.in_store(retry, webhook_id, body.since.timestamp(), actor=caller.name, via=caller.kind)
    if number is None:
        raise NotFound(NONE)
    return JSONResponse({"retried": number}, 202)


def _check_url(runtime: Runtime, url: str) -> None:
    """Refuse what could never be sent; what its name stands for is judged each time."""
    target = read_target(url, allow_private=runtime.settings.outgoing_private)
    if not isinstance(target, Target):
        raise Invalid(f"url {_REFUSED[target]}", errors=[FieldError("url", _REFUSED[target])])


def _shown(record: WebhookRecord | None) -> JSONResponse:
    if record is None:
        raise NotFound(NONE)
    return JSONResponse(asdict(record))


def _with_secret(made: NewWebhook) -> dict[str, object]:
    return {**asdict(made.record), "secret": made.secret_once}


def _message(record: DeliveryRecord | None, missing: str) -> JSONResponse:
    if record is None:
        raise NotFound(missing)
    return JSONResponse(_delivery(record), 202)


def _delivery(record: DeliveryRecord) -> dict[str, object]:
    told = asdict(record)
    del told["endpoint_id"]  # it is in the address
    return told
