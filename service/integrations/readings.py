"""A score of ours -> probabilities under the meanings that moderation services use. Pure.

Only what the model was taught has a meaning here: insults, and the kinds of threat. A kind is never more likely
than the threat itself, whose probability is calibrated per language and the kind's is not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ..flow import Score
from ..labels import ASKS_HUMAN

Reader = Callable[[Score], float]

KIND_FROM: Final = 0.5
"""From which probability a kind of threat counts as flagged, beside the likeliest one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A probability, and the signal whose evidence explains it."""

    value: float
    signal: str


def insult(score: Score) -> Reading:
    """Insults, slurs and swearing that are aimed at somebody."""
    return Reading(score.scores["abuse"], "abuse")


def violence(score: Score) -> Reading:
    """The writer's own threat of violence, veiled ones included."""
    return Reading(min(score.scores["threat"], score.threat_kinds["violence"]), "threat")


def self_harm(score: Score) -> Reading:
    """The writer's own announcement of self-harm, or a farewell."""
    return Reading(min(score.scores["threat"], score.threat_kinds["self_harm"]), "threat")


def toxicity(score: Score) -> Reading:
    """An insult or a threat of violence, whichever is likelier."""
    return max(insult(score), violence(score), key=lambda reading: reading.value)


def frustration(score: Score) -> Reading:
    """Annoyed with the service."""
    return Reading(score.scores["frustration"], "frustration")


def threat(score: Score) -> Reading:
    """A threat of any kind, a lawyer and a bad review included."""
    return Reading(score.scores["threat"], "threat")


def asks_human(score: Score) -> Reading:
    """Asks for a person."""
    return Reading(score.asks_human, ASKS_HUMAN)


def threatens(score: Score, kind: str) -> bool:
    """Tell whether a threat of this kind is flagged; several kinds may be."""
    likely = score.threat_kinds[kind] >= KIND_FROM or score.threat_kind == kind
    return score.flags["threat"] and likely
