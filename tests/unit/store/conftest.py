"""Fixtures for the store on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.store import Store


@pytest.fixture
def database_path(tmp_path: Path) -> Path:
    """Where a new SQLite database will be."""
    return tmp_path / "data" / "evenkeel.db"


@pytest.fixture
def database_url(database_path: Path) -> str:
    """Name that database."""
    return f"sqlite:///{database_path}"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """Open a store on it."""
    store = Store.open(database_url)
    yield store
    store.close()
