"""One HTTP request to a URL that an administrator typed -> what came of it, as a value; it never raises for the network.

Safe against being pointed at our own network (SSRF): the name is looked up once, every address that it stands for
is judged, and the connection goes to one of exactly these, with the name in SNI, `Host` and the check of the
certificate. So a name that means something else a moment later (DNS rebinding) changes nothing. No redirect is
followed, no proxy, cookie or `.netrc` is read, each request has a connection of its own, and one deadline ends
everything. Nothing is logged: an outcome holds a status and words from closed lists, and the answer's body, capped,
is for the caller who asked for it.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, Literal

from .addresses import reach_of
from .target import RefusedWhy, Target, allowed, read_target

if TYPE_CHECKING:
    import httpx2

TIMEOUT_S: Final = 15.0
"""For one request, from the lookup of the name to the end of the answer."""
CONNECT_S: Final = 5.0
"""For one of several addresses; then the next one is tried."""
ANSWER_BYTES: Final = 16 * 1024
"""How much of an answer is read unless the caller asks for more."""
MAX_ADDRESSES: Final = 4
_LOOKUPS: Final = 32
"""Names looked up at once, in threads: a name server that hangs must not hold up anything else."""

UnreachableKind = Literal["dns", "connect", "tls", "timeout", "protocol", "interrupted"]
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Answered:
    """An HTTP answer, of any status: 3xx and above are for the caller to call a failure."""

    status: int
    retry_after_s: float | None = None
    body: bytes = field(default=b"", repr=False)
    """At most as much as was asked for; never to be logged."""

    @property
    def ok(self) -> bool:
        """Whether it is a 2xx."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was sent: the URL, or what its name stands for, may not be called."""

    why: RefusedWhy


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No answer. After "timeout", "protocol" and "interrupted" the other side may have got the request."""

    kind: UnreachableKind


Outcome = Answered | Refused | Unreachable


class Sender:
    """Sends; one per running application, closed with it."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        timeout_s: float = TIMEOUT_S,
        resolve: Resolve | None = None,
        ssl_context: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Prepare; nothing is loaded or opened before the first request."""
        self.allow_private = allow_private
        self._timeout_s = timeout_s
        self._threads = ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="lookup")
        self._resolve = resolve or self._look_up
        self._ssl_context = ssl_context
        self._clock = clock

    def close(self) -> None:
        """Release the threads; lookups under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        answer_bytes: int = ANSWER_BYTES,
    ) -> Outcome:
        """Send one request and return what came of it."""
        target = read_target(url, allow_private=self.allow_private)
        if not isinstance(target, Target):
            return Refused(target)
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._send(method, target, dict(headers or {}), body, answer_bytes)
        except TimeoutError:
            return Unreachable("timeout")

    async def _send(
        self, method: str, target: Target, headers: dict[str, str], body: bytes, answer_bytes: int
    ) -> Outcome:
        try:
            addresses = [target.host] if _is_address(target.host) else await self._resolve(target.host, target.port)
        except (OSError, UnicodeError):
            return Unreachable("dns")
        for address in addresses:
            reach = reach_of(ip_address(address))
            # One bad address spoils them all: a name that also points inside is an attempt, or a mistake.
            if why := allowed(reach, allow_private=self.allow_private, plain=target.plain):
                return Refused(why)
        outcome: Outcome = Unreachable("dns")
        for address in addresses[:MAX_ADDRESSES]:
            outcome = await self._send_to(address, method, target, headers, body, answer_bytes)
            if not isinstance(outcome, Unreachable) or outcome.kind != "connect":
                break  # only when no connection came about is it certain that nothing arrived
        return outcome

    async def _send_to(
        self, address: str, method: str, target: Target, headers: dict[str, str], body: bytes, answer_bytes: int
    ) -> Outcome:
        import httpx2  # here, because it takes long to load and most services send nothing

        request = httpx2.Request(
            method,
            target.url.copy_with(host=address),
            # Not compressed: what is read is what was sent, and a small answer cannot unpack to a large one.
            headers={
                "Accept-Encoding": "identity",
                "User-Agent": "evenkeel",
                **headers,
                "Host": target.url.netloc.decode("ascii"),
                "Connection": "close",
            },
            content=body,
            extensions={
                "sni_hostname": target.host,
                "timeout": {"connect": CONNECT_S, "read": None, "write": None, "pool": None},
            },
        )
        if self._ssl_context is None:
            self._ssl_context = httpx2.create_ssl_context()
        try:
            # A transport for each request: a connection that was checked for one name is never used for another.
            async with httpx2.AsyncHTTPTransport(verify=self._ssl_context, trust_env=False) as transport:
                response = await transport.handle_async_request(request)
                read = await _first_bytes(response, answer_bytes)
                wait_s = _retry_after_s(response.headers.get("Retry-After"), self._clock())
                return Answered(response.status_code, wait_s, read)
        except httpx2.TransportError as failure:
            return Unreachable(_kind_of(failure))

    async def _look_up(self, host: str, port: int) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def _first_bytes(response: "httpx2.Response", limit: int) -> bytes:
    """Read as much as may be read, and hang up."""
    read = bytearray()
    try:
        if limit > 0:
            async for chunk in response.aiter_raw():
                read += chunk
                if len(read) >= limit:
                    break
    finally:
        await response.aclose()
    return bytes(read[:limit])


def _retry_after_s(text: str | None, now: float) -> float | None:
    """Return how long the other side asks us to wait: seconds, or until a date."""
    if text is None:
        return None
    if text.strip().isascii() and text.strip().isdigit():
        return float(text.strip()[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _kind_of(failure: "httpx2.TransportError") -> UnreachableKind:
    import httpx2

    if isinstance(failure, httpx2.ConnectTimeout | httpx2.ConnectError):
        return "tls" if _of_tls(failure) else "connect"
    if isinstance(failure, httpx2.TimeoutException):
        return "timeout"
    return "protocol" if isinstance(failure, httpx2.ProtocolError) else "interrupted"


def _of_tls(failure: BaseException | None) -> bool:
    while failure is not None:
        if isinstance(failure, ssl.SSLError):
            return True
        failure = failure.__cause__ or failure.__context__
    return False
