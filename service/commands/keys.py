"""`evenkeel keys create|list|revoke`: who may call. A key is shown once, when it is made."""

import argparse
import sys
import time

from ..settings import Settings
from ..store import KeyRecord
from . import CommandError, Subparsers, add_settings, opened_store


def add(commands: Subparsers) -> None:
    """Declare the commands."""
    parser = commands.add_parser("keys", help="create, list and revoke API keys")
    actions = parser.add_subparsers(required=True, metavar="action")
    create = actions.add_parser("create", help="make a key and print it, once")
    create.add_argument("--kind", choices=("secret", "publishable"), default="secret")
    create.add_argument("--name", default="", help="what the key is for")
    create.add_argument("--origin", action="append", default=[], help="web origin of a publishable key; repeatable")
    create.add_argument(
        "--answers",
        choices=("full", "none"),
        default="full",
        help="what the pages of a publishable key are told: the assessment (default), or only that a turn arrived",
    )
    create.set_defaults(run=_create)
    listing = actions.add_parser("list", help="show every key, without its secret")
    listing.set_defaults(run=_list)
    revoke = actions.add_parser("revoke", help="end a key at once")
    revoke.add_argument("id")
    revoke.set_defaults(run=_revoke)
    for action in (create, listing, revoke):
        add_settings(action, "DATA_DIR", "DATABASE_URL")


def _create(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the key alone on standard output, so that a script can read it."""
    if (arguments.kind == "publishable") != bool(arguments.origin):
        raise CommandError("a publishable key needs --origin https://..., and a secret key takes none")
    if arguments.answers == "none" and arguments.kind == "secret":
        raise CommandError("--answers none belongs to a publishable key; a secret key is told everything")
    with opened_store(settings, new=True) as store:
        made = store.create_key(
            arguments.kind, arguments.name or arguments.kind, tuple(arguments.origin), answers=arguments.answers
        )
    print(made.secret_once)
    print(f"This is key {made.id}; it is not shown again.", file=sys.stderr)
    return 0


def _list(arguments: argparse.Namespace, settings: Settings) -> int:
    with opened_store(settings) as store:
        for key in store.list_keys():
            print(_line(key))
    return 0


def _line(key: KeyRecord) -> str:
    state = "in use" if key.revoked_at is None else f"revoked {_day(key.revoked_at)}"
    return "\t".join((key.id, key.kind, key.prefix + "…", key.name, _day(key.created_at), state, " ".join(key.origins)))


def _day(at: float) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(at))


def _revoke(arguments: argparse.Namespace, settings: Settings) -> int:
    with opened_store(settings) as store:
        if not store.revoke_key(arguments.id):
            raise CommandError(f"there is no key {arguments.id} in use; `evenkeel keys list` shows them")
    print(f"Key {arguments.id} is revoked.")
    return 0
