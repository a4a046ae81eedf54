"""Laws of the hand-off in the store: one owner under concurrency, whole or not at all, and what lapses by time."""

from dataclasses import replace
from typing import cast

import pytest

from service.engine import Step
from service.flow import ConversationState
from service.risk.handoff import ACTIONS, Handoff, HandoffAction, HandoffRefused, Limits, apply_handoff
from service.store import ConversationFilter, HandedOver, Store
from tests.unit.store.examples import PHONE, Stepper, a_turn
from tests.unit.store.laws_turns import at_once

LIMITS = Limits(accept_s=120, join_s=300)


class Looking:
    """A step that changes nothing and remembers the state that it was given."""

    def __init__(self, turn_id: str, role: str = "customer") -> None:
        self.turn = a_turn(turn_id, role=role)
        self.seen: ConversationState | None = None

    def __call__(self, state: ConversationState) -> Step:
        self.seen = state
        return replace(Stepper(self.turn)(state), state=state)


def begin(store: Store, name: str = "c1", at: float = 100.0) -> None:
    turn = a_turn(contact_id="anna")
    store.record_turn(turn, name, at, Stepper(turn, 0.9, "none"))


def act(store: Store, action: HandoffAction, by: str = "jana", now: float = 200.0, **more: object) -> HandedOver:
    taken = store.hand_over("c1", action, by, now=now, limits=LIMITS, **more)  # type: ignore[arg-type]
    assert taken is not None
    return taken


def state_of(store: Store, at: float) -> ConversationState:
    """The state that the next turn would be given."""
    look = Looking(f"look{at}", role="agent")
    store.record_turn(look.turn, "c1", at, look)
    assert look.seen is not None
    return look.seen


class HandoffLaws:
    """Laws of `hand_over`, and of what it means for turns, lists and events."""

    def test_a_step_is_answered_kept_told_and_audited(self, store: Store) -> None:
        begin(store)
        before = store.last_event_id()
        taken = act(store, "accept", note="refund agreed")
        assert taken == HandedOver(True, Handoff("accepted", "jana", "jana", 200.0, 500.0), taken.events)
        (event,) = taken.events
        assert store.events_after(before) == [event]
        assert (event.type, event.conversation_id, event.at) == ("handoff.changed", "c1", 200.0)
        assert event.data == {
            "action": "accept",
            "by": "jana",
            "from": "open",
            "status": "accepted",
            "owner": "jana",
            "deadline": 500.0,
            "bot_muted": True,
            "outcome": None,
            "after_seq": 1,
        }
        found = store.conversation("c1", now=201.0)
        assert found is not None
        assert found.handoff == taken.handoff
        (step,) = found.handoffs
        assert (step.action, step.by, step.at, step.deadline, step.after_seq) == ("accept", "jana", 200.0, 500.0, 1)
        assert (found.summary.status, found.summary.owner, found.summary.deadline) == ("accepted", "jana", 500.0)
        entry = store.audit_trail()[0]
        assert (entry.actor, entry.action, entry.at) == ("jana", "handoff.accept", 200.0)
        assert entry.detail == {"via": "api", "from": "open", "to": "accepted", "outcome": None}
        assert "c1" not in repr(entry)

    def test_a_conversation_that_is_not_there_is_none(self, store: Store) -> None:
        assert store.hand_over("nobody", "claim", "jana", now=1.0) is None
        assert store.audit_trail() == ()

    def test_somebody_else_is_refused_and_nothing_is_written(self, store: Store) -> None:
        begin(store)
        act(store, "claim")
        before, last, audited = store.conversation("c1", now=210.0), store.last_event_id(), store.audit_trail()
        for action in ACTIONS:
            with pytest.raises(HandoffRefused) as caught:
                act(store, action, "petr", 210.0, note="mine")
            assert caught.value.standing == Handoff("claimed", "jana", "jana", 200.0, 320.0)
        assert store.conversation("c1", now=210.0) == before
        assert (store.last_event_id(), store.audit_trail()) == (last, audited)

    def test_the_same_action_again_changes_nothing_and_a_new_note_is_added(self, store: Store) -> None:
        begin(store)
        first = act(store, "claim", note="looking")
        again = act(store, "claim", now=250.0, note="looking")
        assert again == HandedOver(False, first.handoff, ())
        assert act(store, "claim", now=251.0) == again
        added = act(store, "claim", now=252.0, note="bank called")
        assert (added.changed, added.handoff) == (True, first.handoff)
        act(store, "resolve", now=260.0)
        assert not act(store, "resolve", now=261.0).changed
        assert act(store, "resolve", now=262.0, outcome="solved").changed
        assert not act(store, "resolve", now=263.0, outcome="solved").changed
        found = store.conversation("c1", now=264.0)
        assert found is not None
        log = [(step.action, step.note, step.outcome, step.at) for step in found.handoffs]
        assert log == [
            ("claim", "looking", None, 200.0),
            ("claim", "bank called", None, 252.0),
            ("resolve", None, None, 260.0),
            ("resolve", None, "solved", 262.0),
        ]

    def test_a_late_retry_of_an_earlier_action_adds_nothing(self, store: Store) -> None:
        begin(store)
        act(store, "claim", note="looking")
        act(store, "accept", now=201.0)
        assert not act(store, "claim", now=202.0, note="looking").changed

    def test_what_lapsed_is_open_for_readers_filters_and_others_without_anybody_doing_anything(
        self, store: Store
    ) -> None:
        begin(store)
        act(store, "claim")
        table = [(319.9, "claimed", "jana", 320.0), (320.0, "open", None, None)]
        for now, status, owner, deadline in table:
            page = store.list_conversations(now=now)
            assert [(row.status, row.owner, row.deadline) for row in page.items] == [(status, owner, deadline)]
            for wanted in ("open", "claimed", "accepted"):
                filtered = ConversationFilter(status=wanted)  # type: ignore[arg-type]
                assert len(store.list_conversations(filtered, now=now).items) == (wanted == status)
            mine = store.list_conversations(ConversationFilter(owner="jana"), now=now)
            assert len(mine.items) == (owner == "jana")
            assert store.list_conversations(ConversationFilter(owner="petr"), now=now).items == ()
        assert act(store, "claim", "petr", 320.0).handoff.owner == "petr"

    def test_an_owner_who_joined_is_found_for_ever(self, store: Store) -> None:
        begin(store)
        act(store, "join")
        assert len(store.list_conversations(ConversationFilter(owner="jana", status="joined"), now=1e9).items) == 1

    def test_the_state_is_handed_over_from_accept_to_return(self, store: Store) -> None:
        begin(store)
        # fmt: off
        table = [  # action, at -> handed over, until
            ("claim",   200.0, False, None),
            ("accept",  210.0, True,  510.0),
            ("join",    220.0, True,  None),
            ("return",  230.0, False, None),
            ("accept",  240.0, True,  540.0),
            ("resolve", 250.0, False, None),
        ]
        # fmt: on
        for action, at, handed_over, until in table:
            act(store, cast(HandoffAction, action), now=at)
            state = state_of(store, at + 1)
            assert (state.handed_over, state.handed_over_until) == (handed_over, until), action
            assert state.bot_muted == handed_over

    def test_the_kept_steps_applied_to_the_state_before_give_the_state_after(self, store: Store) -> None:
        begin(store)
        state = state_of(store, 150.0)
        for action, at in (("claim", 200.0), ("accept", 210.0), ("return", 220.0), ("join", 230.0)):
            act(store, action, now=at)  # type: ignore[arg-type]
        found = store.conversation("c1", now=231.0)
        assert found is not None
        assert {step.after_seq for step in found.handoffs} == {2}
        for step in found.handoffs:
            state = apply_handoff(state, step, step.at)
        assert state_of(store, 240.0) == state

    def test_a_customer_opens_what_was_resolved_and_an_agent_does_not(self, store: Store) -> None:
        begin(store)
        act(store, "resolve", outcome="solved")
        state_of(store, 210.0)  # an agent's turn
        assert [row.status for row in store.list_conversations(now=211.0).items] == ["resolved"]
        turn = a_turn("t9")
        events = store.record_turn(turn, "c1", 220.0, Stepper(turn)).events
        assert [event.type for event in events][-1] == "handoff.changed"
        assert events[0].data["status"] == "open"
        opened = {"action": None, "by": None, "from": "resolved", "status": "open", "owner": None, "after_seq": 3}
        assert events[-1].data == {**opened, "deadline": None, "bot_muted": False, "outcome": None}
        found = store.conversation("c1", now=221.0)
        assert found is not None
        assert found.handoff == Handoff(at=220.0)

    def test_a_scored_turn_tells_who_has_the_conversation(self, store: Store) -> None:
        begin(store)
        act(store, "claim")
        # fmt: off
        table = [(210.0, "claimed", "jana", 320.0), (320.0, "open", None, None)]
        # fmt: on
        for at, status, owner, deadline in table:
            turn = a_turn(f"t{at}")
            data = store.record_turn(turn, "c1", at, Stepper(turn)).events[0].data
            assert (data["status"], data["owner"], data["deadline"]) == (status, owner, deadline)

    def test_a_note_is_redacted_before_it_is_kept_and_told_to_nobody(self, store: Store) -> None:
        begin(store)
        taken = act(store, "resolve", note=f"call {PHONE}", outcome="unsolved")
        found = store.conversation("c1", now=201.0)
        assert found is not None
        assert found.handoffs[0].note == "call <phone>"
        assert "call" not in repr(taken.events) + repr(store.audit_trail())
        assert not act(store, "resolve", now=202.0, note=f"call {PHONE}").changed

    def test_without_texts_a_note_is_not_kept(self, database_url: str) -> None:
        store = Store.open(database_url, store_text=False)
        begin(store)
        act(store, "resolve", note="refunded both", outcome="solved")
        found = store.conversation("c1", now=201.0)
        assert found is not None
        assert [(step.note, step.outcome) for step in found.handoffs] == [(None, "solved")]
        store.close()

    def test_of_many_claims_at_once_one_wins_and_the_others_are_told_who(self, store: Store) -> None:
        begin(store)

        def claim(by: str) -> str:
            try:
                return act(store, "claim", by).handoff.owner or "nobody"
            except HandoffRefused as refused:
                return f"refused: {refused.standing.owner}"

        people = [f"p{number}" for number in range(12)]
        answers = at_once([lambda by=by: claim(by) for by in people])
        winners = [answer for answer in answers if not answer.startswith("refused")]
        assert len(winners) == 1
        assert sorted(answers) == sorted([winners[0], *[f"refused: {winners[0]}"] * 11])
        found = store.conversation("c1", now=201.0)
        assert found is not None
        assert [step.by for step in found.handoffs] == winners
        assert [event.type for event in store.events_after(0)].count("handoff.changed") == 1

    def test_one_action_sent_many_times_at_once_is_taken_once(self, store: Store) -> None:
        begin(store)
        answers = at_once([lambda: act(store, "accept", note="mine") for _ in range(8)])
        assert sum(answer.changed for answer in answers) == 1
        assert len({answer.handoff for answer in answers}) == 1

    def test_turns_and_hand_offs_at_once_lose_neither(self, store: Store) -> None:
        begin(store)
        turns = [a_turn(f"x{number}") for number in range(6)]
        calls = [lambda turn=turn: store.record_turn(turn, "c1", 201.0, Stepper(turn)).created for turn in turns]
        calls += [lambda action=action: act(store, action).changed for action in ("claim", "accept", "join")]
        at_once(calls)
        found = store.conversation("c1", now=202.0)
        assert found is not None
        assert len(found.turns) == 7
        assert found.handoff.status == "joined"
        assert all(1 <= step.after_seq <= 7 for step in found.handoffs)

    def test_erasing_and_retention_take_the_log_with_them(self, store: Store, database_url: str) -> None:
        for erase in (lambda: store.erase_contact("anna"), lambda: store.purge_before(1_000.0)):
            begin(store)
            act(store, "resolve", note="tajemství", outcome="solved")
            erase()
            assert store.conversation("c1") is None
            begin(store)
            found = store.conversation("c1")
            assert found is not None
            assert (found.handoffs, found.handoff) == ((), Handoff())
            store.erase_contact("anna")

    def test_a_step_that_was_answered_is_there_after_reopening(self, store: Store, database_url: str) -> None:
        begin(store)
        taken = act(store, "join", note="here")
        reopened = Store.open(database_url)
        found = reopened.conversation("c1", now=201.0)
        assert found is not None
        assert found.handoff == taken.handoff
        assert found.handoffs[0].note == "here"
        reopened.close()
