"""The reports page with the real service: what the charts, the tables, the CSV and the API say is one set of numbers."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.running_service import RunningService
from tests.browser.watched import Watched, follow

TODAY = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
DAYS = [TODAY - timedelta(days=ago) for ago in (4, 3, 2)]
SPAN = f"since={DAYS[0]:%Y-%m-%d}&to={DAYS[2]:%Y-%m-%d}&tz=UTC"
NOTE = "Refunded both charges and called back"


@pytest.fixture
def filled(service: RunningService, board: Watched) -> Page:
    """Twelve conversations on the second day, three of which escalated; one on the first day; the page, signed in."""
    service.say("early", "hello", sent_at=DAYS[0].isoformat())
    for number in range(12):
        at = DAYS[1] + timedelta(minutes=number)
        escalates = number < 3
        queue = {"queue": "shop"} if number % 2 else {}
        service.say(f"chat-{number}", "my lawyer will write" if escalates else "hello", sent_at=at.isoformat(), **queue)
        after = at + timedelta(minutes=2 if number < 9 else 30)
        service.say(f"chat-{number}", "let me look", role="agent", sent_at=after.isoformat(), **queue)
    headers = {"X-Evenkeel-Board": "1"}
    for number, outcome in enumerate(("solved", "false_alarm")):
        body = {"action": "resolve", "outcome": outcome, "note": NOTE}
        answer = board.page.request.post(
            f"{service.url}/v1/conversations/chat-{number}/handoff", data=body, headers=headers
        )
        assert answer.ok
    return board.page


def show(page: Page, service: RunningService, options: str = SPAN) -> None:
    page.goto(f"{service.url}/#/reports/{options}")
    expect(page.get_by_role("heading", name="Reports", exact=True)).to_be_visible()
    expect(page.locator(".report-cards[aria-busy]")).to_have_count(0)


def asked(page: Page, service: RunningService, **more: str) -> Any:
    until = f"{DAYS[2] + timedelta(days=1):%Y-%m-%d}"
    options = {"by": "day", "since": f"{DAYS[0]:%Y-%m-%d}", "until": until, "tz": "UTC", **more}
    answer = page.request.get(f"{service.url}/v1/reports/escalation", params=options)
    assert answer.ok
    return answer


def card(page: Page, figure: str) -> Locator:
    return page.locator(f'.report-card[data-figure="{figure}"]')


def cells(row: Locator) -> list[str]:
    return row.locator("td").all_inner_texts()


def test_chart_table_csv_and_api_say_the_same(filled: Page, service: RunningService) -> None:
    show(filled, service)
    report = asked(filled, service).json()
    assert [(row["conversations"], row["escalated"]) for row in report["rows"]] == [(1, 0), (12, 3), (0, 0)]
    rate = card(filled, "escalation")
    rate.get_by_role("button", name="Table").click()
    rows = rate.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rate.get_by_role("img")).to_have_count(3)
    for index, row in enumerate(report["rows"]):
        assert cells(rows.nth(index))[:2] == [str(row["escalated"]), str(row["conversations"])]
    said = rate.get_by_role("img").evaluate_all("all => all.map((point) => point.getAttribute('aria-label'))")
    assert said[0].endswith(": 0 of 1"), "too few for a share"
    assert re.search(r": 25\s?% \(3 of 12\), 95 % interval 8.9\s?% to 53\s?%$", said[1])
    assert said[2].endswith("nothing to measure")
    expect(filled.locator('.tile[data-figure="escalation"]')).to_contain_text("3 of 13")
    expect(filled.locator('.tile[data-figure="precision"]')).to_contain_text("1 of 2")
    expect(filled.locator('.tile[data-figure="response"]')).to_contain_text("2 min")
    with filled.expect_download() as downloading:
        rate.get_by_role("link", name="CSV: Escalation rate").click()
    downloaded = downloading.value.path().read_bytes().decode()
    assert downloaded == asked(filled, service, format="csv").text()
    table = list(csv.DictReader(io.StringIO(downloaded)))
    assert [line["escalated"] for line in table] == ["0", "3", "0", "3"]


def test_on_paper_there_are_charts_and_tables_and_nothing_to_click(filled: Page, service: RunningService) -> None:
    show(filled, service)
    filled.emulate_media(media="print")
    rate = card(filled, "escalation")
    for part in (rate.locator("svg .bar").first, rate.locator("table"), rate.locator("tbody tr").last):
        expect(part).to_be_visible()
    for part in (filled.get_by_role("banner"), filled.locator(".report-form"), rate.locator(".card-head button")):
        expect(part).to_be_hidden()


def test_times_reasons_and_groups_are_those_of_the_api(filled: Page, service: RunningService) -> None:
    show(filled, service)
    response = card(filled, "response")
    expect(response.get_by_role("img").nth(1)).to_have_attribute(
        "aria-label", re.compile("median 2 min, 9 of 10 within 30 min, measured 12")
    )
    expect(card(filled, "lasted")).to_contain_text("Nothing to measure yet")
    reasons = asked(filled, service).json()["total"]["reasons"]
    shown = card(filled, "reasons").locator("tbody tr")
    expect(shown).to_have_count(len(reasons))
    expect(shown.first).to_contain_text(reasons[0]["because"])
    queues = {group["group"]: group for group in asked(filled, service, group="queue").json()["groups"]}
    for name, words in ((None, "No queue"), ("shop", "shop")):
        row = card(filled, "queue").locator("tbody tr").filter(has_text=words)
        assert cells(row)[:2] == [str(queues[name]["conversations"]), str(queues[name]["escalated"])]


def test_a_link_restores_the_view_and_a_change_makes_one(filled: Page, service: RunningService) -> None:
    show(filled, service)
    filled.locator(".report-form").get_by_label("Queue").focus()
    filled.locator(".report-form").get_by_label("Queue").select_option("shop")
    expect(filled.locator(".report-span")).to_contain_text("6 conversations")
    expect(filled.locator(".report-form").get_by_label("Queue")).to_be_focused()
    assert "queue=shop" in filled.url
    filled.reload()
    expect(filled.locator(".report-form").get_by_label("Queue")).to_have_value("shop")
    expect(filled.locator(".report-span")).to_contain_text("6 conversations")
    filled.get_by_role("button", name="12 weeks").click()
    expect(filled.locator(".report-form").get_by_label("Split by")).to_have_value("week")
    expect(card(filled, "escalation").get_by_role("img").last).to_have_attribute("aria-label", re.compile("^Week "))


def test_the_span_before_is_compared(filled: Page, service: RunningService) -> None:
    show(filled, service, f"since={DAYS[1]:%Y-%m-%d}&to={DAYS[1]:%Y-%m-%d}&tz=UTC")
    tile = filled.locator('.tile[data-figure="escalation"]')
    expect(tile).to_contain_text(re.compile(r"25\s?%"))
    expect(tile).to_contain_text("before: 0 of 1 (0 of 1); may be chance")


def test_the_keyboard_goes_from_point_to_point(filled: Page, service: RunningService) -> None:
    show(filled, service)
    points = card(filled, "escalation").get_by_role("img")
    points.first.focus()
    filled.keyboard.press("ArrowRight")
    expect(points.nth(1)).to_be_focused()
    expect(card(filled, "escalation").locator(".chart-readout")).to_have_text(
        points.nth(1).get_attribute("aria-label") or ""
    )
    filled.keyboard.press("End")
    expect(points.nth(2)).to_be_focused()
    filled.keyboard.press("Tab")
    expect(points.nth(0)).not_to_be_focused()


def test_what_solved_it_is_found_by_words(filled: Page, service: RunningService) -> None:
    show(filled, service)
    found = filled.locator(".solved-list li")
    expect(found).to_have_count(2)
    filled.get_by_role("searchbox", name="Words", exact=True).fill("refunded lawyer")
    filled.get_by_role("button", name="Search").click()
    expect(found).to_have_count(2)
    filled.get_by_role("searchbox", name="Words", exact=True).fill("nothing like it")
    filled.keyboard.press("Enter")
    expect(filled.get_by_text("No note was found.")).to_be_visible()
    assert "refunded" not in filled.url
    filled.get_by_role("searchbox", name="Words", exact=True).fill("")
    filled.keyboard.press("Enter")
    found.first.get_by_role("link").click()
    expect(filled.locator(".turn").first).to_be_visible()


def test_a_span_that_cannot_be_reported_says_why_in_its_place(
    filled: Page, board: Watched, service: RunningService
) -> None:
    board.forgiven.append("422")
    filled.goto(f"{service.url}/#/reports/since=2026-02-02&to=2026-01-01&tz=UTC")
    expect(filled.locator(".wrong").first).to_contain_text("since must lie before until")


def test_an_empty_report_says_so(board: Watched, service: RunningService) -> None:
    show(board.page, service)
    for figure in ("escalation", "response", "lasted", "resolution", "precision", "reasons"):
        expect(card(board.page, figure).locator(".chart-empty")).to_be_visible()


@pytest.mark.parametrize("language", ["vi", "tl", "cs"])
def test_both_pages_fit_a_narrow_screen_in_every_language(
    watch: Callable[..., Watched], service: RunningService, language: str
) -> None:
    service.say("chat-a", "my lawyer", sent_at=DAYS[1].isoformat())
    page = watch().page
    page.add_init_script(f"localStorage.setItem('evenkeel.language', '{language}')")
    page.set_viewport_size({"width": 360, "height": 800})
    follow(page, service.sign_in_link())
    for name in ("reports", "whatif"):
        page.goto(f"{service.url}/#/{name}")
        expect(page.locator(".chart svg, .rule-row").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("document.querySelector('.page').scrollWidth <= innerWidth")
