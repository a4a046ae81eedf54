"""`evenkeel score`: score texts, or a file of them, without a service."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

from tqdm import tqdm

from ..bulk import FORMATS, BulkError, Format, Row, format_of, read_rows, write_rows
from ..flow import Score, Scorer
from ..labels import LANGUAGES
from ..scoring.normalise import normalise
from ..settings import Settings
from ..store import score_to_json
from . import CommandError, Subparsers, add_settings, load_model

STANDARD: Final = "-"
BATCH: Final = 64
"""Texts in one call of the model: enough for its threads, few enough for the bar to move."""


def add(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("score", help="score texts or a file of them, and print JSON or CSV")
    parser.add_argument("texts", nargs="*", metavar="text")
    parser.add_argument("--language", choices=LANGUAGES, help="overrides the detected language")
    parser.add_argument("--show", choices=("score", "normalise"), default="score", help="which stage's result")
    file = parser.add_argument_group("a file", "scored row by row; every row keeps what stood in it")
    file.add_argument("--file", metavar="FILE", help="text (one per line), CSV or JSON lines; - is the standard input")
    file.add_argument("--format", choices=FORMATS, help="of the file. Default: by its name.")
    file.add_argument("--column", default="text", help="where a row's text stands. Default: %(default)s.")
    file.add_argument("--language-column", metavar="COLUMN", help="where a row's language stands, if anywhere")
    file.add_argument("--output", metavar="FILE", help="CSV for CSV, else JSON lines. Default: the standard output.")
    add_settings(parser, "MODEL_DIR", "THREADS")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the results in the order of the texts."""
    if bool(arguments.texts) == bool(arguments.file):
        raise CommandError("score: give texts, or --file with a file of them")
    if arguments.file:
        if arguments.show != "score":
            raise CommandError("score: --show is for texts, a file is scored")
        _score_file(arguments, settings)
        return 0
    for flag in ("format", "language_column", "output"):
        if getattr(arguments, flag) is not None:
            raise CommandError(f"score: --{flag.replace('_', '-')} is for a file, texts are printed as JSON")
    shown = _normalised(arguments.texts) if arguments.show == "normalise" else _scored(arguments, settings)
    print(json.dumps(shown, ensure_ascii=False, indent=2))
    return 0


def _normalised(texts: list[str]) -> object:
    return {"results": [{"normalised": normalise(text).text} for text in texts]}


def _scored(arguments: argparse.Namespace, settings: Settings) -> object:
    scorer = load_model(settings)
    scores = scorer.score(arguments.texts, [arguments.language] * len(arguments.texts))
    model = scorer.model
    return {
        "model": {"version": model.version, "digest": model.digest, "precision": model.precision},
        "results": [score_to_json(score) for score in scores],
    }


def _score_file(arguments: argparse.Namespace, settings: Settings) -> None:
    form: Format = arguments.format or format_of(arguments.file)
    if arguments.output and Path(arguments.output).resolve() == Path(arguments.file).resolve():
        raise CommandError("score: --output is the file itself, which would be lost; name another one")
    try:
        with ExitStack() as stack:
            source = sys.stdin if arguments.file == STANDARD else stack.enter_context(_reading(arguments.file))
            rows = read_rows(source, form, column=arguments.column, language_column=arguments.language_column)
            first = next(rows, None)  # a file that is no such file is told before the model is loaded
            scorer = load_model(settings)
            # Only now: a mistake in the call must not empty a file of results that was there before.
            target = sys.stdout if arguments.output is None else stack.enter_context(_writing(arguments.output))
            bar = stack.enter_context(tqdm(unit=" texts", disable=None, file=sys.stderr))
            scored = _in_batches(scorer, _again(first, rows), arguments.language, bar.update)
            count = write_rows(target, form, scored)
    except BrokenPipeError:
        raise  # no mistake of the call; see `main`
    except (BulkError, OSError, UnicodeDecodeError) as failure:
        raise CommandError(f"score: {_said(failure, arguments.file)}") from None
    model = scorer.model
    print(f"score: {count} texts by model {model.version} ({model.precision}, {model.digest})", file=sys.stderr)


def _said(failure: Exception, file: str) -> str:
    if isinstance(failure, OSError):
        why = failure.strerror or type(failure).__name__
        return (
            f"{failure.filename}: {why}" if failure.filename else why
        )  # without a name it was on the way: a full disk
    return f"{file}: this is no UTF-8" if isinstance(failure, UnicodeDecodeError) else str(failure)


def _reading(name: str) -> TextIO:
    # utf-8-sig: spreadsheets write a mark before the first column's name. newline="" is what csv asks for.
    return open(name, encoding="utf-8-sig", newline="")


def _writing(name: str) -> TextIO:
    return open(name, "w", encoding="utf-8", newline="")


def _again(first: Row | None, rows: Iterator[Row]) -> Iterator[Row]:
    if first is not None:
        yield first
        yield from rows


def _in_batches(
    scorer: Scorer, rows: Iterator[Row], language: str | None, done: Callable[[int], object]
) -> Iterator[tuple[Row, Score]]:
    """Score the rows as they come, so that a file of any size fits."""
    while batch := list(islice(rows, BATCH)):
        scores = scorer.score([row.text for row in batch], [language or row.language for row in batch])
        yield from zip(batch, scores, strict=True)
        done(len(batch))
