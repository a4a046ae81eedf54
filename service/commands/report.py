"""`evenkeel report --by week --since 2026-11-01 [--csv]`: the escalation report, from the database, without a service."""

import argparse
import json
import sys
import time
from typing import Final, get_args

from ..labels import LANGUAGES
from ..reports.escalation import Group, ask
from ..reports.periods import By, RangeError
from ..reports.present import report_to_csv, report_to_json
from ..settings import Settings
from . import CommandError, Subparsers, add_settings, load_rules, opened_store

_MOMENT: Final = "a date in the zone, or a time with its offset from UTC"


def add(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("report", help="report escalations by day, week or month, as JSON or CSV")
    parser.add_argument("--by", choices=get_args(By), required=True)
    parser.add_argument("--since", help=f"{_MOMENT}; the last 30 days, 12 weeks or 12 months when left out")
    parser.add_argument("--until", help=f"{_MOMENT}, which does not count any more. Default: now.")
    parser.add_argument("--tz", default="UTC", help="IANA time zone, such as Europe/Prague. Default: %(default)s.")
    parser.add_argument("--language", choices=LANGUAGES, help="only conversations in this language")
    parser.add_argument("--queue", help="only conversations of this queue")
    parser.add_argument("--group", choices=get_args(Group), help="split every period, and the total")
    parser.add_argument(
        "--reason-language", choices=LANGUAGES, default="en", help="of the explanations. Default: %(default)s."
    )
    parser.add_argument("--csv", action="store_true", help="print a table in place of JSON")
    add_settings(parser, "DATA_DIR", "DATABASE_URL", "POLICY")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the report."""
    now = time.time()
    try:
        question = ask(
            arguments.by,
            now=now,
            since=arguments.since,
            until=arguments.until,
            tz=arguments.tz,
            language=arguments.language,
            queue=arguments.queue,
            group=arguments.group,
        )
    except RangeError as failure:
        raise CommandError(f"--{failure}") from failure
    policy = load_rules(settings)
    with opened_store(settings) as store:
        report = store.escalation_report(question, now=now)
    if arguments.csv:
        # Line ends are the table's own, CR and LF, on every system.
        sys.stdout.reconfigure(newline="")  # type: ignore[union-attr]
        sys.stdout.write(report_to_csv(report))
        return 0
    answer = report_to_json(report, lambda rule: policy.explain(rule, arguments.reason_language))
    print(json.dumps({**answer, "policy": {"version": policy.version}}, ensure_ascii=False, indent=2))
    return 0
