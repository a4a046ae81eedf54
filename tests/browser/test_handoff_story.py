"""Two supervisors and one burning chat: it appears, is taken over by one of them, and closed with what solved it."""

from collections.abc import Callable

from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser.running_service import KEY, RunningService
from tests.browser.supervisors import do, handoff, open_chat, sign_in_as
from tests.browser.watched import Watched

STATUSES = {"claim": "claimed", "accept": "accepted", "join": "joined"}


def standing(page: Page, status: str) -> None:
    expect(handoff(page).locator(".standing")).to_have_attribute("data-status", status)


def offered(page: Page) -> list[str]:
    found = handoff(page).locator(".actions .button").evaluate_all("all => all.map((made) => made.dataset.action)")
    return [str(action) for action in found]


def test_an_escalating_vietnamese_chat_is_taken_over_and_resolved_by_one_of_two(
    watch: Callable[..., Watched], service: RunningService
) -> None:
    mai = sign_in_as("Mai Nguyễn", watch, service).page
    linh = sign_in_as("Linh Trần", watch, service).page
    service.say("vn-1", "Chào shop, đơn của tôi đâu ạ", queue="shop")
    expect(mai.locator('.row[data-id="vn-1"]')).to_have_attribute("data-band", "calm")
    service.say("vn-1", "Gọi ba lần rồi, bực quá", queue="shop")
    service.say("vn-1", "Bực lắm rồi, tôi sẽ bóc phốt", queue="shop")
    mai.locator('.row[data-id="vn-1"] a').click()
    open_chat(linh, service, "vn-1")

    for action, status in STATUSES.items():
        do(mai, action).click()
        standing(mai, status)
        expect(mai.locator("#announcer")).not_to_be_empty()
    expect(handoff(mai)).to_contain_text("You have this conversation")
    expect(handoff(linh)).to_contain_text("Mai Nguyễn has this conversation")
    standing(linh, "joined")
    assert offered(linh) == []
    assert offered(mai) == ["return", "resolve"]
    expect(mai.locator('.mark-line[data-step="join"]')).to_contain_text("Mai Nguyễn joined the chat")
    expect(linh.locator('.mark-line[data-step="claim"]')).to_contain_text("Mai Nguyễn claimed it")

    do(mai, "resolve").click()
    dialog = mai.get_by_role("dialog", name="Resolve the conversation")
    dialog.get_by_label("Solved", exact=False).first.check()
    dialog.get_by_label("What solved it?").fill("Giao lại trong ngày, gọi 0912 345 678")
    dialog.get_by_role("button", name="Resolve").click()
    standing(mai, "resolved")
    standing(linh, "resolved")
    for page in (mai, linh):
        handoff(page).locator("details[data-focus=log] summary").click()
        expect(handoff(page).locator(".log .note")).to_contain_text("Giao lại trong ngày")
        expect(handoff(page).locator(".log .note")).not_to_contain_text("0912")
        expect(handoff(page).locator(".log .outcome")).to_contain_text("Solved")


def test_a_late_answer_leaves_the_focus_to_who_has_gone_on(board: Watched, service: RunningService) -> None:
    """The stream tells of a step before its own answer is here; by then the reader may be somewhere else."""
    service.say("chat-a", "useless idiots, my lawyer")
    page = board.page
    open_chat(page, service, "chat-a")
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/handoff", lambda route: held.append((route, route.fetch())))
    do(page, "claim").click()
    standing(page, "claimed")
    slider = page.get_by_role("slider")
    slider.focus()
    said = page.locator("#announcer").text_content() or ""
    ((route, answer),) = held
    route.fulfill(response=answer)
    expect(page.locator("#announcer")).not_to_have_text(said)
    expect(slider).to_be_focused()
    page.unroute("**/handoff")
    do(page, "accept").click()
    standing(page, "accepted")
    expect(do(page, "join")).to_be_focused()


def test_of_two_who_claim_at_once_one_has_it_and_the_other_is_told_who(
    watch: Callable[..., Watched], service: RunningService
) -> None:
    service.say("chat-a", "useless idiots, my lawyer")
    boards = {name: sign_in_as(name, watch, service) for name in ("mai", "linh")}
    for board in boards.values():
        board.forgiven.append("409")
        open_chat(board.page, service, "chat-a")
    for board in boards.values():
        # Both clicks are under way before either page can hear of the other.
        board.page.evaluate("""() => {
            const button = document.querySelector('.handoff [data-action="claim"]');
            setTimeout(() => button.click(), 400 - (Date.now() % 400));
        }""")
    for board in boards.values():
        standing(board.page, "claimed")
    has = [name for name, board in boards.items() if offered(board.page)]
    assert len(has) == 1
    (loser,) = set(boards) - set(has)
    expect(handoff(boards[loser].page)).to_contain_text(f"{has[0]} has this conversation")
    assert offered(boards[loser].page) == []


def test_who_is_too_late_reads_who_was_quicker_in_their_language(
    watch: Callable[..., Watched], service: RunningService
) -> None:
    service.say("chat-a", "useless idiots")
    board = sign_in_as("mai", watch, service)
    board.forgiven.append("409")
    page = board.page
    page.get_by_label("Language of the board").select_option("cs")
    expect(page.locator("html")).to_have_attribute("lang", "cs")
    open_chat(page, service, "chat-a")
    page.route("**/v1/events*", lambda route: route.abort())  # the news of the other's click is still on its way
    page.evaluate(
        """(key) => {
        const real = window.fetch;
        window.fetch = async (...asked) => {
            if (asked[1]?.method === "POST") {
                window.fetch = real;
                const headers = { ...asked[1].headers, Authorization: `Bearer ${key}` };
                await real(asked[0], { ...asked[1], headers, body: JSON.stringify({ action: "accept", by: "Jana Nováková" }) });
            }
            return real(...asked);
        };
    }""",
        KEY,
    )
    do(page, "claim").click()
    expect(handoff(page).locator(".refusal")).to_have_text("Rychlejší byl(a) Jana Nováková, má ji teď (Přijatá)")
    standing(page, "accepted")
    assert offered(page) == []
    expect(page.locator("#announcer")).to_contain_text("Jana Nováková")
    expect(handoff(page).get_by_role("heading")).to_be_focused()


def test_every_step_is_reached_and_taken_by_the_keyboard_alone(
    watch: Callable[..., Watched], service: RunningService
) -> None:
    service.say("chat-a", "useless idiots")
    page = sign_in_as("mai", watch, service).page
    expect(page.locator(".row")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    standing(page, "open")
    tab_to(page, '.handoff [data-action="claim"]')
    for action in ("claim", "accept", "join"):
        expect(do(page, action)).to_be_focused()
        page.keyboard.press("Enter")
        standing(page, STATUSES[action])
    expect(do(page, "resolve")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Give the conversation back")
    expect(dialog.get_by_label("What should the next person know?")).to_be_focused()
    page.keyboard.type("jk/ not shortcuts here")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(do(page, "resolve")).to_be_focused()  # Esc closed the dialog, not the conversation
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Not solved")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("asked twice")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    standing(page, "resolved")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(handoff(page).get_by_role("heading")).to_be_focused()
    tab_to(page, '[data-focus="packet"]')
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hand-off packet")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator('[data-focus="packet"]')).to_be_focused()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there; nothing on the way may keep it."""
    for _ in range(40):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"40 times Tab do not reach {selector}")


def test_a_claim_counts_down_for_both_and_is_given_back_with_a_word(
    watch: Callable[..., Watched], service: RunningService
) -> None:
    service.say("chat-a", "useless idiots")
    mai, linh = (sign_in_as(name, watch, service).page for name in ("mai", "linh"))
    for page in (mai, linh):
        open_chat(page, service, "chat-a")
    do(mai, "claim").click()
    expect(handoff(mai).locator(".handoff-left")).to_contain_text("Accept within 1:")
    expect(handoff(linh).locator(".handoff-left")).to_contain_text("Open again in 1:")
    do(mai, "return").click()
    mai.get_by_label("What should the next person know?").fill("They want a call")
    mai.get_by_role("dialog").get_by_role("button", name="Give back").click()
    standing(linh, "returned")
    expect(handoff(linh)).to_contain_text("mai gave it back")
    expect(handoff(linh).locator(".handoff-left")).to_be_empty()
    do(linh, "accept").click()
    standing(mai, "accepted")
    expect(handoff(mai)).to_contain_text("linh has this conversation")


def test_a_lapsed_claim_is_open_again_without_any_event(watch: Callable[..., Watched], service: RunningService) -> None:
    service.say("chat-a", "useless idiots")
    page = sign_in_as("mai", watch, service).page
    page.clock.install()
    open_chat(page, service, "chat-a")
    do(page, "claim").click()
    standing(page, "claimed")
    page.clock.fast_forward(121_000)
    page.clock.run_for(1000)
    standing(page, "open")
    expect(do(page, "claim")).to_be_visible()


def test_the_packet_is_read_in_another_language_copied_and_printed(
    watch: Callable[..., Watched], service: RunningService
) -> None:
    page = sign_in_as("mai", watch, service, permissions=["clipboard-read", "clipboard-write"]).page
    service.say("chat-a", "Where is my parcel? Order 4711.")
    service.say("chat-a", "I will call you back today.", role="agent")
    service.say("chat-a", "useless idiots, my lawyer will call you")
    open_chat(page, service, "chat-a")
    handoff(page).locator('[data-focus="packet"]').click()
    packet = page.get_by_role("dialog", name="Hand-off packet")
    for words in ("What was promised", "I will call you back today.", "my lawyer", "What the customer wants"):
        expect(packet).to_contain_text(words)
    expect(packet.locator("mark").first).to_be_visible()
    packet.get_by_role("button", name="Copy").click()
    expect(packet.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "WHAT WAS PROMISED" in copied
    assert "“I will call you back today.”" in copied
    packet.get_by_label("Language").select_option("cs")
    expect(packet).to_contain_text("useless idiots")
    expect(packet).not_to_contain_text("What was promised")
    page.evaluate("window.print = () => (window.printed = true)")
    packet.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed") is True
    page.emulate_media(media="print")
    expect(packet.locator("blockquote").first).to_be_visible()
    expect(page.locator(".list-pane")).to_be_hidden()
    expect(packet.get_by_role("button", name="Print")).to_be_hidden()
