"""An alert before and after -> the event that tells the difference: numbers and words from closed lists. Pure.

`alert.raised`: it is put before a queue now, newly, out of hold or sleep, because who took it
did not come, or moved up by a graver reason.
`alert.changed`: everything else that somebody who watches it would want to know; `change` says what.
"""

from collections.abc import Callable, Mapping
from typing import Final

from ..risk.alerts import Alert
from .outbox import News

_CHANGES: Final[Mapping[str, Callable[[Alert, Alert], bool]]] = {
    "climbed": lambda before, after: after.climbs > before.climbs,
    "merged": lambda before, after: after.merged > before.merged,
    "extended": lambda before, after: after.due_at != before.due_at,
    "snoozed": lambda before, after: after.snoozed_until != before.snoozed_until,
    "judged": lambda before, after: after.justified != before.justified,
}
"""What may happen without a change of status, in the order in which it is told."""
CHANGES: Final = ("held", "acknowledged", "snoozed", "withdrawn", "closed", "climbed", "merged", "extended", "judged")


def news_of_alert(before: Alert | None, after: Alert) -> list[News]:
    """Return what happened to a conversation's alert; `before` may be the one that ended before it."""
    if before is None or before.id != after.id:
        return [_raised(after) if after.status == "raised" else _changed(after, "held")]
    if after.status != before.status:
        return [_raised(after) if after.status == "raised" else _changed(after, after.status)]
    moved_up = (after.action, after.queue) != (before.action, before.queue) and after.climbs == before.climbs
    if moved_up and after.status == "raised":
        return [_raised(after)]
    return [_changed(after, change) for change, holds in _CHANGES.items() if holds(before, after)][:1]


def _raised(alert: Alert) -> News:
    data = {
        "alert_id": alert.id,
        "turn_id": alert.turn_id,
        "action": alert.action,
        "queue": alert.queue,
        "respond_within_s": alert.respond_within_s,
        "rules": list(alert.rules),
        "level": alert.level,
        "merged": alert.merged,
        "due_at": alert.due_at,
    }
    return News("alert.raised", data)


def _changed(alert: Alert, change: str) -> News:
    data = {
        "alert_id": alert.id,
        "change": change,
        "status": alert.status,
        "action": alert.action,
        "queue": alert.queue,
        "due_at": alert.due_at,
        "climbs": alert.climbs,
        "merged": alert.merged,
        "level": alert.level,
        "justified": alert.justified,
    }
    return News("alert.changed", data)
