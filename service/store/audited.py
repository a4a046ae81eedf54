"""Everything that the audit trail can say: each action with the names of its details, and through what it came.

`keys.write_audit` writes nothing else. Whoever shows the trail has words for each of them (tests/browser).
"""

from collections.abc import Iterable, Mapping
from typing import Final

_HANDOFF: Final = ("via", "from", "to", "outcome")
_ALERT: Final = ("queue", "until", "justified")
_LABEL: Final = ("via", "labels", "model_version")

AUDITED: Final[Mapping[str, tuple[str, ...]]] = {
    "session.began": ("for",),
    "session.ended": (),
    "link.made": ("for", "via"),
    "person.added": ("role", "via"),
    "person.renamed": ("from", "to", "via"),
    "person.changed": ("from", "to", "via"),
    "person.role_changed": ("from", "to", "via"),
    "person.deactivated": ("via",),
    "person.reactivated": ("via",),
    "key.created": ("kind", "name", "origins", "answers"),
    "key.revoked": ("name",),
    "settings.changed": ("from", "to", "via"),
    "handoff.claim": _HANDOFF,
    "handoff.accept": _HANDOFF,
    "handoff.join": _HANDOFF,
    "handoff.return": _HANDOFF,
    "handoff.resolve": _HANDOFF,
    "alert.acknowledged": _ALERT,
    "alert.snoozed": _ALERT,
    "alert.dismissed": _ALERT,
    "label.corrected": _LABEL,
    "label.withdrawn": _LABEL,
    "webhook.created": ("host", "types", "via"),
    "webhook.changed": ("changed", "enabled", "host", "via"),
    "webhook.removed": ("host", "via"),
    "webhook.rotated": ("host", "via"),
    "webhook.tested": ("via",),
    "webhook.retried": ("messages", "via"),
    "webhook.disabled": ("host", "reason", "failures"),
    "connection.added": ("kind", "name", "secrets", "via"),
    "connection.changed": ("kind", "name", "changed", "enabled", "via"),
    "connection.removed": ("kind", "name", "via"),
    "contact.erased": ("conversations", "turns"),
}
VIA: Final = ("session", "secret", "cli", "sign-in", "deactivation", "api", "desk")
"""The board, a key, the command line, the first sign-in, that somebody was deactivated, a program beside the service, a connected desk."""


def is_known(action: str, detail: Mapping[str, object]) -> bool:
    """Tell whether an entry is one of those above, complete."""
    return _same(detail, AUDITED.get(action, ("no such action",))) and detail.get("via", VIA[0]) in VIA


def _same(found: Iterable[str], expected: Iterable[str]) -> bool:
    return set(found) == set(expected)
