"""What people and clocks do to an alert: Alert -> Alert. Pure; `alerts.py` says what a turn does to it.

People acknowledge, put to sleep, dismiss, and answer the customer. The clock lets an alert that nobody
accepted climb the ladder, wakes what sleeps, lets go what nobody touched for a day, and gives held alerts
the slots that come free in a queue's hourly budget.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from .alerts import RESOLVED_LEVEL, SAFETY, Alert, later, raised, rank_of
from .handoff import HandoffAction, Outcome
from .policy import Queue

LADDER: Final[Mapping[Queue, Queue]] = {
    "agent": "senior",
    "senior": "supervisor",
    "technical": "supervisor",
    "finance": "supervisor",
    "supervisor": "supervisor",
    "safety": "safety",
}
"""Who is told when nobody accepts in time; at the top the same people are told again."""
MAX_CLIMBS: Final = 3
"""From the agent to the supervisor and once more; what three deadlines did not move, a fourth will not."""
MAX_STRETCH: Final = 3
"""Answers put the deadline off to this many times the allowed span: company is no substitute for who was asked for."""
FORGOTTEN_S: Final = 24 * 3600.0
"""A live alert that no turn and no person has touched for so long is closed without a judgement."""
BUDGET_WINDOW_S: Final = 3600.0

AlertAction = Literal["acknowledge", "snooze", "dismiss"]


class AlertRefused(Exception):
    """This cannot be done to this alert; the message says why and is safe to show."""


@dataclass(frozen=True, slots=True)
class AlertChange:
    """What a person asks for. `until` belongs to snooze, `justified` to dismiss (False: a false alarm)."""

    action: AlertAction
    by: str
    until: float | None = None
    justified: bool | None = None


def changed(alert: Alert, change: AlertChange, now: float) -> Alert:
    """Return the alert after what a person asked for. Raises `AlertRefused`."""
    if change.action == "acknowledge":
        return acknowledge(alert, change.by, now)
    if change.action == "snooze":
        if change.until is None:
            raise ValueError("action 'snooze' without 'until'; expected the time when the alert wakes")
        return snooze(alert, change.until, now)
    return closed(alert, change.justified, change.by, now)


def acknowledge(alert: Alert, by: str, now: float) -> Alert:
    """Somebody is at it; who was first stays, unless they have handed it back. Raises `AlertRefused` when it has ended."""
    _refuse_ended(alert)
    if alert.status == "acknowledged":
        return alert if alert.acknowledged_by is not None else replace(alert, acknowledged_by=by)
    in_time = None if alert.due_at is None else alert.climbs == 0 and now <= alert.due_at
    return replace(
        alert,
        status="acknowledged",
        acknowledged_at=later(alert.raised_at, now),
        acknowledged_by=by,
        acknowledged_in_time=in_time,
        snoozed_until=None,
        updated_at=later(alert.updated_at, now),
    )


def snooze(alert: Alert, until: float, now: float) -> Alert:
    """Let it sleep until a time; it is raised again then, or before by a graver reason. Raises `AlertRefused`."""
    _refuse_ended(alert)
    if alert.queue == SAFETY:
        raise AlertRefused("An alert of the queue safety cannot be put to sleep; acknowledge or dismiss it.")
    return replace(alert, status="snoozed", snoozed_until=until, updated_at=later(alert.updated_at, now))


def closed(alert: Alert, justified: bool | None, by: str, now: float) -> Alert:
    """End it with its outcome; judging takes a look, so it counts as acknowledged too. Raises `AlertRefused`."""
    seen = acknowledge(alert, by, now)
    return replace(seen, status="closed", ended_at=now, justified=justified)


def answered(alert: Alert, now: float) -> Alert:
    """The agent has written to the customer: the deadline is put off, up to `MAX_STRETCH` spans in all.

    Not so for safety: who was called there is not the agent.
    """
    if alert.status not in ("raised", "acknowledged") or alert.queue == SAFETY or alert.addressed_at is None:
        return alert
    latest = alert.addressed_at + MAX_STRETCH * alert.respond_within_s
    return _due(alert, min(now + alert.respond_within_s, latest), now)


def joined_by_person(alert: Alert, by: str, now: float) -> Alert:
    """Who was called is in the conversation: acknowledged, and with the whole span from now on. Raises `AlertRefused`."""
    seen = acknowledge(alert, by, now)
    # Of what was held nobody was told, so no deadline runs.
    return seen if seen.due_at is None else _due(seen, now + seen.respond_within_s, now)


def given_up(alert: Alert, owner: str | None, lapses_at: float | None, now: float) -> Alert:
    """Raise anew what its conversation's owner had acknowledged, when their hand-off has lapsed: nobody is at it."""
    if alert.status != "acknowledged" or alert.acknowledged_at is None or alert.acknowledged_by != owner:
        return alert
    lapsed = lapses_at is not None and alert.acknowledged_at <= lapses_at <= now
    return raised(alert, now) if lapsed else alert


def resolved(alert: Alert, justified: bool | None, by: str, now: float) -> Alert:
    """Close it with its conversation's hand-off; unless it was a false alarm, the same matter may alert again.

    Raises `AlertRefused`.
    """
    ended = closed(alert, justified, by, now)
    return ended if justified is False else replace(ended, settled_level=RESOLVED_LEVEL)


def judged(alert: Alert, justified: bool) -> Alert:
    """Add the outcome to a closed alert that has none: who resolves may say it later."""
    return replace(alert, justified=justified) if alert.status == "closed" and alert.justified is None else alert


def followed(alert: Alert, action: HandoffAction, now: float, outcome: Outcome | None, by: str) -> Alert:
    """Return the alert after a step of its conversation's hand-off.

    Claiming or accepting acknowledges it, joining puts its deadline off, resolving closes it with its outcome,
    returning leaves it acknowledged, by nobody any more. To an ended alert an outcome may be added, nothing else.
    """
    justified = None if outcome is None else outcome != "false_alarm"
    if not alert.live:
        return alert if action != "resolve" or justified is None else judged(alert, justified)
    if action == "return":
        return replace(alert, acknowledged_by=None)
    if action == "resolve":
        return resolved(alert, justified, by, now)
    seen = joined_by_person(alert, by, now) if action == "join" else acknowledge(alert, by, now)
    # Whoever clicked first, the hand-off says who is responsible.
    return replace(seen, acknowledged_by=by)


def after_wait(alert: Alert, now: float) -> Alert:
    """Return what the clock makes of it by `now`; the alert itself when there is nothing to do."""
    if alert.status == "snoozed":
        return raised(alert, now) if alert.snoozed_until is not None and alert.snoozed_until <= now else alert
    if alert.live and alert.queue != SAFETY and now - alert.updated_at >= FORGOTTEN_S:
        return replace(alert, status="closed", ended_at=now, updated_at=now)
    return overdue(alert, now)


def next_queue(alert: Alert) -> Queue | None:
    """Return who is told when nobody accepts it until it is due; the same queue is told again, None is nobody."""
    return LADDER[alert.queue] if alert.status == "raised" and alert.climbs < MAX_CLIMBS else None


def overdue(alert: Alert, now: float) -> Alert:
    """Let it climb when nobody accepted it in time, `MAX_CLIMBS` times at most."""
    following = next_queue(alert)
    if following is None or alert.due_at is None or alert.due_at > now:
        return alert
    return replace(
        alert,
        queue=following,
        climbs=alert.climbs + 1,
        addressed_at=now,
        due_at=now + alert.respond_within_s,
        # `updated_at` stays: a climb is nobody's attention, and what nobody attends to is let go in the end.
    )


def release(waiting: Iterable[Alert], raised_in_last_hour: int, budget: int, now: float) -> tuple[Alert, ...]:
    """Return the held alerts of one queue that are raised now: as many as the budget has room for, highest rank first.

    A budget of 0 is no limit, and the queue `safety` has none.
    """
    ranked = sorted(waiting, key=lambda alert: (-rank_of(alert), alert.opened_at, alert.id))
    room = max(budget - raised_in_last_hour, 0)
    return tuple(
        raised(alert, now) for place, alert in enumerate(ranked) if budget == 0 or alert.queue == SAFETY or place < room
    )


def _due(alert: Alert, due_at: float, now: float) -> Alert:
    return replace(alert, due_at=later(alert.due_at, due_at), updated_at=later(alert.updated_at, now))


def _refuse_ended(alert: Alert) -> None:
    if not alert.live:
        raise AlertRefused(f"The alert has ended ({alert.status}); only a live one can be changed.")
