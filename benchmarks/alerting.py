"""Watched conversations -> early-warning numbers: who was warned of, how long before, and who for nothing.

A conversation is *alerted* at its first customer turn with a consult or hand-off. It is warned of *in time* when that
is at or before the turn at which it escalates (`training/escalation.py`); *lead* counts the customer turns between.
Pure; `early_warning.py` brings the conversations.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.bootstrap import interval
from training.escalation import KINDS, Story

MIXED = frozenset({"tl", "en"})
"""Taglish: these customers change between the two from line to line, and the answer follows the line."""
CALM_BUDGET = 0.10
"""At most this share of the calm conversations may be alerted (the goal of issue 4)."""
HARMLESS = ("heated", "displeased", "calm")
"""Kinds of conversation that did not escalate; those passed on for their gravity count on neither side."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A story and, per customer turn, what was answered to it."""

    story: Story
    alerted: tuple[bool, ...]
    forecast: tuple[float, ...]
    """0 before the first scored turn."""
    last: tuple[float, ...]
    """The highest of the four outputs of the turn alone; 0 for an abstained one."""
    phrases: tuple[str, ...] = ()
    """The languages of the suggested phrases."""

    @property
    def deferred(self) -> tuple[float, ...]:
        """The last score with wait-one-turn deferral: what two turns in a row reach."""
        return tuple(min(pair) for pair in zip((0.0, *self.last[:-1]), self.last, strict=True))


Series = Callable[[Watched], Sequence[float]]
"""What a threshold is laid on, per customer turn."""
RIVALS: dict[str, Series] = {
    "forecast alone": lambda w: w.forecast,
    "last score": lambda w: w.last,
    "last score, wait one turn": lambda w: w.deferred,
}


def first(alerts: Iterable[bool]) -> int | None:
    """Position of the first alert."""
    return next((at for at, alert in enumerate(alerts) if alert), None)


def by_threshold(watched: Sequence[Watched], series: Series, threshold: float) -> list[tuple[bool, ...]]:
    """Alerts of a plain threshold."""
    return [tuple(value >= threshold for value in series(w)) for w in watched]


def threshold_at(watched: Sequence[Watched], series: Series, share: float, kinds: Sequence[str] = HARMLESS) -> float:
    """The lowest threshold that alerts at most `share` of the conversations of these kinds."""
    highest = sorted((max(series(w)) for w in watched if w.story.kind in kinds), reverse=True)
    allowed = int(share * len(highest) + 1e-9)
    return float(np.nextafter(highest[allowed], 2.0)) if allowed < len(highest) else 0.0


def measure(watched: Sequence[Watched], alerts: Sequence[tuple[bool, ...]]) -> dict[str, object]:
    """Every number of one way to alert; shares come as [value, low, high], None where there is nothing to share."""
    firsts = [first(alert) for alert in alerts]
    ends = [(w.story.escalates_at, at) for w, at in zip(watched, firsts, strict=True)]
    escalated = [(end, at) for end, at in ends if end is not None]
    leads = sorted(end - at for end, at in escalated if at is not None and at <= end)
    alerted = {k: [at is not None for w, at in zip(watched, firsts, strict=True) if w.story.kind == k] for k in KINDS}
    harmless = [hit for kind in HARMLESS for hit in alerted[kind]]
    right = sum(alerted["escalated"])
    back = [
        not alert[-1]
        for w, alert, at in zip(watched, alerts, firsts, strict=True)
        if at is not None and _came_round(w, at)
    ]
    return {
        "recall": share([at is not None and at <= end for end, at in escalated]),
        "strictly_before": share([at is not None and at < end for end, at in escalated]),
        "recall_with_passed_on": share([at is not None and at <= end for end, at in escalated] + alerted["passed_on"]),
        "median_lead": float(np.median(leads)) if leads else None,
        "leads": {str(turns): count for turns, count in sorted(Counter(leads).items())},
        "late": sum(at is not None and at > end for end, at in escalated),
        **{f"alerted_{kind}": share(alerted[kind]) for kind in HARMLESS},
        "false_positive_rate": share(harmless),
        "precision": share([True] * right + [False] * sum(harmless)),
        "recovery": share(back),
    }


def _came_round(watched: Watched, at: int) -> bool:
    """It did not escalate, went on after the alert, and its customer ends without frustration or any sign."""
    signs = watched.story.signs
    return watched.story.kind in HARMLESS and at < len(signs) - 1 and not signs[-1]


def share(hits: Sequence[bool]) -> list[float] | None:
    """A share with its 95 % bootstrap interval."""
    values = np.array(hits, dtype=float)
    return interval(lambda _, drawn: float(drawn.mean()), values, values).as_json() if len(values) else None


def policy_alone(watched: Sequence[Watched]) -> dict[str, object]:
    """The policy's alerts, for sets that are too small to compare."""
    return {"policy": measure(watched, [w.alerted for w in watched])}


def beside_rivals(watched: Sequence[Watched]) -> dict[str, object]:
    """The policy's alerts, and the rivals' at the same false-positive rate and at the budget of calm conversations."""
    harmless = [any(w.alerted) for w in watched if w.story.kind in HARMLESS]
    rate = float(np.mean(harmless)) if harmless else 0.0
    found = policy_alone(watched)
    for name, series in RIVALS.items():
        for label, limit in (
            ("same false-positive rate", threshold_at(watched, series, rate)),
            ("calm budget", threshold_at(watched, series, CALM_BUDGET, ("calm",))),
        ):
            alerts = by_threshold(watched, series, limit)
            found[f"{name}, {label}"] = {"threshold": round(limit, 4), **measure(watched, alerts)}
    return found


def counts(watched: Sequence[Watched]) -> dict[str, int]:
    """Conversations by kind; phrases, those in the other language of a Taglish conversation, those in a wrong one."""
    kinds = Counter(w.story.kind for w in watched)
    pairs = [{language, w.story.language} for w in watched for language in w.phrases]
    return {
        **{kind: kinds[kind] for kind in KINDS},
        "phrases": len(pairs),
        "taglish_phrases": sum(pair == MIXED for pair in pairs),
        "wrong_language_phrases": sum(len(pair) > 1 and pair != MIXED for pair in pairs),
    }
