"""Laws of the hand-off: one owner, claims that lapse, a complete table, and what a replay makes of it."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.flow import ConversationState
from service.risk.handoff import (
    ACTIONS,
    HANDED_OVER,
    TRANSITIONS,
    ConversationStatus,
    Handoff,
    HandoffAction,
    HandoffRefused,
    HandoffStep,
    Limits,
    after_turn,
    apply_handoff,
    settle,
    standing,
    take,
)
from service.risk.state import state_from_json, state_to_json

LIMITS = Limits(accept_s=120, join_s=300)
NOW = 1_000.0
OWNED = ("claimed", "accepted", "joined")
DEADLINES = {"claimed": NOW + 120, "accepted": NOW + 300}

# fmt: off
TABLE = [
    # from        action     by the owner  by somebody else ("refused": 409; the status again: nothing changes)
    ("open",      "claim",   None,         "claimed"),
    ("open",      "accept",  None,         "accepted"),
    ("open",      "join",    None,         "joined"),
    ("open",      "return",  None,         "refused"),
    ("open",      "resolve", None,         "resolved"),
    ("claimed",   "claim",   "claimed",    "refused"),
    ("claimed",   "accept",  "accepted",   "refused"),
    ("claimed",   "join",    "joined",     "refused"),
    ("claimed",   "return",  "returned",   "refused"),
    ("claimed",   "resolve", "resolved",   "refused"),
    ("accepted",  "claim",   "accepted",   "refused"),
    ("accepted",  "accept",  "accepted",   "refused"),
    ("accepted",  "join",    "joined",     "refused"),
    ("accepted",  "return",  "returned",   "refused"),
    ("accepted",  "resolve", "resolved",   "refused"),
    ("joined",    "claim",   "joined",     "refused"),
    ("joined",    "accept",  "joined",     "refused"),
    ("joined",    "join",    "joined",     "refused"),
    ("joined",    "return",  "returned",   "refused"),
    ("joined",    "resolve", "resolved",   "refused"),
    ("returned",  "claim",   None,         "claimed"),
    ("returned",  "accept",  None,         "accepted"),
    ("returned",  "join",    None,         "joined"),
    ("returned",  "return",  None,         "returned"),
    ("returned",  "resolve", None,         "resolved"),
    ("resolved",  "claim",   None,         "claimed"),
    ("resolved",  "accept",  None,         "accepted"),
    ("resolved",  "join",    None,         "joined"),
    ("resolved",  "return",  None,         "refused"),
    ("resolved",  "resolve", None,         "resolved"),
]
# fmt: on


def in_status(status: ConversationStatus) -> Handoff:
    """A hand-off that came into this status a minute ago by jana, and lapses in a minute if it can."""
    owner = "jana" if status in OWNED else None
    deadline = NOW + 60 if status in ("claimed", "accepted") else None
    return Handoff(status, owner, "jana", NOW - 60, deadline)


def test_the_table_is_complete() -> None:
    assert {(row[0], row[1]) for row in TABLE} == {(status, action) for status in TRANSITIONS for action in ACTIONS}
    assert len(TABLE) == len(TRANSITIONS) * len(ACTIONS)


@pytest.mark.parametrize(("status", "action", "by_owner", "by_other"), TABLE)
def test_every_action_in_every_status(
    status: ConversationStatus, action: HandoffAction, by_owner: str | None, by_other: str
) -> None:
    before = in_status(status)
    cases = [("petr", by_other), ("jana", by_other if by_owner is None else by_owner)]
    for by, expected in cases:
        if expected == "refused":
            with pytest.raises(HandoffRefused) as caught:
                take(before, action, by, NOW, LIMITS)
            assert caught.value.standing == before
            continue
        after = take(before, action, by, NOW, LIMITS)
        if expected == status:
            assert after == before
        else:
            owner = by if expected in OWNED else None
            assert after == Handoff(expected, owner, by, NOW, DEADLINES.get(expected))  # type: ignore[arg-type]


@pytest.mark.parametrize("status", ["claimed", "accepted"])
def test_what_lapsed_is_free_for_anybody_from_its_deadline_on(status: ConversationStatus) -> None:
    held = in_status(status)
    assert held.deadline is not None
    assert standing(held, held.deadline - 0.001) is held
    assert standing(held, held.deadline) == Handoff("open", None, None, held.deadline, None)
    assert take(held, "claim", "petr", held.deadline, LIMITS).owner == "petr"
    assert take(held, "accept", "jana", held.deadline + 5, LIMITS).owner == "jana"


def test_who_joined_stays_for_as_long_as_it_takes() -> None:
    joined = take(Handoff(), "join", "jana", NOW, LIMITS)
    assert standing(joined, NOW + 10**9) is joined


def test_a_customer_who_writes_again_opens_what_was_resolved_and_nothing_else() -> None:
    for status in TRANSITIONS:
        before = in_status(status)
        for role in ("customer", "agent", "bot"):
            opened = status == "resolved" and role == "customer"
            assert after_turn(before, role, NOW) == (Handoff(at=NOW) if opened else before)


def test_a_refusal_names_the_owner_and_the_status() -> None:
    with pytest.raises(HandoffRefused, match="claimed, its owner is jana"):
        take(in_status("claimed"), "join", "petr", NOW, LIMITS)


# --- any sequence of actions, turns and pauses -----------------------------------------------------


@dataclass
class Live:
    """A conversation as the store keeps it: the hand-off and the state, each changed by the pure functions alone."""

    handoff: Handoff = field(default_factory=Handoff)
    state: ConversationState = field(default_factory=lambda: ConversationState("c1"))
    steps: list[HandoffStep] = field(default_factory=list)

    def act(self, action: HandoffAction, by: str, now: float, limits: Limits) -> bool:
        before = standing(self.handoff, now)
        try:
            after = take(self.handoff, action, by, now, limits)
        except HandoffRefused:
            return False
        if after != before:
            assert after.at is not None
            step = HandoffStep(action, by, after.at, after.deadline, 0)
            self.steps.append(step)
            self.state = apply_handoff(self.state, step, step.at)
        self.handoff = after
        return True


MOVES = st.lists(
    st.tuples(
        st.sampled_from([*ACTIONS, "customer", "agent"]),
        st.sampled_from(["jana", "petr", "an"]),
        st.sampled_from([0.0, 1.0, 60.0, 119.0, 120.0, 299.0, 300.0, 1000.0]),
    ),
    max_size=30,
)
ANY_LIMITS = st.builds(Limits, st.integers(1, 400), st.integers(1, 400))


@given(moves=MOVES, limits=ANY_LIMITS)
def test_there_is_one_owner_and_the_bot_is_muted_exactly_while_somebody_is_responsible(
    moves: list[tuple[str, str, float]], limits: Limits
) -> None:
    live, now = Live(), NOW
    for move, by, pause in moves:
        now += pause
        before = standing(live.handoff, now)
        if move in ACTIONS:
            allowed = live.act(move, by, now, limits)  # type: ignore[arg-type]
            assert not (allowed and before.owner not in (None, by)), "somebody else's conversation was changed"
        else:
            live.handoff, live.state = after_turn(live.handoff, move, now), settle(live.state, now)
        held = standing(live.handoff, now)
        assert (held.owner is not None) == (held.status in OWNED)
        assert (held.deadline is not None) == (held.status in ("claimed", "accepted"))
        assert held.deadline is None or held.deadline > now
        assert held.at is None or held.at <= now
        assert settle(live.state, now).bot_muted == held.bot_muted == (held.status in HANDED_OVER)


@given(moves=MOVES)
def test_deadlines_of_one_owner_never_move_back_and_a_repeat_never_moves_them(
    moves: list[tuple[str, str, float]],
) -> None:
    handoff, now = Handoff(), NOW
    for move, by, pause in moves:
        now += pause
        before = standing(handoff, now)
        if move not in ACTIONS:
            continue
        try:
            after = take(handoff, move, by, now, LIMITS)  # type: ignore[arg-type]
        except HandoffRefused:
            continue
        assert take(after, move, by, now + 1, LIMITS) == after or after.status == "open"  # type: ignore[arg-type]
        if before.owner == after.owner and None not in (before.deadline, after.deadline):
            assert after.deadline >= before.deadline  # type: ignore[operator]
        assert after.at is None or before.at is None or after.at >= before.at
        handoff = after


@given(moves=MOVES, limits=ANY_LIMITS)
def test_the_kept_steps_give_the_state_again(moves: list[tuple[str, str, float]], limits: Limits) -> None:
    live, now = Live(), NOW
    for move, by, pause in moves:
        now += pause
        if move in ACTIONS:
            live.act(move, by, now, limits)  # type: ignore[arg-type]
    replayed = ConversationState("c1")
    for step in live.steps:
        replayed = apply_handoff(replayed, step, step.at)
    assert replayed == live.state
    assert state_from_json(state_to_json(replayed)) == replayed


def test_a_clock_that_runs_behind_does_not_turn_the_log_round() -> None:
    claimed = take(Handoff(), "claim", "jana", NOW, LIMITS)
    accepted = take(claimed, "accept", "jana", NOW - 50, LIMITS)
    assert accepted.at == NOW
    assert accepted.deadline == NOW + LIMITS.join_s


# fmt: off
STEPS = [
    # action     handed over before -> after  until            last action after
    ("claim",    False, False, None,          "handoff"),
    ("accept",   False, True,  NOW + 300,     "handoff"),
    ("join",     True,  True,  None,          "handoff"),
    ("return",   True,  False, None,          "none"),
    ("resolve",  True,  False, None,          "none"),
    ("resolve",  False, False, None,          "none"),
]
# fmt: on


@pytest.mark.parametrize(("action", "before", "after", "until", "last_action"), STEPS)
def test_a_step_changes_the_state_as_the_rules_need_it(
    action: HandoffAction, before: bool, after: bool, until: float | None, last_action: str
) -> None:
    state = ConversationState("c1", handed_over=before, last_action="handoff")
    step = HandoffStep(action, "jana", NOW, until, after_seq=3)
    expected = replace(state, handed_over=after, handed_over_until=until, last_action=last_action)  # type: ignore[arg-type]
    assert apply_handoff(state, step, NOW) == expected
    assert expected.bot_muted == after


def test_an_acceptance_that_nobody_joined_ends_by_itself() -> None:
    accepted = apply_handoff(ConversationState("c1"), HandoffStep("accept", "jana", NOW, NOW + 300, 1), NOW)
    assert settle(accepted, NOW + 299.9).bot_muted
    assert settle(accepted, NOW + 300) == ConversationState("c1")


@pytest.mark.parametrize(("action", "open_after"), [("claim", True), ("accept", True), ("join", False)])
def test_a_wish_for_a_person_is_met_by_who_joins(action: str, open_after: bool) -> None:
    asked = ConversationState("c1", asks_human=1, human_request_pending=True)
    step = HandoffStep(action, "jana", NOW, NOW + 300, 1)  # type: ignore[arg-type]
    assert apply_handoff(asked, step, NOW).human_request_pending is open_after
