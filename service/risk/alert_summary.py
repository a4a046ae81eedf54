"""Alerts of some days -> how good they were: precision, time to acknowledge, and a track record by level. Pure.

Only what a person judged counts for precision, and the counts stand beside every share: two right ones
of two are no proof. The track record lets a board say "at this level right in 58 of 100".
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from ..flow import BANDS, Band
from .alerts import AlertStatus
from .level import band_after
from .policy import QUEUES, Queue
from .tuning import BAND_FROM


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """What counts of an alert; the fields are those of `alerts.Alert`."""

    queue: Queue
    status: AlertStatus
    level: float
    climbs: int
    raised_at: float | None
    acknowledged_at: float | None
    acknowledged_in_time: bool | None
    justified: bool | None


@dataclass(frozen=True, slots=True)
class Precision:
    """How many of the judged alerts were right; no share where nothing was judged."""

    justified: int
    judged: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """How soon somebody was at it, counted from when the alert was first raised, also when it climbed meanwhile."""

    count: int
    median_s: float | None
    p90_s: float | None
    in_time_share: float | None
    """Of those acknowledged or climbed: acknowledged before they were due for the first time."""


@dataclass(frozen=True, slots=True)
class QueueSummary:
    """The alerts that stand in one queue, or ended there."""

    queue: Queue
    opened: int
    withdrawn: int
    climbs: int
    precision: Precision
    acknowledged: Acknowledged


@dataclass(frozen=True, slots=True)
class LevelRecord:
    """How often alerts of this height were right; `from_level` belongs to the bin, `to_level` to the next one."""

    band: Band
    from_level: float
    to_level: float
    precision: Precision


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything about the alerts of some days."""

    queues: tuple[QueueSummary, ...]
    precision: Precision
    track_record: tuple[LevelRecord, ...]


_EDGES: Final = (*(BAND_FROM[band] for band in BANDS), 1.0)


def summarise(alerts: Iterable[AlertFacts]) -> Summary:
    """Return the summary; every queue and every bin is there, also an empty one."""
    found = tuple(alerts)
    return Summary(
        queues=tuple(_queue(queue, [alert for alert in found if alert.queue == queue]) for queue in QUEUES),
        precision=_precision(found),
        track_record=tuple(
            LevelRecord(
                band=band,
                from_level=_EDGES[place],
                to_level=_EDGES[place + 1],
                precision=_precision([alert for alert in found if band_after("calm", alert.level) == band]),
            )
            for place, band in enumerate(BANDS)
        ),
    )


def _queue(queue: Queue, alerts: Sequence[AlertFacts]) -> QueueSummary:
    return QueueSummary(
        queue=queue,
        opened=len(alerts),
        withdrawn=sum(alert.status == "withdrawn" for alert in alerts),
        climbs=sum(alert.climbs for alert in alerts),
        precision=_precision(alerts),
        acknowledged=_acknowledged(alerts),
    )


def _precision(alerts: Iterable[AlertFacts]) -> Precision:
    outcomes = [alert.justified for alert in alerts if alert.justified is not None]
    return Precision(sum(outcomes), len(outcomes), _share(sum(outcomes), len(outcomes)))


def _acknowledged(alerts: Iterable[AlertFacts]) -> Acknowledged:
    times, in_time, missed = list[float](), 0, 0
    for alert in alerts:
        if alert.acknowledged_at is None or alert.raised_at is None:
            missed += alert.climbs > 0
            continue
        times.append(alert.acknowledged_at - alert.raised_at)
        in_time += bool(alert.acknowledged_in_time)
    times.sort()
    return Acknowledged(
        count=len(times),
        median_s=median(times) if times else None,
        p90_s=times[math.ceil(0.9 * len(times)) - 1] if times else None,
        in_time_share=_share(in_time, len(times) + missed),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
