"""`evenkeel serve`: loads everything, listens, and prints how to reach it.

Model, policy and database are opened before the port answers, so that a broken part stops the start
with one line. SIGTERM and Ctrl+C end the open streams, answer what was begun, and exit with 0.
"""

import argparse
import logging
import os
import shlex
import signal
import socket
import sys
from typing import Final

import uvicorn

from ..api.app import create_app
from ..events import check_redis
from ..settings import Settings, unread_variables
from ..store import Store
from ..telemetry import configure_logging, log
from . import (
    CommandError,
    Subparsers,
    add_settings,
    load_model,
    load_rules,
    opened_store,
    shown_address,
)

GRACE_S: Final = 10
"""How long a stopping service waits for requests under way."""


def add(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("serve", help="start the service")
    add_settings(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve until a signal ends it."""
    configure_logging(settings.log_level)
    if unread := unread_variables(os.environ):
        log("settings.unread", level=logging.WARNING, variables=" ".join(unread))
    # Whatever comes before the server has its own handlers, and after it has ended, exits at once.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if settings.redis_url is not None:
        check_redis(settings.redis_url)
    with listening_socket(settings) as listener:
        policy, scorer = load_rules(settings), load_model(settings)
        with opened_store(settings, new=True) as store:
            app = create_app(settings, scorer=scorer, policy=policy, store=store)
            config = uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="on",
                timeout_graceful_shutdown=GRACE_S,
            )
            address = shown_address(settings.host, listener.getsockname()[1])
            banner = _banner(address, _usable_key(store, settings), _sign_in_token(store), demo=settings.demo != "off")
            try:
                _Server(config, banner).run(sockets=[listener])
            except KeyboardInterrupt:
                return 0
    return 0


class _Server(uvicorn.Server):
    """Says how to reach it once it answers, and ends the event streams first when it stops."""

    def __init__(self, config: uvicorn.Config, banner: str) -> None:
        super().__init__(config)
        self._banner = banner

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(self._banner, flush=True)
            self._say_what_is_wrong()

    def _say_what_is_wrong(self) -> None:
        failure = self.config.app.state.runtime.readiness.model_failure  # type: ignore[union-attr]
        if failure is not None:
            print(f"evenkeel: nothing is scored, /readyz says 503: the model's {failure}", file=sys.stderr, flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn waits for open answers before the lifespan ends, and a stream would keep it waiting.
        self.config.app.state.runtime.closing.set()  # type: ignore[union-attr]
        await super().shutdown(sockets)


def listening_socket(settings: Settings) -> socket.socket:
    """Return a socket that listens where the settings say; raises `CommandError` where that cannot be."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio turns Nagle's algorithm off where the protocol is named: with it, each answer's body waits 40 ms for an ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen()
    except OSError as failure:
        listener.close()
        why = failure.strerror or str(failure)
        raise CommandError(
            f"cannot listen on {settings.host} port {settings.port}: {why}; choose another with --host or --port"
        ) from failure
    return listener


def _usable_key(store: Store, settings: Settings) -> tuple[str, str]:
    """Return a key to show, and a remark: the first key of a fresh data folder is made and shown here, once."""
    if settings.bootstrap_key:
        return "$EVENKEEL_BOOTSTRAP_KEY", "with the bootstrap key that was set"
    if store.list_keys():
        return "$EVENKEEL_KEY", "with a key of yours; `evenkeel keys create` makes another one"
    return store.create_key("secret", "first").secret_once, "this key is shown once; keep it"


def _sign_in_token(store: Store) -> str:
    """Make a sign-in for who has been an administrator for longest, at first for the person `admin`."""
    link = store.sessions.mint()
    assert link is not None, "only a name can be unknown"
    return link.token_once


def _banner(address: str, key: tuple[str, str], token: str, *, demo: bool) -> str:
    body = '{"turn_id":"1","role":"customer","text":"Tôi gọi 5 lần rồi mà không ai giải quyết!"}'
    demo_line = f"  demo   {address}/demo\n" if demo else ""
    return (
        f"\nEvenkeel answers at {address}\n\n"
        f"  board  {address}/?token={token}\n"
        f"{demo_line}"
        f"  docs   {address}/docs\n\n"
        f"Score a first message ({key[1]}):\n\n"
        f'  curl -s {address}/v1/conversations/demo/turns -H "Authorization: Bearer {key[0]}" '
        f"-H 'Content-Type: application/json' -d {shlex.quote(body)}\n"
    )
