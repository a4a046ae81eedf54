"""Laws of the alerts' pure modules: what is heard, when silence ends, which tab leads, what happens next. No service."""

from typing import Any, Final

import pytest
from playwright.sync_api import Page

NOW: Final = 1_000_000
ALERT: Final[dict[str, Any]] = {
    "alert_id": "a1",
    "conversation_id": "chat-a",
    "queue": "supervisor",
    "action": "handoff",
    "band": "critical",
    "level": 0.9,
    "status": "raised",
    "raised_at": NOW - 10,
    "opened_at": NOW - 10,
    "due_at": NOW + 290,
    "climbs": 0,
    "climbs_to": "supervisor",
    "merged": 0,
    "acknowledged_at": None,
    "acknowledged_by": None,
    "snoozed_until": None,
    "ended_at": None,
    "justified": None,
    "reasons": [{"rule": "risk-critical", "because": "The risk is critical."}],
}

REVIEW: Final = """async ([looks, at]) => {
    const { keptLedger, ledgerFrom, review, settingsFrom } = await import("/assets/bell/rules.js");
    let kept = JSON.stringify({ at, told: [] });
    return looks.map(({ alerts, settings, now, canSound }) => {
        const found = review(ledgerFrom(kept), alerts, settingsFrom(JSON.stringify(settings)), now, canSound);
        kept = keptLedger(found.ledger);
        return [found.show.map((alert) => alert.alert_id), found.sound];
    });
}"""


def an_alert(**fields: Any) -> dict[str, Any]:
    return {**ALERT, **fields}


def reviewed(modules: Page, *looks: dict[str, Any], at: float = NOW) -> list[list[Any]]:
    """What each look tells: ids to show, and the sound. The ledger was last looked at `at`."""
    full = [{"alerts": [ALERT], "settings": {}, "now": NOW, "canSound": True, **look} for look in looks]
    return list(modules.evaluate(REVIEW, [full, at]))


HEARD: Final[list[Any]] = [["a1"], "alert"]
NOTHING: Final[list[Any]] = [[], None]


def test_an_alert_is_told_once_however_often_it_is_looked_at(modules: Page) -> None:
    assert reviewed(modules, {}, {}, {"now": NOW + 3600}, {"alerts": []}, {}) == [HEARD, *[NOTHING] * 4]


# fmt: off
FURTHER: Final = [
    ({"climbs": 1, "queue": "supervisor"},                 "it climbed"),
    ({"queue": "safety"},                                  "a graver reason moved it up"),
    ({"raised_at": NOW + 50},                              "who took it did not come"),
]
# fmt: on


@pytest.mark.parametrize(("fields", "why"), FURTHER, ids=[why for _, why in FURTHER])
def test_an_alert_that_asks_anew_is_told_once_more(modules: Page, fields: dict[str, Any], why: str) -> None:
    first = an_alert(queue="senior", action="consult")
    told = reviewed(modules, {"alerts": [first]}, {"alerts": [first | fields]}, {"alerts": [first | fields]})
    assert [shown for shown, _ in told] == [["a1"], ["a1"], []], why


def test_a_tab_with_an_older_list_tells_nothing_twice(modules: Page) -> None:
    older, newer = an_alert(queue="senior"), an_alert(queue="supervisor", climbs=1)
    looks = [{"alerts": [older]}, {"alerts": [newer]}, {"alerts": [older]}, {"alerts": [newer]}]
    assert reviewed(modules, *looks) == [HEARD, HEARD, NOTHING, NOTHING]


def test_another_reason_alone_is_not_told_again(modules: Page) -> None:
    assert reviewed(modules, {}, {"alerts": [an_alert(merged=3, level=0.99)]}) == [HEARD, NOTHING]


@pytest.mark.parametrize("status", ["held", "acknowledged", "snoozed"])
def test_only_what_asks_for_somebody_is_told(modules: Page, status: str) -> None:
    assert reviewed(modules, {"alerts": [an_alert(status=status)]}, {}) == [NOTHING, HEARD]


def test_what_is_there_after_an_absence_wakes_nobody(modules: Page) -> None:
    later = an_alert(alert_id="a2")
    assert reviewed(modules, {}, {"alerts": [ALERT, later]}, at=0) == [NOTHING, [["a2"], "alert"]]
    assert reviewed(modules, {}, at=NOW - 599) == [HEARD]
    assert reviewed(modules, {}, at=NOW - 601) == [NOTHING]


def test_a_tab_that_may_sound_does_it_for_one_that_may_not_if_it_is_soon(modules: Page) -> None:
    mute = {"canSound": False}
    assert reviewed(modules, mute, {"now": NOW + 2}, {"now": NOW + 3}) == [[["a1"], None], [[], "alert"], NOTHING]
    assert reviewed(modules, mute, {"now": NOW + 30}) == [[["a1"], None], NOTHING]


def test_safety_has_a_sound_of_its_own_also_in_company(modules: Page) -> None:
    both = [ALERT, an_alert(alert_id="s1", queue="safety")]
    assert reviewed(modules, {"alerts": both}) == [[["a1", "s1"], "safety"]]


SAFETY: Final = {"queue": "safety", "action": "consult", "band": "calm"}
# fmt: off
CHOICES: Final = [
    # settings,                                       alert,                                 heard
    ({},                                              {"action": "consult", "band": "calm"}, True),
    ({"muted": ["supervisor"]},                       {},                                    False),
    ({"muted": ["senior"]},                           {},                                    True),
    ({"muted": ["senior"]},                           {"queue": "a-new-one"},                True),
    ({"muted": ["safety"]},                           SAFETY,                                False),
    ({"action": "handoff"},                           {"action": "consult"},                 False),
    ({"action": "handoff"},                           {},                                    True),
    ({"band": "high"},                                {"band": "watch"},                     False),
    ({"band": "high"},                                {"band": "high"},                      True),
    ({"action": "handoff", "band": "critical"},       SAFETY,                                True),
    ({"quiet": {"until": NOW + 1}},                   {},                                    False),
    ({"quiet": {"until": NOW}},                       {},                                    True),
    ({"quiet": {"until": None}},                      {},                                    False),
    ({"quiet": {"until": None}},                      SAFETY,                                True),
    ({"quiet": {"until": None}, "safetyThrough": False}, SAFETY,                             False),
    ({"band": "sky-high", "muted": "x", "quiet": 5},  {},                                    True),
]
# fmt: on


@pytest.mark.parametrize(("settings", "fields", "heard"), CHOICES)
def test_what_is_heard_is_the_readers_choice(
    modules: Page, settings: dict[str, Any], fields: dict[str, Any], heard: bool
) -> None:
    ((shown, sound),) = reviewed(modules, {"alerts": [an_alert(**fields)], "settings": settings})
    assert (shown == ["a1"], sound is not None) == (heard, heard)


def test_what_came_during_a_silence_is_not_told_after_it(modules: Page) -> None:
    silence = {"quiet": {"until": NOW + 60}}
    assert reviewed(modules, {"settings": silence}, {"settings": silence, "now": NOW + 61}) == [NOTHING, NOTHING]


@pytest.mark.parametrize("kept", [None, "", "null", "[]", "7", '{"told": {"a": 1}, "at": "x"}', '{"told": [["a"], 5]}'])
def test_what_cannot_be_read_is_as_at_first(modules: Page, kept: str | None) -> None:
    settings, ledger = modules.evaluate(
        """async (kept) => {
            const { ledgerFrom, settingsFrom } = await import("/assets/bell/rules.js");
            const { at, told } = ledgerFrom(kept);
            return [[settingsFrom(kept), settingsFrom(null)], [at, told.size]];
        }""",
        kept,
    )
    assert settings[0] == settings[1]
    assert ledger == [0, 0]


def test_the_ledger_stays_small_and_knows_hostile_ids(modules: Page) -> None:
    size, again = modules.evaluate("""async () => {
        const { keptLedger, ledgerFrom, review, settingsFrom } = await import("/assets/bell/rules.js");
        const alert = (id, raised_at) => ({ alert_id: id, queue: "senior", action: "consult", band: "high", status: "raised", raised_at, climbs: 0 });
        const told = Array.from({ length: 900 }, (_, i) => [`x${i}`, { at: i, seen: [0, 0, 0, 0], isDone: true }]);
        const odd = ["__proto__", "constructor", "toString"].map((id) => alert(id, 5));
        const once = review({ at: 1000, told: new Map(told) }, odd, settingsFrom(null), 1000, true);
        const kept = keptLedger(once.ledger);
        const twice = review(ledgerFrom(kept), odd, settingsFrom(null), 1001, true);
        return [ledgerFrom(kept).told.size, [once.show.length, twice.show.length]];
    }""")
    assert size == 500
    assert again == [3, 0]


# fmt: off
SILENCES: Final = [
    ("half_hour", "2026-11-23T15:00:00", "2026-11-23T15:30:00"),
    ("tomorrow",  "2026-11-23T15:00:00", "2026-11-24T07:00:00"),
    ("tomorrow",  "2026-12-31T23:59:59", "2027-01-01T07:00:00"),
    ("tomorrow",  "2026-03-28T12:00:00", "2026-03-29T07:00:00"),
]
# fmt: on


@pytest.mark.parametrize(("choice", "now", "until"), SILENCES)
def test_a_silence_ends_by_the_readers_clock(modules: Page, choice: str, now: str, until: str) -> None:
    found, expected = modules.evaluate(
        """async ([choice, now, until]) => {
            const { quietUntil } = await import("/assets/bell/rules.js");
            return [quietUntil(choice, new Date(now)), new Date(until).getTime() / 1000];
        }""",
        [choice, now, until],
    )
    assert found == expected


def test_a_silence_without_end_has_none(modules: Page) -> None:
    found = modules.evaluate('async () => (await import("/assets/bell/rules.js")).quietUntil("off", new Date())')
    assert found is None


# fmt: off
CLAIMS: Final = [
    # lease (tab, visible, until),  asking (tab, visible),  leads
    (None,                          ("b", False),           True),
    (("a", True, 105),              ("a", True),            True),
    (("a", True, 105),              ("b", True),            False),
    (("a", False, 105),             ("b", False),           False),
    (("a", False, 105),             ("b", True),            True),
    (("a", True, 100),              ("b", False),           True),
]
# fmt: on


@pytest.mark.parametrize(("lease", "asking", "leads"), CLAIMS)
def test_one_tab_leads_where_there_are_no_locks(
    modules: Page, lease: tuple[str, bool, int] | None, asking: tuple[str, bool], leads: bool
) -> None:
    before = lease and {"tab": lease[0], "isVisible": lease[1], "until": lease[2]}
    found = modules.evaluate(
        'async ([lease, asking]) => (await import("/assets/bell/lease.js")).claim(lease, asking, 100)',
        [before, {"tab": asking[0], "isVisible": asking[1]}],
    )
    assert found["leads"] is leads
    assert found["lease"] == ({"tab": asking[0], "isVisible": asking[1], "until": 115} if leads else before)


def test_the_sounds_are_short_and_told_apart(modules: Page) -> None:
    alert, safety = modules.evaluate(
        'async () => { const { tune } = await import("/assets/bell/chime.js"); return [tune("alert"), tune("safety")]; }'
    )
    assert (len(alert), len(safety)) == (2, 3)
    for notes in (alert, safety):
        starts = [note["at"] for note in notes]
        assert starts == sorted(set(starts))
        assert starts[-1] < 1
    assert alert[0]["hz"] < alert[1]["hz"]
    assert safety[0]["hz"] > safety[1]["hz"]


# fmt: off
NEXT: Final = [
    ({},                                                            ["again.supervisor", 290]),
    ({"queue": "senior"},                                           ["climbs.supervisor", 290]),
    ({"queue": "agent", "climbs_to": "senior"},                     ["climbs.senior", 290]),
    ({"queue": "safety", "climbs_to": "safety"},                    ["again.safety", 290]),
    ({"due_at": NOW - 1},                                           ["now", 0]),
    ({"climbs_to": None},                                           ["last", 290]),
    ({"climbs_to": None, "due_at": NOW - 70},                       ["overdue", 70]),
    ({"status": "held", "due_at": None, "raised_at": None},         ["held", None]),
    ({"status": "snoozed", "snoozed_until": NOW + 60},              ["snoozed", 60]),
    ({"status": "acknowledged", "acknowledged_by": "Mai"},          ["acknowledged", None]),
    ({"status": "acknowledged"},                                    ["returned", None]),
]
ENDS: Final = [
    ({"status": "withdrawn"},                                       "withdrawn"),
    ({"justified": True, "acknowledged_by": "Mai"},                 "justified"),
    ({"justified": False, "acknowledged_by": "Mai"},                "false_alarm"),
    ({"acknowledged_by": "Mai"},                                    "unjudged"),
    ({},                                                            "forgotten"),
]
# fmt: on


@pytest.mark.parametrize(("fields", "expected"), NEXT)
def test_a_live_alert_says_what_happens_next_in_words_that_exist(
    modules: Page, fields: dict[str, Any], expected: list[Any]
) -> None:
    what, in_s, has_words = modules.evaluate(
        """async ([alert, now]) => {
            const { nextOf } = await import("/assets/alert_state.js");
            const { strings } = await import("/assets/words/en.js");
            const { what, in_s } = nextOf(alert, now);
            return [what, in_s, `alerts.next.${what}` in strings];
        }""",
        [an_alert(**fields), NOW],
    )
    assert ([what, in_s], has_words) == (expected, True)


@pytest.mark.parametrize(("fields", "expected"), ENDS)
def test_an_ended_alert_says_how(modules: Page, fields: dict[str, Any], expected: str) -> None:
    found = modules.evaluate(
        'async (alert) => (await import("/assets/alert_state.js")).endOf(alert)',
        an_alert(**{"status": "closed"} | fields),
    )
    assert found == expected


def test_what_needs_somebody_is_read_first_and_else_the_order_stays(modules: Page) -> None:
    statuses = ["snoozed", "held", "raised", "acknowledged", "raised", "held"]
    alerts = [an_alert(alert_id=str(place), status=status) for place, status in enumerate(statuses)]
    found = modules.evaluate(
        """async (alerts) => {
            const { matching } = await import("/assets/alert_state.js");
            return matching(alerts, { queue: "", status: "" }).map((alert) => alert.alert_id);
        }""",
        alerts,
    )
    assert found == ["2", "4", "1", "5", "3", "0"]


@pytest.mark.parametrize(
    ("time", "expected"),
    [("15:30", "2026-11-23T15:30:00"), ("15:00", "2026-11-24T15:00:00"), ("06:05", "2026-11-24T06:05:00"), ("", None)],
)
def test_a_time_of_day_is_the_next_one(modules: Page, time: str, expected: str | None) -> None:
    found, wanted = modules.evaluate(
        """async ([time, expected]) => {
            const { nextAt } = await import("/assets/alert_state.js");
            return [nextAt(time, new Date("2026-11-23T15:00:00"))?.getTime(), expected && new Date(expected).getTime()];
        }""",
        [time, expected],
    )
    assert found == wanted


def test_a_notification_holds_no_words_of_the_customer(modules: Page) -> None:
    said = modules.evaluate(
        """async (alert) => {
            const { wording } = await import("/assets/bell/notices.js");
            return wording({ ...alert, text: "useless idiots", last_customer_text: "useless idiots" });
        }""",
        an_alert(reasons=[*ALERT["reasons"], {"rule": "x", "because": None}]),
    )
    assert said == {"title": "Critical 90 · Supervisor", "body": "The risk is critical.\nand 1 more reason\nchat-a"}
