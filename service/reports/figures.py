"""Conversations -> the numbers of a report: counts, rates, medians. Pure.

A `Tally` counts and can be merged, so a total is the sum of its periods by construction. A rate over
nothing is None, not 0. Every number is defined in README.md, "Report escalations".
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from statistics import median
from typing import Final, NamedTuple

COME_BACK_S: Final = 7 * 86400.0
"""So long after the end of a conversation its contact must not be back."""
MAX_REASONS: Final = 10


class Case(NamedTuple):
    """A conversation, as far as a report looks at it; a plain tuple, because there are very many."""

    began_at: float
    group: str | None
    has_contact: bool
    first_customer_at: float | None
    first_reply_at: float | None
    escalated: bool
    resolved_at: float | None
    came_back: bool
    """Within `COME_BACK_S` of the end, in this conversation or in another one."""
    outcome: str | None
    deciding_rules: str
    """Their ids, with blanks between them."""
    alerts_right: int
    """How many of its alerts were judged so afterwards, as of the two below."""
    alerts_wrong: int
    alerts_unjudged: int


@dataclass(frozen=True, slots=True)
class FirstResponse:
    """How long customers wait for the first answer of a human agent."""

    answered: int
    unanswered: int
    """No agent has answered; in no median."""
    median_s: float | None
    p90_s: float | None


@dataclass(frozen=True, slots=True)
class ResolutionTime:
    """From the first turn to the first resolution."""

    resolved: int
    median_s: float | None
    p90_s: float | None


@dataclass(frozen=True, slots=True)
class FirstContact:
    """Resolved, and the contact did not come back within seven days."""

    rate: float | None
    held: int
    measured: int
    """Resolved seven days ago or earlier, with a known contact: what `rate` divides by."""
    too_recent: int
    unknown_contact: int


@dataclass(frozen=True, slots=True)
class HandoffOutcomes:
    """Resolved conversations by what was stated in the end."""

    solved: int
    unsolved: int
    false_alarm: int
    not_stated: int


@dataclass(frozen=True, slots=True)
class AlertPrecision:
    """How many alerts were right, of those that were judged."""

    rate: float | None
    right: int
    wrong: int
    unjudged: int


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """A rule that asked for a second person, and in how many conversations."""

    rule: str
    conversations: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of some conversations."""

    conversations: int
    escalated: int
    escalation_rate: float | None
    first_response: FirstResponse
    resolution: ResolutionTime
    first_contact_resolution: FirstContact
    handoffs: HandoffOutcomes
    alert_precision: AlertPrecision
    reasons: tuple[ReasonCount, ...]


@dataclass(slots=True)
class Tally:
    """Counts conversations; what cannot be summed, the durations, is kept."""

    conversations: int = 0
    escalated: int = 0
    unanswered: int = 0
    right: int = 0
    wrong: int = 0
    unjudged: int = 0
    contacts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str | None] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    """By the text of `Case.deciding_rules`: few differ, so it is taken apart at the end only."""
    response_s: list[float] = field(default_factory=list)
    resolution_s: list[float] = field(default_factory=list)

    def add(self, case: Case, now: float) -> None:
        """Count a conversation; what was resolved just before `now` cannot have lasted yet."""
        self.conversations += 1
        self.escalated += case.escalated
        self.right += case.alerts_right
        self.wrong += case.alerts_wrong
        self.unjudged += case.alerts_unjudged
        if case.deciding_rules:
            self.rules[case.deciding_rules] += 1
        if case.first_customer_at is not None:
            self._add_response(case.first_customer_at, case.first_reply_at)
        if case.resolved_at is not None:
            self.outcomes[case.outcome] += 1
            self.resolution_s.append(max(0.0, case.resolved_at - case.began_at))
            self.contacts[_first_contact(case, case.resolved_at, now)] += 1

    def _add_response(self, asked_at: float, answered_at: float | None) -> None:
        if answered_at is None:
            self.unanswered += 1
        else:
            # Clocks of two senders differ a little: no answer comes before its question.
            self.response_s.append(max(0.0, answered_at - asked_at))

    def figures(self) -> Figures:
        """Return the numbers of what was counted."""
        contacts, outcomes = self.contacts, self.outcomes
        measured, judged = contacts["held"] + contacts["came_back"], self.right + self.wrong
        return Figures(
            conversations=self.conversations,
            escalated=self.escalated,
            escalation_rate=_rate(self.escalated, self.conversations),
            first_response=FirstResponse(
                len(self.response_s), self.unanswered, _median(self.response_s), _p90(self.response_s)
            ),
            resolution=ResolutionTime(len(self.resolution_s), _median(self.resolution_s), _p90(self.resolution_s)),
            first_contact_resolution=FirstContact(
                _rate(contacts["held"], measured),
                contacts["held"],
                measured,
                contacts["too_recent"],
                contacts["unknown"],
            ),
            handoffs=HandoffOutcomes(outcomes["solved"], outcomes["unsolved"], outcomes["false_alarm"], outcomes[None]),
            alert_precision=AlertPrecision(_rate(self.right, judged), self.right, self.wrong, self.unjudged),
            reasons=self._reasons(),
        )

    def _reasons(self) -> tuple[ReasonCount, ...]:
        found = Counter[str]()
        for rules, times in self.rules.items():
            for rule in rules.split():
                found[rule] += times
        ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return tuple(ReasonCount(rule, times) for rule, times in ranked[:MAX_REASONS])


def merged(tallies: Iterable[Tally]) -> Tally:
    """Return one tally of all."""
    total = Tally()
    for tally in tallies:
        for counted in fields(Tally):
            value = getattr(total, counted.name)
            value += getattr(tally, counted.name)  # in place for lists and counters: there may be many tallies
            setattr(total, counted.name, value)
    return total


def _first_contact(case: Case, resolved_at: float, now: float) -> str:
    if not case.has_contact:
        return "unknown"
    # Also of those who are back already: counting only these would make every last week look bad.
    if now < resolved_at + COME_BACK_S:
        return "too_recent"
    return "came_back" if case.came_back else "held"


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _median(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def _p90(values: Sequence[float]) -> float | None:
    """Return the time within which nine of ten came: a time that occurred (nearest rank)."""
    return sorted(values)[(9 * len(values) - 1) // 10] if values else None
