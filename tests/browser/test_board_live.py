"""The live list over a shift: who has what, filters that outlive a reload, the keys, and a line that breaks again and again."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cutting_proxy import CuttingProxy
from tests.browser.running_service import KEY, RunningService
from tests.browser.test_board_story import order, row
from tests.browser.watched import Watched, follow


def call(service: RunningService, method: str, path: str, **body: object) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    data = json.dumps(body).encode() if body else None
    with urlopen(Request(service.url + path, data, headers, method=method)) as answer:
        return dict(json.load(answer))


def act(service: RunningService, conversation_id: str, action: str, by: str = "jana") -> None:
    call(service, "POST", f"/v1/conversations/{conversation_id}/handoff", action=action, by=by)


def listed(service: RunningService) -> list[dict[str, Any]]:
    return list(call(service, "GET", "/v1/conversations?limit=200")["conversations"])


def test_a_row_tells_who_has_the_conversation_and_whether_it_asks_for_somebody(
    board: Watched, service: RunningService
) -> None:
    for _ in range(3):
        service.say("chat-a", "useless idiots, I call my lawyer")
    shown = row(board.page, "chat-a")
    expect(shown.locator(".row-needs")).to_contain_text("Asks for somebody")
    expect(board.page.get_by_role("button", name="Needs somebody")).to_contain_text("1")
    act(service, "chat-a", "claim")
    expect(shown.locator(".row-hands")).to_have_text(re.compile(r"^jana has claimed it · .* left$"))
    expect(shown.locator(".row-needs")).to_be_hidden()
    act(service, "chat-a", "join")
    expect(shown.locator(".row-hands")).to_have_text("jana is in the chat")
    act(service, "chat-a", "return")
    expect(shown.locator(".row-hands")).to_have_text("Given back")
    act(service, "chat-a", "join", by="admin")
    expect(shown.locator(".row-hands")).to_have_text("You are in the chat")
    expect(board.page.get_by_role("button", name="Mine")).to_contain_text("1")


def test_what_is_resolved_leaves_the_list_and_comes_back_with_the_customer(
    board: Watched, service: RunningService
) -> None:
    page = board.page
    service.say("chat-a", "this is slow")
    service.say("chat-b", "hello")
    expect(page.locator(".row")).to_have_count(2)
    act(service, "chat-a", "resolve")
    expect(page.locator(".row")).to_have_count(1)
    page.reload()
    expect(page.locator("#count")).to_have_text("1 conversation")
    page.get_by_label("State").select_option("resolved")
    expect(row(page, "chat-a").locator(".row-hands")).to_have_text("Resolved")
    expect(row(page, "chat-a")).to_contain_text("this is slow")
    page.get_by_label("State").select_option("")
    service.say("chat-a", "useless")
    expect(page.locator("#count")).to_have_text("2 conversations")
    assert order(page) == ["chat-a", "chat-b"]


def test_filters_stand_in_the_address_and_outlive_reload_and_back(board: Watched, service: RunningService) -> None:
    page = board.page
    service.say("chat-a", "this is slow", queue="shop")
    service.say("chat-b", "useless idiots", queue="shop")
    service.say("chat-c", "useless idiots", queue="bank")
    expect(page.locator(".row")).to_have_count(3)
    page.get_by_label("Queue").select_option("shop")
    page.get_by_role("button", name="Calm").click()
    page.get_by_role("button", name="Watch").click()
    page.get_by_label("Order").select_option("latest")
    expect(page.locator("#count")).to_have_text("1 of 3")
    expect(page.get_by_role("heading", name="Latest conversations")).to_be_visible()
    chosen = page.url
    page.reload()
    expect(page.locator("#count")).to_have_text("1 of 3")
    expect(page.get_by_role("button", name="Watch")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Queue")).to_have_value("shop")
    row(page, "chat-a").get_by_role("link").click()
    expect(page.get_by_role("heading", name="chat-a")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="chat-a")).to_be_visible()
    expect(page.locator(".row")).to_have_count(1)
    page.get_by_role("button", name="Clear the filters").click()
    expect(page.locator("#count")).to_have_text("3 conversations")
    page.go_back()
    expect(page).to_have_url(chosen)
    expect(page.locator("#count")).to_have_text("1 of 3")


def test_an_id_is_found_whatever_became_of_it(board: Watched, service: RunningService) -> None:
    page = board.page
    service.say("order-4711", "hello")
    service.say("chat-b", "hello")
    act(service, "order-4711", "resolve")
    page.reload()
    expect(page.locator(".row")).to_have_count(1)
    asked: list[str] = []
    page.on("request", lambda request: "/v1/" in request.url and asked.append(request.url))
    page.get_by_label("Search").fill("-47")
    expect(row(page, "order-4711")).to_be_visible()
    assert [url for url in asked if "id_contains=-47" in url]
    asked.clear()
    page.get_by_label("Search").fill("hello")
    expect(row(page, "chat-b")).to_be_visible()
    expect(page.locator(".row")).to_have_count(1)
    assert asked == []  # words of customers stay out of addresses


def test_letters_digits_and_signs_are_shortcuts_until_they_are_switched_off(
    board: Watched, service: RunningService
) -> None:
    page = board.page
    for name, text in (("chat-a", "useless idiots, lawyer"), ("chat-b", "this is slow"), ("chat-c", "thank you")):
        service.say(name, text)
    act(service, "chat-b", "join", by="admin")
    expect(row(page, "chat-b").locator(".row-hands")).to_be_visible()
    page.keyboard.press("m")
    expect(page.locator("#count")).to_have_text("1 of 3")
    page.keyboard.press("m")
    page.keyboard.press("4")
    expect(page.get_by_role("button", name="Calm")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("4")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_be_visible()
    page.keyboard.press("j")
    expect(keys).to_be_visible()  # the list behind it takes no keys
    keys.get_by_label("Use letters, digits and signs as shortcuts").uncheck()
    page.keyboard.press("Escape")
    expect(keys).to_have_count(0)
    page.reload()
    expect(page.locator(".row")).to_have_count(3)
    page.keyboard.press("m")
    page.keyboard.press("1")
    page.keyboard.press("?")
    page.keyboard.press("End")
    expect(row(page, "chat-c").get_by_role("link")).to_be_focused()
    page.keyboard.press("PageUp")
    expect(row(page, "chat-a").get_by_role("link")).to_be_focused()
    expect(page.locator("#count")).to_have_text("3 conversations")
    expect(keys).to_have_count(0)
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(keys).to_be_visible()


@pytest.fixture
def line(service: RunningService) -> Iterator[CuttingProxy]:
    """A line to the service that can be cut."""
    proxy = CuttingProxy(service.port)
    yield proxy
    proxy.close()


@pytest.fixture
def far_board(watch: Callable[..., Watched], service: RunningService, line: CuttingProxy) -> Watched:
    """A signed-in board at the other end of that line."""
    watched = watch()
    watched.origin = line.url
    watched.forgiven.append("net::ERR_")  # whatever a browser calls a line that was cut
    follow(watched.page, f"{line.url}/?token={service.token()}")
    expect(watched.page.locator("#stream")).to_have_attribute("data-state", "live")
    return watched


SHOWN = """() => [...document.querySelectorAll(".row")].map((row) => [row.dataset.id, Number(row.querySelector(".row-number b").textContent),
    row.dataset.band, row.querySelector(".row-text").textContent, row.dataset.status, row.querySelectorAll(".row-needs:not([hidden])").length])"""


def as_shown(found: dict[str, Any]) -> list[object]:
    asks = found["alert"] is not None and found["alert"]["status"] == "raised" and found["owner"] is None
    risk = found["risk"]
    number = int(risk["level"] * 100 + 0.5)
    return [found["conversation_id"], number, risk["band"], found["last_customer_text"], found["status"], int(asks)]


WORDS = ("this is slow", "again waiting", "useless idiots", "thank you", "my lawyer", "hello", "ridiculous")
ACTIONS = ("claim", "join", "resolve")


def test_a_line_cut_again_and_again_loses_nothing_and_doubles_nothing(
    far_board: Watched, service: RunningService, line: CuttingProxy
) -> None:
    page = far_board.page
    page.get_by_label("State").select_option("all")
    said = 0
    for cut in range(12):
        for number in range(10):
            if number == 5:
                assert line.cut() > 0  # the stream at least, whatever is on its way, and perhaps a list half read
            service.say(f"chat-{number}", f"{WORDS[said * 3 % 7]} {said}")
            said += 1
        act(service, f"chat-{cut % 10}", ACTIONS[cut % 3])
        page.evaluate("dispatchEvent(new Event('online'))")  # who waits for the next attempt need not
        expect(page.locator('#stream[data-state="live"]')).to_be_visible()
    expected = [as_shown(found) for found in listed(service)]
    assert len(expected) == 10
    page.wait_for_function(
        f"(expected) => JSON.stringify(({SHOWN})()) === expected",
        arg=json.dumps(expected, ensure_ascii=False, separators=(",", ":")),
    )
    points = page.locator(".row .spark-line").evaluate_all(
        "all => all.map((path) => path.getAttribute('d').split(/[ML]/).length - 1)"
    )
    assert points == [12] * 10  # twelve customer turns each: no point of a curve is missing, none is doubled


def test_a_silent_line_is_called_old_cut_and_replaced(watch: Callable[..., Watched], service: RunningService) -> None:
    watched = watch()
    page: Page = watched.page
    watched.forgiven.append("ERR_")
    page.clock.install()
    follow(page, service.sign_in_link())
    live = page.locator('#stream[data-state="live"]')
    expect(live).to_be_visible()
    page.evaluate("""() => {
        window.told = [];
        const place = document.querySelector("#stream");
        new MutationObserver(() => window.told.push(place.dataset.state)).observe(place, { attributes: true });
    }""")
    page.clock.fast_forward(60_000)
    page.wait_for_function("() => window.told.join(' ').startsWith('stale')")
    page.wait_for_function("() => window.told.at(-1) === 'live'")
    service.say("chat-a", "this is slow")
    expect(row(page, "chat-a")).to_be_visible()
