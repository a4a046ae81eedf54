"""`evenkeel people add|list|role|deactivate|reactivate`: who may sign in to the board, and as what."""

import argparse

from ..settings import Settings
from ..store import RANKS, Change, PersonRecord, Store
from . import CommandError, Subparsers, add_settings, opened_store


def add(commands: Subparsers) -> None:
    """Declare the commands."""
    parser = commands.add_parser("people", help="add, list and deactivate the people of the board, change their role")
    actions = parser.add_subparsers(required=True, metavar="action")
    adding = actions.add_parser("add", help="add somebody; `evenkeel token --person NAME` then signs them in")
    adding.add_argument("name", type=_name)
    adding.add_argument("--role", choices=RANKS, default="agent")
    adding.add_argument("--display-name", type=_name, help="as people call them; the name by default")
    adding.set_defaults(run=_add)
    listing = actions.add_parser("list", help="show everybody")
    listing.set_defaults(run=_list)
    role = actions.add_parser("role", help="change what somebody may do")
    role.add_argument("name")
    role.add_argument("role", choices=RANKS)
    role.set_defaults(run=_role)
    for word, summary in (("deactivate", "sign somebody out, for good"), ("reactivate", "let somebody in again")):
        action = actions.add_parser(word, help=summary)
        action.add_argument("name")
        action.set_defaults(run=_deactivate if word == "deactivate" else _reactivate)
        add_settings(action, "DATA_DIR", "DATABASE_URL")
    for action in (adding, listing, role):
        add_settings(action, "DATA_DIR", "DATABASE_URL")


def _name(text: str) -> str:
    # Imported here: pydantic takes long to load, and most commands do without.
    from pydantic import TypeAdapter, ValidationError

    from ..api.wire_people import PersonName

    try:
        return TypeAdapter(PersonName).validate_python(text)
    except ValidationError:
        raise argparse.ArgumentTypeError("expected 1 to 64 letters, digits, spaces and . _ : @ + ~ = - '") from None


def _add(arguments: argparse.Namespace, settings: Settings) -> int:
    with opened_store(settings, new=True) as store:
        added = store.people.add(arguments.name, arguments.role, arguments.display_name)
    print(f"{added.name} is {added.role}; `evenkeel token --person {added.name!r}` signs them in.")
    return 0


def _list(arguments: argparse.Namespace, settings: Settings) -> int:
    with opened_store(settings) as store:
        for person in store.people.list():
            state = "active" if person.deactivated_at is None else "deactivated"
            print("\t".join((person.name, person.role, state, person.display_name)))
    return 0


def _role(arguments: argparse.Namespace, settings: Settings) -> int:
    with opened_store(settings) as store:
        changed = _changed(store, arguments.name, Change(role=arguments.role))
    print(f"{changed.name} is {changed.role}.")
    return 0


def _deactivate(arguments: argparse.Namespace, settings: Settings) -> int:
    with opened_store(settings) as store:
        changed = _changed(store, arguments.name, Change(deactivated=True))
    print(f"{changed.name} is signed out and cannot sign in any more.")
    return 0


def _reactivate(arguments: argparse.Namespace, settings: Settings) -> int:
    with opened_store(settings) as store:
        changed = _changed(store, arguments.name, Change(deactivated=False))
    print(f"{changed.name} may sign in again; `evenkeel token --person {changed.name!r}` makes a link.")
    return 0


def _changed(store: Store, name: str, change: Change) -> PersonRecord:
    changed = store.people.change(name, change)
    if changed is None:
        raise CommandError(f"there is nobody named {name}; `evenkeel people list` shows everybody")
    return changed
