"""Alerts as the store answers them -> plain JSON of the public contract. Pure."""

from dataclasses import asdict

from ..flow import Policy
from ..risk.alert_actions import next_queue
from ..risk.alerts import SAFETY, Alert, band_of
from ..store import AlertPage, AlertReport

_KEPT_INSIDE = ("addressed_at", "settled_level")
"""What the budget and the hysteresis remember; nobody outside needs it."""


def alert_to_json(alert: Alert, policy: Policy, language: str) -> dict[str, object]:
    """Return an alert."""
    shown = {name: value for name, value in asdict(alert).items() if name not in _KEPT_INSIDE}
    return {
        "alert_id": shown.pop("id"),
        **shown,
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
