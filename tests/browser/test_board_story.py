"""A supervisor's day: sign in, watch the list, open a conversation, see why, take the keyboard, lose the line."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.running_service import RunningService
from tests.browser.watched import Watched, follow, sign_in_again


def row(page: Page, conversation_id: str) -> Locator:
    return page.locator(f'.row[data-id="{conversation_id}"]')


def order(page: Page) -> list[str]:
    """Ids of the rows as they are read, top to bottom."""
    found = page.locator(".row").evaluate_all("rows => rows.map((row) => row.dataset.id)")
    return [str(item) for item in found]


def test_signing_in_takes_the_printed_link_and_leaves_no_token_in_the_address(
    watch: Callable[..., Watched], service: RunningService
) -> None:
    page = watch().page
    follow(page, service.sign_in_link())
    expect(page.get_by_role("heading", name="Conversations by risk")).to_be_visible()
    assert page.url == f"{service.url}/"


def test_an_empty_board_says_how_to_fill_it(board: Watched) -> None:
    expect(board.page.get_by_text("No conversations yet")).to_be_visible()
    expect(board.page.get_by_text("make demo")).to_be_visible()


def test_the_list_brings_words_and_curves_without_asking_for_each_conversation(
    watch: Callable[..., Watched], service: RunningService
) -> None:
    for name in ("chat-a", "chat-b"):
        service.say(name, "this is slow")
        service.say(name, f"hello from {name}")
        service.say(name, "let me look", role="agent")
    page = watch().page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    follow(page, service.sign_in_link())
    for name in ("chat-a", "chat-b"):
        expect(row(page, name).locator(".row-text")).to_have_text(f"hello from {name}")
        expect(row(page, name).locator(".spark-line")).to_have_attribute("d", re.compile(r"^M[^L]+L[^L]+$"))
    assert not [url for url in asked if "/v1/conversations/" in url]


def test_what_has_a_fixed_place_in_a_row_fits_it_in_every_language(board: Watched, service: RunningService) -> None:
    for name, texts in {
        "steady": ["hello"],
        "rising": ["hello", "useless idiots"],
        "falling": ["useless", "ok", "ok"],
    }.items():
        for text in texts:
            service.say(name, text)
    page = board.page
    for language in ("vi", "tl", "cs", "en"):
        page.locator("#page-language").select_option(language)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator(".row-trend")).to_have_count(3)
        trends = page.locator(".row").evaluate_all("rows => rows.map((row) => row.dataset.trend).sort()")
        assert trends == ["falling", "rising", "steady"]
        cut = page.locator(".row-band, .row-trend").evaluate_all(
            "all => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"
        )
        assert cut == [], language


def test_a_message_appears_by_itself_and_climbs_when_it_turns_risky(board: Watched, service: RunningService) -> None:
    page = board.page
    service.say("chat-a", "this is slow, I am waiting")
    service.say("chat-b", "hello, where is my parcel")
    expect(row(page, "chat-b")).to_be_visible()
    expect(row(page, "chat-b")).to_contain_text("hello, where is my parcel")
    assert order(page) == ["chat-a", "chat-b"]
    service.say("chat-b", "useless idiots, my lawyer will call you")
    expect(page.locator(".row").first).to_have_attribute("data-id", "chat-b")
    expect(row(page, "chat-b")).to_contain_text("useless idiots")
    assert order(page) == ["chat-b", "chat-a"]
    assert page.evaluate("performance.getEntriesByType('navigation').length") == 1


def test_a_row_tells_everything_in_words(board: Watched, service: RunningService) -> None:
    service.say("chat-a", "this is ridiculous", queue="billing")
    service.say("chat-a", "useless idiots, again", queue="billing")
    answer = service.say("chat-a", "useless idiots, I call my lawyer", queue="billing")
    shown = row(board.page, "chat-a")
    for words in (str(round(answer["risk"]["level"] * 100)), answer["risk"]["trend"], "billing", "en", "Venting"):
        expect(shown).to_contain_text(words)
    expect(shown).to_have_attribute("data-band", answer["risk"]["band"])
    expect(shown.locator(".row-band")).to_have_text(answer["risk"]["band"].title())
    expect(shown.locator(".action")).to_have_attribute("data-action", answer["recommendation"]["action"])
    expect(shown.locator(".row-waiting")).to_contain_text("waiting")
    drawn = shown.locator(".spark-line")
    expect(drawn).to_have_attribute("d", re.compile(r"^M[^L]+L[^L]+L[^L]+$"))  # three customer turns, three points


def test_an_open_conversation_shows_scores_words_advice_and_reasons(board: Watched, service: RunningService) -> None:
    page = board.page
    text = "😡😡 you idiots, so useless 👎 my lawyer"
    answer = service.say("chat-a", text)
    row(page, "chat-a").get_by_role("link").click()
    assert page.url.endswith("#/c/chat-a")
    expect(page.locator(".bubble")).to_have_text(text)
    marks = page.locator(".bubble mark")
    expect(marks).to_have_text(["idiots", "useless", "lawyer"])  # exact, though emoji are two UTF-16 units each
    assert marks.evaluate_all("all => all.map((mark) => mark.dataset.signal)") == ["abuse", "frustration", "threat"]
    expect(page.locator('.meter[data-signal="abuse"]')).to_have_attribute("data-flag", "true")
    expect(page.locator('.meter[data-signal="abuse"]')).to_contain_text("96")
    expect(page.locator(".turn-tags")).to_contain_text("legal action")
    assert answer["recommendation"]["reasons"]
    for reason in answer["recommendation"]["reasons"]:
        expect(page.locator(".advice")).to_contain_text(reason["because"])
        expect(page.locator(".advice")).to_contain_text(reason["rule"])
    for phrase in answer["recommendation"]["phrases"]:
        expect(page.locator(".phrases")).to_contain_text(phrase["text"])
    expect(page.locator(".versions")).to_contain_text("keywords-1")
    expect(page.locator(".versions")).to_contain_text(answer["policy"]["version"])


def test_an_open_conversation_grows_by_itself_and_keeps_what_was_drawn(board: Watched, service: RunningService) -> None:
    page = board.page
    service.say("chat-a", "this is slow")
    page.goto(f"{service.url}/#/c/chat-a")
    expect(page.locator(".turn")).to_have_count(1)
    page.evaluate("document.querySelector('.turn').dataset.seen = 'yes'")
    service.say("chat-a", "I am sorry, let me look", role="agent")
    service.say("chat-a", "useless", role="customer")
    expect(page.locator(".turn")).to_have_count(3)
    expect(page.locator(".turn[data-seen]")).to_have_count(1)
    expect(page.locator('.turn[data-role="agent"] .meter')).to_have_count(0)  # nobody scores the agent's mood


def test_who_asks_for_a_person_is_marked(board: Watched, service: RunningService) -> None:
    service.say("chat-a", "let me talk to your manager")
    board.page.goto(f"{service.url}/#/c/chat-a")
    expect(board.page.locator('.meter[data-signal="asks_human"]')).to_have_attribute("data-flag", "true")
    expect(board.page.locator('.meter[data-signal="threat"]')).to_have_attribute("data-flag", "false")


def test_a_turn_that_cannot_be_judged_says_why(board: Watched, service: RunningService) -> None:
    service.say("chat-a", "???")
    board.page.goto(f"{service.url}/#/c/chat-a")
    expect(board.page.locator(".abstained")).to_have_text("Not judged: no words")


def test_a_phrase_is_copied(watch: Callable[..., Watched], service: RunningService) -> None:
    page = watch(permissions=["clipboard-read", "clipboard-write"]).page
    answer = service.say("chat-a", "this is ridiculous, useless, waiting again")
    phrase = answer["recommendation"]["phrases"][0]["text"]
    follow(page, service.sign_in_link())
    page.goto(f"{service.url}/#/c/chat-a")
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == phrase


def test_a_new_critical_conversation_is_announced_once(board: Watched, service: RunningService) -> None:
    announcer = board.page.locator("#announcer")
    for _ in range(3):
        answer = service.say("chat-a", "useless idiots, my lawyer")
    assert answer["risk"]["band"] == "critical"
    expect(announcer).to_contain_text("chat-a")
    expect(announcer).to_have_attribute("aria-live", "polite")


def test_rows_hold_still_under_a_moving_pointer_and_then_follow(board: Watched, service: RunningService) -> None:
    page = board.page
    service.say("chat-a", "this is slow, waiting")
    service.say("chat-b", "hello")
    expect(page.locator(".row")).to_have_count(2)
    page.evaluate("""() => {
        // The pointer moves from now on and never rests, however slow or fast the machine is.
        const move = () => document.querySelector("#scroller").dispatchEvent(new Event("pointermove"));
        move();
        window.restless = setInterval(move, 50);
    }""")
    service.say("chat-b", "useless idiots")
    expect(row(page, "chat-b")).to_contain_text("useless idiots")
    assert order(page) == ["chat-a", "chat-b"]
    page.evaluate("clearInterval(window.restless)")
    expect(page.locator(".row").first).to_have_attribute("data-id", "chat-b")


def test_filters_narrow_the_list(board: Watched, service: RunningService) -> None:
    page = board.page
    service.say("chat-en", "where is my parcel", queue="shop")
    service.say("chat-cs", "useless idiots, hrozné, právník, ěšč", queue="bank")
    expect(page.locator(".row")).to_have_count(2)
    page.get_by_label("Queue").select_option("shop")
    expect(page.locator(".row")).to_have_count(1)
    expect(row(page, "chat-en")).to_be_visible()
    page.get_by_label("Queue").select_option("*")
    page.get_by_label("Language", exact=True).select_option("cs")
    expect(page.locator(".row")).to_have_count(1)
    expect(row(page, "chat-cs")).to_be_visible()
    page.get_by_role("button", name="Calm").click()
    expect(page.get_by_text("No conversation matches these filters")).to_be_visible()
    page.get_by_role("button", name="Clear the filters").click()
    expect(page.locator(".row")).to_have_count(2)


def test_the_keyboard_reaches_everything(board: Watched, service: RunningService) -> None:
    page = board.page
    for name, text in (("chat-a", "useless idiots"), ("chat-b", "this is slow"), ("chat-c", "thank you")):
        service.say(name, text)
    expect(page.locator(".row")).to_have_count(3)
    page.keyboard.press("j")
    expect(row(page, "chat-a").get_by_role("link")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(row(page, "chat-b").get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="chat-b")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row(page, "chat-b").get_by_role("link")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#filter-text")).to_be_focused()
    page.keyboard.type("jjj")
    expect(page.get_by_text("No conversation matches these filters")).to_be_visible()


def test_the_focused_row_keeps_its_focus_when_it_climbs(board: Watched, service: RunningService) -> None:
    page = board.page
    service.say("chat-a", "this is slow")
    service.say("chat-b", "hello")
    expect(page.locator(".row")).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(row(page, "chat-b").get_by_role("link")).to_be_focused()
    service.say("chat-b", "useless idiots")
    expect(page.locator(".row").first).to_have_attribute("data-id", "chat-b")
    expect(row(page, "chat-b").get_by_role("link")).to_be_focused()


def test_back_and_links_work(board: Watched, service: RunningService) -> None:
    page = board.page
    service.say("chat-a", "this is slow")
    row(page, "chat-a").get_by_role("link").click()
    expect(page.get_by_role("heading", name="chat-a")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Choose a conversation")).to_be_visible()
    page.goto(f"{service.url}/#/c/nobody")
    expect(page.get_by_text("This conversation does not exist")).to_be_visible()
    board.forgiven.append("404")


def test_on_a_narrow_screen_the_views_follow_each_other(board: Watched, service: RunningService) -> None:
    page = board.page
    page.set_viewport_size({"width": 390, "height": 800})
    service.say("chat-a", "useless idiots")
    row(page, "chat-a").get_by_role("link").click()
    expect(page.locator("#scroller")).to_be_hidden()
    page.get_by_role("link", name="Back to the list").click()
    expect(row(page, "chat-a")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_restart_loses_nothing_and_doubles_nothing(board: Watched, service: RunningService) -> None:
    page = board.page
    board.forgiven += ["ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED", "ERR_CONNECTION_RESET", "401"]
    service.say("chat-a", "this is slow")
    service.say("chat-b", "hello")
    page.goto(f"{service.url}/#/c/chat-a")
    expect(page.locator(".turn")).to_have_count(1)
    service.stop()
    expect(page.locator("#stream")).to_have_attribute("data-state", "reconnecting")
    service.start()
    service.say("chat-a", "useless idiots")  # while nobody listens
    service.say("chat-c", "lawyer")
    sign_in_again(page, service)
    expect(page.locator(".row")).to_have_count(3)
    expect(page.locator(".turn")).to_have_count(2)
    service.say("chat-a", "again")
    expect(page.locator(".turn")).to_have_count(3)
    expect(row(page, "chat-a").locator(".spark-line")).to_have_attribute("d", re.compile(r"^M[^L]+L[^L]+L[^L]+$"))
    expect(page.locator(".row")).to_have_count(3)


def test_a_wrong_token_is_refused_and_a_right_one_opens_the_board(board: Watched, service: RunningService) -> None:
    page = board.page
    board.forgiven.append("401")
    page.context.clear_cookies()
    service.say("chat-a", "hello")  # its words cannot be fetched any more, which brings the question up
    page.goto(f"{service.url}/#/c/chat-a")
    page.get_by_label("Token or link").fill("no such token")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not accepted")
    page.get_by_label("Token or link").fill(service.token())
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".bubble")).to_have_text("hello")
