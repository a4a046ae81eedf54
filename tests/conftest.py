"""Shared fixtures: settings in a fresh folder, the application with a fixed scorer, and clients that call it."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import settings as hypothesis_settings

from service.api.app import create_app
from service.flow import Policy, Scorer
from service.risk import accumulate
from service.risk.decide import load_policy
from service.settings import Settings
from service.telemetry import LOGGERS
from tests.api.scorers import LetterScorer
from tests.api.support import KEY_HEADER, MakeClient, settings_in
from tests.support import STEADY_FORECASTER

# The store's laws are imported by two folders of tests, which run them on SQLite and on PostgreSQL.
pytest.register_assert_rewrite(
    *(f"tests.unit.store.{path.stem}" for path in (Path(__file__).parent / "unit" / "store").glob("laws_*.py"))
)

LONGEST_FIRST = ("test_offline_flow.py", "test_board_accessibility.py")
"""Files whose tests take minutes: begun last, one process would go on with them alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; otherwise the order stays."""
    items.sort(key=lambda item: LONGEST_FIRST.index(item.path.name) if item.path.name in LONGEST_FIRST else 99)


# Property tests are deterministic and never judged by the clock.
hypothesis_settings.register_profile("steady", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile("steady")


@pytest.fixture(autouse=True)
def steady_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forecast by the same numbers whatever was fitted last; tests about the shipped numbers override this."""
    monkeypatch.setattr(accumulate, "shipped", lambda: STEADY_FORECASTER)


@pytest.fixture(autouse=True)
def kept_loggers() -> Iterator[None]:
    """Give the loggers back as they were: a test that runs `serve` points them at an error stream that ends with it."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(logger.handlers, logger.propagate, logger.level) for logger in loggers]
    yield
    for logger, (handlers, propagate, level) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The policy that is shipped; loading it takes a while, so it is loaded once."""
    return load_policy()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings as a first start has them, and a bootstrap key."""
    return settings_in(tmp_path)


@pytest.fixture
def make_client(settings: Settings, policy: Policy) -> Iterator[MakeClient]:
    """Start applications, and return clients that hold the secret key; stopped when the test ends."""
    with ExitStack() as stack:

        def make(*, scorer: Scorer | None = None, signed: bool = True, **changes: Any) -> TestClient:
            app = create_app(replace(settings, **changes), scorer=scorer or LetterScorer(), policy=policy)
            return stack.enter_context(TestClient(app, headers=KEY_HEADER if signed else {}))

        yield make


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    """A running application, called with the secret key."""
    return make_client()


@pytest.fixture(scope="module")
def shared_client(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Iterator[TestClient]:
    """One application for the tests of a module that leave nothing behind in it."""
    settings = settings_in(tmp_path_factory.mktemp("shared"))
    with TestClient(create_app(settings, scorer=LetterScorer(), policy=policy), headers=KEY_HEADER) as client:
        yield client
