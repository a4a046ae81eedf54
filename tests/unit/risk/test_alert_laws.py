"""Laws of alerts over random days: turns, answers, people and clocks in any order."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.flow import ACTIONS, Assessment
from service.risk.alert_actions import (
    MAX_CLIMBS,
    AlertChange,
    AlertRefused,
    after_wait,
    answered,
    changed,
    joined_by_person,
    release,
)
from service.risk.alerts import AGAIN_MARGIN, SAFETY, Alert, alert_after, held, rank_of
from service.risk.policy import QUEUES
from tests.unit.risk.alert_examples import an_alert, an_assessment

levels = st.floats(0.0, 1.0)


@dataclass(frozen=True)
class Moment:
    """One thing that happens, and how long after the one before."""

    after_s: float
    kind: str
    level: float
    action: str
    queue: str
    rule: str
    within: int
    abstained: bool
    threat: float
    full: bool
    """Whether the queue's budget is used up."""


moments = st.builds(
    Moment,
    after_s=st.sampled_from((0.0, 5.0, 70.0, 400.0, 4000.0)),
    kind=st.sampled_from(
        ("turn", "turn", "turn", "answer", "acknowledge", "snooze", "dismiss", "join", "wait", "wait")
    ),
    # Few values, so that the same thing happens again and again; the rest of the range now and then.
    level=st.sampled_from((0.05, 0.4, 0.55, 0.7, 0.97)) | levels,
    action=st.sampled_from(("none", "none", *ACTIONS)),
    queue=st.sampled_from(("senior", "safety", *QUEUES)),
    rule=st.sampled_from(("rule-1", "rule-2", "rule-3")),
    within=st.sampled_from((60, 300, 900)),
    abstained=st.sampled_from((False, False, False, True)),
    threat=levels,
    full=st.booleans(),
)


@dataclass
class Day:
    """A conversation's alerts, and every value that each of them ever had, in order."""

    now: float = 0.0
    latest: Alert | None = None
    seen: list[tuple[Moment, Alert | None, Alert | None]] = field(default_factory=list)

    def live_through(self, moment: Moment, number: int) -> None:
        self.now += moment.after_s
        before, self.latest = self.latest, self._after(moment, number)
        self.seen.append((moment, before, self.latest))

    def _after(self, moment: Moment, number: int) -> Alert | None:
        alert, now = self.latest, self.now
        if moment.kind == "turn":
            following = alert_after(alert, _assessment(moment, number), now)
            opened = following is not None and (alert is None or alert.id != following.id)
            return _held_if_full(following, moment) if following is not None and opened else following
        if alert is None:
            return None
        if moment.kind in ("acknowledge", "snooze", "dismiss", "join"):
            return _asked(alert, moment, now)
        if moment.kind == "answer":
            return answered(alert, now)
        waited = after_wait(alert, now)
        return waited if waited.status != "held" else next(iter(release([waited], moment.full, 1, now)), waited)


def _held_if_full(alert: Alert, moment: Moment) -> Alert:
    return held(alert) if moment.full and alert.queue != SAFETY else alert


def _asked(alert: Alert, moment: Moment, now: float) -> Alert:
    """What a person asks for, or the alert as it was when that is refused."""
    try:
        if moment.kind == "join":
            return joined_by_person(alert, "mai", now)
        return changed(alert, AlertChange(moment.kind, "mai", until=now + 600.0), now)  # type: ignore[arg-type]
    except AlertRefused:
        return alert


def _assessment(moment: Moment, number: int) -> Assessment:
    return an_assessment(
        moment.level,
        moment.action,  # type: ignore[arg-type]
        moment.queue,
        rules=(moment.rule,),
        within=moment.within,
        turn_id=f"t{number}",
        threat=moment.threat,
        abstained=moment.abstained,
    )


@st.composite
def days(draw: st.DrawFn) -> Day:
    day = Day()
    for number, moment in enumerate(draw(st.lists(moments, min_size=3, max_size=40))):
        day.live_through(moment, number)
    return day


@given(days())
def test_a_second_alert_opens_only_after_the_first_has_ended(day: Day) -> None:
    for _, before, after in day.seen:
        if before is not None and after is not None and before.id != after.id:
            assert not before.live


@given(days())
def test_what_has_ended_stays_ended(day: Day) -> None:
    for _, before, after in day.seen:
        if before is not None and after is not None and before.id == after.id and not before.live:
            assert replace(after, settled_level=before.settled_level) == before


@given(days())
def test_a_live_alert_keeps_its_action_and_queue_or_goes_up(day: Day) -> None:
    for _, before, after in day.seen:
        if before is not None and after is not None and before.id == after.id:
            assert ACTIONS.index(after.action) >= ACTIONS.index(before.action)
            assert QUEUES.index(after.queue) >= QUEUES.index(before.queue)
            assert after.level >= before.level
            assert after.merged >= before.merged
            assert set(after.rules) >= set(before.rules)
            assert after.updated_at >= before.updated_at


@given(days())
def test_a_deadline_moves_back_only_when_a_graver_reason_brings_a_tighter_one(day: Day) -> None:
    for moment, before, after in day.seen:
        if before is None or after is None or before.id != after.id:
            continue
        if before.due_at is not None and after.due_at is not None and after.due_at < before.due_at:
            assert (after.action, after.queue) != (before.action, before.queue)
            assert moment.kind == "turn"
            assert after.addressed_at is not None
            assert after.due_at == after.addressed_at + moment.within


@given(days())
def test_climbs_come_one_by_one_from_waiting_and_end(day: Day) -> None:
    for moment, before, after in day.seen:
        assert after is None or after.climbs <= MAX_CLIMBS
        if before is not None and after is not None and before.id == after.id and after.climbs != before.climbs:
            assert (moment.kind, after.climbs) == ("wait", before.climbs + 1)


@given(days())
def test_safety_is_never_held_withdrawn_or_asleep(day: Day) -> None:
    for _, _, after in day.seen:
        assert after is None or after.queue != SAFETY or after.status not in ("held", "withdrawn", "snoozed")


@given(days())
def test_a_turn_that_was_not_scored_changes_nothing(day: Day) -> None:
    for moment, before, after in day.seen:
        if moment.kind == "turn" and moment.abstained:
            assert after is before


@given(days())
def test_only_an_alert_that_asks_for_somebody_has_a_clock(day: Day) -> None:
    for _, _, after in day.seen:
        if after is not None:
            assert (after.due_at is None) == (after.raised_at is None) == (after.addressed_at is None)
            assert after.status != "raised" or after.due_at is not None
            assert after.live == (after.ended_at is None)
            assert (after.snoozed_until is not None) == (after.status == "snoozed")


@given(days())
def test_the_same_day_again_is_the_same_in_every_field(day: Day) -> None:
    again = Day()
    for number, (moment, _, _) in enumerate(day.seen):
        again.live_through(moment, number)
    assert again.seen == day.seen


@given(days())
def test_what_returns_is_graver_further_up_or_clearly_higher(day: Day) -> None:
    for moment, before, after in day.seen:
        if before is None or after is None or before.id == after.id:
            continue
        settled = before.level if before.settled_level is None else before.settled_level
        graver = ACTIONS.index(after.action) > ACTIONS.index(before.action)
        further_up = QUEUES.index(after.queue) > QUEUES.index(before.queue)
        danger_again = after.queue == SAFETY and moment.threat >= 0.5
        assert graver or further_up or danger_again or after.level >= settled + AGAIN_MARGIN


@given(st.lists(st.tuples(st.floats(0.0, 0.999), st.booleans()), min_size=1, max_size=40), st.floats(0.36, 0.85))
def test_a_risk_that_trembles_within_the_margin_raises_one_alert_at_most_again(
    steps: list[tuple[float, bool]], floor: float
) -> None:
    """After a withdrawal the level stays within the margin above it: whatever is recommended, silence."""
    withdrawn = alert_after(an_alert(min(floor + 0.25, 1.0)), an_assessment(floor, "phrase", band="watch"), 1.0)
    assert withdrawn is not None
    if withdrawn.status != "withdrawn":
        return  # the height was cut at 1
    alert = withdrawn
    for number, (share, alerting) in enumerate(steps):
        level = floor + share * AGAIN_MARGIN
        assessment = an_assessment(level, "consult" if alerting else "phrase", turn_id=f"x{number}")
        if level < floor + AGAIN_MARGIN:
            alert = alert_after(alert, assessment, 2.0 + number) or alert
    assert alert == withdrawn


@given(
    st.lists(st.tuples(levels, st.sampled_from(("consult", "handoff")), st.floats(0, 100)), max_size=20),
    st.integers(0, 30),
    st.integers(0, 30),
)
def test_a_budget_is_kept_and_serves_the_highest_rank_first(
    drawn: list[tuple[float, str, float]], used: int, budget: int
) -> None:
    waiting = [
        replace(held(an_alert(level, action, "senior", now=at)), id=f"{place:02}")  # type: ignore[arg-type]
        for place, (level, action, at) in enumerate(drawn)
    ]
    released = release(waiting, used, budget, 200.0)
    assert len(released) == (len(waiting) if budget == 0 else min(len(waiting), max(budget - used, 0)))
    ids = {alert.id for alert in released}
    keys = [(-rank_of(alert), alert.opened_at) for alert in released]
    assert all(first <= second for first, second in pairwise(keys))
    assert all(keys[-1] <= (-rank_of(alert), alert.opened_at) for alert in waiting if keys and alert.id not in ids)
    assert all(alert.status == "raised" for alert in released)
