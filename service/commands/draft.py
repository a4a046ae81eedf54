"""`evenkeel draft [TEXT]`: check a reply before it is sent, without a service; prints JSON. Reads stdin without TEXT."""

import argparse
import json
import sys
from dataclasses import asdict

from ..labels import LANGUAGES
from ..risk.draft_rules import load_draft_rules
from ..risk.lint import check_draft
from ..risk.phrases import FALLBACK_LANGUAGE
from ..risk.reply_model import load_reply_model
from ..settings import Settings
from . import CommandError, Subparsers


def add(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("draft", help="check a reply before it is sent, and print JSON")
    parser.add_argument("text", nargs="?", help="standard input is read when left out")
    parser.add_argument(
        "--language", choices=LANGUAGES, default=FALLBACK_LANGUAGE, help="of the reply. Default: %(default)s."
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print what to reconsider, and why."""
    text = _standard_input() if arguments.text is None else arguments.text
    if not text.strip():
        raise CommandError("draft: there is no reply to check; give it as TEXT or on standard input")
    findings = check_draft(text, (), load_draft_rules()[arguments.language], load_reply_model())
    shown = {"language": arguments.language, "findings": [asdict(finding) for finding in findings]}
    print(json.dumps(shown, ensure_ascii=False, indent=2))
    return 0


def _standard_input() -> str:
    try:
        return sys.stdin.read().rstrip("\n")
    except UnicodeDecodeError as failure:
        raise CommandError(f"standard input is no {failure.encoding}") from failure
