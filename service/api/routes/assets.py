"""GET /assets/... and /widget/<folder>/...: code, styles and pictures of our own pages. The same for everybody."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from ..assets import Asset, assets_of, takes_gzip
from ..errors import NotFound

router = APIRouter(include_in_schema=False)
ROUTERS: Final = (router,)


@router.api_route("/assets/{path:path}", methods=["GET", "HEAD"], name="readBoardFile")
async def read_board_file(request: Request, path: str) -> Response:
    """Return a file of the board, or 304 to who has it already."""
    return _answer(request, "dashboard", path)


@router.api_route("/widget/{path:path}", methods=["GET", "HEAD"], name="readPageFile")
async def read_page_file(request: Request, path: str) -> Response:
    """Return a file of the demo or the panel, or 304; the scripts for other sites are `widget.py`'s."""
    return _answer(request, "widget", path)


def _answer(request: Request, folder: str, path: str) -> Response:
    found = assets_of(folder).find(path)
    if found is None:
        raise NotFound("There is nothing at this address.")
    return send_file(request, found.asset, {"Cache-Control": found.cache_control})


def send_file(request: Request, asset: Asset, headers: dict[str, str]) -> Response:
    """Answer with a file, packed for who takes that, or 304 to who has it already."""
    headers = headers | {"ETag": asset.etag, "Vary": "Accept-Encoding"}
    # Weakly, as HTTP has it for this header: with or without the mark it is the same content.
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if asset.etag.removeprefix("W/") in known:
        return Response(status_code=304, headers=headers)
    if asset.packed is not None and takes_gzip(request.headers.get("accept-encoding", "")):
        return Response(asset.packed, media_type=asset.media_type, headers=headers | {"Content-Encoding": "gzip"})
    return Response(asset.content, media_type=asset.media_type, headers=headers)
