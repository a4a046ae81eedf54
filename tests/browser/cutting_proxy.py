"""A line between a browser and the service that can be cut: every connection at once, in the middle of whatever it carries."""

import socket
import struct
import threading
from contextlib import suppress
from typing import Final

from tests.browser.running_service import free_port

RESET: Final = struct.pack("ii", 1, 0)
"""SO_LINGER: close at once, with a reset in place of an orderly end."""


class CuttingProxy:
    """Passes bytes both ways between its own port and another one of this machine."""

    def __init__(self, to_port: int) -> None:
        self.port = free_port()
        self._to_port = to_port
        self._lines: list[tuple[socket.socket, socket.socket]] = []
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> int:
        """Break every line that is open; return how many there were."""
        lines, self._lines = self._lines, []
        for line in lines:
            for end in line:
                _break(end)
        return len(lines)

    def close(self) -> None:
        """Accept nothing more, and leave no line open: one may have begun at this very moment."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes `accept`
        self._listener.close()
        self._accepting.join()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                self._join(self._listener.accept()[0])

    def _join(self, browser: socket.socket) -> None:
        try:
            service = socket.create_connection(("127.0.0.1", self._to_port))
        except OSError:  # the service is away
            return _break(browser)
        self._lines.append((browser, service))
        for source, target in ((browser, service), (service, browser)):
            threading.Thread(target=_pass_on, args=(source, target), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):  # cut
        while data := source.recv(65536):
            target.sendall(data)
    _break(target)


def _break(end: socket.socket) -> None:
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        end.shutdown(socket.SHUT_RDWR)
    end.close()
