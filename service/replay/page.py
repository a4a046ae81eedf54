"""A report -> a page of text that a supervisor reads: what the alerts are worth, and what the change changes. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from .compare import Case, Count, Kind
from .measure import ALL, Metrics, RuleUse
from .play import Alert
from .report import Difference, Report
from .rules import Edit, PolicyChanges

_SAYS: Final[Mapping[Kind, str]] = {
    "appears": "an alert where there was none",
    "disappears": "no alert any more",
    "earlier": "an earlier alert",
    "later": "a later alert",
    "more": "more alerts",
    "fewer": "fewer alerts",
    "action": "another action",
    "queue": "another queue",
}
_ROWS: Final[Sequence[tuple[str, str]]] = (
    ("conversations", "conversations"),
    ("customer turns", "customer_turns"),
    ("escalated", "escalated"),
    ("alerts", "alerts"),
    ("alerts per 100", "alerts_per_100_conversations"),
    ("with an alert", "alerted"),
    ("  of those escalated", "alerted_escalated"),
    ("  of those calm", "alerted_calm"),
    ("precision", "precision"),
    ("recall", "recall"),
    ("false-positive rate", "false_positive_rate"),
    ("lead, median turns", "lead_median"),
    ("lead of 2 or more", "lead_early"),
)


def report_page(report: Report, *, cases: int) -> str:
    """Return the report as text, with at most so many cases."""
    parts = [f"Replay under policy {report.policy}", *_metrics_table(report), "", *_rules_table(report.rules)]
    if report.difference is not None:
        parts += ["", *_difference(report.difference, report.metrics[ALL], cases)]
    return "\n".join(parts) + "\n"


def _metrics_table(report: Report) -> list[str]:
    groups = report.metrics
    head = ["", *groups]
    rows = [[title, *(_number(getattr(metrics, name)) for metrics in groups.values())] for title, name in _ROWS]
    return _aligned([head, *rows])


def _rules_table(rules: Sequence[RuleUse]) -> list[str]:
    used = [rule for rule in rules if rule.fired]
    rows = [
        [r.rule, *map(_number, (r.fired, r.decided, r.alerts, r.alerted_escalated, r.alerted_calm))]
        for r in sorted(used, key=lambda r: -r.alerts)
    ]
    idle = [rule.rule for rule in rules if not rule.fired]
    table = _aligned([["rule", "fired", "decided", "alerts", "in escalated", "in calm"], *rows])
    return [*table, f"never fired: {', '.join(idle)}"] if idle else table


def _difference(difference: Difference, now: Metrics, cases: int) -> Iterator[str]:
    found, before = difference.comparison, difference.metrics[ALL]
    yield f"Against policy {difference.policy}"
    yield from (f"  {line}" for line in _matrix(difference.changes))
    yield f"{_number(found.changed)} of {_number(found.conversations)} conversations change:"
    yield from (f"  {_SAYS[kind]}: {_number(count.conversations)}{_of(count)}" for kind, count in found.kinds.items())
    if found.rules:
        yield "because of:"
        yield from (f"  {rule}: {_number(count.conversations)}{_of(count)}" for rule, count in found.rules.items())
    yield f"{_number(found.turns_answered_otherwise)} customer turns are answered otherwise, alert or not."
    yield from (
        f"{title}: {_number(getattr(before, name))} -> {_number(getattr(now, name))}"
        for title, name in _ROWS[3:]
        if getattr(before, name) != getattr(now, name)
    )
    for case in found.cases[:cases]:
        yield from ("", *_case(case))
    if len(found.cases) > cases:
        yield from ("", f"{_number(len(found.cases) - cases)} more are not shown.")


def _matrix(changes: PolicyChanges) -> Iterator[str]:
    for title, names in (("added", changes.added), ("removed", changes.removed), ("moved", changes.moved)):
        if names:
            yield f"rules {title}: {', '.join(names)}"
    yield from map(_edit, changes.edits)
    if not (changes.added or changes.removed or changes.moved or changes.edits):
        yield "the same rules"


def _edit(edit: Edit) -> str:
    where = edit.what if edit.rule is None else f"{edit.rule}, {edit.what}"
    if edit.before is None and edit.after is None:
        return f"{where}: worded otherwise"
    return f"{where}: {edit.before or '(none)'} -> {edit.after or '(none)'}"


def _case(case: Case) -> Iterator[str]:
    outcome = {True: "escalated", False: "calm", None: "outcome unknown"}[case.escalated]
    yield f"{case.id} ({case.language}, {outcome}): {', '.join(case.kinds)}"
    yield f"  before: {_alerts(case.before)}"
    yield f"  now:    {_alerts(case.after)}"


def _alerts(alerts: Iterable[Alert]) -> str:
    said = (f"turn {a.customer_turn} {a.action} {a.queue or ''} ({', '.join(a.rules[:1])})" for a in alerts)
    return "; ".join(said) or "no alert"


def _of(count: Count) -> str:
    known = [f"{_number(n)} {name}" for name, n in (("escalated", count.escalated), ("calm", count.calm)) if n]
    return f" ({', '.join(known)})" if known else ""


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}".rstrip("0").rstrip(".")


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """First column to the left, numbers to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))])
        for row in rows
    ]
