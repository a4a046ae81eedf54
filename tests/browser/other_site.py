"""Pages of another site: a second server, on another host name and port, that knows nothing of the service."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.browser.running_service import free_port


@dataclass
class OtherSite:
    """Serves what is in `pages`; its origin is not the service's, nor its site."""

    port: int = field(default_factory=free_port)
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def add(self, path: str, body: str) -> str:
        """Put a page there; return its address."""
        self.pages[path] = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title>{body}</html>'
        return self.origin + path


@contextmanager
def running_site() -> Iterator[OtherSite]:
    """Serve until the block ends."""
    site = OtherSite()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = site.pages.get(self.path.partition("?")[0])
            body = (page or "").encode()
            self.send_response(404 if page is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("localhost", site.port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()
