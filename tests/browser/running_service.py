"""The real application on a real port, in a thread, with a fixed scorer; it can be stopped and started again."""

import socket
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx2
import uvicorn

from service.api.app import create_app
from service.client import Client
from service.client.requesting import READY_POLL_S
from service.settings import load_settings
from service.store import Store
from tests.browser.keyword_scorer import KeywordScorer

KEY: Final = "browser-tests-only"
START_TIMEOUT_S: Final = 60.0
POLL_S: Final = 0.02


class _Server(uvicorn.Server):
    """Ends the event streams first, as `evenkeel serve` does, so that stopping does not wait for them."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.app.state.runtime.closing.set()  # type: ignore[union-attr]
        await super().shutdown(sockets)


@dataclass
class RunningService:
    """One service on one port and one data folder, across restarts."""

    data_dir: Path
    port: int = field(default_factory=lambda: free_port())
    settings: dict[str, str] = field(default_factory=dict)
    """What differs from the defaults, by the setting's name."""
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None
    _turns: Any = field(default_factory=lambda: count(1))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        given = {"data_dir": str(self.data_dir), "port": str(self.port), "bootstrap_key": KEY, "log_level": "warning"}
        settings = load_settings(given | self.settings, {})
        app = create_app(settings, scorer=KeywordScorer())
        config = uvicorn.Config(
            app, port=self.port, log_config=None, ws="none", access_log=False, timeout_graceful_shutdown=5
        )
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        # It is there in a moment: the client's own pauses would be most of many tests.
        with Client(self.url, None, sleep=lambda _: time.sleep(POLL_S)) as client:
            client.wait_until_ready(START_TIMEOUT_S * READY_POLL_S / POLL_S)

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(START_TIMEOUT_S)
        assert not self._thread.is_alive()
        self._server = self._thread = None

    @property
    def store(self) -> Store:
        assert self._server is not None, "the service is not running"
        found: Store = self._server.config.app.state.runtime.store  # type: ignore[union-attr]
        return found

    def sign_in_link(self, name: str | None = None) -> str:
        """Return a link that signs this person in, without a name the first administrator."""
        return f"{self.url}/?token={self.token(name)}"

    def token(self, name: str | None = None) -> str:
        link = self.store.sessions.mint(name)
        assert link is not None
        return link.token_once

    def say(self, conversation_id: str, text: str, *, role: str = "customer", **more: str) -> dict[str, Any]:
        """Post one message as a chat desk would."""
        turn = {"turn_id": f"t{next(self._turns)}", "role": role, "text": text, **more}
        return self.call("POST", f"/v1/conversations/{conversation_id}/turns", turn)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Call the API as another program, or another person, would."""
        with httpx2.Client(verify=False, timeout=START_TIMEOUT_S) as http:
            answer = http.request(method, self.url + path, json=body, headers={"Authorization": f"Bearer {KEY}"})
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return dict(answer.json()) if answer.content else {}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
