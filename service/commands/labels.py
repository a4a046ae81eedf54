"""`evenkeel labels export --out FILE`: what people said of turns, as rows that `make train TRANSCRIPTS=FILE` reads."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..risk.training_rows import LabelledConversation, training_row, training_turns
from ..settings import Settings
from ..store import Store
from . import CommandError, Subparsers, add_settings, opened_store

OWNER_ONLY: Final = 0o600
"""What customers wrote is for whoever trains, not for everybody on the machine."""


def add(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("labels", help="export what people said of turns, to train on")
    actions = parser.add_subparsers(dest="action", required=True)
    export = actions.add_parser("export", help="write the labelled turns as transcripts (JSON lines)")
    export.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="file to write; replaced when it is there"
    )
    add_settings(export, "DATA_DIR", "DATABASE_URL")
    export.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the file, and say on standard error how much is in it."""
    with opened_store(settings) as store:
        lines, turns, left_out = [], 0, 0
        for conversation in _labelled(store):
            row = training_row(conversation)
            exported = len(training_turns(conversation))
            turns, left_out = turns + exported, left_out + len(conversation.turns) - exported
            if row is not None:
                lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    _write(arguments.out, lines)
    why = f"; {left_out} left out: no decision, no text, or a language that is not served" if left_out else ""
    print(f"labels: {turns} turns of {len(lines)} conversations{why}", file=sys.stderr)
    return 0


def _labelled(store: Store) -> Iterator[LabelledConversation]:
    after: str | None = None
    while True:
        page = store.labels.export_page(after)
        yield from page.conversations
        if page.next_after is None:
            return
        after = page.next_after


def _write(path: Path, lines: list[str]) -> None:
    """Write beside and rename: whoever reads meanwhile sees the old file or the new one, whole."""
    beside = path.with_name(path.name + ".part")
    try:
        beside.unlink(missing_ok=True)
        with os.fdopen(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w", encoding="utf-8"
        ) as file:
            file.writelines(lines)
        beside.replace(path)
    except OSError as failure:
        why = failure.strerror or type(failure).__name__
        raise CommandError(f"labels export: cannot write {path}: {why}") from failure
