"""The facts of a turn and a policy -> why each rule fired, and which ones nearly did.

Beside stage 6, for `evenkeel policy explain`: it reads the same rules and facts as `decide` and changes
nothing. A rule nearly fired when all of its conditions but one held. Most rules end in "not yet handed
over", which holds from the start and says nothing, so one more thing is asked: that another condition
holds which a calm opening would not meet, or that the missing one got at least half of the way.
"""

from dataclasses import dataclass
from typing import Final

from ..flow import Action, ConversationState, Score, Turn
from ..labels import SENTIMENTS, SIGNALS
from .accumulate import accumulate
from .conditions import Facts, observe
from .decide import EscalationPolicy
from .policy import Rule
from .seen import Seen, see

HALF_WAY: Final = 0.5


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule whose conditions all hold."""

    rule: str
    action: Action
    queue: str | None
    respond_within_s: int | None
    decides: bool
    """The first of them decides; the others are further reasons."""
    held_back: bool
    """The turn was not scored, and such a turn never raises the action."""


@dataclass(frozen=True, slots=True)
class NearRule:
    """A rule that lacked one condition."""

    rule: str
    action: Action
    missing: Seen


@dataclass(frozen=True, slots=True)
class AskedRule:
    """The rule that somebody asked about: every condition with what it saw."""

    rule: str
    fires: bool
    conditions: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a turn was answered as it was."""

    fired: tuple[FiredRule, ...]
    near: tuple[NearRule, ...]
    asked: AskedRule | None


def explain(policy: EscalationPolicy, facts: Facts, asked: str | None = None) -> Explanation:
    """Explain a customer's turn; `asked` is the id of a rule to show in full, whether or not it fired."""
    near = [found for rule in policy.rules if (found := _near(rule, facts)) is not None]
    near.sort(key=lambda found: -found.missing.share)  # the nearest first; of equals, matrix order
    wanted = next((rule for rule in policy.rules if rule.id == asked), None)
    return Explanation(_fired(policy, facts), tuple(near), None if wanted is None else _asked(wanted, facts))


def _fired(policy: EscalationPolicy, facts: Facts) -> tuple[FiredRule, ...]:
    counted = [rule.id for rule in policy.fired(facts)]
    return tuple(
        FiredRule(
            rule=rule.id,
            action=rule.action,
            queue=rule.queue,
            respond_within_s=rule.respond_within_s,
            decides=counted[:1] == [rule.id],
            held_back=rule.id not in counted,
        )
        for rule in policy.rules
        if rule.fires(facts)
    )


def _near(rule: Rule, facts: Facts) -> NearRule | None:
    missing = [condition for condition in rule.conditions if not condition.holds(facts)]
    if len(missing) != 1:
        return None
    seen = see(missing[0], facts)
    telling = any(c.holds(facts) and not c.holds(_CALM_OPENING) for c in rule.conditions)
    return NearRule(rule.id, rule.action, seen) if telling or seen.share >= HALF_WAY else None


def _asked(rule: Rule, facts: Facts) -> AskedRule:
    seen = tuple(see(condition, facts) for condition in rule.conditions)
    return AskedRule(rule.id, all(condition.holds for condition in seen), seen)


def _calm_opening() -> Facts:
    """The facts of a first message that says nothing of note."""
    score = Score(
        status="scored",
        abstain_reason=None,
        language="en",
        language_probability=1.0,
        scores=dict.fromkeys(SIGNALS, 0.0),
        flags=dict.fromkeys(SIGNALS, False),
        asks_human=0.0,
        asks_human_flag=False,
        threat_kind=None,
        threat_kinds={},
        sentiment={name: float(name == "neutral") for name in SENTIMENTS},
        evidence=(),
    )
    turn = Turn("calm", "customer", "hello", 0.0)
    return observe(accumulate(ConversationState("calm"), turn, score, 0.0), turn, score, 0.0)


_CALM_OPENING: Final = _calm_opening()
