"""Stored answers of the model, and what people did about them -> which turns are worth a label, and why. Pure.

    uncertain     the model itself was not sure: a score near its threshold, two moods alike, no answer at all
    disagreeing   people decided otherwise: a false alarm, a hand-over that no score announced, labels that differ
    drifting      scores of its language or queue have left their earlier distribution, and this one lies where they went

A threshold belongs to a model and a language and is not stored, but every answer tells on which side of
it a score fell: it lies between the highest that was not flagged and the lowest that was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from ..labels import BINARY, LANGUAGES
from .corrections import Correction, answer_of, contested, contradicts, probability_of
from .drift import GROWN_FROM, Drift

Kind = Literal["uncertain", "disagreeing", "drifting"]
Cause = Literal["near_threshold", "mixed_mood", "abstained", "false_alarm", "missed", "corrected", "contested", "moved"]
KINDS: Final[tuple[Kind, ...]] = ("disagreeing", "uncertain", "drifting")
"""In the order in which they take turns; the first says most about a mistake."""

NEAR: Final = 0.1
"""Distance from the threshold, in probability, within which a score is a close call."""
MIXED: Final = 0.15
"""Distance between the two likeliest moods within which neither is clear."""
SAW_NOTHING: Final = 0.35
"""Every score below this: the model saw nothing in the turn."""
LIKELY_THRESHOLD: Final = 0.5
"""Taken as long as the answers seen so far allow it."""
WORTHLESS: Final = frozenset({"no_words"})
"""Why a turn was abstained of which a person could not say more either."""

Boundaries = Mapping[tuple[str, str, str], float]
"""(model version, language, signal) -> about where its threshold lies."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer's turn as it was answered, and what people did about it."""

    row: int
    """Of the stored turn; a later one has a greater number."""
    language: str | None
    queue: str | None
    model_version: str
    score: Mapping[str, Any]
    """The score as the contract shows it."""
    false_alarm: bool = False
    """It raised an alert that somebody judged a false one."""
    taken_over: bool = False
    """Somebody took the conversation over after it, and it was resolved, not as a false alarm."""
    labels: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a turn is worth a label; `weight` ranks within a kind."""

    kind: Kind
    cause: Cause
    weight: float
    signal: str | None = None
    facts: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """A signal's scores in a group of turns have moved."""

    group: Literal["language", "queue"]
    name: str
    signal: str
    model_version: str
    drift: Drift


def boundaries_of(turns: Iterable[tuple[str, Mapping[str, Any]]]) -> Boundaries:
    """Return about where each threshold lies, of (model version, score) of many turns."""
    quiet, loud = dict[tuple[str, str, str], float](), dict[tuple[str, str, str], float]()
    for version, score in turns:
        if score["status"] != "scored":
            continue
        for signal in BINARY:
            key, p = (version, score["language"], signal), probability_of(score, signal)
            if score["flags"][signal]:
                loud[key] = min(p, loud.get(key, 1.0))
            else:
                quiet[key] = max(p, quiet.get(key, 0.0))
    return {key: _between(quiet.get(key), loud.get(key)) for key in quiet.keys() | loud.keys()}


def is_open_to(by: str | None, labels: Sequence[Correction], score: Mapping[str, Any]) -> bool:
    """Whether a turn with these labels still waits for a label of this person; None is nobody in particular."""
    if not labels:
        return True
    if any(said.by == by for said in labels):
        return False
    said = [one.labels for one in labels if one.labels is not None]
    if contested(said):
        return True
    return by is not None and len(said) == 1 and bool(contradicts(said[0], answer_of(score)))


def reasons_for(turn: Candidate, boundaries: Boundaries, moved: Iterable[Moved]) -> tuple[Reason, ...]:
    """Return why this turn is worth a label, the best reason of each kind first; empty when it is not."""
    found = [*_disagreeing(turn), *_uncertain(turn, boundaries), *_drifting(turn, moved)]
    return tuple(sorted(found, key=lambda reason: (KINDS.index(reason.kind), -reason.weight)))


def mix(worth: Iterable[tuple[Candidate, tuple[Reason, ...]]]) -> list[tuple[tuple[int, int], Candidate]]:
    """Order turns so that kinds and languages take turns; each has a place (round, whose turn), in rising order."""
    lines: dict[int, list[tuple[float, int, Candidate]]] = {}
    for turn, reasons in worth:
        line = KINDS.index(reasons[0].kind) * (len(LANGUAGES) + 1) + _language_place(turn.language)
        lines.setdefault(line, []).append((-reasons[0].weight, -turn.row, turn))
    placed = [
        ((place, line), turn)
        for line, members in lines.items()
        for place, (_, _, turn) in enumerate(sorted(members, key=lambda member: member[:2]))
    ]
    return sorted(placed, key=lambda item: item[0])


def _disagreeing(turn: Candidate) -> Iterable[Reason]:
    said = [one.labels for one in turn.labels if one.labels is not None]
    if open_labels := contested(said):
        yield Reason("disagreeing", "contested", 1.0, open_labels[0])
    elif len(said) == 1 and (wrong := contradicts(said[0], answer_of(turn.score))):
        yield Reason("disagreeing", "corrected", 0.7, wrong[0])
    if turn.false_alarm:
        yield Reason("disagreeing", "false_alarm", 0.9)
    highest = max(probability_of(turn.score, signal) for signal in BINARY)
    if turn.taken_over and turn.score["status"] == "scored" and highest < SAW_NOTHING:
        yield Reason("disagreeing", "missed", 0.8 - highest / 2, None, {"highest": highest})


def _uncertain(turn: Candidate, boundaries: Boundaries) -> Iterable[Reason]:
    score = turn.score
    if score["status"] != "scored":
        if score["abstain_reason"] not in WORTHLESS:
            yield Reason("uncertain", "abstained", 0.3, None, {"abstain_reason": score["abstain_reason"]})
        return
    for signal in BINARY:
        p = probability_of(score, signal)
        threshold = boundaries.get((turn.model_version, score["language"], signal), LIKELY_THRESHOLD)
        if abs(p - threshold) <= NEAR:
            facts: dict[str, float | str] = {"probability": p, "threshold": threshold}
            yield Reason("uncertain", "near_threshold", 1.0 - abs(p - threshold) / NEAR / 2, signal, facts)
    (first, most), (second, next_most) = sorted(score["sentiment"].items(), key=lambda item: -item[1])[:2]
    if most - next_most <= MIXED:
        facts = {"first": first, "second": second}
        yield Reason("uncertain", "mixed_mood", 0.5 - (most - next_most) / MIXED / 4, None, facts)


def _drifting(turn: Candidate, moved: Iterable[Moved]) -> Iterable[Reason]:
    if turn.score["status"] != "scored":
        return
    for one in moved:
        if one.model_version != turn.model_version or one.name != getattr(turn, one.group):
            continue
        growth = one.drift.growth_at(probability_of(turn.score, one.signal))
        if growth >= GROWN_FROM:
            facts: dict[str, float | str] = {"group": one.group, "name": one.name, "psi": one.drift.psi}
            yield Reason("drifting", "moved", 1.0 - 1.0 / growth, one.signal, facts)


def _between(quiet: float | None, loud: float | None) -> float:
    at_least = LIKELY_THRESHOLD if quiet is None else max(LIKELY_THRESHOLD, quiet)
    return at_least if loud is None else min(at_least, loud)


def _language_place(language: str | None) -> int:
    return LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES)
