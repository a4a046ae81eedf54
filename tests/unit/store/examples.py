"""Turns and steps for tests of the store: no model, no policy, every number chosen by the test."""

from dataclasses import replace

from service.engine import Step
from service.flow import (
    BANDS,
    Action,
    Assessment,
    ConversationState,
    Evidence,
    ModelInfo,
    Phrase,
    Reason,
    Recommendation,
    Risk,
    Score,
    Turn,
)

MODEL = ModelInfo("m1", "sha256:00", "int8")
PHONE = "0912345678"


def a_turn(turn_id: str = "t1", text: str = "pořád nic", **fields: object) -> Turn:
    """A customer's turn, sent at second 100."""
    return replace(Turn(turn_id, "customer", text, sent_at=100.0), **fields)  # type: ignore[arg-type]


def a_score(level: float = 0.5, evidence: tuple[Evidence, ...] = ()) -> Score:
    """A score of Czech text with every field set."""
    return Score(
        status="scored",
        abstain_reason=None,
        language="cs",
        language_probability=0.99,
        scores={"frustration": level, "abuse": 0.1, "threat": 0.1 + 0.2},
        flags={"frustration": level > 0.5, "abuse": False, "threat": False},
        asks_human=0.02,
        asks_human_flag=False,
        threat_kind=None,
        threat_kinds={"legal": 0.3},
        sentiment={"negative": 0.9, "neutral": 0.08, "positive": 0.02},
        evidence=evidence,
    )


class Stepper:
    """Counts customer turns, takes the level as the risk, and counts how often it was asked."""

    def __init__(
        self,
        turn: Turn,
        level: float = 0.1,
        action: Action = "none",
        evidence: tuple[Evidence, ...] = (),
        queue: str = "senior",
    ) -> None:
        self.turn, self.level, self.action, self.evidence, self.queue = turn, level, action, evidence, queue
        self.calls = 0

    def __call__(self, state: ConversationState) -> Step:
        self.calls += 1
        band = BANDS[min(3, int(self.level * 4))]
        following = replace(
            state,
            language="cs",
            customer_turns=state.customer_turns + 1,
            risk_history=(*state.risk_history, self.level),
            band=band,
            last_action=self.action,
            handed_over=self.action == "handoff",
            waiting_since=self.turn.sent_at,
        )
        phrase = Phrase("cs.calm.1", "cs", "reassure", "venting", "Rozumím vám.")
        recommendation = Recommendation(
            self.action, self.queue, 60, (phrase,), (Reason("rule-1", "Zákazník čeká.", self.evidence),)
        )
        score = a_score(self.level, self.evidence) if self.turn.role == "customer" else None
        risk = Risk(self.level, band, "steady", "venting")
        answer = Assessment(state.conversation_id, self.turn.turn_id, score, risk, recommendation, MODEL, "p1")
        return Step(following, answer)
