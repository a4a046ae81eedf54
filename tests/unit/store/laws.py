"""All laws of the store, whatever the database; a test class per database supplies `database_url`."""

from collections.abc import Iterator

import pytest

from service.store import Store
from tests.unit.store.laws_alerts import AlertLaws
from tests.unit.store.laws_audit import AuditLaws
from tests.unit.store.laws_desks import DeskLaws
from tests.unit.store.laws_handoffs import HandoffLaws
from tests.unit.store.laws_keeping import KeepingLaws
from tests.unit.store.laws_label_queue import LabelQueueLaws
from tests.unit.store.laws_labels import LabelLaws
from tests.unit.store.laws_people import PeopleLaws
from tests.unit.store.laws_reading import ReadingLaws
from tests.unit.store.laws_reports import ReportLaws
from tests.unit.store.laws_resolutions import ResolutionLaws
from tests.unit.store.laws_turns import TurnLaws
from tests.unit.store.laws_webhooks import WebhookLaws


class StoreLaws(
    TurnLaws,
    ReadingLaws,
    KeepingLaws,
    HandoffLaws,
    AlertLaws,
    ReportLaws,
    ResolutionLaws,
    LabelLaws,
    LabelQueueLaws,
    PeopleLaws,
    AuditLaws,
    DeskLaws,
    WebhookLaws,
):
    """Inherit, and define the fixture `database_url` of an empty database."""

    @pytest.fixture
    def store(self, database_url: str) -> Iterator[Store]:
        store = Store.open(database_url)
        yield store
        store.close()
