"""`evenkeel token`: a new one-time address of the board, for a service that already runs on this database."""

import argparse

from ..settings import Settings
from . import CommandError, Subparsers, add_settings, opened_store, shown_address


def add(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("token", help="make a new one-time sign-in to the board")
    parser.add_argument("--person", metavar="NAME", help="whom it signs in; the first administrator by default")
    add_settings(parser, "HOST", "PORT", "DATA_DIR", "DATABASE_URL")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the address."""
    with opened_store(settings) as store:
        link = store.sessions.mint(arguments.person)
    if link is None:
        raise CommandError(f"there is nobody named {arguments.person}; `evenkeel people list` shows everybody")
    print(f"{shown_address(settings.host, settings.port)}/?token={link.token_once}")
    return 0
