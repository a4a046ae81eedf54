"""`evenkeel token`: a new one-time address of the board, for a service that already runs on the data folder."""

import argparse

from ..settings import Settings
from . import Subparsers, add_settings, mint_token, shown_address


def add(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("token", help="make a new one-time sign-in to the board")
    add_settings(parser, "HOST", "PORT", "DATA_DIR")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the address."""
    print(f"{shown_address(settings.host, settings.port)}/?token={mint_token(settings)}")
    return 0
