"""A report -> JSON: numbers, ids of conversations and names of rules, never a text. Pure; the same report, the same bytes."""

from dataclasses import asdict

from .compare import Case
from .report import Difference, Report

MAX_CASES = 200
"""Cases that an answer lists; the counts are of all."""


def report_to_json(report: Report, *, cases: int = MAX_CASES) -> dict[str, object]:
    """Return the report, counts first, with at most so many cases."""
    return {
        "policy": {"version": report.policy},
        "metrics": {group: asdict(metrics) for group, metrics in report.metrics.items()},
        "rules": [asdict(rule) for rule in report.rules],
        "diff": None if report.difference is None else _difference(report.difference, cases),
    }


def _difference(difference: Difference, cases: int) -> dict[str, object]:
    found = difference.comparison
    return {
        "against": {"version": difference.policy},
        "metrics_before": {group: asdict(metrics) for group, metrics in difference.metrics.items()},
        "matrix": asdict(difference.changes),
        "conversations": found.conversations,
        "changed": found.changed,
        "turns_answered_otherwise": found.turns_answered_otherwise,
        "kinds": {kind: asdict(count) for kind, count in found.kinds.items()},
        "rules": {rule: asdict(count) for rule, count in found.rules.items()},
        "cases": [_case(case) for case in found.cases[:cases]],
        "cases_left_out": max(len(found.cases) - cases, 0),
    }


def _case(case: Case) -> dict[str, object]:
    fields = asdict(case)
    return {"conversation_id": fields.pop("id"), **fields}
