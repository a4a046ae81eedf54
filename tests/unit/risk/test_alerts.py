"""What a turn does to a conversation's alert, and what people and clocks do to it: tables."""

from dataclasses import replace

import pytest

from service.flow import Action, Assessment
from service.risk.alert_actions import (
    FORGOTTEN_S,
    LADDER,
    MAX_CLIMBS,
    AlertChange,
    AlertRefused,
    acknowledge,
    after_wait,
    answered,
    changed,
    closed,
    followed,
    given_up,
    joined_by_person,
    judged,
    overdue,
    release,
    snooze,
)
from service.risk.alerts import Alert, alert_after, held, raised, rank_of
from service.risk.policy import QUEUES
from tests.unit.risk.alert_examples import an_alert, an_assessment


def after(alert: Alert | None, assessment: Assessment, now: float = 10.0) -> Alert:
    found = alert_after(alert, assessment, now)
    assert found is not None
    return found


# fmt: off
OPENS = [  # action, abstained, agent's turn -> an alert
    ("none",    False, False, False),
    ("phrase",  False, False, False),
    ("consult", False, False, True),
    ("handoff", False, False, True),
    ("handoff", True,  False, False),
    ("handoff", False, True,  False),
]
MOVES = [  # live alert            next recommendation     -> action, queue, whether it was put before a queue again
    (("consult", "senior"),     ("consult", "senior"),     ("consult", "senior"),     False),
    (("consult", "senior"),     ("consult", "finance"),    ("consult", "finance"),    True),
    (("consult", "finance"),    ("consult", "senior"),     ("consult", "finance"),    False),
    (("consult", "senior"),     ("handoff", "supervisor"), ("handoff", "supervisor"), True),
    (("handoff", "supervisor"), ("consult", "senior"),     ("handoff", "supervisor"), False),
    (("consult", "supervisor"), ("handoff", "agent"),      ("handoff", "supervisor"), True),
    (("handoff", "supervisor"), ("handoff", "safety"),     ("handoff", "safety"),     True),
]
WITHDRAWN = [  # height, queue, status -> level and band of a turn that asks for nothing, whether it is withdrawn
    (0.65, "senior", "raised",       0.45, "watch", True),
    (0.65, "senior", "raised",       0.46, "watch", False),  # not far enough under its height
    (0.90, "senior", "raised",       0.65, "high",  False),  # far enough, but the band is still high
    (0.90, "senior", "raised",       0.55, "watch", True),
    (0.65, "senior", "held",         0.30, "calm",  True),
    (0.65, "senior", "snoozed",      0.30, "calm",  True),
    (0.65, "senior", "acknowledged", 0.30, "calm",  False),  # somebody is at it
    (0.65, "safety", "raised",       0.05, "calm",  False),  # only a person lets go
    (0.30, "senior", "raised",       0.05, "calm",  False),  # raised in calm: a request, no mood
]
AGAIN = [  # withdrawn at 0.45 from consult/senior: level, action, queue -> another alert
    (0.55, "consult", "senior",     False),
    (0.59, "consult", "agent",      False),
    (0.60, "consult", "senior",     True),   # climbed clearly
    (0.40, "handoff", "senior",     True),   # graver
    (0.40, "consult", "finance",    True),   # a queue further up
    (0.90, "phrase",  None,         False),
]
LADDER_TABLE = {
    "agent": "senior", "senior": "supervisor", "technical": "supervisor",
    "finance": "supervisor", "supervisor": "supervisor", "safety": "safety",
}
# fmt: on


@pytest.mark.parametrize(("action", "abstained", "agent", "opens"), OPENS)
def test_only_a_scored_turn_that_needs_a_second_person_opens_an_alert(
    action: Action, abstained: bool, agent: bool, opens: bool
) -> None:
    found = alert_after(None, an_assessment(0.7, action, abstained=abstained, agent=agent), 10.0)
    assert (found is not None) == opens
    if found is not None:
        assert (found.status, found.opened_at, found.due_at) == ("raised", 10.0, 310.0)
        assert (found.action, found.queue, found.rules, found.level) == (action, "senior", ("rule-1",), 0.7)


def test_an_alert_is_named_by_the_turn_that_opened_it() -> None:
    names = {after(None, an_assessment(0.7, "consult", turn_id=name)).id for name in ("t1", "t2", "t1")}
    assert len(names) == 2


def test_a_policy_without_queue_and_time_still_reaches_somebody() -> None:
    found = after(None, an_assessment(0.7, "handoff", None, within=None))
    assert (found.queue, found.respond_within_s, found.due_at) == ("supervisor", 600, 610.0)


@pytest.mark.parametrize(("live", "recommended", "stands", "again"), MOVES)
def test_a_live_alert_moves_up_and_never_back(
    live: tuple[Action, str], recommended: tuple[Action, str], stands: tuple[Action, str], again: bool
) -> None:
    alert = an_alert(0.7, *live)
    found = after(alert, an_assessment(0.7, *recommended, within=60))
    assert (found.id, found.status) == (alert.id, "raised")
    assert (found.action, found.queue) == stands
    assert (found.due_at, found.addressed_at) == ((70.0, 10.0) if again else (300.0, 0.0))
    assert found.merged == again


def test_another_reason_joins_and_the_same_one_does_not() -> None:
    alert = an_alert()
    same = after(alert, an_assessment(0.8, "consult"))
    assert (same.merged, same.level, same.rules, same.due_at) == (0, 0.8, ("rule-1",), alert.due_at)
    more = after(same, an_assessment(0.6, "consult", rules=("rule-2", "rule-1"), turn_id="t5"))
    assert (more.merged, more.level, more.rules, more.turn_id) == (1, 0.8, ("rule-1", "rule-2"), "t5")
    assert (more.due_at, more.status) == (alert.due_at, "raised")


@pytest.mark.parametrize(("height", "queue", "status", "level", "band", "withdrawn"), WITHDRAWN)
def test_an_alert_is_withdrawn_when_the_conversation_has_clearly_recovered(
    height: float, queue: str, status: str, level: float, band: str, withdrawn: bool
) -> None:
    alert = replace(an_alert(height, "consult", queue), status=status)
    found = after(alert, an_assessment(level, "phrase", band=band))  # type: ignore[arg-type]
    assert (found.status == "withdrawn") == withdrawn
    assert found.settled_level == (level if withdrawn else None)


def test_an_abstained_turn_neither_withdraws_nor_joins() -> None:
    alert = an_alert()
    for action in ("none", "handoff"):
        assert after(alert, an_assessment(0.0, action, "safety", abstained=True)) is alert  # type: ignore[arg-type]


@pytest.mark.parametrize(("level", "action", "queue", "again"), AGAIN)
def test_a_withdrawn_alert_returns_only_when_there_is_clearly_more(
    level: float, action: Action, queue: str | None, again: bool
) -> None:
    withdrawn = after(an_alert(), an_assessment(0.45, "phrase"))
    found = after(withdrawn, an_assessment(level, action, queue, turn_id="t7"), 20.0)
    assert (found.id != withdrawn.id) == again
    assert found.live == again


def test_a_closed_alert_is_as_quiet_as_a_withdrawn_one_once_the_conversation_has_recovered() -> None:
    dismissed = closed(an_alert(0.7), False, "mai", 5.0)
    assert after(dismissed, an_assessment(0.84, "consult", turn_id="t2")) is dismissed
    assert after(dismissed, an_assessment(0.86, "consult", turn_id="t2")).live
    recovered = after(dismissed, an_assessment(0.3, "phrase", turn_id="t2"))
    assert (recovered.status, recovered.settled_level, recovered.justified) == ("closed", 0.3, False)
    assert after(recovered, an_assessment(0.1, "none", turn_id="t3")) is recovered
    assert not after(recovered, an_assessment(0.44, "consult", turn_id="t3")).live
    assert after(recovered, an_assessment(0.46, "consult", turn_id="t3")).live


def test_a_danger_that_is_said_again_is_raised_again() -> None:
    ended = closed(an_alert(0.97, "handoff", "safety"), True, "mai", 5.0)
    assert not after(ended, an_assessment(0.97, "handoff", "safety", turn_id="t2")).live
    assert after(ended, an_assessment(0.97, "handoff", "safety", turn_id="t2", threat=0.9)).live


def test_moving_up_raises_what_was_acknowledged_or_asleep_for_a_lesser_matter() -> None:
    for alert in (acknowledge(an_alert(), "mai", 5.0), snooze(an_alert(), 900.0, 5.0)):
        same = after(alert, an_assessment(0.7, "consult", rules=("rule-2",)))
        assert same.status == alert.status
        graver = after(alert, an_assessment(0.9, "handoff", "supervisor", within=60))
        assert (graver.status, graver.raised_at, graver.due_at) == ("raised", 10.0, 70.0)
        assert (graver.acknowledged_at, graver.acknowledged_by, graver.snoozed_until) == (None, None, None)


def test_a_held_alert_stays_held_when_it_moves_up_except_to_safety() -> None:
    waiting = held(an_alert())
    assert (waiting.status, waiting.due_at, waiting.raised_at) == ("held", None, None)
    graver = after(waiting, an_assessment(0.9, "handoff", "supervisor"))
    assert (graver.status, graver.queue, graver.due_at) == ("held", "supervisor", None)
    assert after(waiting, an_assessment(0.9, "handoff", "safety", within=60)).due_at == 70.0


def test_acknowledging_is_in_time_before_the_first_deadline_only() -> None:
    alert = an_alert()
    assert acknowledge(alert, "mai", 300.0).acknowledged_in_time is True
    assert acknowledge(alert, "mai", 301.0).acknowledged_in_time is False
    assert acknowledge(overdue(alert, 300.0), "mai", 301.0).acknowledged_in_time is False
    assert acknowledge(held(alert), "mai", 1.0).acknowledged_in_time is None
    first = acknowledge(alert, "mai", 5.0)
    assert acknowledge(first, "petr", 6.0) is first


def test_a_snoozed_alert_wakes_with_its_whole_time() -> None:
    asleep = snooze(an_alert(), 600.0, 5.0)
    assert after_wait(asleep, 599.0) is asleep
    awake = after_wait(asleep, 600.0)
    assert (awake.status, awake.due_at, awake.snoozed_until, awake.climbs) == ("raised", 900.0, None, 0)
    for until in (FORGOTTEN_S, 2 * FORGOTTEN_S):
        assert after_wait(snooze(an_alert(), until, 0.0), until).status == "raised", "asleep is not forgotten"


def test_closing_judges_and_counts_as_a_look() -> None:
    found = closed(an_alert(), True, "mai", 7.0)
    assert (found.status, found.justified, found.ended_at) == ("closed", True, 7.0)
    assert (found.acknowledged_at, found.acknowledged_by, found.acknowledged_in_time) == (7.0, "mai", True)


def test_what_has_ended_is_left_alone() -> None:
    ended = closed(an_alert(), True, "mai", 7.0)
    for act in (
        lambda: acknowledge(ended, "mai", 8.0),
        lambda: snooze(ended, 9.0, 8.0),
        lambda: closed(ended, False, "mai", 8.0),
        lambda: joined_by_person(ended, "mai", 8.0),
    ):
        with pytest.raises(AlertRefused, match=r"has ended \(closed\)"):
            act()
    assert answered(ended, 8.0) is ended
    assert after_wait(ended, 1e9) is ended


def test_safety_is_not_put_to_sleep() -> None:
    with pytest.raises(AlertRefused, match="safety"):
        snooze(an_alert(0.97, "handoff", "safety"), 600.0, 5.0)


def test_an_answer_of_the_agent_puts_the_deadline_off_but_not_for_ever() -> None:
    alert = an_alert()
    due = [alert.due_at]
    for now in (100.0, 300.0, 700.0, 850.0):
        alert = answered(alert, now)
        due.append(alert.due_at)
    assert due == [300.0, 400.0, 600.0, 900.0, 900.0]
    danger = an_alert(0.97, "handoff", "safety")
    assert answered(danger, 100.0) is danger
    assert answered(held(an_alert()), 100.0).due_at is None


def test_a_person_who_joins_has_the_whole_time_from_then_on() -> None:
    found = joined_by_person(an_alert(), "mai", 250.0)
    assert (found.status, found.due_at, found.acknowledged_in_time) == ("acknowledged", 550.0, True)
    assert answered(joined_by_person(an_alert(), "mai", 890.0), 899.0).due_at == 1190.0
    untold = joined_by_person(held(an_alert()), "mai", 250.0)
    assert (untold.status, untold.due_at, untold.acknowledged_in_time) == ("acknowledged", None, None)


def test_what_somebody_took_and_did_not_come_for_is_raised_again() -> None:
    taken = acknowledge(an_alert(), "mai", 10.0)
    # fmt: off
    table = [  # owner, lapses at, now -> raised again
        ("mai",  130.0, 130.0, True),
        ("mai",  130.0, 129.0, False),
        ("mai",  None,  900.0, False),  # joined: no limit
        ("petr", 130.0, 130.0, False),  # somebody else's claim
        (None,   130.0, 130.0, False),
        ("mai",  5.0,   130.0, False),  # an older claim: acknowledged since
    ]
    # fmt: on
    for owner, lapses_at, now, again in table:
        found = given_up(taken, owner, lapses_at, now)
        assert found == (raised(taken, now) if again else taken)
    assert given_up(an_alert(), None, 130.0, 130.0).status == "raised"


def test_what_was_handed_back_is_acknowledged_by_nobody_and_raised_by_the_next_call() -> None:
    back = followed(acknowledge(an_alert(), "mai", 10.0), "return", 20.0, None, "mai")
    assert (back.status, back.acknowledged_by, back.acknowledged_at) == ("acknowledged", None, 10.0)
    assert after(back, an_assessment(0.7, "phrase"), 30.0).status == "acknowledged"
    called = after(back, an_assessment(0.7, "consult"), 30.0)
    assert (called.status, called.raised_at, called.due_at) == ("raised", 30.0, 330.0)
    assert acknowledge(back, "petr", 25.0).acknowledged_by == "petr"
    assert followed(an_alert(), "return", 20.0, None, "mai") == an_alert()


def test_what_was_resolved_is_raised_by_whatever_comes_next_but_a_false_alarm_is_not() -> None:
    again = an_assessment(0.1, "consult", turn_id="t9")
    assert after(followed(an_alert(0.9), "resolve", 5.0, "solved", "mai"), again).live
    assert after(followed(an_alert(0.9), "resolve", 5.0, None, "mai"), again).live
    assert not after(followed(an_alert(0.9), "resolve", 5.0, "false_alarm", "mai"), again).live


def test_an_outcome_is_added_where_there_is_none() -> None:
    unjudged = closed(an_alert(), None, "mai", 5.0)
    assert judged(unjudged, True).justified is True
    assert judged(closed(an_alert(), False, "mai", 5.0), True).justified is False
    assert judged(an_alert(), True).justified is None


def test_what_nobody_accepts_climbs_the_ladder_a_fixed_number_of_times() -> None:
    assert dict(LADDER) == LADDER_TABLE
    assert set(LADDER) == set(QUEUES)
    alert, path = an_alert(0.65, "consult", "agent"), []
    for _ in range(MAX_CLIMBS + 2):
        assert alert.due_at is not None
        assert after_wait(alert, alert.due_at - 1.0) is alert
        alert = after_wait(alert, alert.due_at)
        path.append((alert.queue, alert.climbs, alert.due_at))
    assert path == [
        ("senior", 1, 600.0),
        ("supervisor", 2, 900.0),
        ("supervisor", 3, 1200.0),
        ("supervisor", 3, 1200.0),
        ("supervisor", 3, 1200.0),
    ]
    danger = an_alert(0.97, "handoff", "safety")
    assert overdue(danger, 300.0).queue == "safety"
    assert overdue(danger, 300.0).climbs == 1


def test_nobody_is_rushed_who_has_accepted() -> None:
    for alert in (acknowledge(an_alert(), "mai", 5.0), held(an_alert())):
        assert after_wait(alert, 5000.0) is alert


def test_what_nobody_touches_for_a_day_is_closed_without_a_judgement_except_a_danger() -> None:
    for alert in (held(an_alert()), acknowledge(an_alert(), "mai", 0.0), overdue(an_alert(), 300.0)):
        assert after_wait(alert, FORGOTTEN_S - 1.0).live
        found = after_wait(alert, FORGOTTEN_S)
        assert (found.status, found.justified, found.ended_at) == ("closed", None, FORGOTTEN_S)
    assert after_wait(an_alert(0.97, "handoff", "safety"), 10 * FORGOTTEN_S).live


def test_what_a_person_asks_for_is_done() -> None:
    alert = an_alert()
    assert changed(alert, AlertChange("acknowledge", "mai"), 5.0) == acknowledge(alert, "mai", 5.0)
    assert changed(alert, AlertChange("snooze", "mai", until=60.0), 5.0) == snooze(alert, 60.0, 5.0)
    assert changed(alert, AlertChange("dismiss", "mai", justified=False), 5.0) == closed(alert, False, "mai", 5.0)
    with pytest.raises(ValueError, match="until"):
        changed(alert, AlertChange("snooze", "mai"), 5.0)


def test_the_gravest_is_first_then_who_has_waited_longest() -> None:
    # fmt: off
    ordered = [
        an_alert(0.90, "consult", "safety",     now=9.0),
        an_alert(0.65, "handoff", "supervisor", now=3.0),
        an_alert(0.40, "handoff", "agent",      now=1.0),
        an_alert(0.85, "consult", "senior",     now=9.0),
        an_alert(0.61, "consult", "senior",     now=1.0),
        an_alert(0.79, "consult", "senior",     now=2.0),
    ]
    # fmt: on
    assert [rank_of(alert) for alert in ordered] == sorted((rank_of(alert) for alert in ordered), reverse=True)
    waiting = [replace(held(alert), queue="senior", id=str(place)) for place, alert in enumerate(ordered)]
    assert [alert.id for alert in release(waiting[::-1], 8, 12, 20.0)] == ["1", "2", "0", "3"]


# fmt: off
ROOM = [  # waiting, raised in the last hour, budget -> released
    (3, 0, 12, 3), (3, 10, 12, 2), (3, 12, 12, 0), (3, 40, 12, 0), (3, 40, 0, 3), (0, 0, 12, 0),
]
# fmt: on


@pytest.mark.parametrize(("waiting", "used", "budget", "count"), ROOM)
def test_held_alerts_get_the_slots_that_are_free(waiting: int, used: int, budget: int, count: int) -> None:
    found = release([replace(held(an_alert()), id=str(n)) for n in range(waiting)], used, budget, 50.0)
    assert [(alert.status, alert.raised_at, alert.due_at) for alert in found] == [("raised", 50.0, 350.0)] * count


def test_safety_has_no_budget() -> None:
    assert len(release([held(an_alert(0.97, "handoff", "safety"))], 100, 1, 50.0)) == 1
