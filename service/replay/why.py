"""A conversation and a policy -> why each customer turn was answered as it was, as a page of text.

For `evenkeel policy explain`. The facts are caught on their way into `decide`, so they are those that
it decided by. No text of the conversation is on the page unless it is asked for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from ..engine import Engine
from ..flow import Assessment, ConversationState, Recommendation, Score, Scorer, Turn
from ..labels import ASKS_HUMAN
from ..risk.conditions import Facts, observe
from ..risk.decide import EscalationPolicy
from ..risk.explain import AskedRule, Explanation, FiredRule, NearRule, explain
from ..store import assessment_to_json
from .play import Conversation, play


@dataclass(slots=True)
class _Watched:
    """A policy that remembers the facts of the last turn that it decided."""

    policy: EscalationPolicy
    facts: Facts | None = None

    @property
    def version(self) -> str:
        return self.policy.version

    @property
    def read_replies(self) -> bool:
        return self.policy.read_replies

    def decide(self, state: ConversationState, turn: Turn, score: Score | None, now: float) -> Recommendation:
        self.facts = observe(state, turn, score, now)
        return self.policy.decide(state, turn, score, now)

    def explain(self, rule: str, language: str) -> str | None:
        return self.policy.explain(rule, language)

    def to_collect(self, rule: str, language: str) -> tuple[str, ...]:
        return self.policy.to_collect(rule, language)

    def in_order(self, rules: Iterable[str]) -> list[str]:
        return self.policy.in_order(rules)


@dataclass(frozen=True, slots=True)
class TurnWhy:
    """A customer's turn, its answer, and why."""

    number: int
    """Among all turns, from 1."""
    customer_turn: int
    turn: Turn
    assessment: Assessment
    why: Explanation


def explain_turns(
    scorer: Scorer, policy: EscalationPolicy, conversation: Conversation, asked: str | None = None
) -> Iterator[TurnWhy]:
    """Yield every customer turn, explained; `asked` is the id of a rule to show in full."""
    watched, customer_turn = _Watched(policy), 0
    for number, answer in enumerate(play(Engine(scorer, watched), conversation), 1):
        turn = answer.moment.turn
        if turn.role == "customer" and watched.facts is not None:
            customer_turn += 1
            yield TurnWhy(number, customer_turn, turn, answer.assessment, explain(policy, watched.facts, asked))


def why_page(turns: Iterable[TurnWhy], *, show_text: bool = False) -> str:
    """Return the explained turns as text."""
    return "\n\n".join("\n".join(_turn(turn, show_text)) for turn in turns) + "\n"


def _turn(found: TurnWhy, show_text: bool) -> Iterator[str]:
    yield f"turn {found.number}, the customer's {_ordinal(found.customer_turn)}, id {found.turn.turn_id}"
    if show_text:
        yield f"  text      {' '.join(found.turn.text.split()) or '(not kept)'}"
    yield f"  scores    {_scores(found.assessment.score)}"
    yield f"  risk      {_risk(found.assessment)}"
    yield f"  answer    {_answer(found.assessment.recommendation)}"
    yield from _listed("fired", [_fired(rule) for rule in found.why.fired])
    yield from _listed("nearly", [_near(rule) for rule in found.why.near])
    if found.why.asked is not None:
        yield from _asked(found.why.asked)


def _scores(score: Score | None) -> str:
    if score is None:
        return "none"
    raised = {**score.flags, ASKS_HUMAN: score.asks_human_flag}
    values = {**score.scores, ASKS_HUMAN: score.asks_human}
    said = ", ".join(f"{name} {value:.2f}{' (flagged)' if raised[name] else ''}" for name, value in values.items())
    kind = f"; threat of {score.threat_kind}" if score.threat_kind else ""
    abstained = f"; abstained: {score.abstain_reason}" if score.status == "abstained" else ""
    return f"{said}; {score.language}{kind}{abstained}"


def _risk(assessment: Assessment) -> str:
    risk = assessment.risk
    shown = cast(dict[str, dict[str, object]], assessment_to_json(assessment))["risk"]["forecast"]
    forecast = f"; forecast {_pairs(cast(dict[str, object], shown))}" if shown is not None else ""
    return f"level {risk.level:.2f}, band {risk.band}, {risk.trend}, {risk.stage}{forecast}"


def _pairs(values: dict[str, object]) -> str:
    return ", ".join(f"{name} {_plain(value)}" for name, value in values.items())


def _plain(value: object) -> str:
    if isinstance(value, list):
        return " + ".join(map(str, value)) or "nothing in particular"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _answer(made: Recommendation) -> str:
    return _asks(made.action, made.queue, made.respond_within_s)


def _asks(action: str, queue: str | None, within_s: int | None) -> str:
    return action + (f" to {queue}" if queue else "") + (f" within {within_s} s" if within_s else "")


def _listed(title: str, lines: list[str]) -> Iterator[str]:
    for index, line in enumerate(lines or ["none"]):
        yield f"  {title if index == 0 else '':<9} {line}"


def _fired(rule: FiredRule) -> str:
    note = " (decides)" if rule.decides else " (held back: the turn was not scored)" if rule.held_back else ""
    return f"{rule.rule}: {_asks(rule.action, rule.queue, rule.respond_within_s)}{note}"


def _near(near: NearRule) -> str:
    missing = near.missing
    return f"{near.rule} ({near.action}): {missing.word} found {missing.found}, wanted {missing.wanted}"


def _asked(asked: AskedRule) -> Iterator[str]:
    yield f"  rule      {asked.rule} {'fires' if asked.fires else 'does not fire'}"
    for seen in asked.conditions:
        yield f"            {'yes' if seen.holds else 'NO '} {seen.word}: found {seen.found}, wanted {seen.wanted}"


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
