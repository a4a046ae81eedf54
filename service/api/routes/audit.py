"""GET /v1/audit: who changed what, newest first."""

from dataclasses import asdict
from typing import Annotated, Final

from fastapi import Query, Request
from starlette.responses import JSONResponse

from ...store import AuditFilter
from ..auth import Access, guarded_router
from ..errors import Busy, Invalid
from ..openapi import documented
from ..runtime import runtime_of
from ..wire_people import AuditOut, Label

admin = guarded_router(Access.ADMIN, "audit")
ROUTERS: Final = (admin,)


@admin.get("/v1/audit", name="readAudit", response_model=AuditOut, responses=documented(Invalid, Busy))
async def read_audit(
    request: Request,
    action: Annotated[str | None, Query(max_length=64, pattern=r"^[a-z_.]+$", examples=["key.created"])] = None,
    actor: Annotated[Label | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> JSONResponse:
    """List entries of the audit trail, newest first. They hold no customer's words, and outlive erasure.

    A conversation is named by a hash: who has its id can find the entries, the entries do not give the id.
    """
    runtime = runtime_of(request)
    page = await runtime.in_store(runtime.store.audit_page, AuditFilter(action, actor), limit, cursor)
    entries = [{**asdict(entry), "detail": dict(entry.detail)} for entry in page.items]
    return JSONResponse({"entries": entries, "next_cursor": page.next_cursor})
