"""`evenkeel score TEXT...`: score texts without a service; prints JSON."""

import argparse
import json

from ..labels import LANGUAGES
from ..scoring.normalise import normalise
from ..settings import Settings
from ..store import score_to_json
from . import Subparsers, add_settings, load_model


def add(commands: Subparsers) -> None:
    """Declare the command."""
    parser = commands.add_parser("score", help="score texts, and print JSON")
    parser.add_argument("texts", nargs="+", metavar="text")
    parser.add_argument("--language", choices=LANGUAGES, help="overrides the detected language")
    parser.add_argument("--show", choices=("score", "normalise"), default="score", help="which stage's result")
    add_settings(parser, "MODEL_DIR", "THREADS")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the result of the chosen stage, in the order of the texts."""
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
