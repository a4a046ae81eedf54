"""DELETE /v1/contacts/{id}: a customer asks to be forgotten."""

from typing import Annotated, Final

from fastapi import Path, Request
from starlette.responses import JSONResponse

from ..auth import Access, guarded_router
from ..errors import Busy, Invalid
from ..openapi import documented
from ..present import erased_to_json
from ..runtime import runtime_of
from ..wire import ErasedOut, Identifier

admin = guarded_router(Access.ADMIN, "contacts")
ROUTERS: Final = (admin,)


@admin.delete(
    "/v1/contacts/{contact_id}",
    name="eraseContact",
    response_model=ErasedOut,
    responses=documented(Invalid, Busy),
)
async def erase_contact(request: Request, contact_id: Annotated[Identifier, Path()]) -> JSONResponse:
    """Erase every text, score and event of this contact; erasing again erases nothing and is no error."""
    runtime = runtime_of(request)
    return JSONResponse(
        erased_to_json(await runtime.in_store(runtime.store.erase_contact, contact_id, actor=request.state.caller.name))
    )
