"""Every page of the board, with what it opens, is free of what axe-core finds: WCAG 2.2 A and AA, and best practice.
Only its parts scroll, never the frame.

Each round walks all pages in one language, scheme and width; `VIEWS` is the list of what a reader can have open.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.browser.furnished import furnish
from tests.browser.running_service import RunningService
from tests.browser.views import EMPTY_VIEWS, VIEWS, View, show
from tests.browser.watched import Watched, follow

RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOCALES: Final = {"en": "en-GB", "cs": "cs-CZ", "vi": "vi-VN", "tl": "fil-PH"}


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service with something on every page."""
    running = RunningService(tmp_path_factory.mktemp("furnished"))
    running.start()
    furnish(running)
    yield running
    running.stop()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Open a page at a service, in a language, a scheme and a width of its own; nothing is half faded in."""
    contexts = []

    def open_page(service: RunningService, language: str, scheme: str, width: int, **options: Any) -> Watched:
        context = browser.new_context(
            locale=LOCALES[language],
            color_scheme=scheme,
            reduced_motion="reduce",
            viewport={"width": width, "height": 860},
            **options,
        )  # type: ignore[arg-type]
        contexts.append(context)
        return Watched.begin(context.new_page(), service.url)

    yield open_page
    for context in contexts:
        context.close()


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it is: rule, element and the way out."""
    page.evaluate(f"window.axe ?? (() => {{ {AXE_SCRIPT} }})()")
    found = page.evaluate(
        "(tags) => axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then((r) => r.violations)", RULES
    )
    return [
        f"{rule['id']}: {' '.join(node['target'])}\n    {node['html'][:200]}\n    {node['failureSummary']}\n    {rule['helpUrl']}"
        for rule in found
        for node in rule["nodes"]
    ]


def found_on(page: Page, service: RunningService, views: tuple[View, ...]) -> list[str]:
    said = []
    for view in views:
        show(page, service, view)
        said += [f"{view.name}: {violation}" for violation in violations(page)]
        beyond = page.evaluate("document.documentElement.scrollHeight - innerHeight")
        said += [f"{view.name}: the frame itself scrolls, by {beyond} px"] if beyond > 0 else []
    return said


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1360), ("cs", "dark", 1360), ("vi", "light", 360), ("tl", "dark", 360)],
)
def test_every_page_is_free_of_violations(
    opened: Callable[..., Watched], furnished: RunningService, language: str, scheme: str, width: int
) -> None:
    watched = opened(furnished, language, scheme, width)
    watched.forgiven.append("404")  # of the conversation that is not there
    follow(watched.page, furnished.sign_in_link())
    assert found_on(watched.page, furnished, VIEWS) == []
    watched.check()


def test_pages_with_nothing_on_them_are_free_of_violations(
    opened: Callable[..., Watched], service: RunningService
) -> None:
    watched = opened(service, "cs", "light", 1360)
    follow(watched.page, service.sign_in_link())
    assert found_on(watched.page, service, EMPTY_VIEWS) == []
    watched.check()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_asking_to_sign_in_is_free_of_violations(
    opened: Callable[..., Watched], furnished: RunningService, scheme: str
) -> None:
    """The page before signing in, with a refused link and with a good one, and the gate of a session that has ended."""
    page = opened(furnished, "vi", scheme, 360).page
    page.goto(f"{furnished.url}/?token=worthless")
    expect(page.get_by_role("alert")).to_be_visible()
    found = violations(page)
    page.goto(furnished.sign_in_link())
    expect(page.locator("form.one-button button")).to_be_visible()
    found += violations(page)
    follow(page, furnished.sign_in_link())
    expect(page.locator(".row a").first).to_be_visible()
    page.context.clear_cookies()
    page.evaluate("document.querySelector('.row a').click()")  # or the stream has noticed before
    expect(page.locator("#gate form")).to_be_visible()
    assert found + violations(page) == []
