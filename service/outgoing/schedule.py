"""What came of an attempt -> done, tried again when, or given up. Pure: chance is an argument.

The waits are those that Standard Webhooks recommends: ten attempts within about three days.
"""

from dataclasses import dataclass
from typing import Final, Literal

from .sender import Answered, Outcome

SCHEDULE_S: Final = (0.0, 5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 50400.0, 72000.0, 86400.0)
"""How long each attempt waits for the end of the one before it."""
JITTER: Final = 0.2
"""Up to this share of a wait is added by chance, so that what failed together is not tried again together."""
LONGEST_WAIT_S: Final = SCHEDULE_S[-1]
"""A receiver may ask for more; it does not get it."""
GONE: Final = 410
PING: Final = "ping"
"""The type of a message that somebody sends to try an endpoint: one attempt, from which nothing follows."""

Verdict = Literal["delivered", "retry", "failed", "gone"]


@dataclass(frozen=True, slots=True)
class Judged:
    """What follows from an attempt; `wait_s` of a "retry"."""

    verdict: Verdict
    wait_s: float = 0.0


def judge(outcome: Outcome, *, type: str, attempts: int, chance: float) -> Judged:
    """Judge an attempt; `attempts` counts it, `chance` lies in 0..1."""
    if isinstance(outcome, Answered) and outcome.ok:
        return Judged("delivered")
    if type == PING:
        return Judged("failed")
    if isinstance(outcome, Answered) and outcome.status == GONE:
        return Judged("gone")
    if attempts >= len(SCHEDULE_S):
        return Judged("failed")
    asked_s = (outcome.retry_after_s or 0.0) if isinstance(outcome, Answered) else 0.0
    planned_s = SCHEDULE_S[attempts] * (1.0 + JITTER * chance)
    return Judged("retry", max(planned_s, min(asked_s, LONGEST_WAIT_S)))
