"""The command line: `evenkeel ...`, or `python -m service ...`.

Each command lives in a module of `service/commands/`; this file reads the arguments, runs one, and
turns every expected failure into one line and exit code 1. Flags come from the SETTINGS table.
Try: `evenkeel serve --port 8001`
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Final

from .commands import (
    CommandError,
    demo,
    draft,
    keys,
    labels,
    people,
    policy,
    replay,
    report,
    score,
    serve,
    show,
    signin,
    thresholds,
)
from .settings import SETTINGS, Settings, SettingsError, load_settings
from .store import StoreError

CLOSED_PIPE: Final = 141
"""What a shell says of a program that SIGPIPE ended."""
COMMANDS = (
    serve,
    demo,
    keys,
    people,
    signin,
    score,
    draft,
    thresholds,
    policy,
    replay,
    report,
    labels,
    show.SETTINGS_COMMAND,
    show.VERSION_COMMAND,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        code = int(arguments.run(arguments, _settings(arguments)))
        if sys.stdout is not None:  # a program without a console has none
            sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read has seen enough (`| head`). What is buffered still must not fail when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    except (CommandError, SettingsError, StoreError) as failure:
        print(f"evenkeel: {' '.join(str(failure).split())}", file=sys.stderr)
        return 1


def _settings(arguments: argparse.Namespace) -> Settings:
    given = {
        setting.name: value for setting in SETTINGS if (value := getattr(arguments, setting.name, None)) is not None
    }
    return load_settings(given, os.environ)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evenkeel", description="Live conversation sentiment and escalation risk for customer chat."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    for command in COMMANDS:
        command.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
