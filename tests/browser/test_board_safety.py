"""What a customer writes is text on the board, whatever it is; and the page asks nobody but its service."""

import pytest
from playwright.sync_api import expect

from tests.browser.running_service import RunningService
from tests.browser.supervisors import do, open_chat
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


def test_hostile_words_in_notes_drafts_and_packets_stay_words(board: Watched, service: RunningService) -> None:
    text = " ".join(HOSTILE)
    page = board.page
    service.say("chat-a", f"useless idiots, my lawyer {text}", queue="a: b/c - javascript:1")
    service.say("chat-a", f"I will call you back today {text}", role="agent")
    open_chat(page, service, "chat-a")
    expect(page.locator(".facts")).to_contain_text("a: b/c - javascript:1")
    box = page.get_by_label("Check a reply")
    box.fill(f"calm down {text}")
    expect(page.locator(".draft-mirror mark")).to_have_text("calm down")
    shown = page.locator(".draft-mirror").evaluate("mirror => mirror.textContent")
    assert shown == f"calm down {text}\n"
    do(page, "resolve").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio").first.check()
    dialog.get_by_label("What solved it?").fill(text)
    dialog.get_by_role("button", name="Resolve").click()
    page.locator(".handoff details[data-focus=log] summary").click()
    expect(page.locator(".log .note")).to_be_visible()
    assert page.locator(".log .note").evaluate("note => note.textContent") == text
    page.locator('[data-focus="packet"]').click()
    packet = page.locator(".packet-body")
    expect(packet).to_contain_text("lawyer")
    said = packet.locator("blockquote").evaluate_all("all => all.map((quote) => quote.textContent)")
    assert any(HOSTILE[0] in quote for quote in said)
    assert packet.locator("blockquote :not(mark)").count() == 0
    assert page.locator("main script, main iframe, main style, main img, main a[href^='javascript']").count() == 0


def test_a_hostile_name_of_a_colleague_stays_a_name(board: Watched, service: RunningService) -> None:
    """Names may hold `'` and `=`; whatever else came into a log is text as well."""
    page = board.page
    name = "onerror='alert'=x"
    service.say("chat-a", "useless idiots")
    open_chat(page, service, "chat-a")
    service.call("POST", "/v1/conversations/chat-a/handoff", {"action": "join", "by": name})
    expect(page.locator(".handoff")).to_contain_text(f"{name} has this conversation")
    expect(page.locator(".mark-line.step")).to_contain_text(f"{name} joined the chat")
    expect(page.locator("#announcer")).to_have_text(f"{name} joined the chat")
