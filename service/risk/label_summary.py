"""Labelled turns -> how many by whom, how far people agree, and how often the model was confirmed. Pure.

The shares are of *labelled* turns, not of all: people label what looks wrong, and the queue shows what is
doubtful, so they are a cautious estimate. Each comes with its counts and Wilson's interval of 95 %.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from ..labels import BINARY
from .corrections import SENTIMENT, Correction, Labels, decided

COUNTED: Final = (*BINARY, SENTIMENT)
Z95: Final = 1.959964


@dataclass(frozen=True, slots=True)
class JudgedTurn:
    """A turn, what the model answered, and what people say."""

    language: str
    answer: Labels
    labels: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, and where the true share lies with 95 % certainty; nothing of nothing has no share."""

    confirmed: int
    of: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SignalSummary:
    """How the model's answers for one label fared."""

    label: str
    labelled: int
    """Turns on which people decided this label."""
    raised: int
    """…and said that it holds; for the sentiment, that it is negative."""
    confirmed: Share
    """Of the turns that the model answered too: where people say the same."""
    precision: Share | None
    """Of those that the model flagged: where people say that it holds. None for the sentiment."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many turns a person labelled, or were labelled in a language."""

    name: str
    turns: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two people agree on one label, over the turns that both labelled."""

    people: tuple[str, str]
    label: str
    turns: int
    agreed: int
    kappa: float | None
    """Cohen's: agreement beyond chance; None where both always gave one and the same answer."""


@dataclass(frozen=True, slots=True)
class LabelSummary:
    """Everything about the labels of some days."""

    turns: int
    people: tuple[Count, ...]
    languages: tuple[Count, ...]
    signals: tuple[SignalSummary, ...]
    agreement: tuple[Agreement, ...]


def summarise(turns: Iterable[JudgedTurn]) -> LabelSummary:
    """Return the summary; turns whose labels were all taken back do not count."""
    found = [turn for turn in turns if turn.labels]
    return LabelSummary(
        turns=len(found),
        people=_counts(said.by for turn in found for said in turn.labels),
        languages=_counts(turn.language for turn in found),
        signals=tuple(_signal(label, found) for label in COUNTED),
        agreement=tuple(_agreement(found)),
    )


def wilson(confirmed: int, of: int) -> Share:
    """Return a share with Wilson's interval, which stays honest for few and for extreme counts."""
    if of == 0:
        return Share(0, 0, None, None, None)
    p, square = confirmed / of, Z95**2
    centre = (p + square / (2 * of)) / (1 + square / of)
    half = Z95 * math.sqrt(p * (1 - p) / of + square / (4 * of**2)) / (1 + square / of)
    return Share(confirmed, of, p, min(p, max(0.0, centre - half)), max(p, min(1.0, centre + half)))


def cohen_kappa(pairs: Sequence[tuple[object, object]]) -> float | None:
    """Return the agreement of two people beyond chance; None where chance alone explains all of it."""
    if not pairs:
        return None
    one, other = (Counter(side) for side in zip(*pairs, strict=True))
    agreed = sum(a == b for a, b in pairs) / len(pairs)
    by_chance = sum(one[answer] * other[answer] for answer in one) / len(pairs) ** 2
    return None if by_chance == 1.0 else (agreed - by_chance) / (1.0 - by_chance)


def _signal(label: str, turns: Sequence[JudgedTurn]) -> SignalSummary:
    pairs = [
        (truth, turn.answer.of(label))
        for turn in turns
        if (truth := decided(said.labels for said in turn.labels if said.labels is not None).of(label)) is not None
    ]
    answered = [(truth, answer) for truth, answer in pairs if answer is not None]
    flagged = [truth for truth, answer in answered if answer == 1]
    raised = "negative" if label == SENTIMENT else 1
    return SignalSummary(
        label=label,
        labelled=len(pairs),
        raised=sum(truth == raised for truth, _ in pairs),
        confirmed=wilson(sum(truth == answer for truth, answer in answered), len(answered)),
        precision=None if label == SENTIMENT else wilson(sum(truth == 1 for truth in flagged), len(flagged)),
    )


def _agreement(turns: Sequence[JudgedTurn]) -> Iterable[Agreement]:
    pairs: dict[tuple[str, str, str], list[tuple[object, object]]] = {}
    for turn in turns:
        for one, other in combinations(sorted(turn.labels, key=lambda said: said.by), 2):
            for label in COUNTED:
                answers = (_of(one, label), _of(other, label))
                if None not in answers:
                    pairs.setdefault((one.by, other.by, label), []).append(answers)
    for (one_by, other_by, label), answers_of in sorted(pairs.items(), key=lambda item: item[0][:2]):
        agreed = sum(a == b for a, b in answers_of)
        yield Agreement((one_by, other_by), label, len(answers_of), agreed, cohen_kappa(answers_of))


def _of(said: Correction, label: str) -> int | str | None:
    return None if said.labels is None else said.labels.of(label)


def _counts(names: Iterable[str]) -> tuple[Count, ...]:
    return tuple(
        Count(name, turns) for name, turns in sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))
    )
