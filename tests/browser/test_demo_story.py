"""/demo in a browser: one plays both sides, sees what the service says, and leaves nothing behind."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WAIT_MS
from tests.browser.running_service import RunningService
from tests.browser.test_board_accessibility import LOCALES, violations
from tests.browser.watched import Watched

HOSTILE = '<img src=x onerror="alert(1)"><b>useless</b> "\'&'


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    running = RunningService(tmp_path_factory.mktemp("demo"))
    running.start()
    yield running
    assert running.call("GET", "/v1/conversations")["conversations"] == [], "a demo leaves nothing behind"
    running.stop()


def opened(
    browser: Browser, service: RunningService, language: str, scheme: str = "light", width: int = 1360
) -> Watched:
    context = browser.new_context(
        locale=LOCALES[language],
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        viewport={"width": width, "height": 860},
    )
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    watched = Watched.begin(page, service.url)
    page.goto(f"{service.url}/demo")
    expect(page.locator(".demo-play").first).to_be_visible()
    return watched


def say(page: Page, text: str) -> None:
    before = page.locator(".turn").count()
    page.locator("#customer-text").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(before + 1)
    expect(page.locator("#customer-text")).to_have_value("")


def test_playing_both_sides_in_czech(browser: Browser, shared: RunningService) -> None:
    watched = opened(browser, shared, "cs")
    page = watched.page
    expect(page.get_by_role("heading", name="Zahrajte si obě strany chatu")).to_be_visible()
    say(page, "dobrý den, kde je moje objednávka?")
    expect(page.locator("#standing .badge")).to_contain_text("Klid")
    say(page, "to je hrozné, pořád nic. Volám právník!")
    expect(page.locator(".turn mark[data-signal='frustration']").first).to_have_text("hrozné")
    expect(page.locator(".turn mark[data-signal='threat']")).to_have_text("právník")
    expect(page.locator(".advice-action")).not_to_be_empty()
    expect(page.locator(".curve .dot")).to_have_count(2)
    phrase = page.locator(".phrases li").first
    words = phrase.locator("p").inner_text()
    phrase.get_by_role("button", name="Zkontrolovat a upravit").click()
    expect(page.locator("#draft")).to_have_value(words)
    page.locator("#draft").fill("Uklidněte se, prosím.")
    expect(page.locator(".finding[data-kind='calm_down']")).to_be_visible()
    page.get_by_role("button", name="Poslat za operátora").click()
    expect(page.locator(".turn[data-role='agent'] .bubble")).to_have_text("Uklidněte se, prosím.")
    page.get_by_role("button", name="Začít znovu").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator(".card:visible")).to_have_count(0)
    watched.check()
    page.context.close()


def test_an_example_plays_by_itself_in_vietnamese(browser: Browser, shared: RunningService) -> None:
    watched = opened(browser, shared, "vi", "dark", 360)
    page = watched.page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "no sideways scrolling"
    page.locator(".demo-play", has_text="Leo thang").click()
    expect(page.locator(".turn")).to_have_count(2)  # one after the other
    page.get_by_role("button", name="Đến cuối").click()
    expect(page.locator(".turn")).to_have_count(8)
    expect(page.locator(".turn[data-role='customer']").first.locator(".bubble")).to_have_attribute("lang", "vi")
    say(page, "bực quá, lần nào cũng vậy, tôi bóc phốt lên mạng")  # and goes on from there
    expect(page.locator("#standing .badge")).to_be_visible()
    page.get_by_role("button", name="Filipino").click()
    expect(page.locator(".demo-play").first).to_contain_text("Courier")
    page.locator(".demo-play").last.click()  # another one takes its place
    expect(page.locator(".turn")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    watched.check()
    page.context.close()


def test_what_is_typed_stays_text(browser: Browser, shared: RunningService) -> None:
    watched = opened(browser, shared, "en")
    page = watched.page
    say(page, HOSTILE)
    expect(page.locator(".turn .bubble")).to_have_text(HOSTILE)
    page.locator("#draft").fill(HOSTILE + " calm down")
    expect(page.locator(".finding").first).to_be_visible()
    assert page.locator("main img, main b:not(.turn b):not(.finding b):not(.forecast b):not(.meter b)").count() == 0
    watched.check()
    page.context.close()


def test_a_refusal_is_told_and_nothing_is_lost(browser: Browser, shared: RunningService) -> None:
    watched = opened(browser, shared, "en")
    watched.forgiven.append("503")
    page = watched.page
    busy = '{"detail": "Too many people try the demo right now."}'
    page.route("**/demo/assess", lambda route: route.fulfill(status=503, body=busy))
    page.locator("#customer-text").fill("hello")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Too many people")
    expect(page.locator("#customer-text")).to_have_value("hello")
    page.unroute("**/demo/assess")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#trouble")).to_be_empty()
    watched.check()
    page.context.close()


@pytest.mark.parametrize(("language", "scheme", "width"), [("en", "light", 1360), ("tl", "dark", 360)])
def test_it_is_free_of_violations(
    browser: Browser, shared: RunningService, language: str, scheme: str, width: int
) -> None:
    page = opened(browser, shared, language, scheme, width).page
    found = violations(page)
    say(page, "this is ridiculous, you useless idiots, my lawyer will call")
    page.locator("#draft").fill("calm down, as I said")
    expect(page.locator(".finding").first).to_be_visible()
    page.locator(".turn summary").first.click()
    assert found + violations(page) == []
    page.context.close()
