"""Whatever came into the database, by whatever way, is text on every page of the board: the stored-XSS suite.

What the API refuses (a queue with markup) is written into the tables themselves, as an import by hand would.
"""

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from service.store.models import AlertRow, AuditRow, ConversationRow, FactsRow, HandoffRow, KeyRow, LabelRow
from service.store.models_people import PersonRow
from tests.browser.furnished import Words, furnish
from tests.browser.running_service import RunningService
from tests.browser.test_board_safety import HOSTILE
from tests.browser.views import VIEWS, View, show
from tests.browser.watched import Watched

EVIL = " ".join(HOSTILE)
MARK = "<script>window.broken"
MADE = "main script, main iframe, main style, main img, header img:not([alt='']), dialog script, dialog img, a[href^=javascript]"
SHOWN_ON = {
    "list",
    "conversation",
    "packet",
    "alerts",
    "labels",
    "labels list",
    "reports",
    "settings",
    "webhooks",
    "audit",
}


@pytest.fixture
def poisoned(service: RunningService, board: Watched) -> Watched:
    """A furnished service whose every stored word is hostile, and a board on it."""
    furnish(service, Words(customer=EVIL, agent=EVIL, note=EVIL))
    with service.store._database.write() as session:
        session.execute(update(ConversationRow).values(queue=EVIL, channel=EVIL, contact_id=EVIL))
        session.execute(update(FactsRow).values(queue=EVIL))
        session.execute(update(HandoffRow).values(by=EVIL))
        session.execute(update(AlertRow).where(AlertRow.acknowledged_by.is_not(None)).values(acknowledged_by=EVIL))
        session.execute(update(LabelRow).values(by=EVIL))
        session.execute(update(PersonRow).values(display_name=EVIL))
        session.execute(update(KeyRow).values(name=EVIL))
        session.execute(update(AuditRow).values(subject=EVIL, actor=EVIL))
    return board


def test_no_page_takes_stored_words_for_markup(poisoned: Watched, service: RunningService) -> None:
    page = poisoned.page
    poisoned.forgiven.append("404")  # of the conversation that is not there
    for view in VIEWS:
        show(page, service, view)
        assert page.locator(MADE).count() == 0, view.name
        assert page.evaluate("broken") == [], view.name
        assert page.evaluate("getComputedStyle(document.body).display") == "grid", view.name
        if view.name in SHOWN_ON:
            assert MARK in page.evaluate("document.body.textContent"), view.name


def test_a_pasted_policy_is_told_as_text(board: Watched, service: RunningService) -> None:
    page = board.page
    show(page, service, View("policy", "whatif", ".rule-row"))
    page.locator('[data-mode="text"]').click()
    field = page.locator("#whatif-text")
    for text in (f"version: {EVIL}\n{EVIL}: 1\n", f"version: x\nrules:\n  - id: '{HOSTILE[1]}'\n"):
        field.fill(text)
        expect(field).to_have_attribute("aria-invalid", "true")
        assert page.locator(MADE).count() == 0
