"""Who asks, and may they? Checked before a byte of the body is read.

    secret key        Authorization: Bearer ...   everything
    publishable key   the same, from a browser    score and send the customer's turns, from its own origins
    session           the board's cookie          what reads, hand-offs and alerts; changes need a same-origin request

A route says what it needs by its router: `guarded_router(Access.READ, ...)`.
"""

import hmac
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Final, Literal

from fastapi import APIRouter, Request, Response, Security
from fastapi.params import Depends
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from ..flow import Role
from .errors import Forbidden, Unauthorised
from .openapi import documented
from .runtime import Runtime, runtime_of

COOKIE: Final = "evenkeel_session"
CSRF_HEADER: Final = "X-Evenkeel-Board"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_MAX_KEY_CHARS: Final = 256

DOCUMENTED: Final[list[Depends]] = [
    Security(HTTPBearer(auto_error=False, scheme_name="key", description="A secret or publishable key."))
]
"""Makes /docs show the key; the check itself is `guarded_router`, which runs before the body is read."""


class Access(Enum):
    """What a route asks for."""

    INGEST = "score and send turns: secret or publishable key"
    READ = "read: secret key or session"
    ACT = "act on a conversation: secret key, or session by a same-origin request"
    ADMIN = "change or erase: secret key"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks."""

    kind: Literal["secret", "publishable", "session"]
    origins: tuple[str, ...] = ()


def guarded_router(access: Access, tag: str) -> APIRouter:
    """Return a router whose routes answer only callers with this access."""
    route_class = type(f"{access.name.title()}Route", (_GuardedRoute,), {"access": access})
    return APIRouter(
        route_class=route_class, tags=[tag], dependencies=DOCUMENTED, responses=documented(Unauthorised, Forbidden)
    )


class _GuardedRoute(APIRoute):
    access: ClassVar[Access]

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route: authenticate, authorise, then read the body and answer."""
        handler, access = super().get_route_handler(), self.access

        async def handle(request: Request) -> Response:
            caller = await authenticate(request)
            authorise(caller, access, request)
            request.state.caller = caller
            return await handler(request)

        return handle


async def authenticate(request: Request) -> Caller:
    """Find out who asks, by key first, then by cookie; raise `Unauthorised`."""
    runtime = runtime_of(request)
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme:
        if scheme.lower() != "bearer":
            raise Unauthorised("Send the key as `Authorization: Bearer <key>`.")
        return await _key_holder(runtime, key.strip())
    cookie = request.cookies.get(COOKIE)
    if cookie and runtime.sessions.holds(cookie):
        return Caller("session")
    raise Unauthorised("Send a key as `Authorization: Bearer <key>`, or sign in at the board.")


async def _key_holder(runtime: Runtime, key: str) -> Caller:
    bootstrap = runtime.settings.bootstrap_key
    if bootstrap and hmac.compare_digest(key.encode(), bootstrap.encode()):
        return Caller("secret")
    found = await runtime.in_store(runtime.store.find_key, key) if 0 < len(key) <= _MAX_KEY_CHARS else None
    if found is None:
        raise Unauthorised("This key is unknown or was revoked.")
    return Caller(found.kind, tuple(found.origins))


def authorise(caller: Caller, access: Access, request: Request) -> None:
    """Raise `Forbidden` unless this caller may do this here."""
    match caller.kind:
        case "secret":
            return
        case "publishable":
            _check_publishable(caller, access, request)
        case "session":
            _check_session(access, request)


def _check_publishable(caller: Caller, access: Access, request: Request) -> None:
    if access is not Access.INGEST:
        raise Forbidden("A publishable key may only score and send turns.")
    allowed = {*caller.origins, *runtime_of(request).settings.cors_origins}
    if request.headers.get("origin") not in allowed:
        raise Forbidden("A publishable key works only from the origins that it was made for.")


def require_role(request: Request, role: Role) -> None:
    """Let a web page, whose key anybody can read, speak for the customer only; raise `Forbidden`."""
    caller: Caller = request.state.caller
    if caller.kind == "publishable" and role != "customer":
        raise Forbidden("A publishable key may only send turns of the role `customer`.")


def _check_session(access: Access, request: Request) -> None:
    if access not in (Access.READ, Access.ACT):
        raise Forbidden("The board's session may read, take conversations over and act on alerts; use a secret key.")
    require_same_origin(request)


def require_same_origin(request: Request) -> None:
    """Let a cookie change something only when our own page asks, never another site's form."""
    if request.method in _SAFE_METHODS:
        return
    if request.headers.get("sec-fetch-site") != "same-origin" and CSRF_HEADER not in request.headers:
        raise Forbidden(f"A change by session needs the header {CSRF_HEADER} or a same-origin request.")
