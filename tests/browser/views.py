"""Everything that a reader of the board can have before them: pages, and the menus, dialogs and editors on them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page, expect

from tests.browser.furnished import CHAT
from tests.browser.running_service import RunningService


@dataclass(frozen=True, slots=True)
class View:
    """An address of the board, what must be there, and what is opened then."""

    name: str
    address: str
    ready: str
    prepare: Callable[[Page], None] = lambda page: None


def show(page: Page, service: RunningService, view: View) -> None:
    """Open a view as if it were the first of the visit."""
    page.goto(f"{service.url}/#/nowhere")  # what was open on the page before is gone
    page.reload()
    expect(page.locator("#stream")).to_have_attribute("data-state", "live")
    page.goto(f"{service.url}/#/{view.address}")
    expect(page.locator(view.ready).first).to_be_visible()
    view.prepare(page)


def _click(selector: str, then: str) -> Callable[[Page], None]:
    def prepare(page: Page) -> None:
        page.locator(selector).first.click()
        expect(page.locator(then).first).to_be_visible()

    return prepare


def _unfold(page: Page) -> None:
    """Open everything in a conversation that is folded, and its label editor."""
    for summary in page.locator(".talk summary:visible").all():
        summary.click()
    page.locator(".label-action").first.click()
    expect(page.locator(".label-panel").first).to_be_visible()


def _draft(page: Page) -> None:
    page.locator("#draft").fill("calm down, as I said, this is not our fault")
    expect(page.locator(".finding").first).to_be_visible()


def _tables(page: Page) -> None:
    page.locator('.report-card button[aria-expanded="false"]').evaluate_all("all => all.forEach((one) => one.click())")


def _try_a_rule(page: Page) -> None:
    row = page.locator('[data-rule="forecast-high"]')
    row.locator("summary").click()
    row.locator("input[type=number]").first.fill("95")
    page.locator("section.step:has(#step-3) button").first.click()
    expect(page.locator(".result-says")).to_be_visible()


def _break_the_policy(page: Page) -> None:
    page.locator('[data-mode="text"]').click()
    page.locator("#whatif-text").fill("version: broken\nrules: 3\n")
    expect(page.locator("#whatif-text")).to_have_attribute("aria-invalid", "true")


def _make_a_link(page: Page) -> None:
    page.locator('tr[data-name="jana.novakova"] .actions button').nth(2).click()
    page.locator('tr[data-name="admin"] .actions button').first.click()
    expect(page.locator("#shown-once")).to_be_visible()
    page.locator('tr[data-name="admin"] [data-do="rename"]').click()
    expect(page.locator("#person-rename")).to_be_focused()


def _look_at_webhooks(page: Page) -> None:
    page.locator(".webhook [aria-expanded]").first.click()
    expect(page.locator(".webhook-log tbody tr[data-status]").first).to_be_visible()
    page.locator(".webhook-new summary").click()
    page.locator(".webhook").first.locator(".sure button").last.click()
    expect(page.locator(".webhook .grave")).to_be_visible()


VIEWS: Final = (
    View("list", "", ".row"),
    View("filters", "?bands=critical", ".row", lambda page: page.locator("#filter-text").fill("useless")),
    View("shortcuts", "", ".row", _click("#shortcuts", "dialog.shortcuts")),
    View("conversation", f"c/{CHAT}", ".turn", _unfold),
    View("draft", f"c/{CHAT}", ".turn", _draft),
    View("resolve", f"c/{CHAT}", ".handoff .standing", _click('[data-action="resolve"]', "dialog.ask")),
    View("packet", f"c/{CHAT}", ".handoff .standing", _click('[data-focus="packet"]', ".packet-body blockquote")),
    View("gone", "c/nobody", "#conversation .notice h2"),
    View("alerts", "alerts", ".alert"),
    View(
        "snooze",
        "alerts",
        ".alert",
        _click('.alert[data-status="raised"] [popovertarget]', ".alert-panel:popover-open"),
    ),
    View("bell", "alerts", ".alert", _click("#bell .bell", ".bell-menu")),
    View("ended", "alerts/ended", ".alert"),
    View("labels", "labels", ".label-card"),
    View("labels list", "labels/list", ".labels-list li"),
    View("reports", "reports", ".report-cards:not([aria-busy]) .report-card", _tables),
    View("what-if", "whatif", ".rule-row", _try_a_rule),
    View("policy", "whatif", ".rule-row", _break_the_policy),
    View("settings", "settings", 'tr[data-name="admin"]', _make_a_link),
    View("webhooks", "settings", ".webhook", _look_at_webhooks),
    View("audit", "audit", "tbody tr"),
    View("no such page", "nowhere", ".notice h2"),
)
EMPTY_VIEWS: Final = (
    View("empty list", "", "#list-notice h3"),
    View("empty alerts", "alerts", ".alerts-none p"),
    View("empty labels", "labels", ".labels-main .notice"),
    View("empty reports", "reports", ".report-cards:not([aria-busy]) .chart-empty"),
    View("empty what-if", "whatif", ".rule-row"),
    View("empty webhooks", "settings", ".webhooks li"),
    View("empty audit", "audit", "tbody tr"),
)
