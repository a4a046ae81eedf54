"""An administrator connects another system: adds a webhook, tests it, looks at the log, changes its secret, ends it."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from standardwebhooks import Webhook

from tests.browser.running_service import RunningService
from tests.browser.watched import Watched, follow
from tests.receiver import Receiver, Reply, until


@pytest.fixture
def service(tmp_path: Path) -> Iterator[RunningService]:
    """A service that may send to this machine."""
    running = RunningService(tmp_path / "data", settings={"outgoing_private": "true"})
    running.start()
    yield running
    running.stop()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def webhooks_of(page: Page, service: RunningService) -> Locator:
    page.goto(f"{service.url}/#/settings")
    card = page.get_by_role("region", name="Webhooks")
    expect(card).to_be_visible()
    return card


def add(card: Locator, url: str, *events: str) -> str:
    """Add a webhook through the page, and return the secret that it shows."""
    card.get_by_text("Add a webhook").click()
    card.get_by_label("Address to send to").fill(url)
    card.get_by_label("What it is for").fill("Tickets")
    for event in events:
        card.get_by_label(event, exact=True).check()
    card.get_by_role("button", name="Add webhook").click()
    return secret_in(card)


def secret_in(card: Locator) -> str:
    shown = card.locator("#shown-once")
    expect(shown).to_have_value(re.compile("^whsec_"))
    return shown.input_value()


def test_another_system_is_connected_tested_and_told(
    board: Watched, service: RunningService, receiver: Receiver
) -> None:
    card = webhooks_of(board.page, service)
    expect(card).to_contain_text("No webhooks yet")
    secret = add(card, receiver.url, "Message scored")
    card.get_by_role("button", name="Send a test to Tickets").click()
    (ping,) = receiver.wait_for(1)
    assert Webhook(secret).verify(ping.body, dict(ping.headers))["type"] == "evenkeel.ping"
    log = card.locator(".webhook-log")
    expect(log.get_by_role("status")).to_have_text("Test: Answered 204")
    expect(log.locator("tbody tr").first).to_contain_text("Delivered")

    service.say("chat-1", "hello")
    (_, scored) = receiver.wait_for(2)
    assert json.loads(scored.body)["data"]["conversation_id"] == "chat-1"
    until(lambda: service.store.webhooks.list()[0].pending == 0)
    log.get_by_role("button", name="Refresh").click()
    expect(log.locator("tbody tr")).to_have_count(2)
    expect(log.get_by_role("link", name="chat-1")).to_be_visible()

    card.get_by_role("button", name="Make a new secret for Tickets").click()
    card.get_by_role("button", name="Yes, make a new one").click()
    expect(card.locator(".once")).to_contain_text("The old secret signs too until")
    fresh = secret_in(card)
    assert fresh != secret
    log.get_by_role("button", name="Send again: Message scored").click()
    (*_, again) = receiver.wait_for(3)
    assert again.headers["webhook-id"] == scored.headers["webhook-id"]
    for either in (secret, fresh):
        Webhook(either).verify(again.body, dict(again.headers))


def test_a_webhook_that_fails_says_so_and_what_failed_is_sent_again(
    board: Watched, service: RunningService, receiver: Receiver
) -> None:
    receiver.reply = lambda _: Reply(410)
    card = webhooks_of(board.page, service)
    add(card, receiver.url, "Message scored")
    service.say("chat-1", "hello")
    until(lambda: not service.store.webhooks.list()[0].enabled)
    board.page.reload()
    webhook = card.locator(".webhook")
    expect(webhook.locator(".webhook-state")).to_contain_text("the receiver answered that it is gone (410)")
    receiver.reply = lambda _: Reply(204)
    webhook.get_by_role("button", name="Enable Tickets").click()
    expect(webhook.locator(".webhook-state")).to_contain_text("Nothing delivered yet")
    webhook.get_by_role("button", name="Log of Tickets").click()
    webhook.get_by_role("button", name="Send again what failed in the last 24 hours").click()
    expect(webhook.locator(".webhook-log").get_by_role("status")).to_have_text("1 message is sent again.")
    receiver.wait_for(2)
    webhook.get_by_role("button", name="Disable Tickets").click()
    webhook.get_by_role("button", name="Yes, send nothing more").click()
    expect(webhook).to_have_attribute("data-active", "false")
    webhook.get_by_role("button", name="Remove Tickets").click()
    webhook.get_by_role("button", name="Yes, remove with its log").click()
    expect(card).to_contain_text("No webhooks yet")
    board.page.get_by_role("link", name="Audit log").click()
    expect(board.page.locator('tr[data-action="webhook.disabled"]')).to_contain_text("service")


def test_an_address_that_leads_inside_is_refused_in_the_readers_words(
    watch: Callable[..., Watched], service: RunningService
) -> None:
    watched = watch()
    follow(watched.page, service.sign_in_link())
    watched.forgiven.append("422")
    card = webhooks_of(watched.page, service)
    card.get_by_text("Add a webhook").click()
    card.get_by_label("Address to send to").fill("https://169.254.169.254/latest")
    card.get_by_role("button", name="Add webhook").click()
    expect(card.get_by_role("status")).to_contain_text("must begin with https:// and lead to a public server")
    expect(card.locator("#shown-once")).to_have_count(0)
