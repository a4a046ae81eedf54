"""GET /v1/me: who is asking, so that a page can show what this person may do."""

from typing import Final

from fastapi import Request
from starlette.responses import JSONResponse

from ..auth import Access, Caller, guarded_router
from ..errors import Busy
from ..openapi import documented
from ..wire import MeOut

read = guarded_router(Access.READ, "people")
ROUTERS: Final = (read,)


@read.get("/v1/me", name="whoAmI", response_model=MeOut, responses=documented(Busy))
async def who_am_i(request: Request) -> JSONResponse:
    """Return the kind of caller, the name under which its actions are kept, and its role."""
    caller: Caller = request.state.caller
    shown = {"name": caller.name, "display_name": caller.display_name, "role": caller.role}
    return JSONResponse({"kind": caller.kind, **shown})
