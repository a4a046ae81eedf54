"""Fixtures of the browser tests: a running service, and a page that notices everything that must not happen."""

import os
import shutil
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.running_service import RunningService
from tests.browser.watched import Watched, follow

WAIT_MS = 20_000  # a slow machine may take this long; nothing ever waits longer than it must
NOWHERE = "http://modules.invalid"
expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium, headless; no longer than a module, because its driver occupies the thread's event loop."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        reason = "no chromium on this machine: `apt-get install chromium`"
        pytest.fail(reason) if os.environ.get("EVENKEEL_REQUIRE_BROWSER") == "1" else pytest.skip(reason)
    with sync_playwright() as driver:
        # Root has no sandbox; the pages are our own.
        launched = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield launched
        launched.close()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[RunningService]:
    """A fresh service with nothing in it."""
    running = RunningService(tmp_path / "data")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def watch(browser: Browser, service: RunningService) -> Iterator[Callable[..., Watched]]:
    """Open signed-out pages in fresh profiles; each is checked when the test ends."""
    opened: list[tuple[BrowserContext, Watched]] = []

    def open_page(**options: object) -> Watched:
        context = browser.new_context(locale="en-GB", viewport={"width": 1360, "height": 860}, **options)  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        watched = Watched.begin(page, service.url)
        opened.append((context, watched))
        return watched

    yield open_page
    for context, watched in opened:
        watched.check()
        context.close()


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    """The board's modules in an empty page, without any service: `import("/assets/spans.js")`."""
    files = resources.files("service").joinpath("dashboard")
    page = browser.new_page()
    page.route(f"{NOWHERE}/", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.route(
        f"{NOWHERE}/assets/**",
        lambda route: route.fulfill(path=str(files / route.request.url.partition("/assets/")[2])),
    )
    page.goto(f"{NOWHERE}/")
    yield page
    page.close()


@pytest.fixture
def board(watch: Callable[..., Watched], service: RunningService) -> Watched:
    """A signed-in board, connected."""
    watched = watch()
    follow(watched.page, service.sign_in_link())
    expect(watched.page.locator("#stream")).to_have_attribute("data-state", "live")
    return watched
