"""A report -> JSON of the public contract, and the same numbers as a table in CSV (RFC 4180). Pure."""

import csv
import io
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, tzinfo
from typing import Final

from .escalation import Report
from .figures import Figures
from .periods import read_zone

Explain = Callable[[str], str | None]
"""A rule's id -> its sentence in the reader's language; None when the policy does not know it any more."""

COLUMNS: Final = (
    "period",
    "begins",
    "ends",
    "group",
    "conversations",
    "escalated",
    "escalation_rate",
    "first_response_answered",
    "first_response_unanswered",
    "first_response_median_s",
    "first_response_p90_s",
    "resolved",
    "resolution_median_s",
    "resolution_p90_s",
    "first_contact_resolution_rate",
    "first_contact_resolution_held",
    "first_contact_resolution_measured",
    "first_contact_resolution_too_recent",
    "first_contact_resolution_unknown_contact",
    "handoffs_solved",
    "handoffs_unsolved",
    "handoffs_false_alarm",
    "handoffs_not_stated",
    "alert_precision",
    "alerts_right",
    "alerts_wrong",
    "alerts_unjudged",
    "reasons",
)
"""The header of the CSV. Programs read these names: add at the end only."""
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a cell that begins so for a formula, and runs it."""
TOTAL: Final = "total"
NO_GROUP: Final = "(none)"


def report_to_json(report: Report, explain: Explain) -> dict[str, object]:
    """Return the report, with every reason explained."""
    question, zone = report.question, read_zone(report.question.tz)
    rows = [
        {
            "period": row.period.name,
            "begins": _local(row.period.begins, zone),
            "ends": _local(row.period.ends, zone),
            "group": row.group,
            **_figures(row.figures, explain),
        }
        for row in report.rows
    ]
    return {
        "by": question.by,
        "tz": question.tz,
        "since": _local(question.since, zone),
        "until": _local(question.until, zone),
        "language": question.language,
        "queue": question.queue,
        "group": question.group,
        "rows": rows,
        "groups": [{"group": total.group, **_figures(total.figures, explain)} for total in report.groups],
        "total": _figures(report.total, explain),
    }


def report_to_csv(report: Report) -> str:
    """Return a header, the rows, and in the end the totals under the period `total`."""
    zone = read_zone(report.question.tz)
    since, until = (_local(at, zone) for at in (report.question.since, report.question.until))
    lines: list[tuple[object, ...]] = [COLUMNS]
    for row in report.rows:
        period = row.period
        group = _group(report, row.group)
        place = (period.name, _local(period.begins, zone), _local(period.ends, zone), group)
        lines.append((*place, *_cells(row.figures)))
    for total in report.groups:
        lines.append((TOTAL, since, until, _group(report, total.group), *_cells(total.figures)))
    lines.append((TOTAL, since, until, None, *_cells(report.total)))
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([_safe(cell) for cell in line] for line in lines)
    return written.getvalue()


def _local(at: float, zone: tzinfo) -> str:
    return datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")


def _group(report: Report, name: str | None) -> str | None:
    """In a report that is split, an empty group is the grand total, so what has none needs a name."""
    return NO_GROUP if name is None and report.question.group else name


def _figures(figures: Figures, explain: Explain) -> dict[str, object]:
    reasons = [{**asdict(reason), "because": explain(reason.rule)} for reason in figures.reasons]
    return {**asdict(figures), "reasons": reasons}


def _cells(figures: Figures) -> tuple[object, ...]:
    response, resolution, contact = figures.first_response, figures.resolution, figures.first_contact_resolution
    handoffs, alerts = figures.handoffs, figures.alert_precision
    return (
        figures.conversations,
        figures.escalated,
        figures.escalation_rate,
        response.answered,
        response.unanswered,
        response.median_s,
        response.p90_s,
        resolution.resolved,
        resolution.median_s,
        resolution.p90_s,
        contact.rate,
        contact.held,
        contact.measured,
        contact.too_recent,
        contact.unknown_contact,
        handoffs.solved,
        handoffs.unsolved,
        handoffs.false_alarm,
        handoffs.not_stated,
        alerts.rate,
        alerts.right,
        alerts.wrong,
        alerts.unjudged,
        " ".join(f"{reason.rule}:{reason.conversations}" for reason in figures.reasons),
    )


def _safe(cell: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would run."""
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
