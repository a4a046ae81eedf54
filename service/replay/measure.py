"""Traces -> how good the alerts are against outcomes, per language and in all, and how often each rule fires. Pure.

Counted per conversation, as a supervisor meets it: a conversation is alerted when it has one alert or
more. Precision, recall and false-positive rate look at labelled conversations only and are None where
there is nothing to divide by. `escalated` is what the label says, never what a policy says.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from ..flow import Action
from ..labels import LANGUAGES
from ..risk.policy import Rule
from .play import Trace

ALL: Final = "all"
EARLY_TURNS: Final = 2
"""A lead that leaves time to act."""
_DECIMALS: Final = 4


@dataclass(frozen=True, slots=True)
class Metrics:
    """The alerts of some conversations."""

    conversations: int
    customer_turns: int
    alerts: int
    alerts_per_100_conversations: float | None
    alerted: int
    """Conversations with an alert."""
    labelled: int
    """Conversations whose outcome is known."""
    escalated: int
    alerted_escalated: int
    alerted_calm: int
    late: int
    """Escalated ones whose first alert came after the escalation; they count as missed."""
    precision: float | None
    """Of the labelled conversations with an alert, the share that escalated."""
    recall: float | None
    """Of the escalated conversations, the share with an alert in time."""
    false_positive_rate: float | None
    """Of the conversations that did not escalate, the share with an alert."""
    lead_median: float | None
    """Customer turns from the first alert to the labelled escalation, or else to the end."""
    lead_early: float | None
    """Of the alerts in time, the share with a lead of `EARLY_TURNS` or more."""


@dataclass(frozen=True, slots=True)
class RuleUse:
    """How often a rule of the policy mattered."""

    rule: str
    action: Action
    fired: int
    """Customer turns on which all its conditions held."""
    decided: int
    """Customer turns that it decided, as the first that fired."""
    alerts: int
    """Alerts that it decided."""
    alerted_escalated: int
    alerted_calm: int
    """Labelled conversations in which it decided an alert: many calm ones make it a noisy rule."""


def measure(traces: Sequence[Trace]) -> dict[str, Metrics]:
    """Return the metrics of all traces under `all`, then of each language that occurs."""
    found = {trace.language for trace in traces}
    languages = [*(name for name in LANGUAGES if name in found), *sorted(found - set(LANGUAGES))]
    per_language = {name: _metrics([t for t in traces if t.language == name]) for name in languages}
    return {ALL: _metrics(traces), **per_language}


def lead_of(trace: Trace) -> int | None:
    """Return the customer turns between first alert and escalation (or end); below zero when it came too late."""
    if not trace.escalated or not trace.alerts or trace.outcome is None:
        return None
    end = len(trace.decisions) if trace.outcome.customer_turn is None else trace.outcome.customer_turn
    return end - trace.alerts[0].customer_turn


def rule_uses(rules: Iterable[Rule], traces: Sequence[Trace]) -> tuple[RuleUse, ...]:
    """Return the use of every rule in matrix order: also of those that never fired."""
    decisions = [decision for trace in traces for decision in trace.decisions]
    fired = Counter(rule for decision in decisions for rule in decision.rules)
    decided = Counter(rule for decision in decisions for rule in decision.rules[:1])
    alerts = Counter(rule for trace in traces for alert in trace.alerts for rule in alert.rules[:1])
    ended = {outcome: _alerting(t for t in traces if t.escalated is outcome) for outcome in (True, False)}
    return tuple(
        RuleUse(
            rule=rule.id,
            action=rule.action,
            fired=fired[rule.id],
            decided=decided[rule.id],
            alerts=alerts[rule.id],
            alerted_escalated=ended[True][rule.id],
            alerted_calm=ended[False][rule.id],
        )
        for rule in rules
    )


def share(part: int, whole: int) -> float | None:
    """Return `part / whole`, rounded; None of nothing."""
    return round(part / whole, _DECIMALS) if whole else None


def _alerting(traces: Iterable[Trace]) -> Counter[str]:
    """In how many conversations each rule decided an alert."""
    return Counter(rule for t in traces for rule in {name for alert in t.alerts for name in alert.rules[:1]})


def _metrics(traces: Sequence[Trace]) -> Metrics:
    alerts = sum(len(trace.alerts) for trace in traces)
    escalated = [trace for trace in traces if trace.escalated is True]
    calm = [trace for trace in traces if trace.escalated is False]
    hits, false_alarms = sum(bool(t.alerts) for t in escalated), sum(bool(t.alerts) for t in calm)
    leads = [lead for trace in escalated if (lead := lead_of(trace)) is not None]
    in_time = [lead for lead in leads if lead >= 0]
    return Metrics(
        conversations=len(traces),
        customer_turns=sum(len(trace.decisions) for trace in traces),
        alerts=alerts,
        alerts_per_100_conversations=round(100 * alerts / len(traces), 1) if traces else None,
        alerted=sum(bool(trace.alerts) for trace in traces),
        labelled=len(escalated) + len(calm),
        escalated=len(escalated),
        alerted_escalated=hits,
        alerted_calm=false_alarms,
        late=len(leads) - len(in_time),
        precision=share(hits, hits + false_alarms),
        recall=share(len(in_time), len(escalated)),
        false_positive_rate=share(false_alarms, len(calm)),
        lead_median=float(median(in_time)) if in_time else None,
        lead_early=share(sum(lead >= EARLY_TURNS for lead in in_time), len(in_time)),
    )
