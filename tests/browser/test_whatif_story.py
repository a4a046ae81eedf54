"""The what-if page with the real service: a changed rule, the alerts that disappear, and the same diff as the command's."""

import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from service.__main__ import main
from service.api import replaying
from service.risk.conditions import CONDITIONS
from tests.browser.running_service import RunningService
from tests.browser.watched import Watched
from tests.unit.replay.matrices import rule

SHORT = f"version: what-if\nrules:\n{rule('twice', '{streak_at_least: {frustration: 2}}')}"


@pytest.fixture
def page(service: RunningService, board: Watched) -> Page:
    """Conversations with an alert by the forecast alone, by a threat, and without one; the page, opened."""
    for name, text in (("forecast", "useless, waiting again"), ("lawyer", "my lawyer will write"), ("calm", "hello")):
        service.say(name, text)
    board.page.goto(f"{service.url}/#/whatif")
    expect(board.page.get_by_role("heading", name="What if?", exact=True)).to_be_visible()
    return board.page


def raise_the_forecast(page: Page) -> None:
    page.get_by_label("Search the rules").fill("forecast-high")
    row = page.locator('[data-rule="forecast-high"]')
    row.locator("summary").click()
    row.get_by_label("Forecast of an escalation: at least").first.fill("95")
    expect(row.get_by_text("changed")).to_be_visible()


def replay(page: Page) -> None:
    page.get_by_role("button", name="Replay", exact=True).click()
    expect(page.get_by_role("heading", name="Result")).to_be_focused()


def by_command(service: RunningService, policy: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    arguments = ["replay", "--stored", "--policy", str(policy), "--against", "current", "--json"]
    assert main([*arguments, "--data-dir", str(service.data_dir)]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)["diff"]
    return found


def test_a_raised_threshold_shows_the_alerts_that_disappear_like_the_command(
    page: Page, service: RunningService, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expect(page.get_by_role("button", name="Replay", exact=True)).to_be_disabled()
    raise_the_forecast(page)
    expect(page.locator(".change-list")).to_contain_text(re.compile(r"Forecast of an escalation at least: \d+% → 95%"))
    replay(page)
    expect(page.locator(".result-says")).to_have_text("1 of 3 conversations would have had other alerts")
    case = page.locator("[data-case]")
    expect(case).to_have_count(1)
    expect(case).to_contain_text("Alert disappears")
    expect(case).to_contain_text("Message 1: Consult → senior colleague")
    expect(page.locator('[data-figure="alerts"] td')).to_have_text(["2", "1"])
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download the changed policy").click()
    changed = tmp_path / "what-if.yaml"
    downloading.value.save_as(changed)
    diff = by_command(service, changed, capsys)
    assert [(c["conversation_id"], c["kinds"], c["rules"]) for c in diff["cases"]] == [
        ("forecast", ["disappears"], ["forecast-high"])
    ]
    assert diff["metrics_before"]["all"]["alerts"] == 2
    assert [(e["rule"], e["after"]) for e in diff["matrix"]["edits"]] == [("forecast-high", "at least 0.95")]
    case.get_by_role("link", name="forecast").click()
    expect(page.locator(".bubble")).to_have_text("useless, waiting again")
    page.go_back()
    expect(case).to_have_count(1)


def test_a_rule_is_switched_off_sent_elsewhere_and_put_back(page: Page) -> None:
    row = page.locator('[data-rule="threat-legal"]')
    row.locator("summary").click()
    row.get_by_label("Goes to").select_option("senior")
    expect(page.locator(".change-list")).to_contain_text("Goes to: supervisor → senior colleague")
    replay(page)
    expect(page.locator("[data-case]")).to_contain_text("Other queue")
    row.get_by_label("Rule is in use").uncheck()
    expect(row).to_have_attribute("data-state", "off")
    replay(page)
    expect(page.locator('[data-case="lawyer"]')).to_contain_text("Alert disappears")
    page.get_by_role("button", name="Undo the changes of threat-legal").click()
    expect(row.get_by_label("Rule is in use")).to_be_checked()
    expect(row.get_by_label("Goes to")).to_have_value("supervisor")
    expect(page.get_by_role("button", name="Replay", exact=True)).to_be_disabled()


def test_a_broken_policy_shows_its_line(page: Page) -> None:
    raise_the_forecast(page)
    page.get_by_role("button", name="As a file (expert)").click()
    text = page.get_by_label("The policy file", exact=True)
    expect(text).to_have_value(re.compile("forecast_at_least: 0[.]95"))
    page.evaluate("document.querySelector('#whatif-text').value = ''")
    text.fill(SHORT.replace("action: consult", "action: shout"))
    expect(page.get_by_text("Line 5, rules[0].action: expected one of none, phrase, consult, handoff")).to_be_visible()
    expect(page.locator(".gutter [data-wrong]")).to_have_text("▶ 5")
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name="Replay", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Go to the line").click()
    expect(text).to_be_focused()
    assert (
        page.evaluate(
            "(() => { const f = document.activeElement; return f.value.slice(f.selectionStart, f.selectionEnd); })()"
        )
        == "    action: shout"
    )
    text.fill(SHORT)
    expect(page.get_by_text("This is a valid policy")).to_be_visible()
    expect(page.locator(".change-list")).to_contain_text("new rule")
    replay(page)
    expect(page.locator("[data-case]")).to_have_count(2)
    page.get_by_role("button", name="Rule by rule").click()
    expect(page.locator(".change-list li")).to_have_count(1)


def test_a_number_that_may_not_stand_there_is_not_taken(page: Page) -> None:
    raise_the_forecast(page)
    field = page.locator('[data-rule="forecast-high"] input[type=number]').first
    field.fill("120")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".change-list")).to_contain_text("→ 95%")


def test_a_replay_is_cancelled_and_its_seat_is_free_again(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    raise_the_forecast(page)
    trace_page, released = replaying._trace_page, threading.Event()

    def held(*arguments: Any) -> Any:
        assert released.wait(60)
        return trace_page(*arguments)

    monkeypatch.setattr(replaying, "_trace_page", held)
    for _ in range(replaying.MAX_REPLAYS + 1):
        released.clear()
        page.get_by_role("button", name="Replay", exact=True).click()
        expect(page.get_by_text("0 of 3 conversations")).to_be_visible()
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_text("Cancelled.")).to_be_visible()
        released.set()
    replay(page)


def test_every_condition_has_words_in_every_language(modules: Page) -> None:
    catalogue = modules.evaluate("async () => (await import('/assets/words/en.js')).strings")
    stems = {
        word.removesuffix("_s").removesuffix("_at_least").removesuffix("_at_most").removesuffix("_below")
        for word in CONDITIONS
    }
    stems = {"waiting" if stem.startswith("waiting") else stem for stem in stems}
    assert {f"when.{stem}" for stem in stems} == {key for key in catalogue if key.startswith("when.")}
