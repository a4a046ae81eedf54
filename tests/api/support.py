"""Shared by the API tests: the key, settings of a fresh folder, and a look into a running application."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from fastapi.testclient import TestClient

from service.settings import Settings, load_settings
from service.store import Store

BOOTSTRAP_KEY: Final = "bootstrap-key-of-the-tests"
KEY_HEADER: Final = {"Authorization": f"Bearer {BOOTSTRAP_KEY}"}
MakeClient = Callable[..., TestClient]


def settings_in(folder: Path) -> Settings:
    """Return settings whose data lies in this folder."""
    return load_settings({"DATA_DIR": str(folder / "data"), "BOOTSTRAP_KEY": BOOTSTRAP_KEY}, {})


def store_of(client: TestClient) -> Store:
    """Return the store of a running application."""
    found: Store = client.app.state.runtime.store  # type: ignore[attr-defined]
    return found
