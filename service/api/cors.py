"""Which web pages may read our answers: the origins of publishable keys and of CORS_ORIGINS, no wildcard.

Only sending turns and scoring is open to other origins; no cookie ever travels with such a request.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..store import KeyRecord
from .errors import Forbidden
from .runtime import Runtime

_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Goog-Api-Key",
    "Access-Control-Max-Age": "600",
}
_OPEN: Final = re.compile(r"/v1/score|/v1/conversations/[^/]+/turns|/v1alpha1/comments:analyze|/v1/moderations")
"""The calls of a web page; elsewhere an `Origin` header costs nothing and is granted nothing."""
_EXPOSED: Final = "Retry-After, X-Request-Id"


@dataclass(frozen=True, slots=True)
class Cors:
    """ASGI middleware: answers preflights, and marks answers that an allowed page may read."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        is_open = scope["type"] == "http" and _OPEN.fullmatch(scope["path"])
        origin = Headers(scope=scope).get("origin") if is_open else None
        if origin is None:
            await self.app(scope, receive, send)
            return
        allowed = await _is_allowed(scope["app"].state.runtime, origin)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope):
            if not allowed:
                raise Forbidden("This origin may not call the service.")
            await Response(status_code=204, headers=_PREFLIGHT | _grant(origin))(scope, receive, send)
            return
        await self.app(scope, receive, _granting(send, origin) if allowed else send)


async def _is_allowed(runtime: Runtime, origin: str) -> bool:
    if origin in runtime.settings.cors_origins:
        return True
    return origin in _origins(await runtime.in_store(runtime.store.list_keys))


def _origins(keys: Iterable[KeyRecord]) -> set[str]:
    return {origin for key in keys if key.revoked_at is None for origin in key.origins}


def _grant(origin: str) -> dict[str, str]:
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _EXPOSED, "Vary": "Origin"}


def _granting(send: Send, origin: str) -> Send:
    async def send_granted(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _grant(origin).items():
                headers[name] = value
        await send(message)

    return send_granted
