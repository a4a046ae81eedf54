"""What a browser asks for to show the board: everything at once at first, and nothing again."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.running_service import RunningService
from tests.browser.watched import Watched, follow


def test_the_head_names_every_module_and_a_second_visit_asks_for_none(
    watch: Callable[..., Watched], service: RunningService
) -> None:
    page = watch().page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/assets/" in request.url else None)
    follow(page, service.sign_in_link())
    expect(page.locator("#stream")).to_have_attribute("data-state", "live")
    named = page.locator("link[rel=modulepreload]").evaluate_all("links => links.map((link) => link.href)")
    main = page.locator("script[type=module]").evaluate("script => script.src")
    modules = {url for url in asked if url.endswith(".js")}
    assert len(named) == len(set(named)) > 20
    # What is asked for beside them is loaded when it is wanted: the words of another language, a page.
    assert modules == {main, *named}

    page.reload()
    expect(page.locator("#stream")).to_have_attribute("data-state", "live")
    sizes = page.evaluate(
        "performance.getEntriesByType('resource')"
        ".filter((file) => file.name.includes('/assets/v-')).map((file) => [file.name, file.transferSize])"
    )
    assert len(sizes) > len(named)
    assert [name for name, size in sizes if size] == []
