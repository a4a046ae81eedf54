"""`evenkeel settings` and `evenkeel version`: what can be set, and what is installed."""

import argparse
from dataclasses import dataclass

from .. import __version__
from ..settings import Settings, settings_table_markdown
from . import Subparsers


@dataclass(frozen=True, slots=True)
class _Shown:
    """A command that prints a text."""

    name: str
    help: str
    text: str

    def add(self, commands: Subparsers) -> None:
        """Declare the command."""
        commands.add_parser(self.name, help=self.help).set_defaults(run=self._run)

    def _run(self, arguments: argparse.Namespace, settings: Settings) -> int:
        print(self.text.rstrip("\n"))
        return 0


SETTINGS_COMMAND = _Shown("settings", "print every setting", settings_table_markdown())
VERSION_COMMAND = _Shown("version", "print the version", __version__)
