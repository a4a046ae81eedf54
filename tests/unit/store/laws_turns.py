"""Laws of recording: a turn counts once, in order, whole or not at all."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from service.engine import Step
from service.flow import ConversationState, Evidence, Turn
from service.store import Store, TurnConflict
from tests.unit.store.examples import Stepper, a_score, a_turn

T = TypeVar("T")


class TurnLaws:
    """Laws of `record_turn` and of the events that it publishes."""

    def test_the_answer_is_the_assessment_as_json_and_is_stored(self, store: Store) -> None:
        turn = a_turn()
        step = Stepper(turn, 0.8, "consult", (Evidence("frustration", 0, 5, 0.5),))
        recorded = store.record_turn(turn, "c1", 101.0, step)
        stored = store.conversation("c1")
        assert recorded.created
        assert recorded.assessment["risk"] == {
            "level": 0.8,
            "band": "critical",
            "trend": "steady",
            "stage": "venting",
            "forecast": None,
        }
        assert stored is not None
        assert [turn.assessment for turn in stored.turns] == [recorded.assessment]
        assert stored.turns[0].score == a_score(0.8, (Evidence("frustration", 0, 5, 0.5),))
        assert stored.summary.turns == 1

    def test_each_step_gets_the_state_that_the_last_one_left(self, store: Store) -> None:
        levels = [0.1, 0.30000000000000004, 0.9]
        for number, level in enumerate(levels):
            store.record_turn(a_turn(f"t{number}"), "c1", 101.0 + number, Stepper(a_turn(f"t{number}"), level))
        seen: list[ConversationState] = []

        def look(state: ConversationState) -> Step:
            seen.append(state)
            return Stepper(a_turn("t9"))(state)

        store.record_turn(a_turn("t9"), "c1", 110.0, look)
        assert seen[0].risk_history == tuple(levels)

    def test_the_contacts_other_recent_conversations_are_counted_once_when_the_contact_is_known(
        self, store: Store
    ) -> None:
        day = 24 * 3600.0
        for name, contact, at in (
            ("old", "k", 0.0),
            ("a", "k", 40 * day),
            ("b", "k", 41 * day),
            ("x", "other", 41 * day),
        ):
            for number in range(2):
                turn = a_turn(f"t{number}", contact_id=contact)
                store.record_turn(turn, name, at + number, Stepper(turn))
        seen: list[int] = []

        def look(turn: Turn) -> Callable[[ConversationState], Step]:
            def step(state: ConversationState) -> Step:
                seen.append(state.earlier_conversations)
                return Stepper(turn)(state)

            return step

        now = 42 * day
        for turn in (a_turn("1"), a_turn("2", contact_id="k"), a_turn("3", contact_id="k")):
            store.record_turn(turn, "c", now, look(turn))
            if turn.turn_id == "2":  # a conversation that begins meanwhile is no earlier one
                store.record_turn(a_turn("1", contact_id="k"), "later", now, Stepper(turn))
        store.record_turn(a_turn("1"), "nobody", now, look(a_turn("1")))
        assert seen == [0, 2, 2, 0]

    def test_the_same_turn_again_gets_the_first_answer_and_counts_once(self, store: Store) -> None:
        first = store.record_turn(a_turn(), "c1", 101.0, Stepper(a_turn(), 0.8))
        later = Stepper(a_turn(), 0.1)
        again = store.record_turn(a_turn(sent_at=500.0), "c1", 501.0, later)
        assert (again.created, again.assessment, again.events) == (False, first.assessment, ())
        assert later.calls == 0
        assert len(store.events_after(0)) == len(first.events)

    @pytest.mark.parametrize("other", [{"text": "jiný text"}, {"role": "agent"}])
    def test_another_turn_under_the_same_id_is_a_conflict_that_changes_nothing(
        self, store: Store, other: dict[str, object]
    ) -> None:
        store.record_turn(a_turn(), "c1", 101.0, Stepper(a_turn()))
        before = store.conversation("c1")
        with pytest.raises(TurnConflict):
            store.record_turn(a_turn(**other), "c1", 102.0, Stepper(a_turn()))
        assert store.conversation("c1") == before

    def test_one_turn_sent_by_eight_threads_at_once_counts_once(self, store: Store) -> None:
        steps = [Stepper(a_turn()) for _ in range(8)]
        answers = at_once([lambda step=step: store.record_turn(a_turn(), "c1", 101.0, step) for step in steps])
        assert sum(answer.created for answer in answers) == 1
        assert sum(step.calls for step in steps) == 1
        assert all(answer.assessment == answers[0].assessment for answer in answers)

    def test_turns_sent_at_once_are_each_counted_in_some_order(self, store: Store) -> None:
        turns = [a_turn(f"t{number}") for number in range(8)]
        at_once([lambda turn=turn: store.record_turn(turn, "c1", 101.0, Stepper(turn)) for turn in turns])
        stored = store.conversation("c1")
        assert stored is not None
        assert {turn.turn_id for turn in stored.turns} == {turn.turn_id for turn in turns}
        ids = [event.id for event in store.events_after(0)]
        assert ids == sorted(set(ids))

    def test_a_step_that_fails_leaves_no_trace(self, store: Store) -> None:
        def fail(state: ConversationState) -> Step:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            store.record_turn(a_turn(), "c1", 101.0, fail)
        assert store.conversation("c1") is None
        assert store.list_conversations().items == ()

    def test_events_tell_turns_changes_of_band_and_rising_alerts(self, store: Store) -> None:
        # fmt: off
        table = [  # level, action -> events
            (0.1, "none", ["turn.scored"]),
            (0.3, "phrase", ["turn.scored", "risk.changed"]),
            (0.4, "consult", ["turn.scored", "alert.raised"]),
            (0.4, "consult", ["turn.scored"]),
            (0.9, "handoff", ["turn.scored", "risk.changed", "alert.raised"]),
            (0.4, "consult", ["turn.scored", "risk.changed"]),
        ]
        # fmt: on
        for number, (level, action, expected) in enumerate(table):
            turn = a_turn(f"t{number}")
            recorded = store.record_turn(turn, "c1", 101.0, Stepper(turn, level, action))
            assert [event.type for event in recorded.events] == expected
            assert store.events_after(0)[-len(expected) :] == list(recorded.events)
        assert store.last_event_id() == store.events_after(0)[-1].id

    def test_events_after_an_id_come_in_order_up_to_the_limit(self, store: Store) -> None:
        for number in range(5):
            store.record_turn(a_turn(f"t{number}"), "c1", 101.0, Stepper(a_turn(f"t{number}")))
        everything = store.events_after(0)
        assert store.events_after(everything[1].id, limit=2) == everything[2:4]
        assert store.events_after(everything[-1].id) == []


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Start every call at the same moment, each in a thread of its own; return what they return."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))
