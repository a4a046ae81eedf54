"""What people say of a turn -> what stands: the latest of each person, what the majority decides, who contradicts whom. Pure.

A correction never touches the first answer of the turn nor the risk of the conversation: an answer that
was given stays what it was (invariant 3). It counts for the queue of turns worth labelling, for the
summary, and for the rows that retrain the model.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from ..labels import ASKS_HUMAN, BINARY, SENTIMENTS

THREAT_KIND: Final = "threat_kind"
SENTIMENT: Final = "sentiment"
LABELS: Final = (*BINARY, THREAT_KIND, SENTIMENT)
"""Every label that a person may give, in the order of the columns."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What one person, or the model, says of a turn; None where nothing was said, which is not 0."""

    frustration: int | None = None
    abuse: int | None = None
    threat: int | None = None
    asks_human: int | None = None
    threat_kind: str | None = None
    sentiment: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said at all."""
        return self == Labels()

    def of(self, label: str) -> int | str | None:
        """Return what is said of one label."""
        value: int | str | None = getattr(self, label)
        return value


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said of a turn at one time; `labels` is None where they took back what they had said."""

    by: str
    at: float
    labels: Labels | None
    model_version: str
    """The model whose answer was corrected or confirmed."""


def standing(history: Iterable[Correction]) -> tuple[Correction, ...]:
    """Return the latest of each person, oldest first, without those who took theirs back; `history` is in order."""
    latest: dict[str, Correction] = {}
    for correction in history:
        latest.pop(correction.by, None)
        latest[correction.by] = correction
    return tuple(correction for correction in latest.values() if correction.labels is not None)


def decided(said: Iterable[Labels]) -> Labels:
    """Return what the majority says, label by label; nothing where two answers are equally frequent.

    A kind of threat counts only among those who see a threat, and only when the majority does.
    """
    given = tuple(said)
    found = {label: _majority(labels.of(label) for labels in given) for label in LABELS}
    if found["threat"] != 1:
        found[THREAT_KIND] = None
    return Labels(**found)  # type: ignore[arg-type]


def contested(said: Iterable[Labels]) -> tuple[str, ...]:
    """Return the labels on which people differ so that there is no majority."""
    given = tuple(said)
    return tuple(
        label
        for label in LABELS
        if len({labels.of(label) for labels in given} - {None}) > 1 and decided(given).of(label) is None
    )


def contradicts(labels: Labels, answer: Labels) -> tuple[str, ...]:
    """Return the labels of which the two say different things; a label that one leaves open is no contradiction."""
    return tuple(
        label for label in LABELS if None not in (labels.of(label), answer.of(label)) and _differ(label, labels, answer)
    )


def answer_of(score: Mapping[str, Any]) -> Labels:
    """Return what the model answered, as labels; of an abstained turn it said nothing. `score` is the public shape."""
    if score["status"] != "scored":
        return Labels()
    flags, sentiment = score["flags"], score[SENTIMENT]
    return Labels(
        **{name: int(flags[name]) for name in BINARY},
        threat_kind=score[THREAT_KIND],
        sentiment=max(SENTIMENTS, key=lambda name: sentiment.get(name, 0.0)),
    )


def probability_of(score: Mapping[str, Any], signal: str) -> float:
    """Return the probability of one of `labels.BINARY`."""
    return float(score[ASKS_HUMAN] if signal == ASKS_HUMAN else score["scores"][signal])


def labels_from(values: Mapping[str, Any]) -> Labels:
    """Return the labels among these values; what is missing was not said."""
    return Labels(**{field.name: values.get(field.name) for field in fields(Labels)})


def _differ(label: str, one: Labels, other: Labels) -> bool:
    return one.of(label) != other.of(label)


def _majority(answers: Iterable[int | str | None]) -> int | str | None:
    counted = Counter(answer for answer in answers if answer is not None).most_common(2)
    if not counted or (len(counted) == 2 and counted[0][1] == counted[1][1]):
        return None
    return counted[0][0]
