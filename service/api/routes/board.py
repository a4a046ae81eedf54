"""The board in a browser: sign-in by one-time link, the page itself, and its files.

`GET /?token=...` shows a button and spends nothing: chat programs and mail scanners open links too. The button's
`POST /session` exchanges the token for a cookie. The files under /assets/ are code and pictures, open to everybody.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ...store import SESSION_LIFETIME_S
from ..assets import board_page
from ..auth import COOKIE, require_same_origin
from ..errors import Unauthorised
from ..runtime import runtime_of
from ..signin_form import is_ours, keep_nonce, nonce_for, read_form
from ..signin_page import signin_page

router = APIRouter(include_in_schema=False)
ROUTERS: Final = (router,)


@router.get("/", name="openBoard")
async def open_board(request: Request, token: Annotated[str | None, Query(max_length=500)] = None) -> Response:
    """Show the board to who is signed in, the sign-in page to others, and to who has a link the button that uses it."""
    runtime, cookie = runtime_of(request), request.cookies.get(COOKIE, "")
    sessions = runtime.store.sessions
    if token is not None:
        return await _offered(request, token)
    if cookie and await runtime.in_store(sessions.find, cookie) is not None:
        return HTMLResponse(board_page())
    return ask_to_sign_in(request, refused=False)


@router.post("/session", name="signIn")
async def sign_in(request: Request) -> Response:
    """Spend a one-time token and begin a session. A form that another site sent spends nothing: it is asked again."""
    runtime, form = runtime_of(request), await read_form(request)
    if not is_ours(request, form):
        return await _offered(request, form.token, status=403)
    cookie = request.cookies.get(COOKIE, "")
    begun = await runtime.in_store(runtime.store.sessions.begin, form.token, instead_of=cookie)
    return ask_to_sign_in(request, refused=True) if begun is None else _signed_in(request, begun.cookie_once)


@router.delete("/session", name="signOut")
async def sign_out(request: Request) -> Response:
    """End the browser's session."""
    runtime, cookie = runtime_of(request), request.cookies.get(COOKIE, "")
    sessions = runtime.store.sessions
    if not cookie or await runtime.in_store(sessions.find, cookie) is None:
        raise Unauthorised("There is no session to end.")
    require_same_origin(request)
    await runtime.in_store(sessions.end, cookie)
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return answer


async def _offered(request: Request, token: str, *, status: int = 200) -> Response:
    """Show the button that uses this token, or say at once that it is worth nothing."""
    runtime = runtime_of(request)
    if not await runtime.in_store(runtime.store.sessions.is_good, token):
        return ask_to_sign_in(request, refused=True)
    return _page(request, token=token, status=status)


def _signed_in(request: Request, cookie: str) -> Response:
    answer = RedirectResponse("/", status_code=303)
    answer.set_cookie(
        COOKIE,
        cookie,
        max_age=SESSION_LIFETIME_S,
        path="/",
        httponly=True,
        # Not "strict": a browser that follows a link in a chat or a mail to a conversation would withhold it.
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


def ask_to_sign_in(request: Request, *, refused: bool) -> HTMLResponse:
    """Answer with the sign-in page; `refused` says that a token was sent and is worth nothing."""
    answer = _page(request, refused=refused, status=401)
    answer.headers["WWW-Authenticate"] = 'Bearer realm="evenkeel"'
    return answer


def _page(request: Request, *, status: int, token: str | None = None, refused: bool = False) -> HTMLResponse:
    nonce = nonce_for(request)
    page, language = signin_page(request.headers.get("accept-language"), nonce, token=token, refused=refused)
    answer = HTMLResponse(page, status, {"Content-Language": language, "Vary": "Accept-Language"})
    keep_nonce(answer, nonce, secure=request.url.scheme == "https")
    return answer
