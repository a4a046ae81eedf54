"""Two replays of the same conversations -> what the second changes: counts first, then cases, and the rules behind it. Pure.

Alerts are compared as (customer turn, action, queue). The first alert that differs is the cause, and
what follows it in that conversation its consequence, so that one decides which rules are responsible.
A policy compared with itself changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, Literal

from .play import Alert, Trace

Kind = Literal["appears", "disappears", "earlier", "later", "more", "fewer", "action", "queue"]
KINDS: Final[tuple[Kind, ...]] = ("appears", "disappears", "earlier", "later", "more", "fewer", "action", "queue")
"""What may happen to a conversation's alerts; in the order in which cases are listed."""


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation whose alerts change."""

    id: str
    language: str
    escalated: bool | None
    kinds: tuple[Kind, ...]
    rules: tuple[str, ...]
    """The rules responsible: those that decided the first alert that only one side has."""
    before: tuple[Alert, ...]
    after: tuple[Alert, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """Conversations, by what became of them; the rest has no known outcome."""

    conversations: int
    escalated: int
    calm: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the second replay changes."""

    conversations: int
    changed: int
    """Conversations whose alerts change."""
    kinds: dict[Kind, Count]
    rules: dict[str, Count]
    """Rules responsible, the most frequent first."""
    turns_answered_otherwise: int
    """Customer turns with another action, queue or deciding rule, alert or not."""
    cases: tuple[Case, ...]
    """Every conversation that changes, by kind and then in the order of the traces."""


def compare(before: Sequence[Trace], after: Sequence[Trace]) -> Comparison:
    """Compare two replays of the same conversations in the same order."""
    pairs = list(zip(before, after, strict=True))
    cases = sorted((case for a, b in pairs if (case := _case(a, b)) is not None), key=lambda c: KINDS.index(c.kinds[0]))
    kinds = {kind: count(c for c in cases if kind in c.kinds) for kind in KINDS}
    names = dict.fromkeys(rule for case in cases for rule in case.rules)
    rules = {rule: count(c for c in cases if rule in c.rules) for rule in names}
    return Comparison(
        conversations=len(pairs),
        changed=len(cases),
        kinds={kind: counted for kind, counted in kinds.items() if counted.conversations},
        rules=dict(sorted(rules.items(), key=lambda item: (-item[1].conversations, item[0]))),
        turns_answered_otherwise=sum(_turns_changed(a, b) for a, b in pairs),
        cases=tuple(cases),
    )


def count(cases: Iterable[Case]) -> Count:
    """Count cases by outcome."""
    outcomes = [case.escalated for case in cases]
    return Count(len(outcomes), outcomes.count(True), outcomes.count(False))


def _case(before: Trace, after: Trace) -> Case | None:
    kinds = kinds_of(before.alerts, after.alerts)
    if not kinds:
        return None
    rules = _responsible(before.alerts, after.alerts)
    return Case(after.id, after.language, after.escalated, kinds, rules, before.alerts, after.alerts)


def kinds_of(before: Sequence[Alert], after: Sequence[Alert]) -> tuple[Kind, ...]:
    """Return how one conversation's alerts change; empty when they do not."""
    if not before or not after:
        return () if not before and not after else (("disappears",) if before else ("appears",))
    pairs = list(zip(before, after, strict=False))
    same_length = len(before) == len(after)
    cause = next(((a, b) for a, b in pairs if _signature(a) != _signature(b)), pairs[0])
    moved = cause[1].customer_turn - cause[0].customer_turn
    # Of lists of different length only the first alerts surely belong together.
    moves = same_length or cause == pairs[0]
    # Past an alert that only one side has, the others no longer stand opposite each other.
    opposite = [(a, b) for a, b in pairs if same_length or a.customer_turn == b.customer_turn]
    found: dict[Kind, bool] = {
        "earlier": moves and moved < 0,
        "later": moves and moved > 0,
        "more": len(after) > len(before),
        "fewer": len(after) < len(before),
        "action": any(a.action != b.action for a, b in opposite),
        "queue": any(a.queue != b.queue for a, b in opposite),
    }
    return tuple(kind for kind, holds in found.items() if holds)


def _signature(alert: Alert) -> tuple[int, str, str | None]:
    return alert.customer_turn, alert.action, alert.queue


def _responsible(before: Sequence[Alert], after: Sequence[Alert]) -> tuple[str, ...]:
    for a, b in zip_longest(before, after):
        if a is None or (b is not None and b.customer_turn < a.customer_turn):
            return b.rules[:1]
        if b is None or a.customer_turn < b.customer_turn:
            return a.rules[:1]
        if (a.action, a.queue) != (b.action, b.queue):
            return tuple(dict.fromkeys((*a.rules[:1], *b.rules[:1])))
    return ()


def _turns_changed(before: Trace, after: Trace) -> int:
    return sum(
        (a.action, a.queue, a.rules[:1]) != (b.action, b.queue, b.rules[:1])
        for a, b in zip(before.decisions, after.decisions, strict=True)
    )
