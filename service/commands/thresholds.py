"""`evenkeel thresholds PAIRS`: another service's threshold -> the one of ours that raises as many alerts; stores nothing."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from ..flow import Score
from ..integrations.pairs import READERS, Group, Grouped, Pair, PairsError, grouped, read_pairs, texts_of
from ..integrations.thresholds import Translation, translate
from ..settings import Settings
from . import CommandError, Subparsers, add_settings, load_model
from .progress import in_steps

_STEP: Final = 16
_COLUMNS: Final = ("language", "attribute", "rows", "theirs", "ours", "threshold", "95 %", "agree", "kappa")


def add(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("thresholds", help="translate thresholds of Perspective or OpenAI into ours")
    parser.add_argument(
        "pairs", type=Path, metavar="PAIRS", help="CSV or JSON lines: attribute, language, theirs|decision, text|ours"
    )
    parser.add_argument(
        "--their-threshold",
        action="append",
        default=[],
        metavar="[ATTRIBUTE=]SCORE",
        help="from which of their scores on they alert, where rows hold no decision; may be given several times",
    )
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    add_settings(parser, "MODEL_DIR", "THREADS")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print a threshold for each language and attribute."""
    try:
        pairs = read_pairs(arguments.pairs, _thresholds(arguments.their_threshold))
    except PairsError as failure:
        raise CommandError(str(failure)) from failure
    found = grouped(pairs, _scores(pairs, settings))
    if not found.groups:
        raise CommandError("thresholds: no row could be judged; see the languages and texts of the file")
    translated = [(group, translate(group.ours, group.alerts)) for group in found.groups]
    print(_as_json(translated, found) if arguments.json else _as_page(translated, found), end="")
    return 0


def _thresholds(given: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for text in given:
        attribute, _, score = text.rpartition("=")
        try:
            found[attribute] = float(score)
        except ValueError as failure:
            raise CommandError("--their-threshold: expected 0.8 or TOXICITY=0.8") from failure
        if attribute and attribute not in READERS:
            raise CommandError(f"--their-threshold: expected one of {', '.join(READERS)}, found {attribute!r}")
        if not 0.0 <= found[attribute] <= 1.0:
            raise CommandError(f"--their-threshold: expected a score from 0 to 1, found {score}")
    return found


def _scores(pairs: Sequence[Pair], settings: Settings) -> dict[tuple[str, str | None], Score]:
    texts = texts_of(pairs)
    if not texts:
        return {}
    scorer = load_model(settings)
    found: dict[tuple[str, str | None], Score] = {}
    for some in in_steps(texts, _STEP, what="texts scored"):
        scores = scorer.score([text for text, _ in some], [language for _, language in some])
        found.update(zip(some, scores, strict=True))
    return found


def _as_json(translated: Sequence[tuple[Group, Translation]], found: Grouped) -> str:
    rows = [
        {
            "language": group.language,
            "attribute": group.attribute,
            **asdict(translation),
            "agreement": _agreement(translation),
        }
        for group, translation in translated
    ]
    return json.dumps({"thresholds": rows, "left_out": dict(found.left_out)}, ensure_ascii=False, indent=2) + "\n"


def _agreement(translation: Translation) -> Mapping[str, object]:
    agreement = translation.agreement
    return {**asdict(agreement), "share": agreement.share, "kappa": agreement.kappa}


def _as_page(translated: Sequence[tuple[Group, Translation]], found: Grouped) -> str:
    rows = [_COLUMNS, *(_row(group, translation) for group, translation in translated)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    for group, translation in translated:
        lines += [f"! {group.language} {group.attribute}: {warning}" for warning in translation.warnings]
    lines += [f"left out, {reason}: {count}" for reason, count in sorted(found.left_out.items())]
    return "\n".join(lines) + "\n"


def _row(group: Group, found: Translation) -> tuple[str, ...]:
    kappa = found.agreement.kappa
    return (
        group.language,
        group.attribute,
        f"{found.rows:,}",
        f"{found.their_alerts:,}",
        f"{found.our_alerts:,}",
        _shown(found.threshold),
        f"{_shown(found.low)} to {_shown(found.high)}",
        f"{found.agreement.share:.1%}",
        "–" if kappa is None else f"{kappa:.2f}",
    )


def _shown(threshold: float | None) -> str:
    return "never" if threshold is None else f"{threshold:g}"
