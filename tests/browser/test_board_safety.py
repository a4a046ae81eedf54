"""What a customer writes is text on the board, whatever it is; and the page asks nobody but its service."""

import pytest
from playwright.sync_api import expect

from tests.browser.running_service import RunningService
from tests.browser.watched import Watched

# fmt: off
HOSTILE = [
    '<img src=x onerror="window.broken.push(1)">',
    "<script>window.broken.push(1)</script>",
    '"><svg onload=window.broken.push(1)>',
    "<iframe srcdoc='<script>parent.broken.push(1)</script>'></iframe>",
    "javascript:window.broken.push(1)",
    "{{constructor.constructor('window.broken.push(1)')()}}",
    "</li></ol><style>body{display:none}</style>",
    "\u202eidiots \u2066useless\u2069 &lt;b&gt; &amp;",
]
# fmt: on


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_was_written(board: Watched, service: RunningService, text: str) -> None:
    page = board.page
    service.say("chat-a", text, queue="shop")
    shown = page.locator(".row-text:not(.none)")
    expect(shown).to_be_visible()
    assert shown.evaluate("element => element.textContent") == text
    page.goto(f"{service.url}/#/c/chat-a")
    bubble = page.locator(".bubble")
    expect(bubble).to_be_visible()
    assert bubble.evaluate("element => element.textContent") == text
    assert bubble.evaluate("element => [...element.querySelectorAll(':not(mark)')].length") == 0
    assert page.locator("main script, main iframe, main style, main img").count() == 0


def test_ids_with_odd_characters_open_their_own_conversation(board: Watched, service: RunningService) -> None:
    page = board.page
    odd = "a:b@c+d~e=f.g_h-1"
    service.say(odd, "this is slow")
    page.locator(".row a").click()
    expect(page.get_by_role("heading", name=odd, exact=True)).to_be_visible()


def test_the_page_forbids_inline_code_even_if_some_got_in(board: Watched) -> None:
    page = board.page
    refused = page.evaluate("""() => {
        const attempts = [
            () => document.body.insertAdjacentHTML("beforeend", "<b>markup</b>"),
            () => (document.body.innerHTML = "<b>markup</b>"),
            () => document.body.setAttribute("onclick", "window.ran = true"),
            () => (document.createElement("script").text = "window.ran = true"),
            () => setTimeout("window.ran = true"),
        ];
        return attempts.map((attempt) => { try { attempt(); return "allowed"; } catch (error) { return error.name; } });
    }""")
    assert refused == ["TypeError"] * 5
    assert page.evaluate("window.ran ?? false") is False
    page.evaluate("window.broken.length = 0")  # what was reported just now, because the policy is in force
    board.forgiven += ["TrustedScript", "TrustedHTML", "Content Security Policy"]
