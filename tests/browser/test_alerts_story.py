"""A supervisor and the alerts: see them, act on them, lose a race, read the record, look back."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.running_service import RunningService
from tests.browser.watched import Watched, follow


def card(page: Page, conversation_id: str) -> Locator:
    return page.locator(".alert").filter(
        has=page.get_by_role("link", name=f"Open conversation {conversation_id}", exact=True)
    )


def burn(service: RunningService, conversation_id: str) -> None:
    """A conversation that needs a supervisor."""
    service.say(conversation_id, "useless idiots, my lawyer will call you", queue="shop")


def open_alerts(board: Watched, service: RunningService, part: str = "") -> Page:
    board.page.goto(f"{service.url}/#/alerts{part}")
    expect(board.page.get_by_role("heading", name="Alerts", level=2).last).to_be_visible()
    return board.page


def live(service: RunningService) -> list[dict[str, Any]]:
    return list(service.call("GET", "/v1/alerts")["alerts"])


@pytest.fixture
def narrow_service(tmp_path: Path) -> Iterator[RunningService]:
    """A service whose queues get one alert an hour."""
    running = RunningService(tmp_path / "narrow", settings={"alert_budget": "1"})
    running.start()
    yield running
    running.stop()


def test_an_alert_appears_says_why_and_what_happens_next(board: Watched, service: RunningService) -> None:
    page = open_alerts(board, service)
    expect(page.get_by_text("No alert needs anybody now")).to_be_visible()
    burn(service, "chat-a")
    shown = card(page, "chat-a")
    expect(shown).to_contain_text("Hand over the chat → supervisor")
    expect(shown.locator(".alert-next")).to_contain_text("The supervisor is told again in")
    expect(shown.locator(".alert-reasons > ul .rule")).to_have_text("threat-legal")  # the gravest, not the first
    expect(shown).to_contain_text("asking for")
    expect(page.locator(".alerts-status").nth(1)).to_have_text("Asking 1")
    expect(page.locator('[data-queue="supervisor"] >> nth=-1')).to_contain_text("1 of 12")


def test_acknowledging_snoozing_and_dismissing_are_shown_and_kept(board: Watched, service: RunningService) -> None:
    for name in ("chat-a", "chat-b", "chat-c"):
        burn(service, name)
    page = open_alerts(board, service)
    card(page, "chat-a").get_by_role("button", name="Acknowledge").click()
    expect(card(page, "chat-a").locator(".alert-next")).to_contain_text("has had it since")
    expect(card(page, "chat-a").get_by_role("button", name="Acknowledge")).to_be_hidden()
    card(page, "chat-b").get_by_role("button", name="Snooze").click()
    page.get_by_role("button", name="15 minutes").click()
    expect(card(page, "chat-b").locator(".alert-next")).to_contain_text("Snoozed until")
    card(page, "chat-c").get_by_role("button", name="Dismiss").click()
    page.get_by_role("button", name="False alarm").click()
    expect(card(page, "chat-c")).to_have_count(0)
    expect(page.locator("#announcer")).to_have_text("Dismissed as a false alarm: chat-c")
    kept = {alert["conversation_id"]: alert["status"] for alert in live(service)}
    assert kept == {"chat-a": "acknowledged", "chat-b": "snoozed"}
    page.get_by_role("link", name="Ended").click()
    expect(card(page, "chat-c")).to_contain_text("Closed: false alarm")
    expect(card(page, "chat-c").get_by_role("button", name="Dismiss")).to_be_hidden()
    expect(page.locator(".alerts-record")).to_contain_text("0 of 1")  # one proves nothing: no share
    expect(page.locator(".alerts-record")).not_to_contain_text("%")


def test_an_alert_sleeps_until_a_time_of_day(board: Watched, service: RunningService) -> None:
    burn(service, "chat-a")
    page = open_alerts(board, service)
    card(page, "chat-a").get_by_role("button", name="Snooze").click()
    wanted = page.evaluate("new Date(Date.now() + 3 * 3600e3).toTimeString().slice(0, 5)")
    page.get_by_label("Until", exact=True).fill(wanted)
    page.get_by_role("button", name="Snooze until then").click()
    # Late in the evening that time is tomorrow's, and the day is told.
    expect(card(page, "chat-a").locator(".alert-next")).to_contain_text(re.compile(f"Snoozed until (.+, )?{wanted}"))


def test_who_comes_second_is_told_so(board: Watched, service: RunningService) -> None:
    """The line to the events is cut, so the page still shows what it knew before."""
    for name in ("chat-a", "chat-b"):
        burn(service, name)
    page = open_alerts(board, service)
    expect(page.locator(".alert")).to_have_count(2)
    page.route("**/v1/alerts?*", lambda route: route.abort())
    board.forgiven += ["409", "ERR_FAILED"]
    for alert in live(service):
        action = (
            {"action": "acknowledge"}
            if alert["conversation_id"] == "chat-a"
            else {"action": "dismiss", "justified": True}
        )
        service.call("POST", f"/v1/alerts/{alert['alert_id']}", {"by": "Mai Nguyễn", **action})
    card(page, "chat-a").get_by_role("button", name="Acknowledge").click()
    expect(card(page, "chat-a").locator(".alert-said")).to_have_text("Mai Nguyễn was faster with chat-a and has it.")
    card(page, "chat-b").get_by_role("button", name="Dismiss").click()
    page.get_by_role("button", name="False alarm").click()
    expect(page.locator(".alerts-said")).to_contain_text(
        "Not saved, chat-b had ended meanwhile. Closed: it was justified (Mai Nguyễn)."
    )
    expect(card(page, "chat-b")).to_have_count(0)


def test_what_could_not_be_saved_goes_back_to_what_it_was(board: Watched, service: RunningService) -> None:
    burn(service, "chat-a")
    page = open_alerts(board, service)
    board.forgiven += ["ERR_FAILED"]
    page.route("**/v1/alerts/*", lambda route: route.abort())
    card(page, "chat-a").get_by_role("button", name="Acknowledge").click()
    expect(card(page, "chat-a").locator(".alert-said")).to_have_text("No answer. Is the service running?")
    expect(card(page, "chat-a").get_by_role("button", name="Acknowledge")).to_be_visible()
    expect(card(page, "chat-a").locator(".alert-next")).to_contain_text("told again")


def test_what_is_held_back_is_shown_with_the_reason(
    watch: Callable[..., Watched], narrow_service: RunningService
) -> None:
    watched = watch()
    watched.origin = narrow_service.url
    page = watched.page
    for name in ("chat-a", "chat-b", "chat-c"):
        burn(narrow_service, name)
    follow(page, narrow_service.sign_in_link())
    page.goto(f"{narrow_service.url}/#/alerts")
    budget = page.locator('.alerts-budgets [data-queue="supervisor"]')
    expect(budget).to_contain_text("1 of 1")
    expect(budget).to_contain_text("2 held back: the budget is used up. Room again at")
    expect(page.locator('.alerts-budgets [data-queue="safety"]')).to_contain_text("Never held back")
    page.get_by_role("button", name="Held back 2").click()
    expect(page.locator(".alert")).to_have_count(2)
    expect(page.locator(".alert-next").first).to_contain_text("nobody was told")
    page.locator("#page").get_by_label("Queue", exact=True).select_option("finance")
    expect(page.get_by_text("No alert matches these filters")).to_be_visible()


def test_alerts_are_worked_through_with_the_keyboard(board: Watched, service: RunningService) -> None:
    for name in ("chat-a", "chat-b"):
        burn(service, name)
    page = open_alerts(board, service)
    expect(page.locator(".alert")).to_have_count(2)
    first, second = page.locator(".alert").first, page.locator(".alert").last
    first.get_by_role("button", name="Dismiss").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="False alarm")).to_be_focused()
    page.keyboard.press("Escape")
    expect(first.get_by_role("button", name="Dismiss")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".alert")).to_have_count(1)
    expect(page.locator(".alert-open")).to_be_focused()  # on to the next one
    second = page.locator(".alert")
    second.get_by_role("button", name="Acknowledge").focus()
    page.keyboard.press("Enter")
    expect(second.locator(".alert-next")).to_contain_text("has had it since")
    expect(page.locator(".alert-open")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".bubble")).to_be_visible()


def test_older_ended_alerts_are_fetched_when_asked_for(board: Watched, service: RunningService) -> None:
    for number in range(31):
        burn(service, f"chat-{number}")
    for alert in live(service):
        service.call("POST", f"/v1/alerts/{alert['alert_id']}", {"action": "dismiss", "by": "mai"})
    page = open_alerts(board, service, "/ended")
    expect(page.locator(".alert")).to_have_count(30)
    expect(card(page, "chat-30")).to_be_visible()
    page.get_by_role("button", name="Show older ones").click()
    expect(page.locator(".alert")).to_have_count(31)
    expect(page.get_by_role("button", name="Show older ones")).to_be_hidden()
    burn(service, "chat-late")
    service.call("POST", f"/v1/alerts/{live(service)[0]['alert_id']}", {"action": "dismiss", "by": "mai"})
    expect(page.locator(".alert")).to_have_count(32)  # news hides nothing that was fetched


@pytest.mark.parametrize("language", ["vi", "tl", "cs"])
def test_the_reasons_are_in_the_readers_language(
    watch: Callable[..., Watched], service: RunningService, language: str
) -> None:
    burn(service, "chat-a")
    page = watch().page
    follow(page, service.sign_in_link())
    page.evaluate(f"localStorage.setItem('evenkeel.language', '{language}')")
    page.goto(f"{service.url}/#/alerts")
    page.reload()
    said = service.call("GET", f"/v1/alerts?language={language}")["alerts"][0]["reasons"][0]["because"]
    expect(page.locator(".alert-reasons li").first).to_contain_text(said)


def test_odd_ids_open_their_own_conversation(board: Watched, service: RunningService) -> None:
    for odd in ("__proto__", "a:b@c+d~e=f.g_h-1"):
        burn(service, odd)
    page = open_alerts(board, service)
    expect(page.locator(".alert")).to_have_count(2)
    card(page, "__proto__").get_by_role("link").click()
    expect(page.get_by_role("heading", name="__proto__", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [360, 1360])
def test_the_page_fits_and_nothing_moves(watch: Callable[..., Watched], service: RunningService, width: int) -> None:
    burn(service, "chat-with-a-rather-long-id-0123456789-0123456789-0123456789")
    page = watch(reduced_motion="reduce").page
    page.set_viewport_size({"width": width, "height": 780})
    follow(page, service.sign_in_link())
    page.goto(f"{service.url}/#/alerts")
    expect(page.locator(".alert")).to_be_visible()
    expect(page.locator(".alerts-record table").first).to_be_visible()
    assert page.evaluate("document.querySelector('.page').scrollWidth") <= width
    page.locator("#bell button").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.getAnimations().length") == 0
    small = page.evaluate("""() => [...document.querySelectorAll(".page button, .page a, .bell-menu button, .bell-menu input, .bell-menu select")]
        .filter((element) => element.checkVisibility()).map((element) => (element.closest("label") ?? element).getBoundingClientRect())
        .filter((box) => box.width && (box.height < 24 || box.width < 24)).length""")
    assert small == 0
