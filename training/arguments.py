"""Command-line values that name folders, checked before hours of work begin.

Types for `argparse`: a wrong one is told at once, with what is missing there. Where a hub name will do as well,
as for `training.finetune --base`, none of these is used.
"""

import argparse
from pathlib import Path

from service.scoring.artefact import MODEL, ArtefactError, find_artefact

from .soft import FACTS as SOFT_FACTS
from .soft import ROWS

CONFIG, WEIGHTS, FACTS = "config.json", "classifier.pt", "finetuning.json"


def checkpoint(value: str) -> Path:
    """A folder with an encoder; resolved, so that its name is known even of `.`."""
    return _folder(value, CONFIG)


def classifier(value: str) -> Path:
    """A folder that `training.finetune` or `training.restore` wrote."""
    return _folder(value, CONFIG, WEIGHTS, FACTS)


def soft_rows(value: str) -> Path:
    """A folder that `training.distil` wrote."""
    return _folder(value, ROWS, SOFT_FACTS)


def release(value: str) -> Path:
    """The folder of an artefact, or a folder of them, of which the current one is meant."""
    try:
        return _folder(str(find_artefact(Path(value))), MODEL)
    except ArtefactError:
        raise argparse.ArgumentTypeError(f"{value} is no release, and no folder of releases") from None


def positive(value: str) -> float:
    """A number above 0."""
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0.0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{value!r} is no number above 0")
    return number


def share(value: str) -> float:
    """A number from 0 to 1."""
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 1.0:
        raise argparse.ArgumentTypeError(f"{value!r} is no share from 0 to 1")
    return number


def _folder(value: str, *files: str) -> Path:
    missing = [name for name in files if not (Path(value) / name).is_file()]
    if missing:
        raise argparse.ArgumentTypeError(f"{value} has no {', '.join(missing)}")
    return Path(value).resolve()
