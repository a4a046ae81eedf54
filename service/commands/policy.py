"""`evenkeel policy check FILE`: is this escalation matrix right? Answers with file, line and field if not.

The phrases beside the file (else the shipped ones) are read as well, for what should not be said.
`evenkeel policy explain` lives beside it, in `explain.py`.
"""

import argparse
from dataclasses import replace
from pathlib import Path

from ..risk.phrases_lint import lint_phrases
from ..settings import Settings
from . import Subparsers, explain, load_rules


def add(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("policy", help="check an escalation matrix, or explain what it did")
    actions = parser.add_subparsers(required=True, metavar="action")
    check = actions.add_parser("check", help="load a policy file and say what is wrong with it")
    check.add_argument("file", type=Path)
    check.set_defaults(run=run)
    explain.declare(actions.add_parser("explain", help="say why each message of a conversation was answered so"))


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the version of a policy that loads; 1 when its phrases should not be said as they are."""
    policy = load_rules(replace(settings, policy=arguments.file))
    objections = lint_phrases(policy.catalogue)
    for objection in objections:
        print(objection)
    if objections:
        return 1
    print(f"{arguments.file} is a valid policy, version {policy.version}.")
    return 0
