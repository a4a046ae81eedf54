"""The board in a browser: sign-in by one-time token, the page itself, and its files.

`GET /?token=...` exchanges the token for a cookie and sends the browser to `/`, so the token stays
in no history. The files under /assets/ are code and pictures, the same for everybody, and open.
"""

from importlib import resources
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ..auth import COOKIE, require_same_origin
from ..errors import Unauthorised
from ..runtime import runtime_of
from ..sessions import SESSION_LIFETIME_S

router = APIRouter(include_in_schema=False)
ROUTERS: Final = (router,)


@router.get("/", name="openBoard")
async def open_board(request: Request, token: Annotated[str | None, Query(max_length=200)] = None) -> Response:
    """Show the board to who is signed in, the sign-in page to others."""
    runtime = runtime_of(request)
    if token is not None:
        if not await runtime.in_store(runtime.tokens.exchange, token):
            return _page("api/pages/signin.html", status=401)
        return _signed_in(request, runtime.sessions.begin())
    if runtime.sessions.holds(request.cookies.get(COOKIE, "")):
        return _page("dashboard/index.html")
    return _page("api/pages/signin.html", status=401)


@router.delete("/session", name="signOut")
async def sign_out(request: Request) -> Response:
    """End the browser's session."""
    cookie, sessions = request.cookies.get(COOKIE, ""), runtime_of(request).sessions
    if not sessions.holds(cookie):
        raise Unauthorised("There is no session to end.")
    require_same_origin(request)
    sessions.end(cookie)
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return answer


def _signed_in(request: Request, cookie: str) -> Response:
    answer = RedirectResponse("/", status_code=303)
    answer.set_cookie(
        COOKIE,
        cookie,
        max_age=SESSION_LIFETIME_S,
        path="/",
        httponly=True,
        # Not "strict": a browser that came by a link in a chat or a mail would withhold it from this very redirect.
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


def _page(name: str, *, status: int = 200) -> HTMLResponse:
    page = resources.files("service").joinpath(name)
    headers = {"WWW-Authenticate": 'Bearer realm="evenkeel"'} if status == 401 else None
    return HTMLResponse(page.read_text(encoding="utf-8"), status, headers)
