"""Alerts as the store answers them -> plain JSON of the public contract. Pure."""

from dataclasses import asdict, fields
from typing import Final

from ..flow import Policy
from ..risk.alert_actions import next_queue
from ..risk.alerts import SAFETY, Alert, band_of
from ..store import AlertPage, AlertReport

_KEPT_INSIDE: Final = ("id", "addressed_at", "settled_level")
_SHOWN: Final = tuple(field.name for field in fields(Alert) if field.name not in _KEPT_INSIDE)
"""All but what the budget and the hysteresis remember, which nobody outside needs."""


def alert_to_json(alert: Alert, policy: Policy, language: str) -> dict[str, object]:
    """Return an alert."""
    return {
        "alert_id": alert.id,
        **{name: getattr(alert, name) for name in _SHOWN},
        "band": band_of(alert),
        "climbs_to": next_queue(alert),
        "reasons": _reasons(alert, policy, language),
    }


def alerts_to_json(page: AlertPage, policy: Policy, language: str) -> dict[str, object]:
    """Return a page of alerts."""
    return {"alerts": [alert_to_json(alert, policy, language) for alert in page.items], "next_cursor": page.next_cursor}


def _reasons(alert: Alert, policy: Policy, language: str) -> list[dict[str, str | None]]:
    ordered = policy.in_order(alert.rules)
    return [{"rule": rule, "because": policy.explain(rule, language)} for rule in ordered]


def report_to_json(report: AlertReport, days: int) -> dict[str, object]:
    """Return the summary of some days."""
    summary = asdict(report.summary)
    for queue in summary["queues"]:
        name = queue["queue"]
        queue["budget"] = report.budgets.get(name) or None
        queue["used_last_hour"] = report.used_last_hour.get(name, 0)
        queue["next_slot_at"] = None if name == SAFETY else report.next_slot_at.get(name)
        queue["held"] = report.held.get(name, 0)
    return {"days": days, **summary}
