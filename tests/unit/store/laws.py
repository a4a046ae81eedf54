"""All laws of the store, whatever the database; a test class per database supplies `database_url`."""

from collections.abc import Iterator

import pytest

from service.store import Store
from tests.unit.store.laws_alerts import AlertLaws
from tests.unit.store.laws_handoffs import HandoffLaws
from tests.unit.store.laws_keeping import KeepingLaws
from tests.unit.store.laws_reading import ReadingLaws
from tests.unit.store.laws_reports import ReportLaws
from tests.unit.store.laws_resolutions import ResolutionLaws
from tests.unit.store.laws_turns import TurnLaws


class StoreLaws(TurnLaws, ReadingLaws, KeepingLaws, HandoffLaws, AlertLaws, ReportLaws, ResolutionLaws):
    """Inherit, and define the fixture `database_url` of an empty database."""

    @pytest.fixture
    def store(self, database_url: str) -> Iterator[Store]:
        store = Store.open(database_url)
        yield store
        store.close()
