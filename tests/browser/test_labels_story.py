"""Correcting the model: two clicks in a conversation, live for others and in the export; the queue by keyboard alone."""

import json
import re
import urllib.request
from collections.abc import Callable
from typing import Any

from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from tests.browser.running_service import KEY, RunningService
from tests.browser.watched import Watched, follow

CLOSE = "I am waiting"  # 0.58, where half is the threshold


def exported(service: RunningService) -> list[dict[str, Any]]:
    """What `evenkeel labels export` would write now."""
    asked = urllib.request.Request(f"{service.url}/v1/labels/export", headers={"Authorization": f"Bearer {KEY}"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return [json.loads(line) for line in answer.read().decode().splitlines()]


def turn(page: Page, turn_id: str) -> Locator:
    return page.locator(f'.turn[data-turn="{turn_id}"]')


def toggle(place: Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True)


def test_a_chat_that_comes_before_the_reader_is_known_still_has_its_tools(
    board: Watched, service: RunningService
) -> None:
    service.say("chat-a", "I told my lawyer joke again")
    held: list[Route] = []
    board.page.route("**/v1/me", lambda route: held.append(route))
    with board.page.expect_request("**/v1/me"):
        board.page.goto(f"{service.url}/?#/c/chat-a")
    expect(board.page.locator("#stream")).to_have_attribute("data-state", "live")
    for route in held:
        route.continue_()
    board.page.unroute("**/v1/me")
    expect(board.page.get_by_role("button", name="Correct")).to_be_visible()


def test_two_clicks_correct_a_label_here_there_and_in_the_export(
    board: Watched, watch: Callable[..., Watched], service: RunningService
) -> None:
    service.say("chat-a", "I told my lawyer joke again")
    there = watch().page
    follow(there, service.sign_in_link())
    for page in (board.page, there):
        page.goto(f"{service.url}/#/c/chat-a")
        expect(page.get_by_role("button", name="Correct")).to_be_visible()
    before = board.page.locator(".badge").inner_text()
    mine = turn(board.page, "t1")
    mine.get_by_role("button", name="Correct").click()
    expect(toggle(mine, "Threat")).to_have_attribute("aria-pressed", "true")
    toggle(mine, "Threat").click()
    expect(mine.get_by_text("Saved")).to_be_visible()
    expect(toggle(mine, "Threat")).to_have_attribute("aria-pressed", "false")
    for page in (board.page, there):
        expect(turn(page, "t1").locator(".label-said")).to_have_text(
            re.compile(r"^Corrected by admin, \d\d:\d\d · Threat: no$")
        )
    (row,) = exported(service)
    (said,) = row["turns"]
    assert (row["id"], said["text"], said["threat"], said["threat_kinds"]) == (
        "chat-a",
        "I told my lawyer joke again",
        0,
        [],
    )
    assert [said[label] for label in ("frustration", "abuse", "asks_human", "sentiment")] == [None] * 4, "not touched"
    assert board.page.locator(".badge").inner_text() == before, "a correction changes no risk"


def test_clicks_in_a_row_are_all_kept_and_can_be_taken_back(board: Watched, service: RunningService) -> None:
    service.say("chat-a", "hello there")
    board.page.goto(f"{service.url}/#/c/chat-a")
    mine = turn(board.page, "t1")
    mine.get_by_role("button", name="Correct").click()
    for name in ("Threat", "legal action", "Abuse", "negative"):
        toggle(mine, name).click()
    expect(mine.locator(".label-said")).to_contain_text("Abuse: yes · Threat: yes")
    expect(mine.locator(".label-said")).to_contain_text("negative")
    (said,) = exported(service)[0]["turns"]
    assert (said["threat"], said["threat_kinds"], said["abuse"], said["sentiment"]) == (1, ["legal"], 1, "negative")
    mine.get_by_role("button", name="Take mine back").click()
    expect(mine.locator(".label-said li")).to_have_count(0)
    assert exported(service) == []


def test_an_older_answer_takes_no_label_back(board: Watched, service: RunningService) -> None:
    """A conversation that was asked for before a click, and comes after it, is not what the next click builds on."""
    service.say("chat-a", "hello there")
    page = board.page
    page.goto(f"{service.url}/#/c/chat-a")
    mine = turn(page, "t1")
    mine.get_by_role("button", name="Correct").click()
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/v1/conversations/chat-a?*", lambda route: held.append((route, route.fetch())))
    with page.expect_request("**/v1/conversations/chat-a?*"):
        service.say("chat-a", "let me see", role="agent")
    while not held:
        page.wait_for_timeout(20)
    toggle(mine, "Abuse").click()
    expect(mine.locator(".label-status")).to_have_attribute("data-state", "saved")
    held[0][0].fulfill(response=held[0][1])
    expect(page.locator(".turn")).to_have_count(2)
    toggle(mine, "negative").click()
    expect(mine.locator(".label-said")).to_contain_text("Abuse: yes · negative")
    for route, answer in held[1:]:
        route.fulfill(response=answer)
    page.unroute("**/v1/conversations/chat-a?*")
    (said,) = exported(service)[0]["turns"]
    assert (said["abuse"], said["sentiment"]) == (1, "negative")


def test_one_click_says_that_it_is_right(board: Watched, service: RunningService) -> None:
    service.say("chat-a", "useless idiots")
    board.page.goto(f"{service.url}/#/c/chat-a")
    mine = turn(board.page, "t1")
    mine.get_by_role("button", name="Right as it is").click()
    expect(mine.locator(".label-said")).to_contain_text("Confirmed by admin")
    expect(mine.get_by_role("button", name="Right as it is")).to_be_hidden()
    (said,) = exported(service)[0]["turns"]
    assert [said[label] for label in ("frustration", "abuse", "threat", "asks_human")] == [1, 1, 0, 0]


def test_escape_closes_the_editor_and_stays_in_the_conversation(board: Watched, service: RunningService) -> None:
    service.say("chat-a", "hello")
    board.page.goto(f"{service.url}/#/c/chat-a")
    opener = board.page.get_by_role("button", name="Correct")
    opener.click()
    expect(opener).to_have_attribute("aria-expanded", "true")
    board.page.keyboard.press("Escape")
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(opener).to_be_focused()
    assert board.page.url.endswith("#/c/chat-a")


def test_agents_messages_have_nothing_to_correct(board: Watched, service: RunningService) -> None:
    service.say("chat-a", "hello")
    service.say("chat-a", "how can I help", role="agent")
    board.page.goto(f"{service.url}/#/c/chat-a")
    expect(turn(board.page, "t2")).to_be_visible()
    expect(board.page.get_by_role("button", name="Correct")).to_have_count(1)


def test_the_queue_is_worked_by_keyboard_alone(board: Watched, service: RunningService) -> None:
    for name in ("chat-a", "chat-b", "chat-c"):
        service.say(name, f"{CLOSE}, {name}")
    page = board.page
    page.get_by_role("link", name="Labelling").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Messages worth a label")).to_be_focused()
    card = page.locator(".label-card")
    expect(card).to_contain_text("Frustration: 58 of 100")
    expect(page.locator(".labels-progress")).to_have_text("0 labelled now · 3 wait")
    first = card.locator(".label-words").inner_text().rsplit(", ", 1)[1]
    page.keyboard.press("f")
    expect(toggle(card, "Frustration")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("t")
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    expect(page.locator(".labels-progress")).to_have_text("1 labelled now · 2 wait")
    expect(card).to_be_focused()
    expect(card.locator(".label-words")).not_to_contain_text(first)
    page.keyboard.press("n")
    expect(page.locator(".labels-progress")).to_have_text("1 labelled now · 1 waits")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing waits for a label")).to_be_visible()
    expect(page.locator(".labels-summary")).to_contain_text("2 messages were labelled.")
    rows = {row["id"]: row["turns"][0] for row in exported(service)}
    assert len(rows) == 2
    assert [rows[first][label] for label in ("frustration", "abuse", "threat", "asks_human")] == [0, 0, 1, 0]
    assert rows[first]["sentiment"] == "neutral", "the one after negative"


def test_the_last_one_is_undone(board: Watched, service: RunningService) -> None:
    service.say("chat-a", CLOSE)
    page = board.page
    page.goto(f"{service.url}/#/labels")
    card = page.locator(".label-card")
    card.get_by_role("button", name="Save and next").click()
    page.get_by_role("button", name="Undo the last").click()
    expect(card.locator(".label-words")).to_have_text(CLOSE)
    assert exported(service) == []


def test_the_list_chooses_a_message_and_filters_narrow_it(board: Watched, service: RunningService) -> None:
    service.say("chat-a", CLOSE)
    service.say("chat-b", "reklamace trvá dlouho, řekněte")
    page = board.page
    page.goto(f"{service.url}/#/labels/list")
    rows = page.locator(".labels-list li")
    expect(rows).to_have_count(2)
    page.locator("#page").get_by_label("Language", exact=True).select_option("cs")
    expect(rows).to_have_count(1)
    page.locator("#page").get_by_label("Language", exact=True).select_option("")
    expect(rows).to_have_count(2)
    page.get_by_role("link", name=re.compile("reklamace")).click()
    expect(page.locator(".label-words")).to_have_text("reklamace trvá dlouho, řekněte")
    page.locator("#page").get_by_label("Reason", exact=True).select_option("drifting")
    expect(page.get_by_role("heading", name="Nothing waits for a label")).to_be_visible()


def test_a_message_with_markup_stays_text(board: Watched, service: RunningService) -> None:
    words = '<img src=x onerror="document.title=1"> I am waiting'
    service.say("chat-a", words)
    board.page.goto(f"{service.url}/#/labels")
    expect(board.page.locator(".label-words")).to_have_text(words)
    assert board.page.locator(".label-card img").count() == 0
