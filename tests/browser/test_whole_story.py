"""One burning chat from its first word to the report: it climbs, is taken over, resolved, corrected and counted."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.running_service import RunningService
from tests.browser.supervisors import do, handoff, open_chat, sign_in_as
from tests.browser.watched import Watched


def test_a_vietnamese_chat_climbs_is_taken_resolved_corrected_and_counted(
    watch: Callable[..., Watched], service: RunningService
) -> None:
    """The service is restarted in the middle: nobody signs in again, and nothing is lost."""
    watched = sign_in_as("Mai Nguyễn", watch, service)
    watched.forgiven += ["ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET", "503"]
    mai = watched.page
    service.say("vn-1", "Chào shop, đơn của tôi đâu ạ", queue="shop")
    row = mai.locator('.row[data-id="vn-1"]')
    expect(row).to_have_attribute("data-band", "calm")
    service.say("vn-1", "Gọi ba lần rồi, bực quá", queue="shop")
    service.stop()
    expect(mai.locator("#stream")).not_to_have_attribute("data-state", "live")
    service.start()
    service.say("vn-1", "Bực lắm rồi, tôi sẽ bóc phốt", queue="shop")
    expect(mai.locator("#stream")).to_have_attribute("data-state", "live")
    expect(row).not_to_have_attribute("data-band", "calm")

    open_chat(mai, service, "vn-1")
    expect(mai.locator(".turn")).to_have_count(3)
    for action in ("claim", "accept", "join", "resolve"):
        do(mai, action).click()
    dialog = mai.get_by_role("dialog", name="Resolve the conversation")
    dialog.get_by_label("Solved", exact=False).first.check()
    dialog.get_by_label("What solved it?").fill("Giao lại trong ngày")
    dialog.get_by_role("button", name="Resolve").click()
    expect(handoff(mai).locator(".standing")).to_have_attribute("data-status", "resolved")

    first = mai.locator(".turn").first
    first.get_by_role("button", name="Correct").click()
    first.get_by_role("button", name="Frustration", exact=True).click()
    expect(first.locator(".label-said")).to_contain_text("Corrected by Mai Nguyễn")

    mai.goto(f"{service.url}/#/reports")
    expect(mai.get_by_role("heading", name="Reports", exact=True)).to_be_visible()
    (day,) = mai.evaluate("""async () => {
        const midnight = (at) => new Date(at).toISOString().slice(0, 10);
        const span = `since=${midnight(Date.now())}&until=${midnight(Date.now() + 864e5)}`;
        return (await (await fetch(`/v1/reports/escalation?by=day&tz=UTC&${span}`)).json()).rows;
    }""")
    assert (day["conversations"], day["escalated"], day["resolution"]["resolved"]) == (1, 1, 1)
    expect(mai.locator(".page-body")).to_contain_text("Giao lại trong ngày")
