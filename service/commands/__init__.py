"""The commands of `evenkeel`, one module each: `add` declares the arguments, and a function runs it."""

import argparse
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from ..flow import Scorer
from ..risk.decide import EscalationPolicy, load_policy
from ..risk.loader import PolicyError
from ..scoring.artefact import ArtefactError
from ..settings import SETTINGS, Settings
from ..store import Store, StoreError, sqlite_path

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}


class CommandError(Exception):
    """A command cannot do its work; the message is the one line that its caller sees."""


def add_settings(parser: argparse.ArgumentParser, *names: str) -> None:
    """Declare the flags of these settings, of all when none is named."""
    group = parser.add_argument_group("settings", "each also as a variable EVENKEEL_...")
    for setting in SETTINGS:
        if not names or setting.name in names:
            default = setting.default_help or setting.default
            words = setting.help + (f" Default: {default}." if default else "")
            group.add_argument(
                setting.flag, dest=setting.name, metavar=setting.kind.upper(), help=words.replace("%", "%%")
            )


def load_model(settings: Settings) -> Scorer:
    """Load the model; a file that is missing, cut or changed is one line."""
    # Imported here: onnxruntime takes long to load, and most commands do without.
    from ..scoring.onnx import load_scorer

    try:
        return load_scorer(settings.model_dir, settings.threads)
    except ArtefactError as failure:
        raise CommandError(str(failure)) from failure


def load_rules(settings: Settings) -> EscalationPolicy:
    """Load the policy; a mistake in it is one line with file, line and field."""
    try:
        return load_policy(settings.policy)
    except PolicyError as failure:
        raise CommandError(str(failure)) from failure


def shown_address(host: str, port: int) -> str:
    """Return the address under which a browser on this machine reaches a service that listens there."""
    host = _EVERYWHERE.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _is_there(path: Path) -> bool:
    """Tell it; raises `OSError` where that may not be known (`Path.exists` says False of it on some versions)."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


@contextmanager
def opened_store(settings: Settings, *, new: bool = False) -> Iterator[Store]:
    """Open the database of these settings, and close it; made if missing only where `new` allows it."""
    path = None if new else sqlite_path(settings.database_url)
    try:
        if path is not None and not _is_there(path):
            raise CommandError(
                f"there is no database at {path}: nothing was stored there yet; "
                "--data-dir or --database-url names the one of the service"
            )
        if _is_there(settings.data_dir) and not settings.data_dir.is_dir():
            raise CommandError(f"the database cannot be opened: {settings.data_dir} is a file, expected a folder")
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        store = Store.open(settings.database_url, store_text=settings.store_text, alert_budget=settings.alert_budget)
    except (StoreError, OSError, sqlite3.Error) as failure:
        # A file that is no database makes the driver fail while it connects, before the store is there.
        raise CommandError(f"the database cannot be opened: {failure}") from failure
    try:
        yield store
    finally:
        store.close()
