"""What an alert is: a recommendation that asks for a second person, louder than the one before it. Pure.

Between `decide` and `record`: the outbox publishes `alert.raised` by it, and the replay counts by it.
"""

from typing import Final

from ..flow import ACTIONS, Action, ConversationState, Recommendation

ALERTING: Final[tuple[Action, ...]] = ("consult", "handoff")
"""Actions that ask for a second person."""


def raises_alert(before: ConversationState, recommendation: Recommendation) -> bool:
    """Return whether a recommendation rises to an alert; `before` is the state before the turn."""
    action = recommendation.action
    return action in ALERTING and ACTIONS.index(action) > ACTIONS.index(before.last_action)
