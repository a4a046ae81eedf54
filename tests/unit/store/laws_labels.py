"""Laws of labels: only added to, the latest of a person counts, told once, gone with the conversation, and no answer changes."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, func, select

from service.risk.corrections import Labels
from service.store import NotACustomersTurn, Store
from service.store.models import LabelRow
from tests.unit.store.examples import Stepper, a_turn
from tests.unit.store.laws_turns import at_once

CALM = Labels(frustration=0, abuse=0, threat=0, asks_human=0, sentiment="neutral")
SUED = Labels(threat=1, threat_kind="legal")


def heard(
    store: Store, name: str = "c1", turn_id: str = "t1", at: float = 100.0, level: float = 0.6, **more: str
) -> None:
    turn = a_turn(turn_id, sent_at=at, **more)
    store.record_turn(turn, name, at, Stepper(turn, level))


class LabelLaws:
    """Laws of what people say of turns."""

    def test_the_latest_of_each_person_stands_and_the_history_is_kept(self, store: Store) -> None:
        heard(store)
        for at, by, labels in ((1.0, "mai", CALM), (2.0, "jan", SUED), (3.0, "mai", SUED)):
            assert store.labels.correct("c1", "t1", by, labels, now=at) is not None
        found = store.labels.of_turn("c1", "t1")
        assert found is not None
        assert [(said.by, said.at, said.labels) for said in found.standing] == [("jan", 2.0, SUED), ("mai", 3.0, SUED)]
        assert [said.labels for said in found.history] == [CALM, SUED, SUED]
        assert {said.model_version for said in found.history} == {"m1"}

    def test_the_same_labels_again_change_nothing(self, store: Store) -> None:
        heard(store)
        first = store.labels.correct("c1", "t1", "mai", CALM, now=1.0)
        audited, last = len(store.audit_trail()), store.last_event_id()
        again = store.labels.correct("c1", "t1", "mai", CALM, now=2.0)
        assert first is not None
        assert again is not None
        assert (first.changed, again.changed) == (True, False)
        assert again.turn == first.turn
        assert (again.events, len(store.audit_trail()), store.last_event_id()) == ((), audited, last)

    def test_the_same_labels_at_once_are_written_once(self, store: Store) -> None:
        heard(store)
        done = at_once([lambda: store.labels.correct("c1", "t1", "mai", CALM, now=1.0) for _ in range(4)])
        assert sorted(item.changed for item in done if item is not None) == [False, False, False, True]
        found = store.labels.of_turn("c1", "t1")
        assert found is not None
        assert len(found.history) == 1

    def test_a_person_takes_back_their_own_only(self, store: Store) -> None:
        heard(store)
        assert store.labels.withdraw("c1", "t1", "mai", now=0.5).changed is False  # type: ignore[union-attr]
        store.labels.correct("c1", "t1", "mai", CALM, now=1.0)
        store.labels.correct("c1", "t1", "jan", SUED, now=2.0)
        taken = store.labels.withdraw("c1", "t1", "mai", now=3.0)
        assert taken is not None
        assert taken.changed
        assert [said.by for said in taken.turn.standing] == ["jan"]
        assert [(said.by, said.labels) for said in taken.turn.history][-1] == ("mai", None)
        assert store.labels.withdraw("c1", "t1", "mai", now=4.0).changed is False  # type: ignore[union-attr]

    def test_a_correction_is_told_and_audited_without_the_conversations_id(self, store: Store) -> None:
        heard(store)
        done = store.labels.correct("c1", "t1", "mai", SUED, now=5.0, via="session")
        assert done is not None
        (event,) = done.events
        assert (event.type, event.conversation_id, event.at) == ("label.corrected", "c1", 5.0)
        assert (event.data["turn_id"], event.data["by"], event.data["model_version"]) == ("t1", "mai", "m1")
        assert store.events_after(event.id - 1) == [event]
        entry = store.audit_trail()[0]
        assert (entry.at, entry.actor, entry.action) == (5.0, "mai", "label.corrected")
        assert (entry.detail["via"], entry.detail["labels"]["threat_kind"]) == ("session", "legal")  # type: ignore[index]
        assert "c1" not in entry.subject

    def test_labels_change_neither_the_answer_nor_the_risk(self, store: Store) -> None:
        heard(store)
        before = store.conversation("c1", now=200.0)
        store.labels.correct("c1", "t1", "mai", CALM, now=150.0)
        after = store.conversation("c1", now=200.0)
        assert before is not None
        assert after is not None
        # The list learns that something happened, and nothing else of it changes.
        assert after.summary == replace(before.summary, event_id=after.summary.event_id)
        assert [(turn.score, turn.assessment) for turn in after.turns] == [
            (turn.score, turn.assessment) for turn in before.turns
        ]
        assert (before.turns[0].labels, [said.labels for said in after.turns[0].labels]) == ((), [CALM])

    def test_only_customers_turns_are_labelled(self, store: Store) -> None:
        turn = a_turn("t1", role="agent")
        store.record_turn(turn, "c1", 100.0, Stepper(turn))
        with pytest.raises(NotACustomersTurn):
            store.labels.correct("c1", "t1", "mai", CALM, now=1.0)
        assert store.labels.correct("c1", "t2", "mai", CALM, now=1.0) is None
        assert store.labels.correct("c2", "t1", "mai", CALM, now=1.0) is None
        assert store.labels.of_turn("c2", "t1") is None

    def test_labels_leave_with_their_conversation(self, store: Store, database_url: str) -> None:
        for name, contact in (("c1", "anna"), ("c2", "bob")):
            heard(store, name, contact_id=contact, at=100.0)
            store.labels.correct(name, "t1", "mai", CALM, now=150.0)
        store.erase_contact("anna")
        assert _rows(database_url) == 1
        store.purge_before(300.0)
        assert _rows(database_url) == 0

    def test_what_was_corrected_is_kept_without_any_text(self, store: Store, database_url: str) -> None:
        heard(store, text="tajná slova")
        store.labels.correct("c1", "t1", "mai", CALM, now=150.0)
        engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.connect() as connection:
            kept = json.dumps(connection.execute(select(LabelRow.answer)).scalar_one())
        engine.dispose()
        assert '"frustration": 0.6' in kept
        assert "evidence" not in kept
        assert "tajn" not in kept


def _rows(database_url: str) -> int:
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        count = connection.execute(select(func.count()).select_from(LabelRow)).scalar_one()
    engine.dispose()
    return count
