"""API keys: made, listed, revoked. A key's secret is in one answer and nowhere else."""

from dataclasses import asdict
from typing import Annotated, Final

from fastapi import Body, Path, Request
from starlette.responses import JSONResponse, Response

from ..auth import Access, guarded_router
from ..errors import BadBody, BodyTooLarge, Busy, FieldError, Invalid, NotFound, NotJson
from ..examples import KEY_EXAMPLES
from ..openapi import documented
from ..runtime import runtime_of
from ..wire import Identifier
from ..wire_people import KeysOut, NewKeyOut, NewKeyRequest

admin = guarded_router(Access.ADMIN, "keys")
ROUTERS: Final = (admin,)


@admin.get("/v1/keys", name="listKeys", response_model=KeysOut, responses=documented(Busy))
async def list_keys(request: Request) -> JSONResponse:
    """List every key, revoked ones too, without their secrets."""
    runtime = runtime_of(request)
    return JSONResponse({"keys": [asdict(key) for key in await runtime.in_store(runtime.store.list_keys)]})


@admin.post(
    "/v1/keys",
    name="createKey",
    status_code=201,
    response_model=NewKeyOut,
    responses=documented(BadBody, BodyTooLarge, NotJson, Invalid, Busy),
)
async def create_key(
    request: Request, body: Annotated[NewKeyRequest, Body(openapi_examples=KEY_EXAMPLES)]
) -> JSONResponse:
    """Make a key; its secret is in this answer and nowhere else. A publishable key works from its origins only."""
    if (body.kind == "publishable") != bool(body.origins):
        message = "is needed by a publishable key, and belongs to no other"
        raise Invalid(f"origins {message}", errors=[FieldError("origins", message)])
    if body.kind == "secret" and body.answers == "none":
        message = "belongs to a publishable key; a secret key is told everything"
        raise Invalid(f"answers {message}", errors=[FieldError("answers", message)])
    runtime, caller = runtime_of(request), request.state.caller
    made = await runtime.in_store(
        runtime.store.create_key, body.kind, body.name, body.origins, answers=body.answers, actor=caller.name
    )
    return JSONResponse({**asdict(made.record), "secret": made.secret_once}, 201)


@admin.delete("/v1/keys/{key_id}", name="revokeKey", status_code=204, responses=documented(Invalid, NotFound, Busy))
async def revoke_key(request: Request, key_id: Annotated[Identifier, Path()]) -> Response:
    """Revoke a key: it is unknown from the next request on."""
    runtime = runtime_of(request)
    if not await runtime.in_store(runtime.store.revoke_key, key_id, actor=request.state.caller.name):
        raise NotFound("There is no key with this id in use.")
    return Response(status_code=204)
