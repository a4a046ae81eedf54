"""The board without a mouse, without motion and without colours of its own: every page walked by Tab alone."""

from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.furnished import CHAT, furnish
from tests.browser.running_service import RunningService
from tests.browser.views import VIEWS, show
from tests.browser.watched import Watched

WALKED: Final = ("list", "conversation", "alerts", "labels", "reports", "what-if", "settings", "audit")
CLOSED_BY_ESCAPE: Final = {
    "shortcuts": "dialog",
    "resolve": "dialog",
    "packet": "dialog",
    "snooze": ":popover-open",
    "bell": ":popover-open",
}
MOST_STOPS: Final = 400
STOP: Final = """() => {
    const at = document.activeElement;
    if (at === document.body) return null;
    window.stops ??= new Map();
    const box = at.getBoundingClientRect();
    const style = getComputedStyle(at);
    const ring = at.querySelector(":scope > .hit"); // a point of a chart is marked by a ring of its own
    const isRinged = ring !== null && getComputedStyle(ring).stroke !== "none";
    const isMarked = isRinged || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
    const isSeen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const times = (stops.get(at) ?? 0) + 1;
    stops.set(at, times);
    const isAround = times > 1 && at === stops.keys().next().value;
    return { html: at.outerHTML.slice(0, 120), isMarked, isSeen, isAround, isTrap: times > 6 };
}"""
MOVING: Final = """() => document.getAnimations().length + [...document.querySelectorAll("*")].filter((one) =>
    getComputedStyle(one).transitionDuration.split(",").some((time) => parseFloat(time) > 0)).length"""


def walk(page: Page) -> list[dict[str, Any]]:
    """Press Tab until the page is left, or begins again; a date is a few stops in one field."""
    stops: list[dict[str, Any]] = []
    page.evaluate("window.stops = new Map(); document.getElementById('skip').focus()")
    while len(stops) < MOST_STOPS:
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or stop["isAround"]:
            return stops
        assert not stop["isTrap"], stop["html"]
        stops.append(stop)
    raise AssertionError(f"more than {MOST_STOPS} stops: {stops[-3:]}")


@pytest.fixture
def desk(board: Watched, service: RunningService) -> Page:
    """A board with something on every page."""
    furnish(service)
    board.forgiven.append("404")
    return board.page


def test_tab_reaches_every_page_and_shows_where_it_is(desk: Page, service: RunningService) -> None:
    for view in VIEWS:
        if view.name not in WALKED:
            continue
        show(desk, service, view)
        stops = walk(desk)
        assert [stop["html"] for stop in stops if not stop["isMarked"]] == [], view.name
        assert [stop["html"] for stop in stops if not stop["isSeen"]] == [], view.name
        controls = desk.evaluate(
            "[...document.querySelectorAll('#page button, #page a[href], #page select, #page input:not([tabindex=\"-1\"])')]"
            ".filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.type !== 'radio' && one.tabIndex >= 0 && !stops.has(one)).map((one) => one.outerHTML)"
        )
        assert controls == [], view.name


def test_escape_closes_what_is_open_and_gives_the_focus_back(desk: Page, service: RunningService) -> None:
    for view in VIEWS:
        if view.name not in CLOSED_BY_ESCAPE:
            continue
        show(desk, service, view)
        desk.keyboard.press("Escape")
        expect(desk.locator(f"{CLOSED_BY_ESCAPE[view.name]}:visible")).to_have_count(0)
        expect(desk.locator("button:focus, summary:focus")).to_have_count(1)


def test_the_skip_link_leads_into_what_is_shown(desk: Page, service: RunningService) -> None:
    for address, target in {"": ".row a", "reports": "#page h2", "audit": "#page h2", f"c/{CHAT}": ".row a"}.items():
        desk.goto(f"{service.url}/#/{address}")
        expect(desk.locator(target).first).to_be_visible()
        desk.locator("#skip").focus()
        desk.keyboard.press("Enter")
        expect(desk.locator(f":is({target}):focus")).to_have_count(1)
        assert desk.evaluate("location.hash.split('?')[0]") == f"#/{address}"


def test_nothing_moves_or_vanishes_for_who_asks_for_less(desk: Page, service: RunningService) -> None:
    """Reduced motion: no animation, no transition. Forced colours: bands keep their shapes, buttons their edges."""
    desk.emulate_media(reduced_motion="reduce", forced_colors="active")
    for view in VIEWS:
        if view.name not in WALKED:
            continue
        show(desk, service, view)
        assert desk.evaluate(MOVING) == 0, view.name
        flat = desk.evaluate(
            "[...document.querySelectorAll('.shape')].filter((one) => one.checkVisibility())"
            ".filter((one) => getComputedStyle(one).fill === getComputedStyle(document.body).backgroundColor).length"
        )
        assert flat == 0, view.name
