"""Laws of the conversation view's pure modules: they agree with the service's own rules, and never lose a word."""

from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page

from service.api.auth import Caller, may_take
from service.api.errors import Forbidden
from service.risk.alert_actions import AlertChange, AlertRefused, changed
from service.risk.alerts import STATUSES, Alert
from service.risk.handoff import ACTIONS, HANDED_OVER, TRANSITIONS, Handoff, HandoffRefused, Limits, take
from service.risk.tuning import BAND_FROM


def call(modules: Page, module: str, expression: str, given: object = None) -> Any:
    """Evaluate an expression over a module `m` and the given value `x`."""
    code = f"async (x) => {{ const m = await import('/assets/{module}.js'); return {expression}; }}"
    return modules.evaluate(code, given)


def may_agent_take(action: str) -> bool:
    try:
        may_take(Caller("session", name="mai", role="agent"), action)
    except Forbidden:
        return False
    return True


def test_the_buttons_are_what_the_service_allows_and_what_changes_something(modules: Page) -> None:
    owned = ("claimed", *HANDED_OVER)
    for status, reader in product(TRANSITIONS, ("mai", "linh")):
        held = Handoff(status, "mai" if status in owned else None, "mai", at=1.0)
        allowed = []
        for action in ACTIONS:
            try:
                if take(held, action, reader, 2.0, Limits()) != held:
                    allowed.append(action)
            except HandoffRefused:
                continue
        standing = {"status": held.status, "owner": held.owner}
        assert call(modules, "handoff_rules", "m.possible(x[0], x[1], true)", [standing, reader]) == allowed, standing
        # What the service lets an agent do: one of an agent's steps, and but for the claim only as the owner.
        agents = [
            action for action in allowed if may_agent_take(action) and (action == "claim" or held.owner == reader)
        ]
        assert call(modules, "handoff_rules", "m.possible(x[0], x[1], false)", [standing, reader]) == agents, standing
        usual = call(modules, "handoff_rules", "m.next(x)", standing)
        assert usual is None or reader != "mai" or usual in allowed


def test_a_hand_off_is_open_again_from_its_deadline_on(modules: Page) -> None:
    claimed = {"status": "claimed", "owner": "mai", "deadline": 100}
    for now, status in ((99, "claimed"), (100, "open")):
        assert call(modules, "handoff_rules", "m.standingAt(x[0], x[1]).status", [claimed, now]) == status


def test_what_may_be_done_with_an_alert_is_what_the_service_accepts(modules: Page) -> None:
    for status, queue, by in product(STATUSES, ("senior", "safety"), (None, "mai")):
        # fmt: off
        alert = Alert(
            "a", "c", "t", queue, "consult", ("r",), 0.7, status, 300, 1.0, 1.0, 1.0, 1.0, 301.0, acknowledged_by=by,
        )
        # fmt: on
        accepted = []
        for action in ("acknowledge", "snooze", "dismiss"):
            try:
                after = changed(alert, AlertChange(action, "linh", until=500.0), 2.0)
            except AlertRefused:
                continue
            if after != alert:
                accepted.append(action)
        told = {"status": status, "queue": queue, "acknowledged_by": by}
        assert call(modules, "alert_state", "m.possibleWith(x)", told) == accepted, told


def test_the_zones_of_the_timeline_are_the_bands_of_the_service(modules: Page) -> None:
    assert call(modules, "timeline_scale", "m.BAND_FROM") == dict(BAND_FROM)


@pytest.mark.parametrize(
    ("times", "breaks"),
    [([5], []), ([5, 5], []), ([0, 60, 90, 200], []), ([0, 60, 120, 86400, 86460], [86280]), ([0, 86400], [86400])],
)
def test_time_runs_to_the_right_and_a_night_does_not_fill_the_axis(
    modules: Page, times: list[int], breaks: list[int]
) -> None:
    found = call(
        modules,
        "timeline_scale",
        "(({ x: at, breaks }) => ({ xs: x.map(at), breaks: breaks.map((gap) => gap.seconds) }))(m.timeScale(x, { left: 10, right: 110 }))",
        times,
    )
    assert found["breaks"] == breaks
    assert found["xs"] == sorted(found["xs"])
    assert all(10 <= x <= 110 for x in found["xs"])
    if len(times) == 5:
        assert found["xs"][3] - found["xs"][2] < 40  # the night


def message(role: str, at: float, *, action: str = "none", rule: str = "r", status: str = "scored") -> dict[str, Any]:
    reasons = [] if action == "none" else [{"rule": rule, "because": "b"}]
    recommendation = {"action": action, "queue": None, "reasons": reasons}
    score = {"status": status} if role == "customer" else None
    return {"id": f"{role}-{at}", "role": role, "sentAt": at, "score": score, "recommendation": recommendation}


def test_only_what_changed_is_marked(modules: Page) -> None:
    told = [
        message("customer", 1),
        message("customer", 2, action="consult"),
        message("agent", 3),
        message("customer", 4, action="consult"),
        message("customer", 5, status="abstained"),
        message("customer", 6, action="consult", rule="other"),
        message("customer", 7),
        message("customer", 8),
    ]
    assert call(modules, "flow", "[...m.changes(x).keys()]", told) == ["customer-2", "customer-6", "customer-7"]


def test_a_customer_waits_from_the_first_unanswered_message(modules: Page) -> None:
    # fmt: off
    table: list[tuple[list[tuple[str, int]], object]] = [
        ([("customer", 0), ("agent", 60)],                     None),
        ([("customer", 0), ("customer", 100), ("agent", 180)], {"kind": "waited", "seconds": 180}),
        ([("agent", 0), ("customer", 500)],                    None),
        ([("agent", 0), ("customer", 700)],                    {"kind": "pause", "seconds": 700}),
        ([("agent", 700), ("customer", 0)],                    None),
        ([("agent", 0)],                                       None),
    ]
    # fmt: on
    for turns, expected in table:
        told = [message(role, at) for role, at in turns]
        assert call(modules, "flow", "m.gapBefore(x, x.length - 1)", told) == expected, turns


@pytest.mark.parametrize(
    ("times", "expected"), [([0, 60], None), ([0, 60, 180], 120), ([0, 60, 90, 6000], 60), ([9, 5, 1], 0)]
)
def test_the_pace_is_the_usual_time_between_messages(modules: Page, times: list[int], expected: object) -> None:
    assert call(modules, "flow", "m.pace(x.map((at) => ({ at })))", times) == expected


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("calm down now", [(0, 9)], [["calm down", 0], [" now", None]]),
        ("😀 calm down", [(2, 11)], [["😀 ", None], ["calm down", 0]]),
        ("abc", [(None, None)], [["abc", None]]),
        ("abc", [(0, 1), (1, 99)], [["a", 0], ["bc", 1]]),
        ("abc", [(1, 3), (0, 2)], [["a", None], ["bc", 0]]),
        ("", [(0, 3)], []),
    ],
)
def test_the_mirror_says_what_the_field_says(
    modules: Page, text: str, spans: list[tuple[int | None, int | None]], expected: object
) -> None:
    findings = [{"start": start, "end": end} for start, end in spans]
    found = call(modules, "draft_text", "m.pieces(x[0], x[1]).map((p) => [p.text, p.finding])", [text, findings])
    assert found == expected
    assert "".join(part for part, _ in found) == text


@pytest.mark.parametrize(
    ("text", "kind", "span", "expected"),
    [
        ("Hello. Calm down please. Bye.", "calm_down", (7, 16), "Hello. NEW Bye."),
        ("😀! Calm down", "calm_down", (3, 12), "😀! NEW"),
        ("one\ncalm down, yes\ntwo", "calm_down", (4, 13), "one\nNEW\ntwo"),
        ("calm down", "calm_down", (0, 9), "NEW"),
        ("Version 2.5 is to blame. Ok?", "blame", (18, 23), "NEW Ok?"),
        ("We look into it.", "missing_apology", None, "NEW We look into it."),
        ("We look into it.", "unanswered_question", None, "We look into it. NEW"),
    ],
)
def test_a_better_wording_takes_the_place_of_its_sentence(
    modules: Page, text: str, kind: str, span: tuple[int, int] | None, expected: str
) -> None:
    start, end = span or (None, None)
    finding = {"kind": kind, "start": start, "end": end, "offer": "NEW"}
    found = call(modules, "draft_text", "m.reworded(x[0], x[1])", [text, finding])
    assert found["text"] == expected
    utf16 = expected.encode("utf-16-le")[: 2 * found["caret"]].decode("utf-16-le")
    assert utf16.endswith("NEW")


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (0.2, {"of100": 0, "judged": 0, "isEnough": False}),
        (0.35, {"of100": 58, "judged": 100, "isEnough": True}),
        (1.0, {"of100": 100, "judged": 2, "isEnough": False}),
    ],
)
def test_two_right_ones_of_two_are_no_record(modules: Page, level: float, expected: object) -> None:
    edges = [(0.0, 0.35, 0, 0), (0.35, 0.8, 58, 100), (0.8, 1.0, 2, 2)]
    record = [
        {
            "from_level": low,
            "to_level": high,
            "precision": {"justified": right, "judged": all_, "share": right / all_ if all_ else None},
        }
        for low, high, right, all_ in edges
    ]
    assert call(modules, "forecast", "m.recordAt(x[0], x[1])", [record, level]) == expected


def test_the_customers_language_comes_first_and_nothing_else_moves(modules: Page) -> None:
    phrases = [{"id": n, "language": language} for n, language in enumerate(("en", "vi", "en", "vi"))]
    found = call(modules, "advice", "m.inLanguageFirst(x, 'vi').map((phrase) => phrase.id)", phrases)
    assert found == [1, 3, 0, 2]


def test_a_snooze_until_a_time_ends_at_the_next_such_time(modules: Page) -> None:
    noon = "new Date(2026, 4, 4, 12)"
    for time, hours in (("12:30", 0.5), ("11:00", 23.0), ("12:00", 24.0)):
        found = call(modules, "alert_state", f"m.nextAt(x, {noon}) - {noon}", time)
        assert found == hours * 3600 * 1000


def test_a_countdown_never_ends_before_its_time(modules: Page) -> None:
    # fmt: off
    table = {125: "2:05", 0.2: "0:01", 0: "0:00", -5: "0:00", 3600: "1:00:00", 3725: "1:02:05"}
    # fmt: on
    for seconds, expected in table.items():
        assert call(modules, "controls", "m.countdown(x)", seconds) == expected


def test_a_request_that_is_wanted_again_while_it_runs_is_asked_once_more(modules: Page) -> None:
    found = modules.evaluate("""async () => {
        const { Fetched } = await import("/assets/fetched.js");
        const answers = [];
        const waiting = [];
        let asked = 0;
        const fetched = new Fetched(() => new Promise((resolve) => { asked += 1; waiting.push(() => resolve(asked)); }),
            (answer) => answers.push(answer), () => {});
        const done = [fetched.ask(), fetched.ask(), fetched.ask()];
        waiting.shift()();
        while (!waiting.length) await null;
        waiting.shift()();
        await Promise.all(done);
        const last = fetched.ask();
        fetched.stop();
        waiting.shift()();
        await last;
        return { asked, answers };
    }""")
    assert found == {"asked": 3, "answers": [1, 2]}
