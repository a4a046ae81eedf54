"""A page that notes whatever a board must not do: errors, dialogs, requests elsewhere, policy violations."""

from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.running_service import RunningService

WATCH: Final = """
    window.broken = [];
    addEventListener("securitypolicyviolation", (event) => broken.push(`CSP ${event.violatedDirective} ${event.blockedURI}`));
    addEventListener("unhandledrejection", (event) => broken.push(`rejection ${event.reason}`));
"""


@dataclass
class Watched:
    """A page, and what it did that a board must not do."""

    page: Page
    origin: str
    forgiven: list[str] = field(default_factory=list)
    """Parts of console messages that the test itself causes, by a restart for example."""
    console: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, page: Page, origin: str) -> Self:
        """Watch a page from before its first request."""
        watched = cls(page, origin)
        page.add_init_script(WATCH)
        page.on("console", lambda message: watched._note(message.type == "error", message.text))
        page.on("pageerror", lambda error: watched._note(True, str(error)))
        page.on("dialog", lambda dialog: (watched._note(True, "a dialog opened"), dialog.dismiss()))
        page.on("request", lambda request: watched._note_request(request.url))
        return watched

    def _note(self, is_serious: bool, words: str) -> None:
        if is_serious:
            self.console.append(words)

    def _note_request(self, url: str) -> None:
        if urlsplit(url).netloc != urlsplit(self.origin).netloc:
            self.outside.append(url)

    def check(self) -> None:
        """Nothing failed, nothing left the origin, no policy was violated."""
        serious = [line for line in self.console if not any(part in line for part in self.forgiven)]
        assert not serious, serious
        assert not self.outside, self.outside
        broken = self.page.evaluate("window.broken")
        assert not broken, broken


def follow(page: Page, link: str) -> None:
    """Open a sign-in link and press its button, which is what uses it."""
    page.goto(link)
    page.locator("form.one-button button").click()
    expect(page.locator("#board")).to_be_attached()


def sign_in_again(page: Page, service: RunningService) -> None:
    """A restart may end sessions: then the board asks for a token, and goes on where it was."""
    live = page.locator('#stream[data-state="live"]')
    asks = page.get_by_label("Token or link")
    expect(live.or_(asks)).to_be_visible()
    if asks.is_visible():
        asks.fill(service.sign_in_link())
        page.get_by_role("button", name="Sign in").click()
    expect(live).to_be_visible()
    expect(asks).to_be_hidden()
