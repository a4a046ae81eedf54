"""The bell: what is told on the desktop and by sound, once, in however many tabs; and what silence keeps quiet."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.running_service import RunningService
from tests.browser.test_alerts_story import burn, live
from tests.browser.watched import Watched, follow, sign_in_again

RECORD: Final = """
    window.notices = [];
    window.notes = 0;
    window.Notification = class {
        static get permission() {
            return localStorage.getItem("test.permission") ?? "default";
        }
        static requestPermission() {
            localStorage.setItem("test.permission", localStorage.getItem("test.answer") ?? "granted");
            return Promise.resolve(this.permission);
        }
        constructor(title, options) {
            if (Notification.permission !== "granted") throw new Error("shown without permission");
            Object.assign(this, { title, options, closed: false });
            window.notices.push(this);
            document.documentElement.dataset.notices = window.notices.length;
        }
        close() {
            this.closed = true;
            this.onclose?.();
        }
    };
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (at) {
        window.notes += 1;
        document.documentElement.dataset.notes = window.notes;
        start.call(this, at);
    };
"""
"""Notes every notification and every note; the permission is kept as a browser does, per site."""

OpenTab = Callable[[], Page]


@pytest.fixture
def open_tab(watch: Callable[..., Watched], service: RunningService) -> OpenTab:
    """Open further tabs of one browser, signed in, each connected and with the alerts read."""
    first = watch()
    first.page.add_init_script(RECORD)
    tabs: list[Page] = []

    def opened() -> Page:
        context: BrowserContext = first.page.context
        page = context.new_page() if tabs else first.page
        if tabs:
            page.add_init_script(RECORD)
        page.goto(service.url) if tabs else follow(page, service.sign_in_link())
        expect(page.locator("#stream")).to_have_attribute("data-state", "live")
        count_is(0, page)
        tabs.append(page)
        return page

    return opened


def open_menu(page: Page) -> None:
    page.locator("#bell .bell").click()
    expect(page.locator(".bell-menu")).to_be_visible()


def choose(page: Page, **settings: bool) -> None:
    """Turn switches on by their names in the settings, through the menu."""
    names = {"desktop": "Show notifications", "sound": "Play a sound"}
    open_menu(page)
    for name in settings:
        page.get_by_role("switch", name=names[name]).check()
    page.keyboard.press("Escape")


def notices(*pages: Page) -> list[dict[str, Any]]:
    read = "notices.map(({ title, options, closed }) => ({ title, closed, ...options }))"
    return [notice for page in pages for notice in page.evaluate(read)]


def count_is(count: int, *pages: Page) -> None:
    """The bells say so, and what is to be told of it has been told: looks are taken in turn, and this is the last."""
    for page in pages:
        expect(page.locator("#bell .bell:not([aria-busy])")).to_be_visible()
        expect(page.locator(".bell-count")).to_have_text(str(count) if count else "")
    for page in pages:
        page.evaluate("navigator.locks?.request('evenkeel.bell', () => 0)")


def test_the_bell_the_title_and_the_icon_count_what_asks(open_tab: OpenTab, service: RunningService) -> None:
    page = open_tab()
    expect(page).to_have_title("Evenkeel · risk board")
    burn(service, "chat-a")
    count_is(1, page)
    expect(page).to_have_title("(1) Evenkeel · risk board")
    expect(page.locator("#favicon")).to_have_attribute("href", "/assets/badges/1.svg")
    assert page.request.get(f"{service.url}/assets/badges/1.svg").headers["content-type"] == "image/svg+xml"
    expect(page.get_by_role("button", name="1 alert asks for somebody")).to_be_visible()
    open_menu(page)
    page.get_by_label("Supervisor", exact=True).uncheck()
    count_is(0, page)
    expect(page).to_have_title("Evenkeel · risk board")
    page.get_by_label("Supervisor", exact=True).check()
    count_is(1, page)
    service.call("POST", f"/v1/alerts/{live(service)[0]['alert_id']}", {"action": "acknowledge", "by": "mai"})
    count_is(0, page)
    expect(page.locator(".bell-state")).to_have_text("0 alerts ask for somebody · 1 in hand")
    for name in range(10):
        burn(service, f"more-{name}")
    count_is(10, page)
    expect(page.locator("#favicon")).to_have_attribute("href", "/assets/badges/many.svg")


def test_a_notification_says_why_but_not_what_was_written_and_opens_the_conversation(
    open_tab: OpenTab, service: RunningService
) -> None:
    page = open_tab()
    assert page.evaluate("Notification.permission") == "default"  # nobody is asked before they want it
    choose(page, desktop=True)
    burn(service, "__proto__")
    count_is(1, page)
    (notice,) = notices(page)
    (alert,) = live(service)
    assert notice["tag"] == alert["alert_id"]
    assert alert["reasons"][0]["because"] in notice["body"]
    assert "__proto__" in notice["body"]
    assert "idiots" not in str(notice)
    assert notice["silent"] is True
    page.evaluate("notices[0].onclick()")
    expect(page.locator(".bubble")).to_be_visible()
    assert page.url.endswith("#/c/__proto__")


def test_a_refusal_is_explained_and_changes_nothing(open_tab: OpenTab, service: RunningService) -> None:
    page = open_tab()
    page.evaluate("localStorage.setItem('test.answer', 'denied')")
    open_menu(page)
    switch = page.get_by_role("switch", name="Show notifications")
    switch.click()
    expect(page.get_by_text("The browser refuses")).to_be_visible()
    expect(switch).not_to_be_checked()
    burn(service, "chat-a")
    count_is(1, page)
    assert notices(page) == []


def test_two_tabs_tell_an_alert_once(open_tab: OpenTab, service: RunningService) -> None:
    one, other = open_tab(), open_tab()
    choose(one, desktop=True, sound=True)
    for number in range(1, 4):
        burn(service, f"chat-{number}")
        count_is(number, one, other)
    # What one tab keeps, the other sees a moment later.
    kept = "(ids) => ids.every((id) => localStorage.getItem('evenkeel.bell.told')?.includes(id))"
    one.wait_for_function(kept, arg=[alert["alert_id"] for alert in live(service)])
    assert len({notice["tag"] for notice in notices(one, other)}) == len(notices(one, other)) == 3


def test_without_web_locks_one_tab_leads(
    watch: Callable[..., Watched], open_tab: OpenTab, service: RunningService
) -> None:
    one = open_tab()
    one.context.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")
    one.reload()
    other = open_tab()
    choose(one, desktop=True)
    for number in range(1, 4):
        burn(service, f"chat-{number}")
        count_is(number, one, other)
    assert len(notices(one, other)) == 3


def test_nothing_is_told_twice_after_a_reload_or_a_lost_line_and_nothing_is_missed(
    board: Watched, service: RunningService
) -> None:
    page = board.page
    board.forgiven += ["ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED", "ERR_CONNECTION_RESET", "401"]
    page.add_init_script(RECORD)
    page.reload()
    choose(page, desktop=True)
    burn(service, "chat-a")
    count_is(1, page)
    assert len(notices(page)) == 1
    page.reload()
    count_is(1, page)
    assert notices(page) == []
    service.stop()
    expect(page.locator("#stream")).to_have_attribute("data-state", "reconnecting")
    service.start()
    burn(service, "chat-b")  # while nobody listens
    sign_in_again(page, service)
    count_is(2, page)
    assert [notice["body"].endswith("chat-b") for notice in notices(page)] == [True]


def test_a_graver_turn_replaces_the_notification_and_the_end_takes_it_away(
    open_tab: OpenTab, service: RunningService
) -> None:
    page = open_tab()
    choose(page, desktop=True)
    service.say("chat-a", "let me talk to your manager")
    count_is(1, page)
    burn(service, "chat-a")
    expect(page.locator("html")).to_have_attribute("data-notices", "2")
    before, after = notices(page)
    assert before["tag"] == after["tag"]
    assert after["renotify"] is True
    assert "Supervisor" in after["title"]
    service.call("POST", f"/v1/alerts/{live(service)[0]['alert_id']}", {"action": "acknowledge", "by": "mai"})
    count_is(0, page)
    assert [notice["closed"] for notice in notices(page)][-1] is True


def test_do_not_disturb_is_silent_in_every_tab_and_keeps_counting(open_tab: OpenTab, service: RunningService) -> None:
    one, other = open_tab(), open_tab()
    choose(one, desktop=True, sound=True)
    expect(one.locator("html")).to_have_attribute("data-notes", "2")  # a first taste
    open_menu(other)
    other.get_by_role("button", name="For 30 minutes").click()
    expect(other.get_by_text("Do not disturb is on until")).to_be_visible()
    expect(other.get_by_role("button", name="Turn it off")).to_be_focused()
    expect(one.get_by_role("button", name="Do not disturb is on")).to_be_visible()
    burn(service, "chat-a")
    count_is(1, one, other)
    other.get_by_role("button", name="Turn it off").click()
    burn(service, "chat-b")
    count_is(2, one, other)
    told = notices(one, other)
    assert len(told) == 1
    assert "chat-b" in told[0]["body"]
    assert sum(page.evaluate("notes") for page in (one, other)) == 2 + 2


def test_the_sound_waits_for_a_gesture_and_says_so(open_tab: OpenTab, service: RunningService) -> None:
    page = open_tab()
    choose(page, sound=True)
    expect(page.locator("html")).to_have_attribute("data-notes", "2")  # a first taste
    page.reload()
    count_is(0, page)
    burn(service, "chat-a")
    count_is(1, page)
    assert page.evaluate("notes") == 0
    page.keyboard.press("Shift")
    open_menu(page)
    expect(page.get_by_text("only after a click or a key")).to_be_hidden()
    page.get_by_role("button", name="Try the safety sound").click()
    expect(page.locator("html")).to_have_attribute("data-notes", "3")
    page.get_by_label("Volume").fill("20")
    page.get_by_label("Volume").dispatch_event("change")
    assert '"volume":20' in page.evaluate("localStorage.getItem('evenkeel.bell.settings')")


def test_the_bell_is_worked_with_the_keyboard(open_tab: OpenTab) -> None:
    page = open_tab()
    bell = page.locator("#bell .bell")
    bell.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Alerts")).to_be_visible()
    expect(bell).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="All alerts")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="For 30 minutes")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="For 30 minutes")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".bell-menu")).to_be_hidden()
    expect(bell).to_be_focused()
