"""Connections to desks: made, listed, changed, removed by administrators. Secrets go in and never come out again."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Final

from fastapi import Body, Path, Request
from starlette.responses import JSONResponse, Response

from ...integrations.desks import DESKS, OptionRefused, checked_options, checked_secrets
from ...integrations.seam import Desk
from ...store import ConnectionChange, ConnectionRecord
from ..auth import Access, guarded_router
from ..errors import BadBody, BodyTooLarge, Busy, FieldError, Invalid, NotFound, NotJson
from ..examples import CONNECTION_CHANGE_EXAMPLES, CONNECTION_EXAMPLES
from ..openapi import documented
from ..runtime import Runtime, runtime_of
from ..wire import Identifier
from ..wire_connections import (
    ConnectionChangeRequest,
    ConnectionOut,
    ConnectionsOut,
    NewConnectionOut,
    NewConnectionRequest,
)

admin = guarded_router(Access.ADMIN, "connections")
ROUTERS: Final = (admin,)

UNKNOWN: Final = "There is no connection with this id."
ConnectionId = Annotated[Identifier, Path()]
_BODY_PROBLEMS: Final = (BadBody, BodyTooLarge, NotJson, Invalid, Busy)


@admin.get("/v1/connections", name="listConnections", response_model=ConnectionsOut, responses=documented(Busy))
async def list_connections(request: Request) -> JSONResponse:
    """List every connection, and what each kind of desk asks for."""
    runtime = runtime_of(request)
    found = await runtime.in_store(runtime.store.connections.list)
    kinds = [
        {
            "kind": desk.kind,
            "title": desk.title,
            "secrets": [asdict(field) for field in desk.secrets],
            "options": [asdict(field) for field in desk.options],
            "writes": desk.writer is not None,
        }
        for desk in DESKS.values()
    ]
    return JSONResponse({"connections": [_shown(connection) for connection in found], "kinds": kinds})


@admin.post(
    "/v1/connections",
    name="addConnection",
    status_code=201,
    response_model=NewConnectionOut,
    responses=documented(*_BODY_PROBLEMS),
)
async def add_connection(
    request: Request, body: Annotated[NewConnectionRequest, Body(openapi_examples=CONNECTION_EXAMPLES)]
) -> JSONResponse:
    """Connect a desk. A secret that we make is in this answer and nowhere else."""
    runtime, caller, desk = runtime_of(request), request.state.caller, DESKS[body.kind]
    try:
        secrets = checked_secrets(desk, body.secrets, {})
        options = _options(runtime, desk, body.options)
    except OptionRefused as refused:
        raise _invalid(refused) from None
    added = await runtime.in_store(
        runtime.store.connections.add, body.kind, body.name, secrets, options, actor=caller.name, via=caller.kind
    )
    made = {name: value for name, value in secrets.items() if body.secrets.get(name) is None}
    return JSONResponse({**_shown(added), "secrets_once": made}, 201)


@admin.get(
    "/v1/connections/{connection_id}",
    name="getConnection",
    response_model=ConnectionOut,
    responses=documented(Invalid, NotFound, Busy),
)
async def get_connection(request: Request, connection_id: ConnectionId) -> JSONResponse:
    """Return one connection."""
    return JSONResponse(_shown(await _found(runtime_of(request), connection_id)))


@admin.patch(
    "/v1/connections/{connection_id}",
    name="changeConnection",
    response_model=ConnectionOut,
    responses=documented(*_BODY_PROBLEMS, NotFound),
)
async def change_connection(
    request: Request,
    connection_id: ConnectionId,
    body: Annotated[ConnectionChangeRequest, Body(openapi_examples=CONNECTION_CHANGE_EXAMPLES)],
) -> JSONResponse:
    """Rename a connection, switch it off and on, change secrets or options. What had been given up is tried again."""
    runtime, caller = runtime_of(request), request.state.caller
    before = await _found(runtime, connection_id)
    desk = DESKS[before.kind]
    try:
        secrets = None if body.secrets is None else checked_secrets(desk, body.secrets, before.secrets)
        options = None if body.options is None else _options(runtime, desk, body.options)
    except OptionRefused as refused:
        raise _invalid(refused) from None
    change = ConnectionChange(body.name, body.enabled, secrets, options)
    changed = await runtime.in_store(
        runtime.store.connections.change, connection_id, change, actor=caller.name, via=caller.kind
    )
    if changed is None:
        raise NotFound(UNKNOWN)
    return JSONResponse(_shown(changed))


@admin.delete(
    "/v1/connections/{connection_id}",
    name="removeConnection",
    status_code=204,
    responses=documented(Invalid, NotFound, Busy),
)
async def remove_connection(request: Request, connection_id: ConnectionId) -> Response:
    """Remove a connection: its deliveries are refused from now on, its conversations stay."""
    runtime, caller = runtime_of(request), request.state.caller
    removed = await runtime.in_store(
        runtime.store.connections.remove, connection_id, actor=caller.name, via=caller.kind
    )
    if not removed:
        raise NotFound(UNKNOWN)
    return Response(status_code=204)


def _options(runtime: Runtime, desk: Desk, given: Mapping[str, str | int | None]) -> dict[str, str | int]:
    return checked_options(desk, given, allow_private=runtime.settings.outgoing_private)


async def _found(runtime: Runtime, connection_id: str) -> ConnectionRecord:
    found = await runtime.in_store(runtime.store.connections.find, connection_id)
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def _shown(connection: ConnectionRecord) -> dict[str, object]:
    """Everything but the secrets."""
    desk = DESKS[connection.kind]
    return {
        "id": connection.id,
        "kind": connection.kind,
        "name": connection.name,
        "path": f"/v1/integrations/{connection.kind}/{connection.id}",
        "secrets_set": sorted(connection.secrets),
        "options": dict(connection.options),
        "enabled": connection.enabled,
        "writes": desk.writer is not None and desk.write_secret in connection.secrets,
        "created_at": connection.created_at,
        "created_by": connection.created_by,
        "last_delivery_at": connection.last_delivery_at,
        "last_error": connection.last_error,
        "last_error_at": connection.last_error_at,
        "waiting": connection.waiting,
        "failed": connection.failed,
    }


def _invalid(refused: OptionRefused) -> Invalid:
    return Invalid(str(refused), errors=[FieldError(refused.field, refused.why)])
