"""Around every request: an id, a size limit, security headers, one log line, numbers, and no stack trace outside.

Outermost layer of the application. Exceptions that nobody expected end here: the caller gets a
problem with an id, the log gets the same id with the exception's type and place, and neither gets
a word of what was sent.
"""

import time
import uuid
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..telemetry import Metrics, log, log_failure
from .errors import BodyTooLarge, Broken
from .failures import as_problem, respond

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # A sign-in link carries its token in the address; no other site may learn it.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """ASGI middleware; see the module's docstring."""

    app: ASGIApp
    metrics: Metrics
    max_body_bytes: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["request_id"] = str(uuid.uuid4())
        sender = _Sender(scope, send, self.metrics, time.perf_counter())
        try:
            await self.app(scope, _limited(scope, receive, self.max_body_bytes), sender)
        except Exception as failure:
            problem = as_problem(failure)
            if isinstance(problem, Broken):
                log_failure("http.failed", failure, request_id=scope["request_id"], route=_route(scope))
            if not sender.status:
                await respond(problem, scope)(scope, receive, sender)


@dataclass(slots=True)
class _Sender:
    """Passes the answer on; reports it when it starts."""

    scope: Scope
    send: Send
    metrics: Metrics
    started: float
    status: int = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            if "frame-ancestors 'none'" not in headers["Content-Security-Policy"]:
                # It knows no list of origins; where the policy names some, it must be silent.
                del headers["X-Frame-Options"]
            headers["X-Request-Id"] = self.scope["request_id"]
            self._report(time.perf_counter() - self.started)
        await self.send(message)

    def _report(self, seconds: float) -> None:
        method, route = self.scope["method"], _route(self.scope)
        method = method if method in _METHODS else "other"
        self.metrics.requests.labels(method, route, str(self.status)).inc()
        self.metrics.request_seconds.labels(method, route).observe(seconds)
        log(
            "http.request",
            request_id=self.scope["request_id"],
            method=method,
            route=route,
            status=self.status,
            seconds=round(seconds, 6),
        )


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _route(scope: Scope) -> str:
    """Return the route's template, never the address itself: that holds ids, and once a token."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else "(none)"


def _limited(scope: Scope, receive: Receive, limit: int) -> Receive:
    """Stop reading a body at `limit` bytes, announced or not."""
    announced = Headers(scope=scope).get("content-length", "")
    seen = int(announced) if announced.isdecimal() else 0
    read = 0

    async def receive_limited() -> Message:
        nonlocal read
        message = await receive() if seen <= limit else None
        read += len(message.get("body", b"")) if message else 0
        if message is None or read > limit:
            raise BodyTooLarge(f"The body is larger than {limit} bytes.")
        return message

    return receive_limited
