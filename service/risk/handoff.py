"""A hand-off and somebody's action -> the hand-off after it; and what that means for the conversation's state.

Pure: `now` is an argument, limits come from the settings. One owner at a time. A claim that was not
accepted in time, and an acceptance that was not joined in time, lapse: that is decided whenever somebody
reads or acts (`standing`), so no clock has to run. The store keeps the steps; a replay applies them
between the turns (`apply_handoff`), as the live service did.
Try: `take(Handoff(), "claim", "jana", now=0.0, limits=Limits())`
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from ..flow import ConversationState

ConversationStatus = Literal["open", "claimed", "accepted", "joined", "returned", "resolved"]
HandoffAction = Literal["claim", "accept", "join", "return", "resolve"]
Outcome = Literal["solved", "unsolved", "false_alarm"]

ACTIONS: Final[tuple[HandoffAction, ...]] = ("claim", "accept", "join", "return", "resolve")
TAKES_OVER: Final[tuple[HandoffAction, ...]] = ("accept", "join")
"""With these somebody else really has the conversation: it has escalated."""
HANDED_OVER: Final[tuple[ConversationStatus, ...]] = ("accepted", "joined")
"""Somebody is responsible. A claim is only a reservation: the bot goes on until it is accepted."""
_OWNED: Final[tuple[ConversationStatus, ...]] = ("claimed", *HANDED_OVER)

# fmt: off
TRANSITIONS: Final[Mapping[ConversationStatus, tuple[ConversationStatus | None, ...]]] = {
    # from       claim       accept      join      return      resolve
    "open":     ("claimed",  "accepted", "joined", None,       "resolved"),
    "claimed":  ("claimed",  "accepted", "joined", "returned", "resolved"),
    "accepted": ("accepted", "accepted", "joined", "returned", "resolved"),
    "joined":   ("joined",   "joined",   "joined", "returned", "resolved"),
    "returned": ("claimed",  "accepted", "joined", "returned", "resolved"),
    "resolved": ("claimed",  "accepted", "joined", None,       "resolved"),
}
# fmt: on
"""For the owner, and for anybody where there is none. The same status again: what was asked for is so
already, nothing changes. None: there is nothing to give back."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a claim waits to be accepted, and an acceptance to be joined, in seconds."""

    accept_s: float = 120.0
    join_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Handoff:
    """Who has a conversation."""

    status: ConversationStatus = "open"
    owner: str | None = None
    """Whoever claimed, accepted or joined; nobody in the other statuses."""
    by: str | None = None
    """Who brought it into this status; None when nobody did: at the start, when it lapsed, when the customer wrote again."""
    at: float | None = None
    deadline: float | None = None
    """When it lapses, unless its owner takes the next step; None without a limit."""

    @property
    def bot_muted(self) -> bool:
        """Whether a bot must be silent: a person is responsible, and a second voice would contradict them."""
        return self.status in HANDED_OVER


@dataclass(frozen=True, slots=True)
class HandoffStep:
    """An action that was taken, as it is kept."""

    action: HandoffAction
    by: str
    at: float
    deadline: float | None
    after_seq: int
    """The conversation had so many turns: a replay applies the step after the turn of this number."""
    note: str | None = None
    """Redacted; None when there was none, or texts are not kept."""
    outcome: Outcome | None = None


class HandoffRefused(Exception):
    """The action is not this person's to take: somebody else has the conversation, or nobody has."""

    def __init__(self, standing: Handoff) -> None:
        super().__init__(f"the conversation is {standing.status}, its owner is {standing.owner or 'nobody'}")
        self.standing = standing


def standing(handoff: Handoff, now: float) -> Handoff:
    """Return the hand-off as it stands now: open again from the deadline on."""
    if handoff.deadline is None or now < handoff.deadline:
        return handoff
    return Handoff(at=handoff.deadline)


def take(handoff: Handoff, action: HandoffAction, by: str, now: float, limits: Limits) -> Handoff:
    """Return the hand-off after the action, itself when that changes nothing; raises `HandoffRefused`."""
    held = standing(handoff, now)
    status = TRANSITIONS[held.status][ACTIONS.index(action)]
    if status is None or held.owner not in (None, by):
        raise HandoffRefused(held)
    if status == held.status:
        return held
    at = now if held.at is None else max(now, held.at)  # clocks of two workers differ; a log must not run backwards
    limit_s = {"claimed": limits.accept_s, "accepted": limits.join_s}.get(status)
    return Handoff(status, by if status in _OWNED else None, by, at, None if limit_s is None else at + limit_s)


def after_turn(handoff: Handoff, role: str, now: float) -> Handoff:
    """Return the hand-off after a turn: a customer who writes again opens what was resolved."""
    held = standing(handoff, now)
    if held.status != "resolved" or role != "customer":
        return held
    return Handoff(at=max(now, held.at or now))


def settle(state: ConversationState, now: float) -> ConversationState:
    """Return the state as it stands now: a hand-over that nobody joined in time is none."""
    if state.handed_over_until is None or now < state.handed_over_until:
        return state
    return replace(state, handed_over=False, handed_over_until=None)


def apply_handoff(state: ConversationState, step: HandoffStep, now: float) -> ConversationState:
    """Return the state after a step; `now` is the step's own time.

    Given back or resolved, the conversation starts afresh for alerts: the next one is told again.
    """
    settled = settle(state, now)
    if step.action == "claim":
        return settled
    if step.action in TAKES_OVER:
        # Only who joins has answered the wish for a person; an acceptance may lapse.
        wished = settled.human_request_pending and step.action == "accept"
        return replace(settled, handed_over=True, handed_over_until=step.deadline, human_request_pending=wished)
    return replace(settled, handed_over=False, handed_over_until=None, last_action="none")
