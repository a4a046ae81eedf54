"""Alerts as the store answers them -> plain JSON of the public contract. Pure."""

from dataclasses import asdict

from ..risk.alerts import SAFETY, Alert
from ..store import AlertPage, AlertReport

_KEPT_INSIDE = ("addressed_at", "settled_level")
"""What the budget and the hysteresis remember; nobody outside needs it."""


def alert_to_json(alert: Alert) -> dict[str, object]:
    """Return an alert."""
    shown = {name: value for name, value in asdict(alert).items() if name not in _KEPT_INSIDE}
    return {"alert_id": shown.pop("id"), **shown}


def alerts_to_json(page: AlertPage) -> dict[str, object]:
    """Return a page of alerts."""
    return {"alerts": [alert_to_json(alert) for alert in page.items], "next_cursor": page.next_cursor}


def report_to_json(report: AlertReport, days: int) -> dict[str, object]:
    """Return the summary of some days."""
    summary = asdict(report.summary)
    for queue in summary["queues"]:
        name = queue["queue"]
        queue["budget"] = None if report.budget == 0 or name == SAFETY else report.budget
        queue["used_last_hour"] = report.used_last_hour.get(name, 0)
        queue["held"] = report.held.get(name, 0)
    return {"days": days, **summary}
