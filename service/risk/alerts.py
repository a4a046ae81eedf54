"""(latest alert, Assessment) -> alert: opened, joined, moved up, withdrawn, opened again. Pure; runs beside stage `record`.

At most one alert of a conversation is live. While it is, a further reason joins it, and a graver action
or a queue further up moves it, never back. It ends when the conversation has clearly recovered or a person
closes it, and the same thing opens no second one until the risk has climbed clearly above where the first
one settled. What people and clocks do to an alert is in `alert_actions.py`.
Try: `alert_after(None, assessment, now)`
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Final, Literal

from ..flow import ACTIONS, BANDS, Action, Assessment, Band, Recommendation, Risk
from .level import band_after
from .policy import QUEUES, Queue

AlertStatus = Literal["held", "raised", "acknowledged", "snoozed", "withdrawn", "closed"]
LIVE: Final[tuple[AlertStatus, ...]] = ("held", "raised", "acknowledged", "snoozed")
"""Held: over the queue's budget, nobody was told yet. Snoozed: asleep until a time that somebody chose."""
STATUSES: Final[tuple[AlertStatus, ...]] = (*LIVE, "withdrawn", "closed")
ALERTING: Final[tuple[Action, ...]] = ("consult", "handoff")
"""Actions that ask for a second person."""

WITHDRAW_MARGIN: Final = 0.20
"""How far under its height the risk must fall: twice a band's margin, so one milder sentence is not enough."""
AGAIN_MARGIN: Final = 0.15
"""How far above where an alert settled the risk must climb before the same thing is raised again."""
SAFETY: Final = "safety"
"""People may get hurt: never held, never withdrawn or let go by a clock, never put to sleep."""
RESOLVED_LEVEL: Final = -1.0
"""Where an alert has settled whose conversation a person has resolved: whatever asks for somebody after that is new."""
DEFAULT_QUEUE: Final[Queue] = "supervisor"
DEFAULT_WITHIN_S: Final = 600
"""For a policy of another make that names no queue of ours or no time; the shipped matrix must name both."""

_ENDED_BANDS: Final[tuple[Band, ...]] = ("calm", "watch")


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert, live or ended; no customer text in it. Times are seconds since the epoch."""

    id: str
    conversation_id: str
    turn_id: str
    """The turn that opened it, or the latest one that joined it with another reason."""
    queue: Queue
    """Whom it is addressed to now."""
    action: Action
    rules: tuple[str, ...]
    level: float
    """The risk at its height while the alert was live."""
    status: AlertStatus
    respond_within_s: int
    opened_at: float
    updated_at: float
    raised_at: float | None
    """Since when it asks for somebody: None while held, later when it was raised anew after being acknowledged."""
    addressed_at: float | None
    """When it was put before its present queue; None while held."""
    due_at: float | None
    climbs: int = 0
    merged: int = 0
    """How often another reason joined it."""
    acknowledged_at: float | None = None
    acknowledged_by: str | None = None
    """Nobody any more when the conversation was handed back: the next turn that asks for somebody raises it anew."""
    acknowledged_in_time: bool | None = None
    """Before it was due for the first time, that is: without a climb."""
    snoozed_until: float | None = None
    ended_at: float | None = None
    settled_level: float | None = None
    """The risk when the conversation had recovered from it, RESOLVED_LEVEL when a person saw to that; None until then."""
    justified: bool | None = None
    """The outcome: was it right? None while nobody has judged."""

    @property
    def live(self) -> bool:
        """Whether it still asks for something, or somebody is at it."""
        return self.status in LIVE


def alert_after(latest: Alert | None, assessment: Assessment, now: float) -> Alert | None:
    """Return the conversation's alert after a turn: `latest` as it is, changed, or another one in its place.

    `latest` is the alert that was opened last, ended or not. A turn that was not scored changes nothing:
    it can neither raise an alert nor withdraw one.
    """
    if assessment.score is None or assessment.score.status != "scored":
        return latest
    if latest is not None and latest.live:
        return _carried_on(latest, assessment, now)
    if assessment.recommendation.action in ALERTING:
        return _opened(assessment, now) if latest is None or _another(latest, assessment) else latest
    if latest is not None and latest.settled_level is None and _recovered(latest, assessment.risk):
        return replace(latest, settled_level=assessment.risk.level)
    return latest


def raised(alert: Alert, now: float) -> Alert:
    """Put it before its queue anew, with its whole time to respond; nobody has acknowledged it."""
    return replace(
        alert,
        status="raised",
        raised_at=now,
        addressed_at=now,
        due_at=later(alert.due_at, now + alert.respond_within_s),
        updated_at=later(alert.updated_at, now),
        acknowledged_at=None,
        acknowledged_by=None,
        acknowledged_in_time=None,
        snoozed_until=None,
    )


def held(alert: Alert) -> Alert:
    """Take a newly opened alert back until its queue's budget has room: nobody was told, no clock runs."""
    return replace(alert, status="held", raised_at=None, addressed_at=None, due_at=None)


def rank_of(alert: Alert) -> int:
    """Return which alert is looked at first: the greater number; of equals, the one that has waited longer."""
    return 100 * (alert.queue == SAFETY) + 10 * ACTIONS.index(alert.action) + BANDS.index(band_of(alert))


def band_of(alert: Alert) -> Band:
    """Return the band of the risk at its height."""
    return band_after("calm", alert.level)


def later(known: float | None, candidate: float) -> float:
    """Return the later time: clocks of several workers differ a little, and no time may move back."""
    return candidate if known is None else max(known, candidate)


def _opened(assessment: Assessment, now: float) -> Alert:
    recommended = assessment.recommendation
    within = _within(recommended)
    return Alert(
        id=_id(assessment),
        conversation_id=assessment.conversation_id,
        turn_id=assessment.turn_id,
        queue=_queue(recommended),
        action=recommended.action,
        rules=_rules(recommended),
        level=float(assessment.risk.level),
        status="raised",
        respond_within_s=within,
        opened_at=now,
        updated_at=now,
        raised_at=now,
        addressed_at=now,
        due_at=now + within,
    )


def _carried_on(alert: Alert, assessment: Assessment, now: float) -> Alert:
    """A live alert after a scored turn."""
    level = float(assessment.risk.level)
    seen = replace(alert, level=max(alert.level, level), updated_at=later(alert.updated_at, now))
    if assessment.recommendation.action in ALERTING:
        joined = _joined(seen, assessment, now)
        nobody_is_at_it = joined.status == "acknowledged" and joined.acknowledged_by is None
        return raised(joined, now) if nobody_is_at_it else joined
    if _may_be_withdrawn(seen) and _recovered(seen, assessment.risk):
        return replace(seen, status="withdrawn", ended_at=now, settled_level=level, snoozed_until=None)
    return seen


def _joined(alert: Alert, assessment: Assessment, now: float) -> Alert:
    recommended = assessment.recommendation
    action = max(alert.action, recommended.action, key=ACTIONS.index)
    queue = max(alert.queue, _queue(recommended), key=QUEUES.index)
    rules = tuple(dict.fromkeys((*alert.rules, *_rules(recommended))))
    if (action, queue, rules) == (alert.action, alert.queue, alert.rules):
        return alert
    joined = replace(alert, rules=rules, merged=alert.merged + 1, turn_id=assessment.turn_id)
    if (action, queue) == (alert.action, alert.queue):
        return joined
    return _moved_up(replace(joined, action=action, queue=queue, respond_within_s=_within(recommended)), now)


def _moved_up(alert: Alert, now: float) -> Alert:
    """Put it before whom it is addressed to now; the graver reason sets the time, also a tighter one."""
    if alert.status == "held" and alert.queue != SAFETY:
        return alert
    if alert.status == "raised":
        return replace(alert, addressed_at=now, due_at=now + alert.respond_within_s)
    # Who acknowledged it, or put it to sleep, did so for a lesser matter; and safety is not held.
    return raised(replace(alert, due_at=None), now)


def _another(ended: Alert, assessment: Assessment) -> bool:
    """Whether what is recommended now is more than the ended alert was about, or the same once more."""
    recommended, risk, score = assessment.recommendation, assessment.risk, assessment.score
    if ACTIONS.index(recommended.action) > ACTIONS.index(ended.action):
        return True
    queue = _queue(recommended)
    if QUEUES.index(queue) > QUEUES.index(ended.queue):
        return True
    if queue == SAFETY and score is not None and score.flags.get("threat", False):
        return True  # said once more: it is not for us to weigh it
    settled = ended.level if ended.settled_level is None else ended.settled_level
    return risk.level >= settled + AGAIN_MARGIN


def _may_be_withdrawn(alert: Alert) -> bool:
    """Who is at it decides, and safety never lets go; what was raised in calm is a fact and no mood that passes."""
    return alert.queue != SAFETY and alert.status != "acknowledged" and band_after("calm", alert.level) != "calm"


def _recovered(alert: Alert, risk: Risk) -> bool:
    return risk.band in _ENDED_BANDS and risk.level <= alert.level - WITHDRAW_MARGIN


def _queue(recommended: Recommendation) -> Queue:
    return recommended.queue if recommended.queue in QUEUES else DEFAULT_QUEUE


def _within(recommended: Recommendation) -> int:
    return DEFAULT_WITHIN_S if recommended.respond_within_s is None else recommended.respond_within_s


def _rules(recommended: Recommendation) -> tuple[str, ...]:
    return tuple(reason.rule for reason in recommended.reasons)


def _id(assessment: Assessment) -> str:
    """The turn that opens an alert names it: a replay finds the same ids, and one turn opens one alert."""
    name = f"{assessment.conversation_id}\n{assessment.turn_id}"
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
