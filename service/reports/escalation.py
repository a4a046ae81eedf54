"""Periods, and the conversations that began in them -> the escalation report. Pure.

A conversation belongs to the period in which it began, with all that came of it: so the last periods
still change, and a total is the sum of its periods.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .figures import Case, Figures, Tally, merged
from .periods import By, Period, default_since, periods, read_moment, read_zone

Group = Literal["language", "queue"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: whose conversations, in which periods; None lets everything through."""

    by: By
    tz: str
    periods: tuple[Period, ...]
    language: str | None = None
    queue: str | None = None
    group: Group | None = None

    @property
    def since(self) -> float:
        """The first moment that counts."""
        return self.periods[0].begins

    @property
    def until(self) -> float:
        """The first moment that does not count any more."""
        return self.periods[-1].ends


@dataclass(frozen=True, slots=True)
class Row:
    """A period, or of a report that is split, one group's share of it."""

    period: Period
    group: str | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """A group over all periods; None: the conversations that have none."""

    group: str | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class Report:
    """The answer. Not split, it has a row for every period; split, for what there is."""

    question: Question
    rows: tuple[Row, ...]
    groups: tuple[GroupTotal, ...]
    """Empty, unless the report is split."""
    total: Figures


def ask(
    by: By,
    *,
    now: float,
    since: str | None = None,
    until: str | None = None,
    tz: str = "UTC",
    language: str | None = None,
    queue: str | None = None,
    group: Group | None = None,
) -> Question:
    """Return the question that these words put, up to now and over the usual time by default; raises RangeError."""
    zone = read_zone(tz)
    ends = now if until is None else read_moment("until", until, zone)
    begins = default_since(by, zone, ends) if since is None else read_moment("since", since, zone)
    return Question(by, tz, periods(by, zone, begins, ends), language, queue, group)


def build_report(question: Question, cases: Iterable[Case], now: float) -> Report:
    """Return the report over these conversations, which began within the question's periods."""
    begins = [period.begins for period in question.periods]
    cells = defaultdict[tuple[int, str | None], Tally](Tally)
    for case in cases:
        cells[bisect_right(begins, case.began_at) - 1, case.group].add(case, now)
    if question.group is None:
        for index in range(len(begins)):
            cells[index, None]  # a period in which nothing happened is a row too
    ordered = sorted(cells, key=lambda cell: (cell[0], cell[1] is None, cell[1] or ""))
    names = dict.fromkeys(group for _, group in sorted(ordered, key=lambda cell: (cell[1] is None, cell[1] or "")))
    return Report(
        question,
        rows=tuple(Row(question.periods[i], group, cells[i, group].figures()) for i, group in ordered),
        groups=tuple(_group_total(cells, name) for name in names) if question.group else (),
        total=merged(cells.values()).figures(),
    )


def _group_total(cells: dict[tuple[int, str | None], Tally], name: str | None) -> GroupTotal:
    return GroupTotal(name, merged(tally for (_, group), tally in cells.items() if group == name).figures())
