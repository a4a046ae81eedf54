"""`evenkeel replay`: which alerts would another policy or model have raised, over a file or over what is stored?"""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ..flow import Scorer
from ..labels import LANGUAGES
from ..replay.page import report_page
from ..replay.play import Conversation
from ..replay.present import report_to_json
from ..replay.read import ConversationFileError, read_conversations
from ..replay.report import Report, Side, play_sides, report
from ..replay.stored import StoredScores, as_conversation, has_texts, stored_conversations
from ..risk.decide import EscalationPolicy
from ..scoring.artefact import MANIFEST
from ..settings import Settings
from ..store import Store, Window
from . import CommandError, Subparsers, add_settings, load_model, load_rules, opened_store

CURRENT: Final = "current"
SHOWN_CASES: Final = 20
MOST_STORED: Final = 10_000
_STEP: Final = 500
"""After how many conversations the progress is told."""


@dataclass(frozen=True, slots=True)
class _Source:
    """The conversations to replay: those of a file are read before the model runs, stored ones page by page."""

    total: int
    conversations: Iterator[Conversation]


def add(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("replay", help="what would another policy or model have done?")
    which = parser.add_argument_group("which conversations").add_mutually_exclusive_group(required=True)
    which.add_argument("--conversations", type=Path, nargs="+", metavar="FILE", help="files of JSON lines")
    which.add_argument("--stored", action="store_true", help="those of the database, with the scores that they got")
    parser.add_argument("--since", type=_time, metavar="TIME", help="stored ones heard of since (2026-11-01, in UTC)")
    parser.add_argument("--until", type=_time, metavar="TIME", help="stored ones last heard of before")
    parser.add_argument("--limit", type=_count, default=MOST_STORED, help="most stored ones. Default: %(default)s.")
    parser.add_argument("--language", choices=LANGUAGES, help="those in this language only")
    parser.add_argument("--policy", dest="what_if", type=Path, metavar="FILE", help="replay it. Default: today's.")
    parser.add_argument("--against", metavar="FILE", help=f"compare with this policy; `{CURRENT}`: today's, as it is")
    parser.add_argument("--model", metavar="VERSION", help="score anew with this version in MODEL_DIR")
    parser.add_argument("--json", action="store_true", help="print JSON in place of a page")
    parser.add_argument("--cases", type=_count, default=SHOWN_CASES, help="changes to list. Default: %(default)s.")
    add_settings(parser, "MODEL_DIR", "THREADS", "DATA_DIR", "DATABASE_URL")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print what the replay found; its progress goes to standard error."""
    today = load_rules(settings)
    policy = load_rules(replace(settings, policy=arguments.what_if)) if arguments.what_if else today
    against = _against(arguments.against, settings, today)
    with _opened(arguments, settings) as source:
        if not source.total:
            raise CommandError("replay: no conversation is left to replay; look at --since, --until and --language")
        found = _replayed(source, _sides(arguments, settings, policy, against))
    shown = json.dumps(report_to_json(found, cases=arguments.cases), ensure_ascii=False, indent=2) + "\n"
    sys.stdout.write(shown if arguments.json else report_page(found, cases=arguments.cases))
    return 0


def _against(given: str | None, settings: Settings, today: EscalationPolicy) -> EscalationPolicy | None:
    if given is None or given == CURRENT:
        return today if given else None
    return load_rules(replace(settings, policy=Path(given)))


def _sides(
    arguments: argparse.Namespace, settings: Settings, policy: EscalationPolicy, against: EscalationPolicy | None
) -> tuple[Side, ...]:
    """The side to compare with keeps the scores that are there, or the served model's; it comes first."""
    anew = _model(settings, arguments.model) if arguments.model else None
    kept: Scorer | None = None
    if against is not None or anew is None:
        kept = StoredScores() if arguments.stored else load_model(settings)
    before = [Side(against, kept)] if against is not None and kept is not None else []
    scorer = anew or kept
    assert scorer is not None, "one of the two was made"
    return (*before, Side(policy, scorer, anew=anew is not None))


def _model(settings: Settings, version: str) -> Scorer:
    folder = settings.model_dir / version
    if Path(version).name != version or not (folder / MANIFEST).is_file():
        there = sorted(path.parent.name for path in settings.model_dir.glob(f"*/{MANIFEST}"))
        raise CommandError(
            f"there is no model {version} in {settings.model_dir}; it holds {', '.join(there) or 'none'}"
        )
    return load_model(replace(settings, model_dir=folder))


@contextmanager
def _opened(arguments: argparse.Namespace, settings: Settings) -> Iterator[_Source]:
    if not arguments.stored:
        if arguments.since is not None or arguments.until is not None:
            raise CommandError("--since and --until choose among stored conversations; a file is replayed as a whole")
        yield _read(arguments)
        return
    with opened_store(settings) as store:
        ids = store.ids_within(Window(arguments.since, arguments.until, arguments.language), arguments.limit)
        if len(ids) == arguments.limit:
            _tell(f"the newest {len(ids)} conversations; --limit takes more")
        yield _Source(len(ids), _stored(store, ids, texts_needed=arguments.model is not None))


def _read(arguments: argparse.Namespace) -> _Source:
    try:
        found = list(read_conversations(arguments.conversations))
    except ConversationFileError as failure:
        raise CommandError(str(failure)) from failure
    if not found:
        raise CommandError(f"replay: no conversation in {', '.join(map(str, arguments.conversations))}")
    chosen = [c for c in found if arguments.language in (None, c.language)]
    return _Source(len(chosen), iter(chosen))


def _stored(store: Store, ids: tuple[str, ...], *, texts_needed: bool) -> Iterator[Conversation]:
    left_out = 0
    for heard in stored_conversations(store, ids):
        if texts_needed and not has_texts(heard):
            left_out += 1
        else:
            yield as_conversation(heard)
    if left_out:
        _tell(f"{left_out} conversations are left out: their texts were not kept, so no model can score them")


def _replayed(source: _Source, sides: tuple[Side, ...]) -> Report:
    played = play_sides(_told(source), sides)
    return report(played[-1], played[0] if len(played) > 1 else None)


def _told(source: _Source) -> Iterator[Conversation]:
    for number, conversation in enumerate(source.conversations, 1):
        yield conversation
        if number % _STEP == 0 or number == source.total:
            _tell(f"{number:,} of {source.total:,} conversations")


def _tell(words: str) -> None:
    print(f"replay: {words}", file=sys.stderr, flush=True)


def _time(text: str) -> float:
    """A day, or a time with a zone, in epoch seconds."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("expected a day such as 2026-11-01, or ISO 8601 with a zone") from None
    if moment.tzinfo is None and "T" in text:
        raise argparse.ArgumentTypeError("a time of day needs a zone, such as 2026-11-01T08:00+07:00")
    return moment.timestamp() if moment.tzinfo is not None else moment.replace(tzinfo=UTC).timestamp()


def _count(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or len(text) > 9:
        raise argparse.ArgumentTypeError("expected a whole number")
    return int(text)
