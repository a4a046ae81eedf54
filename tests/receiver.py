"""A real HTTP server of somebody else, on this machine: it writes down what it gets, and answers as a test tells it to."""

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Final

WAIT_S: Final = 30.0
"""A slow machine may take this long; nothing waits longer than it must."""


@dataclass(frozen=True)
class Received:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """One answer; `hangs` sends none until the receiver is closed, `drops` closes the connection instead."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    hangs: bool = False
    drops: bool = False


class Receiver:
    """Answers every request by `reply`, called with the request; both may be read and changed while it runs."""

    def __init__(
        self, reply: Callable[[Received], Reply] = lambda _: Reply(), tls: ssl.SSLContext | None = None
    ) -> None:
        self.reply = reply
        self.got: list[Received] = []
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.scheme = "http" if tls is None else "https"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/hook"

    def wait_for(self, count: int) -> list[Received]:
        """Return what arrived, as soon as it is this many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.got) >= count, WAIT_S), f"{len(self.got)} of {count} came"
            return list(self.got)

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Return when it holds, asked again after each request was answered."""
        with self._changed:
            assert self._changed.wait_for(holds, WAIT_S), f"after {len(self.got)} requests it does not hold"

    def __enter__(self) -> "Receiver":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(WAIT_S)

    def _note(self, received: Received) -> Reply:
        with self._changed:
            self.got.append(received)
            self._changed.notify_all()
        reply = self.reply(received)
        with self._changed:
            self._changed.notify_all()
        if reply.hangs:
            self._closing.wait(WAIT_S)
        return reply

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                reply = receiver._note(Received(self.command, self.path, headers, body))
                self.close_connection = True
                if not (reply.hangs or reply.drops):
                    with suppress(OSError):  # the sender has read enough, and hung up
                        self._write(reply)

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve

            def _write(self, reply: Reply) -> None:
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler


def until(holds: Callable[[], bool]) -> None:
    """Ask again and again until it holds."""
    ends, pause = time.monotonic() + WAIT_S, threading.Event()
    while not holds():
        assert time.monotonic() < ends, "it never came to hold"
        pause.wait(0.02)
