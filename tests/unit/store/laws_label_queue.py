"""Laws of the queue of turns worth a label, of the summary and of the export, over stored conversations."""

from itertools import pairwise

from sqlalchemy import insert

from service.engine import Step
from service.flow import ConversationState
from service.risk.alert_actions import AlertChange
from service.risk.corrections import Labels
from service.risk.worth import Kind
from service.store import LabelFilter, QueuedTurn, Store
from service.store.label_candidates import BEFORE_S, LATELY_S, MAX_SAMPLE, _sample
from service.store.models import ConversationRow, TurnRow
from tests.unit.store.examples import PHONE, Stepper, a_turn

CALM = Labels(frustration=0, abuse=0, threat=0, asks_human=0, sentiment="negative")
SUED = Labels(threat=1, threat_kind="legal")
NOW = LATELY_S + BEFORE_S + 1000.0


class _Quiet(Stepper):
    """Makes no state but the least: hundreds of turns are stored here."""

    def __call__(self, state: ConversationState) -> Step:
        taken = super().__call__(state)
        return Step(ConversationState(state.conversation_id, language="cs"), taken.assessment)


def heard(store: Store, name: str, level: float, turn_id: str = "t1", at: float = NOW - 10.0, **more: str) -> None:
    turn = a_turn(turn_id, sent_at=at, **more)
    store.record_turn(turn, name, at, _Quiet(turn, level))


def waiting(store: Store, by: str | None = None, kind: Kind | None = None, language: str | None = None) -> list[str]:
    page = store.labels.queue(LabelFilter(by, language, kind), 100, now=NOW)
    return [item.conversation_id for item in page.items]


def item_of(store: Store, name: str, by: str | None = None) -> QueuedTurn:
    (found,) = [i for i in store.labels.queue(LabelFilter(by), 100, now=NOW).items if i.conversation_id == name]
    return found


class LabelQueueLaws:
    """Laws of what waits for a label, and of what labels become."""

    def test_a_close_call_waits_until_somebody_labels_it(self, store: Store) -> None:
        for name, level in (("sure", 0.9), ("calm", 0.1), ("close", 0.52)):
            heard(store, name, level)
        assert waiting(store) == ["close"]
        item = item_of(store, "close")
        (reason,) = item.reasons
        assert (reason.kind, reason.cause, reason.signal) == ("uncertain", "near_threshold", "frustration")
        assert (item.language, item.turn.turn_id, item.turn.text) == ("cs", "t1", "pořád nic")
        store.labels.correct("close", "t1", "mai", Labels(frustration=1), now=NOW)
        assert waiting(store) == waiting(store, "mai") == waiting(store, "jan") == []
        store.labels.withdraw("close", "t1", "mai", now=NOW)
        assert waiting(store) == ["close"]

    def test_a_correction_waits_for_a_second_opinion_and_a_tie_for_a_third(self, store: Store) -> None:
        heard(store, "c1", 0.9)
        store.labels.correct("c1", "t1", "mai", Labels(frustration=0), now=NOW)
        assert (waiting(store, "mai"), waiting(store, "jan"), waiting(store)) == ([], ["c1"], [])
        assert item_of(store, "c1", "jan").reasons[0].cause == "corrected"
        assert item_of(store, "c1", "jan").turn.labels == (), "nobody is led by what another said"
        store.labels.correct("c1", "t1", "jan", Labels(frustration=1), now=NOW)
        assert (waiting(store, "jan"), waiting(store, "eva"), waiting(store)) == ([], ["c1"], ["c1"])
        store.labels.correct("c1", "t1", "eva", Labels(frustration=1), now=NOW)
        assert waiting(store) == []

    def test_a_false_alarm_waits(self, store: Store) -> None:
        turn = a_turn("t1", sent_at=NOW - 50)
        store.record_turn(turn, "c1", NOW - 50, Stepper(turn, 0.9, "consult"))
        (alert,) = store.list_alerts().items
        assert waiting(store) == []
        store.change_alert(alert.id, AlertChange("dismiss", "mai", justified=False), now=NOW - 40)
        assert [reason.cause for reason in item_of(store, "c1").reasons] == ["false_alarm"]

    def test_what_the_model_missed_waits(self, store: Store) -> None:
        for name, outcome in (("right", "solved"), ("wrong", "false_alarm")):
            turn = a_turn("t1", "haló", role="agent", sent_at=NOW - 60)
            store.record_turn(turn, name, NOW - 60, Stepper(turn))
            for number in (2, 3):
                heard(store, name, 0.11, f"t{number}", NOW - 60 + number)
            store.hand_over(name, "accept", "jana", now=NOW - 50)
            heard(store, name, 0.11, "t4", NOW - 40)
            store.hand_over(name, "resolve", "jana", now=NOW - 30, outcome=outcome)  # type: ignore[arg-type]
        assert waiting(store, kind="disagreeing") == ["right"]
        item = item_of(store, "right")
        assert (item.turn.turn_id, item.reasons[0].cause) == ("t3", "missed")
        assert [(turn.role, turn.turn_id) for turn in item.before] == [("agent", "t1"), ("customer", "t2")]

    def test_scores_that_moved_wait_where_they_went(self, store: Store) -> None:
        for number in range(100):
            heard(store, f"old{number}", 0.11, at=NOW - LATELY_S - 900 + number)
        for number in range(100):
            heard(store, f"new{number}", 0.95 if number % 2 else 0.11, at=NOW - 200 + number)
        names = waiting(store, kind="drifting")
        assert set(names) == {f"new{number}" for number in range(1, 100, 2)}
        reason = item_of(store, names[0]).reasons[0]
        assert (reason.cause, reason.signal, reason.facts["group"], reason.facts["name"]) == (
            "moved", "frustration", "language", "cs",
        )  # fmt: skip

    def test_pages_follow_each_other_without_gap_or_overlap(self, store: Store) -> None:
        for number in range(7):
            heard(store, f"c{number}", 0.45 + number / 100)
        whole, seen, cursor = waiting(store), list[str](), None
        assert len(whole) == 7
        while True:
            page = store.labels.queue(LabelFilter(), 2, cursor, now=NOW)
            assert page.waiting == {"disagreeing": 0, "uncertain": 7, "drifting": 0}
            seen += [item.conversation_id for item in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seen == whole

    def test_a_filter_leaves_out_other_languages_and_kinds(self, store: Store) -> None:
        heard(store, "close", 0.52)
        assert waiting(store, language="cs", kind="uncertain") == ["close"]
        assert waiting(store, language="vi") == waiting(store, kind="drifting") == []

    def test_agents_turns_and_those_without_a_kept_text_never_wait(self, database_url: str) -> None:
        silent = Store.open(database_url, store_text=False)
        heard(silent, "c1", 0.52)
        heard(silent, "c2", 0.52, role="agent")
        assert waiting(silent) == []
        silent.close()

    def test_a_summary_counts_the_labels_of_its_days(self, store: Store) -> None:
        for number, by in enumerate(("mai", "mai", "jan")):
            heard(store, f"c{number}", 0.9)
            store.labels.correct(f"c{number}", "t1", by, Labels(frustration=number % 2), now=100.0 * number)
        found = store.labels.summary(since=50.0)
        assert found.turns == 2
        assert [(count.name, count.turns) for count in found.people] == [("jan", 1), ("mai", 1)]
        precision = found.signals[0].precision
        assert precision is not None
        assert (precision.confirmed, precision.of) == (1, 2)
        store.labels.withdraw("c1", "t1", "mai", now=300.0)
        assert store.labels.summary(since=50.0).turns == 1

    def test_an_export_holds_each_labelled_turn_once_page_by_page(self, store: Store) -> None:
        for number in range(5):
            heard(store, f"c{number}", 0.9, text=f"volejte {PHONE}")
            heard(store, f"c{number}", 0.9, "t2")
            for by in ("mai", "jan"):
                store.labels.correct(f"c{number}", "t1", by, SUED, now=1.0)
        found, after = [], None
        while True:
            page = store.labels.export_page(after, 2)
            found += page.conversations
            after = page.next_after
            if after is None:
                break
        assert [c.conversation_id for c in found] == [f"c{number}" for number in range(5)]
        for conversation in found:
            assert conversation.language == "cs"
            (turn,) = conversation.turns
            assert (turn.turn_id, turn.text) == ("t1", "volejte <phone>")
            assert [(said.by, said.labels) for said in turn.labels] == [("mai", SUED), ("jan", SUED)]

    def test_what_was_taken_back_is_not_exported(self, store: Store) -> None:
        heard(store, "c1", 0.9)
        store.labels.correct("c1", "t1", "mai", SUED, now=1.0)
        store.labels.withdraw("c1", "t1", "mai", now=2.0)
        assert [turn.labels for c in store.labels.export_page().conversations for turn in c.turns] == [()]

    def test_a_large_week_is_sampled_from_its_customers_and_from_all_of_it(self, store: Store) -> None:
        """Customer and agent take turns, so a sample by an even step would meet one of them only."""
        with store._database.write() as session:
            session.add(ConversationRow(id="c1", created_at=1.0, updated_at=1.0, last_turn_at=1.0, turns=1))
            session.flush()
            session.execute(insert(TurnRow), [_stored(number) for number in range(1, 8 * MAX_SAMPLE + 1)])
            found = _sample(session, 1, 8 * MAX_SAMPLE + 1)
        assert 0.45 * MAX_SAMPLE < len(found) < 0.55 * MAX_SAMPLE
        ids = sorted(row.id for row in found)
        assert max(after - before for before, after in pairwise([1, *ids, 8 * MAX_SAMPLE])) < 100


def _stored(number: int) -> dict[str, object]:
    role = "customer" if number % 2 else "agent"
    return {
        "id": number, "conversation_id": "c1", "turn_id": f"t{number}", "seq": number, "role": role, "text": "x",
        "fingerprint": "", "redactions": [], "sent_at": 1.0, "received_at": float(number), "assessment": {},
        "model_version": "m1", "model_digest": "", "policy_version": "p1",
    }  # fmt: skip
