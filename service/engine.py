"""The stages in order: (state, turn, now) -> (state, Assessment), a pure function of its arguments.

The live service scores turns in batches first and then calls `advance`; everything else calls
`assess`. Both take the same path, so a replay answers what the service answered.
"""

from dataclasses import dataclass, field, replace
from typing import Protocol

from .flow import (
    Assessment,
    ConversationState,
    Forecast,
    Policy,
    Recommendation,
    Risk,
    Score,
    Scorer,
    Turn,
)
from .risk.accumulate import accumulate, trend
from .risk.exchange import Judgement
from .risk.handoff import settle
from .risk.reply_model import load_reply_model


class ReplyReader(Protocol):
    """Reads agents' replies for the forecast; `risk/reply_model.py` has the one that is shipped."""

    def judge(self, text: str) -> Judgement | None:
        """Judge one reply; it depends on nothing but its text. None where it says nothing."""


@dataclass(frozen=True, slots=True)
class Step:
    """A conversation after a turn, and what is answered."""

    state: ConversationState
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Engine:
    """A scorer of customers' turns, a policy, and a reader of agents' replies, joined."""

    scorer: Scorer
    policy: Policy
    replies: ReplyReader = field(default_factory=load_reply_model)

    def assess(self, state: ConversationState, turn: Turn, now: float) -> Step:
        """Score the turn (customers only) and take the conversation one turn further."""
        score = self.scorer.score([turn.text])[0] if turn.role == "customer" else None
        return self.advance(state, turn, score, now)

    def advance(self, state: ConversationState, turn: Turn, score: Score | None, now: float) -> Step:
        """Take the conversation one turn further with a score that is already there."""
        judgement = None
        if not self.policy.read_replies:  # also what was read before the policy forbade it
            state = replace(state, reply_care=None, reply_strain=0.0)
        elif turn.role == "agent":
            judgement = self.replies.judge(turn.text)
        following = accumulate(settle(state, now), turn, score, now, judgement)
        recommendation = self.policy.decide(following, turn, score, now)
        following = _remember(following, turn, recommendation)
        risk = Risk(
            level=following.risk_history[-1] if following.risk_history else 0.0,
            band=following.band,
            trend=trend(following),
            stage=following.stage,
            forecast=None if following.forecast is None else Forecast(following.forecast, following.forecast_because),
        )
        assessment = Assessment(
            conversation_id=state.conversation_id,
            turn_id=turn.turn_id,
            score=score,
            risk=risk,
            recommendation=recommendation,
            model=self.scorer.model,
            policy_version=self.policy.version,
            bot_muted=following.bot_muted,
        )
        return Step(following, assessment)


def _remember(state: ConversationState, turn: Turn, recommendation: Recommendation) -> ConversationState:
    """What was suggested is part of the state: no phrase twice, no second alert for the same thing."""
    if turn.role != "customer":
        return state
    used = (*state.phrases_used, *(phrase.id for phrase in recommendation.phrases))
    return replace(state, phrases_used=used, last_action=recommendation.action)
