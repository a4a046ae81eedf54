"""A page that notes whatever a board must not do: errors, dialogs, requests elsewhere, policy violations."""

from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import urlsplit

from playwright.sync_api import Page

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
        assert serious == []
        assert self.outside == []
        assert self.page.evaluate("window.broken") == []
