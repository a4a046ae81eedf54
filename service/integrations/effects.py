"""How a conversation stands, and its alert -> what a desk should show: labels, priority, attributes, a note, a team. Pure.

Nothing in it is the customer's: levels, bands, rules' sentences and phrases of our catalogue.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..flow import ACTIONS, BANDS, Action, Band
from ..risk.alerts import ALERTING, Alert
from .note_words import NOTE_WORDS, NoteWords
from .seam import Assignment, Note, Options, Priority, Standing

LABELLED: Final[tuple[Band, ...]] = ("high", "critical")
_PRIORITIES: Final[Mapping[Band, Priority]] = {"high": "high", "critical": "urgent"}
LABEL: Final = "evenkeel-"
FAMILY: Final = (*(LABEL + band for band in BANDS), *(LABEL + action for action in ACTIONS))
MAX_PHRASES: Final = 2


@dataclass(frozen=True, slots=True)
class Now:
    """How a conversation stands."""

    band: Band
    level: float
    action: Action
    alert: Alert | None
    """The latest one, live or ended."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a note about an alert says."""

    reasons: Sequence[str]
    phrases: Sequence[str]


def standing(now: Now) -> Standing:
    """Return what the desk's conversation should show."""
    live = now.alert is not None and now.alert.live
    labels = [LABEL + now.band] if now.band in LABELLED else []
    if live and now.alert is not None:
        labels.append(LABEL + now.alert.action)
    attributes: dict[str, str | int] = {
        "evenkeel_risk": round(now.level * 100),
        "evenkeel_band": now.band,
        "evenkeel_recommendation": now.action,
    }
    return Standing(tuple(labels), FAMILY, _PRIORITIES.get(now.band), attributes)


def note(alert: Alert, grounds: Grounds, language: str) -> Note:
    """Return the private note about an alert, in a language."""
    said, reference = NOTE_WORDS[language], reference_of(alert)
    lines = [said.titles[alert.action], ""]
    lines += [f"- {reason}" for reason in grounds.reasons]
    lines += [
        f"{said.risk}: {round(alert.level * 100)} %. {said.queue}: {said.queues[alert.queue]}. {_within(alert, said)}"
    ]
    if grounds.phrases:
        lines += ["", f"{said.phrase}:", *(f"> {phrase}" for phrase in grounds.phrases[:MAX_PHRASES])]
    return Note(reference, "\n".join([*lines, "", f"Evenkeel · {reference}"]))


def assignment(alert: Alert, options: Options) -> Assignment | None:
    """Return the team that a hand-over goes to, where one is configured."""
    team = options.get("handoff_team_id")
    return Assignment(team) if alert.action == "handoff" and isinstance(team, int) else None


def reference_of(alert: Alert) -> str:
    """Name an alert in a note: short, and the same in every retry."""
    return "ek-" + hashlib.blake2b(alert.id.encode(), digest_size=6).hexdigest()


def _within(alert: Alert, said: NoteWords) -> str:
    minutes = max(1, -(-alert.respond_within_s // 60))
    return said.within.format(minutes=minutes)


assert set(ALERTING) == set(next(iter(NOTE_WORDS.values())).titles)
