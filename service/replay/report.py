"""Conversations and one or two sides -> one report: metrics, use of the rules, and what differs. Pure, and no text in it.

A side is a policy with a scorer. Both sides read the same scores unless one is told to score anew, so
the model runs once for two policies, and not at all over scores that are stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..engine import Engine
from ..flow import Scorer
from ..risk.decide import EscalationPolicy
from .compare import Comparison, compare
from .measure import Metrics, RuleUse, measure, rule_uses
from .play import Conversation, Trace, play, trace, with_scores, without_scores
from .rules import PolicyChanges, policy_changes


@dataclass(frozen=True, slots=True)
class Side:
    """What a replay is played under."""

    policy: EscalationPolicy
    scorer: Scorer
    """Scores the customer's turns that bring no score."""
    anew: bool = False
    """Score also those that bring one: this side tries another model."""

    @property
    def engine(self) -> Engine:
        """Scorer and policy, joined."""
        return Engine(self.scorer, self.policy)


@dataclass(frozen=True, slots=True)
class Played:
    """One side's traces, in the order of the conversations."""

    side: Side
    traces: Sequence[Trace]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a side changes against another one."""

    policy: str
    """Version of the other side's policy."""
    metrics: Mapping[str, Metrics]
    """Of the other side."""
    changes: PolicyChanges
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Report:
    """What a replay found."""

    policy: str
    metrics: Mapping[str, Metrics]
    rules: tuple[RuleUse, ...]
    difference: Difference | None


def trace_sides(conversation: Conversation, sides: Sequence[Side]) -> tuple[Trace, ...]:
    """Replay a conversation under each side; scores that one side made serve the next."""
    traces = []
    for side in sides:
        asked = without_scores(conversation) if side.anew else conversation
        answers = list(play(side.engine, asked))
        traces.append(trace(asked, answers))
        if not side.anew:
            conversation = with_scores(conversation, answers)
    return tuple(traces)


def play_sides(conversations: Iterable[Conversation], sides: Sequence[Side]) -> tuple[Played, ...]:
    """Replay conversations under each side."""
    columns = [trace_sides(conversation, sides) for conversation in conversations]
    return tuple(Played(side, [traces[index] for traces in columns]) for index, side in enumerate(sides))


def report(played: Played, against: Played | None = None) -> Report:
    """Report on a replay, beside another replay of the same conversations where there is one."""
    return Report(
        policy=played.side.policy.version,
        metrics=measure(played.traces),
        rules=rule_uses(played.side.policy.rules, played.traces),
        difference=None if against is None else _difference(against, played),
    )


def _difference(before: Played, after: Played) -> Difference:
    return Difference(
        policy=before.side.policy.version,
        metrics=measure(before.traces),
        changes=policy_changes(before.side.policy, after.side.policy),
        comparison=compare(before.traces, after.traces),
    )
