"""What helps a supervisor to judge and to answer: marks, the timeline, the record, the draft check, alerts, similar chats."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from service.risk.decide import load_policy
from tests.browser.running_service import RunningService
from tests.browser.supervisors import do, open_chat, sign_in_as
from tests.browser.watched import Watched


def hand_over(service: RunningService, conversation_id: str, **body: str) -> None:
    """Take a step of the hand-off as a desk would, by the API."""
    service.call("POST", f"/v1/conversations/{conversation_id}/handoff", dict(body))


def test_marks_tell_what_was_recommended_when_and_by_which_rule(board: Watched, service: RunningService) -> None:
    page = board.page
    start = datetime.now(UTC) - timedelta(hours=2)
    told = []
    # fmt: off
    said = [
        (0, "customer", "hello"), (1, "customer", "useless idiots, my lawyer"), (2, "customer", "useless idiots, my lawyer"),
        (20, "agent", "I am sorry"), (50, "customer", "???"),
    ]
    # fmt: on
    for minute, role, text in said:
        sent_at = (start + timedelta(minutes=minute)).isoformat()
        told.append(service.say("chat-a", text, role=role, sent_at=sent_at)["recommendation"])
    open_chat(page, service, "chat-a")
    marks = page.locator(".mark-line.told")
    decided = [(one["action"], one["queue"], one["reasons"][0]["rule"]) for one in told if one["reasons"]]
    changed = [one for place, one in enumerate(decided) if place == 0 or decided[place - 1] != one]
    expect(marks).to_have_count(len(changed))
    for place, (action, _, rule) in enumerate(changed):
        expect(marks.nth(place)).to_have_attribute("data-action", action)
        expect(marks.nth(place).locator(".rule")).to_have_text(rule)
    expect(page.locator('.gap[data-kind="waited"]')).to_contain_text("waited 20 min")
    expect(page.locator('.gap[data-kind="pause"]')).to_contain_text("30 min later")
    shown = page.locator(".turns > li").evaluate_all("all => all.map((item) => item.className.split(' ').at(-1))")
    assert shown[:3] == ["turn", "turn", "told"]
    expect(page.locator(".turn .abstained")).to_have_text("Not judged: no words")


def test_scores_are_quiet_until_somebody_asks(board: Watched, service: RunningService) -> None:
    page = board.page
    service.say("chat-a", "hello there")
    service.say("chat-a", "you idiots")
    open_chat(page, service, "chat-a")
    expect(page.locator(".turn").first.locator("summary")).to_have_text("Nothing flagged")
    expect(page.locator(".turn").last.locator(".chip")).to_have_text(["Abuse 96"])
    expect(page.locator(".meter").first).to_be_hidden()
    page.locator(".turn").last.locator("summary").click()
    expect(page.locator(".turn").last.locator(".meter")).to_have_count(4)
    expect(page.locator(".turn").last.locator(".meter").first).to_be_visible()
    expect(page.locator(".turn-tools")).to_have_count(2)


def test_the_timeline_is_read_by_keyboard_and_leads_to_the_turn(board: Watched, service: RunningService) -> None:
    page = board.page
    for n in range(12):
        service.say("chat-a", f"this is slow, number {n}" if n < 10 else "useless idiots, my lawyer")
    open_chat(page, service, "chat-a")
    do(page, "claim").click()
    slider = page.get_by_role("slider", name="Risk over time, message by message")
    expect(slider).to_have_attribute("aria-valuenow", "12")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("Customer message 12 of 12: .*admin claimed it"))
    expect(page.locator(".zone-name")).to_have_text(["Calm", "Watch", "High", "Critical"])
    expect(page.locator('.timeline-legend li[data-kind="alert"]')).to_be_visible()
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuenow", "1")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".timeline-told")).to_contain_text("risk")
    page.keyboard.press("Enter")
    second = page.locator(".turn").nth(1)
    expect(second).to_be_focused()
    expect(second).to_be_in_viewport()
    slider.click(position={"x": 300, "y": 60})
    expect(page.locator(".turn").last).to_be_focused()


def test_the_record_is_told_only_when_enough_alerts_were_judged(board: Watched, service: RunningService) -> None:
    page = board.page
    service.say("chat-a", "useless idiots, my lawyer")
    open_chat(page, service, "chat-a")
    record = page.locator(".record")
    expect(record).to_have_text("Not enough judged alerts yet at this level: 0 of 20")
    expect(page.locator(".forecast")).to_contain_text("within 4 customer messages")
    expect(page.locator(".forecast")).to_contain_text("shows after the third message")
    expect(page.locator(".forecast-because")).to_contain_text("a threat")

    summary = page.evaluate("fetch('/v1/alerts/summary').then((answer) => answer.json())")
    for level in summary["track_record"]:
        level["precision"] = {"justified": 29, "judged": 50, "share": 0.58}

    def answer(route: Route) -> None:
        route.fulfill(body=json.dumps(summary), content_type="application/json")

    page.route("**/v1/alerts/summary*", answer)
    page.reload()
    expect(record).to_have_text("At this level alerts were right in 58 of 100 (50 judged in 90 days)")


def test_blame_in_a_draft_is_found_while_typing_and_reworded(board: Watched, service: RunningService) -> None:
    page = board.page
    service.say("chat-a", "My parcel is late, this is slow")
    open_chat(page, service, "chat-a")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    box = page.get_by_label("Check a reply")
    box.press_sequentially("I look into it. You should have checked the address. Thanks.", delay=5)
    finding = page.locator('.finding[data-kind="blame"]')
    expect(finding).to_be_visible()
    expect(page.locator(".draft-said")).to_contain_text("to reconsider")
    expect(page.locator(".draft-mirror mark")).to_have_text(re.compile("^You should have check"))
    better = finding.locator(".offer").inner_text()
    finding.get_by_role("button", name="Use this wording").click()
    expect(box).to_have_value(f"I look into it. {better} Thanks.")
    expect(box).to_be_focused()
    expect(finding).to_have_count(0)
    assert sent
    assert {url.rpartition("/")[2] for url in sent} == {"draft"}
    assert len(sent) < 10  # sixty letters
    page.reload()
    expect(page.get_by_label("Check a reply")).to_have_value("")
    expect(page.locator(".turn")).to_have_count(1)  # neither stored nor sent


def test_a_phrase_goes_into_the_box_and_is_checked_there(board: Watched, service: RunningService) -> None:
    page = board.page
    answer = service.say("chat-a", "Gọi ba lần rồi, bực quá, làm ăn kiểu gì vậy")
    phrase = answer["recommendation"]["phrases"][0]
    open_chat(page, service, "chat-a")
    first = page.locator(".phrases li").first
    expect(first.locator("p")).to_have_attribute("lang", "vi")
    first.get_by_role("button", name="Check and edit").click()
    box = page.get_by_label("Check a reply")
    expect(box).to_have_value(phrase["text"])
    expect(box).to_be_focused()
    expect(box).to_have_attribute("lang", "vi")
    expect(page.locator(".draft-said")).not_to_be_empty()


def alert_status(page: Page, status: str) -> None:
    expect(page.locator(".alert")).to_have_attribute("data-status", status)


def test_an_alert_is_snoozed_acknowledged_and_dismissed(watch: Callable[..., Watched], service: RunningService) -> None:
    service.say("chat-a", "useless idiots, my lawyer")
    mai, linh = (sign_in_as(name, watch, service).page for name in ("mai", "linh"))
    for page in (mai, linh):
        open_chat(page, service, "chat-a")
        alert_status(page, "raised")
    expect(mai.locator(".alert-next")).to_contain_text("The supervisor is told again in")
    expect(mai.locator(".alert .rule").first).to_be_visible()
    snooze = mai.get_by_role("button", name="Snooze the alert of chat-a")
    snooze.click()
    mai.get_by_role("button", name="15 minutes").click()
    for page in (mai, linh):
        alert_status(page, "snoozed")
    expect(snooze).to_be_focused()
    snooze.click()
    later = datetime.now() + timedelta(hours=2)
    mai.get_by_label("Until", exact=True).fill(later.strftime("%H:%M"))
    mai.get_by_role("button", name="Snooze until then").click()
    # Late in the evening that time is tomorrow's, and the day is told.
    expect(linh.locator(".alert-next")).to_contain_text(re.compile(f"Snoozed until (.+, )?{later:%H:%M}"))
    linh.get_by_role("button", name="Acknowledge the alert of chat-a").click()
    expect(mai.locator(".alert-next")).to_contain_text("linh has had it since")
    expect(mai.get_by_role("button", name="Acknowledge the alert of chat-a")).to_be_hidden()
    mai.get_by_role("button", name="Dismiss the alert of chat-a").focus()
    mai.keyboard.press("Enter")
    mai.keyboard.press("Tab")
    expect(mai.get_by_role("button", name="False alarm")).to_be_focused()
    mai.keyboard.press("Enter")
    expect(mai.get_by_role("heading", name="Alert", exact=True)).to_be_focused()  # its card is gone
    expect(linh.locator(".alert-section")).to_contain_text("1 earlier alert")
    linh.locator('.alert-section summary[data-focus="past"]').click()
    expect(linh.locator(".past")).to_contain_text("Closed: false alarm")
    expect(linh.locator(".alert")).to_have_count(0)


def test_who_comes_second_at_an_alert_is_told_beside_the_conversation(board: Watched, service: RunningService) -> None:
    service.say("chat-a", "useless idiots, my lawyer")
    page = board.page
    open_chat(page, service, "chat-a")
    page.route("**/alerts?*", lambda route: route.abort())  # the news is still on its way
    board.forgiven.append("ERR_FAILED")
    (alert,) = service.call("GET", "/v1/alerts")["alerts"]
    service.call("POST", f"/v1/alerts/{alert['alert_id']}", {"action": "acknowledge", "by": "Mai Nguyễn"})
    page.get_by_role("button", name="Acknowledge the alert of chat-a").click()
    expect(page.locator(".alert-said")).to_have_text("Mai Nguyễn was faster with chat-a and has it.")
    expect(page.get_by_role("button", name="Acknowledge the alert of chat-a")).to_be_hidden()
    expect(page.get_by_role("button", name="Dismiss the alert of chat-a")).to_be_focused()


def test_what_solved_a_similar_chat_is_shown(board: Watched, service: RunningService) -> None:
    page = board.page
    service.say("old-1", "the courier lost my parcel, useless idiots, my lawyer")
    hand_over(service, "old-1", action="resolve", by="linh", note="Refunded and sent anew", outcome="solved")
    service.say("chat-a", "the courier lost my parcel, useless idiots, my lawyer")
    open_chat(page, service, "chat-a")
    similar = page.locator(".similar li")
    expect(similar).to_have_count(1)
    for words in ("Refunded and sent anew", "linh", "Solved", "courier"):
        expect(similar).to_contain_text(words)
    similar.get_by_role("link", name="old-1").click()
    expect(page.get_by_role("heading", name="old-1")).to_be_visible()


def test_a_narrow_screen_shows_every_part_and_never_scrolls_sideways(board: Watched, service: RunningService) -> None:
    page = board.page
    page.set_viewport_size({"width": 360, "height": 740})
    service.say("chat-a", "useless idiots, my lawyer will call you-" + "x" * 90, queue="a-very-long-name-of-a-queue")
    open_chat(page, service, "chat-a")
    page.get_by_label("Check a reply").fill("calm down " * 20)
    expect(page.locator(".finding").first).to_be_visible()
    for part in (".advice", ".handoff", ".alert", ".turn", ".timeline", ".forecast", ".draft"):
        page.locator(part).first.scroll_into_view_if_needed()
        expect(page.locator(part).first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    body = page.locator(".talk-body")
    assert body.evaluate("element => element.scrollWidth <= element.clientWidth")


@pytest.mark.parametrize("language", ["cs", "vi"])
def test_reasons_and_facts_to_collect_are_in_the_readers_language(
    watch: Callable[..., Watched], service: RunningService, language: str
) -> None:
    policy = load_policy()
    reasons = service.say("chat-a", "useless, my lawyer will write to you")["recommendation"]["reasons"]
    page = sign_in_as("jana", watch, service).page
    page.locator("#page-language").select_option(language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    open_chat(page, service, "chat-a")
    first = page.locator(".advice .reasons > li").first
    expect(first).to_contain_text(policy.explain(reasons[0]["rule"], language) or "(none)")
    facts = policy.to_collect(reasons[0]["rule"], language)
    assert facts
    expect(first.locator(".collect li")).to_have_text(list(facts))
