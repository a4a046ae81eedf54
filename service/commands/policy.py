"""`evenkeel policy check FILE`: is this escalation matrix right? Answers with file, line and field if not."""

import argparse
from dataclasses import replace
from pathlib import Path

from ..settings import Settings
from . import Subparsers, load_rules


def add(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("policy", help="check an escalation matrix")
    actions = parser.add_subparsers(required=True, metavar="action")
    check = actions.add_parser("check", help="load a policy file and say what is wrong with it")
    check.add_argument("file", type=Path)
    check.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the version of a policy that loads."""
    policy = load_rules(replace(settings, policy=arguments.file))
    print(f"{arguments.file} is a valid policy, version {policy.version}.")
    return 0
