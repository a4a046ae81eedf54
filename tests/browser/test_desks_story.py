"""An administrator connects a desk: chooses it, copies the address, sees what came, switches it off and removes it."""

import re
import time

import httpx2
from playwright.sync_api import Locator, Page, expect

from tests.browser.running_service import RunningService
from tests.browser.watched import Watched


def desks_of(page: Page, service: RunningService) -> Locator:
    page.goto(f"{service.url}/#/settings")
    card = page.get_by_role("region", name="Desks")
    expect(card).to_be_visible()
    return card


def test_a_desk_is_connected_heard_of_and_removed(board: Watched, service: RunningService) -> None:
    card = desks_of(board.page, service)
    expect(card).to_contain_text("No desk connected yet")
    card.get_by_text("Connect a desk").click()
    card.get_by_label("Desk", exact=True).select_option("rocketchat")
    card.get_by_label("What it is called here").fill("Shop chat")
    card.get_by_role("button", name="Connect", exact=True).click()
    shown = card.locator("#shown-once")
    expect(shown).to_have_value(re.compile("^[0-9a-f]{64}$"))
    token = shown.input_value()
    address = card.get_by_label("Webhook address to enter in the desk").input_value()
    assert address.startswith(f"{service.url}/v1/integrations/rocketchat/")
    expect(card).to_contain_text("Nothing received yet")
    line = {"_id": "m1", "username": "guest", "msg": "Where is my parcel?", "ts": time.time()}
    body = {"type": "Message", "_id": "room1", "visitor": {"_id": "v1"}, "messages": [line]}
    answer = httpx2.post(address, json=body, headers={"X-RocketChat-Livechat-Token": token})
    assert answer.json()["received"][0]["did"] == "stored"
    assert httpx2.post(address, json=body, headers={"X-RocketChat-Livechat-Token": "wrong"}).status_code == 401
    board.page.reload()
    expect(card).to_contain_text("Last delivery")
    expect(card).to_contain_text("wrong signature or token")
    expect(card.locator("#shown-once")).to_have_count(0)
    card.get_by_role("button", name="Disable Shop chat").click()
    card.get_by_role("button", name="Yes, receive nothing more").click()
    expect(card.get_by_role("button", name="Enable Shop chat")).to_be_visible()
    card.get_by_role("button", name="Remove Shop chat").click()
    card.get_by_role("button", name="Yes, remove").click()
    expect(card).to_contain_text("No desk connected yet")


def test_each_desk_asks_for_its_own_and_a_mistake_is_named(board: Watched, service: RunningService) -> None:
    card = desks_of(board.page, service)
    card.get_by_text("Connect a desk").click()
    expect(card.get_by_label("Account number")).to_be_visible()
    card.get_by_label("Desk", exact=True).select_option("generic")
    expect(card.get_by_label("Account number")).to_have_count(0)
    card.get_by_label("What it is called here").fill("Shop")
    card.get_by_label("Mapping (YAML)").fill(
        "conversation: a\nmessage: b\ntext: 'c..d'\nrole: {from: r, values: {x: agent}}\n"
    )
    board.forgiven.append("422")
    card.get_by_role("button", name="Connect", exact=True).click()
    expect(card.get_by_role("status")).to_contain_text("line 3, text")
