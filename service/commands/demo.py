"""`evenkeel demo`: play labelled conversations through a running service, so that the board is alive."""

import argparse
import os
import secrets
import sys

from ..client import ClientError, Unreachable
from ..demo import DemoError, add_arguments
from ..demo import run as replay
from ..settings import Settings
from . import CommandError, Subparsers, shown_address


def add(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("demo", help="play written conversations through a running service")
    add_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Replay at human pace; Ctrl+C ends it."""
    if arguments.url is None:
        arguments.url = shown_address(settings.host, settings.port)
    try:
        sent = replay(arguments, environ=os.environ, out=sys.stdout, run_name=secrets.token_hex(2))
    except Unreachable as failure:
        raise CommandError(f"demo: {failure}. Start it with `make run`, or give --url") from failure
    except (DemoError, ClientError) as failure:
        raise CommandError(f"demo: {failure}") from failure
    except KeyboardInterrupt:
        return 130
    print(f"{sent} messages sent")
    return 0
