"""GET /widget/...: the scripts that other sites' pages load. The same for everybody, and cacheable."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from ..errors import NotFound
from ..widget_files import widget_file
from .assets import send_file

router = APIRouter(include_in_schema=False)
ROUTERS: Final = (router,)

_CACHED_S: Final = 3600
"""How long a page may go on with an older script after an upgrade; then it asks whether it changed."""


@router.api_route("/widget/{name}", methods=["GET", "HEAD"], name="readWidgetFile")
def read_widget_file(request: Request, name: str) -> Response:
    """Return one file, or 304 to who has it already."""
    found = widget_file(name)
    if found is None:
        raise NotFound("There is nothing at this address.")
    headers = {
        "Cache-Control": f"public, max-age={_CACHED_S}",
        # It is code, and the same for everybody; an integrity check needs to read it.
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return send_file(request, found, headers)
