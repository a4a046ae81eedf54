"""Who asks, and may they? Checked before a byte of the body is read.

    secret key        Authorization: Bearer ...   everything
    publishable key   the same, from a browser    score and send the customer's turns, from its own origins
    session           the board's cookie          what the person's role may; changes need a same-origin request
    panel             Authorization: Bearer ...   reads as an agent does and checks drafts; for a panel in another site

A route says what it needs by its router: `guarded_router(Access.READ, ...)`. What a person does is kept under
their own name, whatever a body says (`signed_by`).
"""

import hmac
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Final, Literal

from fastapi import APIRouter, Request, Response, Security
from fastapi.params import Depends
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader, APIKeyQuery, HTTPBearer

from ..flow import Role
from ..scoring.batching import Overloaded
from ..store import RANKS, Answers, Rank, StoreError
from .errors import FieldError, Forbidden, Invalid, Unauthorised
from .openapi import documented
from .runtime import Runtime, runtime_of
from .shapes import PROBLEM, ErrorShape

COOKIE: Final = "evenkeel_session"
PASS_MARK: Final = "evk_pass_"
"""What a panel's pass begins with, so that it is told apart from a key."""
CSRF_HEADER: Final = "X-Evenkeel-Board"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_MAX_KEY_CHARS: Final = 256

DOCUMENTED: Final[list[Depends]] = [
    Security(HTTPBearer(auto_error=False, scheme_name="key", description="A secret or publishable key."))
]
"""Makes /docs show the key; the check itself is `guarded_router`, which runs before the body is read."""
GOOGLE_KEYS: Final[list[Depends]] = [
    Security(
        APIKeyHeader(
            name="X-Goog-Api-Key",
            auto_error=False,
            scheme_name="googleHeader",
            description="The same key, as Google's clients send it.",
        )
    ),
    Security(
        APIKeyQuery(
            name="key",
            auto_error=False,
            scheme_name="googleQuery",
            description="The same key, as Google's older clients send it.",
        )
    ),
]
KeyFinder = Callable[[Request], str | None]


class Access(Enum):
    """What a route asks for."""

    INGEST = "send turns: secret or publishable key"
    SCORE = "score texts: secret key, or a publishable one that is answered"
    READ = "read the board: secret key, or anybody signed in, also in a panel"
    CHECK = "check a draft: secret key, or anybody signed in, also in a panel"
    ASSIST = "steps of a hand-off: secret key, or anybody signed in; `may_take` says which of them"
    ACT = "act on alerts and labels: secret key, or a supervisor"
    REPORT = "read reports, replay: secret key, or a supervisor"
    ADMIN = "people, keys, settings, audit, erasing: secret key, or an administrator"


LEAST_RANK: Final[dict[Access, Rank | None]] = {
    Access.INGEST: None,
    Access.SCORE: None,
    Access.READ: "agent",
    Access.CHECK: "agent",
    Access.ASSIST: "agent",
    Access.ACT: "supervisor",
    Access.REPORT: "supervisor",
    Access.ADMIN: "admin",
}
"""The role from which on a session has the access; None: no session has."""
_PANELS: Final = frozenset({Access.READ, Access.CHECK})
_AGENTS_STEPS: Final = frozenset({"claim", "return", "resolve"})
"""What an agent may do with a conversation: ask for it, and end what is theirs. To accept is a supervisor's duty."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks."""

    kind: Literal["secret", "publishable", "session", "panel"]
    origins: tuple[str, ...] = ()
    answers: Answers = "full"
    name: str = ""
    """Under which its actions are kept; a session's is the signed-in person's."""
    role: Rank = "agent"
    display_name: str = ""

    def has(self, rank: Rank) -> bool:
        """Tell whether this caller has the role, or one above it."""
        return RANKS.index(self.role) >= RANKS.index(rank)


def guarded_router(
    access: Access, tag: str, *, shape: ErrorShape = PROBLEM, keys_elsewhere: KeyFinder | None = None
) -> APIRouter:
    """Return a router whose routes answer only callers with this access.

    A drop-in route names the `shape` of its errors, and where else than in `Authorization` its clients put the key.
    """
    of_clients = [] if keys_elsewhere is None else GOOGLE_KEYS
    found = {"access": access, "keys_elsewhere": staticmethod(keys_elsewhere or _nowhere)}
    return APIRouter(
        route_class=type(f"{access.name.title()}Route", (_GuardedRoute,), found),
        tags=[tag],
        dependencies=[*DOCUMENTED, *of_clients],
        responses=documented(Unauthorised, Forbidden, shape=shape),
    )


def _nowhere(request: Request) -> str | None:
    return None


class _GuardedRoute(APIRoute):
    access: ClassVar[Access]
    keys_elsewhere: ClassVar[KeyFinder]

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route: authenticate, authorise, then read the body and answer."""
        handler, access, keys_elsewhere = super().get_route_handler(), self.access, type(self).keys_elsewhere

        async def handle(request: Request) -> Response:
            caller = await authenticate(request, keys_elsewhere(request))
            authorise(caller, access, request)
            request.state.caller = caller
            return await handler(request)

        return handle


async def authenticate(request: Request, key_elsewhere: str | None = None) -> Caller:
    """Find out who asks, by key first, then by cookie; raise `Unauthorised`."""
    runtime = runtime_of(request)
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme:
        if scheme.lower() != "bearer":
            raise Unauthorised("Send the key as `Authorization: Bearer <key>`.")
        return await _bearer(runtime, key.strip())
    if key_elsewhere:
        return await _key_holder(runtime, key_elsewhere)
    cookie = request.cookies.get(COOKIE)
    person = await runtime.in_store(runtime.store.sessions.find, cookie) if cookie else None
    if person is not None:
        return Caller("session", name=person.name, role=person.role, display_name=person.display_name)
    raise Unauthorised("Send a key as `Authorization: Bearer <key>`, or sign in at the board.")


async def still_allowed(request: Request, access: Access) -> bool:
    """Ask again, for an answer that lasts: keys are revoked, people deactivated. A busy database is asked later."""
    try:
        authorise(await authenticate(request), access, request)
    except (Unauthorised, Forbidden):
        return False
    except (StoreError, Overloaded):
        return True
    return True


async def _bearer(runtime: Runtime, key: str) -> Caller:
    if not key.startswith(PASS_MARK):
        return await _key_holder(runtime, key)
    secret = key.removeprefix(PASS_MARK)
    person = (
        await runtime.in_store(runtime.store.sessions.find, secret, "panel") if len(key) <= _MAX_KEY_CHARS else None
    )
    if person is None:
        raise Unauthorised("This pass is unknown or over.")
    return Caller("panel", name=person.name, role="agent", display_name=person.display_name)


async def _key_holder(runtime: Runtime, key: str) -> Caller:
    bootstrap = runtime.settings.bootstrap_key
    if bootstrap and hmac.compare_digest(key.encode(), bootstrap.encode()):
        return Caller("secret", name="bootstrap", role="admin", display_name="bootstrap")
    found = await runtime.in_store(runtime.store.find_key, key) if 0 < len(key) <= _MAX_KEY_CHARS else None
    if found is None:
        raise Unauthorised("This key is unknown or was revoked.")
    role: Rank = "admin" if found.kind == "secret" else "agent"
    return Caller(found.kind, tuple(found.origins), found.answers, found.name, role, found.name)


def authorise(caller: Caller, access: Access, request: Request) -> None:
    """Raise `Forbidden` unless this caller may do this here."""
    match caller.kind:
        case "secret":
            return
        case "publishable":
            _check_publishable(caller, access, request)
        case "session":
            _check_session(caller, access, request)
        case "panel":
            if access not in _PANELS:
                raise Forbidden("A panel only reads, and checks drafts.")


def _check_publishable(caller: Caller, access: Access, request: Request) -> None:
    if access not in (Access.INGEST, Access.SCORE):
        raise Forbidden("A publishable key may only score and send turns.")
    if access is Access.SCORE and caller.answers == "none":
        raise Forbidden("This key was made with `answers: none`: it sends turns and is told nothing of them.")
    allowed = {*caller.origins, *runtime_of(request).settings.cors_origins}
    if request.headers.get("origin") not in allowed:
        raise Forbidden("A publishable key works only from the origins that it was made for.")


def require_role(request: Request, role: Role) -> None:
    """Let a web page, whose key anybody can read, speak for the customer only; raise `Forbidden`."""
    caller: Caller = request.state.caller
    if caller.kind == "publishable" and role != "customer":
        raise Forbidden("A publishable key may only send turns of the role `customer`.")


def _check_session(caller: Caller, access: Access, request: Request) -> None:
    least = LEAST_RANK[access]
    if least is None:
        raise Forbidden("The board's session sends no turns; use a key.")
    if not caller.has(least):
        raise Forbidden(f"This needs the role {least}; you are signed in as {caller.role}.")
    require_same_origin(request)


def signed_by(caller: Caller, by: str | None) -> str:
    """Return under whose name an action is kept: a session's own person's, of a key the one that `by` names.

    Raises `Forbidden` for a session that speaks for somebody else, and `Invalid` for a key that names nobody.
    """
    if caller.kind != "session":
        if by is None:
            raise Invalid("by is required", errors=[FieldError("by", "is required")])
        return by
    if by not in (None, caller.name):
        error = FieldError("by", "must be left out, or be the name of who is signed in")
        raise Forbidden("You act in your own name only.", errors=[error])
    return caller.name


def may_take(caller: Caller, action: str) -> None:
    """Refuse the steps of a hand-off that an agent at the board may not take; raise `Forbidden`."""
    if not caller.has("supervisor") and action not in _AGENTS_STEPS:
        error = FieldError("action", f"must be one of {', '.join(sorted(_AGENTS_STEPS))} for an agent")
        raise Forbidden("This step needs the role supervisor.", errors=[error])


def require_same_origin(request: Request) -> None:
    """Let a cookie change something only when our own page asks, never another site's form."""
    if request.method in _SAFE_METHODS:
        return
    if request.headers.get("sec-fetch-site") != "same-origin" and CSRF_HEADER not in request.headers:
        raise Forbidden(f"A change by session needs the header {CSRF_HEADER} or a same-origin request.")
