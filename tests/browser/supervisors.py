"""Named people at their boards: what the stories about taking a conversation over share."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from service.store.records_people import Rank
from tests.browser.running_service import RunningService
from tests.browser.watched import Watched, follow


def sign_in_as(
    name: str, watch: Callable[..., Watched], service: RunningService, *, role: Rank = "supervisor", **options: object
) -> Watched:
    """Open a connected board as somebody of this name, added if new."""
    if service.store.people.find(name) is None:
        service.store.people.add(name, role)
    watched = watch(**options)
    follow(watched.page, service.sign_in_link(name))
    expect(watched.page.locator("#stream")).to_have_attribute("data-state", "live")
    return watched


def open_chat(page: Page, service: RunningService, conversation_id: str) -> None:
    """Open a conversation by its address, and wait for its hand-off."""
    page.goto(f"{service.url}/#/c/{conversation_id}")
    expect(handoff(page).locator(".standing")).to_be_visible()


def handoff(page: Page) -> Locator:
    """The card of the hand-off."""
    return page.locator(".handoff")


def do(page: Page, action: str) -> Locator:
    """The button of a step of the hand-off, in whatever language the board is."""
    return handoff(page).locator(f'[data-action="{action}"]')
