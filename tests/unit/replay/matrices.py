"""Shared by the replay's tests: small policies over the shipped phrases, and the golden conversations to replay."""

from service.flow import Turn
from service.replay.play import Conversation, Moment, Outcome
from service.replay.report import Side
from service.replay.stored import StoredScores
from service.risk.decide import EscalationPolicy, load_policy, policy_from_text
from tests.golden.conversations import load_all
from tests.support import make_score
from tests.unit.risk.strategies import Step

SHIPPED = load_policy()
CROSS = make_score(frustration=0.8)
CALM = make_score()
INSULT = make_score(abuse=0.9)


def rule(name: str, when: str, action: str = "consult", queue: str = "senior") -> str:
    """Return a rule of a matrix; `action` is consult or handoff."""
    because = "".join(f'\n      {language}: "-"' for language in ("vi", "tl", "cs", "en"))
    return (
        f"  - id: {name}\n    when: {when}\n    action: {action}\n    queue: {queue}\n"
        f"    respond_within_s: 60\n    because:{because}\n"
    )


def matrix(*rules: str) -> EscalationPolicy:
    """Return a policy of these rules."""
    return policy_from_text(f"version: test\nrules:\n{''.join(rules)}".encode(), SHIPPED.catalogue)


def side(policy: EscalationPolicy) -> Side:
    """Return a side that needs no model: every score is there."""
    return Side(policy, StoredScores())


def chat(name: str, *scores, escalated: bool | None = None, language: str | None = "en", at: int | None = None):
    """Return a conversation of customer turns with these scores."""
    turns = (
        Moment(Turn(str(n), "customer", "a message", 20.0 * n), 20.0 * n, score) for n, score in enumerate(scores, 1)
    )
    outcome = None if escalated is None else Outcome(escalated, at)
    return Conversation(name, language, tuple(turns), outcome)


def heard(name: str, steps: list[Step]) -> Conversation:
    """Return a drawn conversation."""
    return Conversation(name, None, tuple(Moment(step.turn, step.turn.sent_at, step.score) for step in steps))


def golden() -> list[Conversation]:
    """Return the golden conversations with their scores."""
    return [
        Conversation(
            script.id,
            script.language,
            tuple(
                Moment(m.turn, m.turn.sent_at, m.score if m.turn.role == "customer" else None) for m in script.messages
            ),
            Outcome("handoff" in {m.expect.get("action") for m in script.messages}),
        )
        for script in load_all()
    ]
