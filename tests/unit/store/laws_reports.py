"""Laws of the report over stored conversations: who counts where, what a filter takes away, what erasure forgets."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib import import_module

import pytest
from sqlalchemy import create_engine, delete, select

from service.engine import Step
from service.flow import Action, ConversationState, Reason
from service.reports.escalation import Group, Question, ask
from service.reports.figures import COME_BACK_S, Figures
from service.reports.periods import By
from service.risk.handoff import HandoffAction, Outcome
from service.store import Store
from service.store.database import Database
from service.store.models import Base, FactsRow, ResolutionRow
from tests.unit.store.examples import Stepper, a_turn

DAY_S = 86400.0
NOW = 60 * DAY_S


class Saying(Stepper):
    """A step that gives the conversation its language, its rules and its kinds of threat."""

    def __init__(
        self,
        turn_id: str,
        role: str,
        at: float,
        action: Action,
        rules: Sequence[str],
        language: str,
        kinds: Sequence[str],
    ) -> None:
        super().__init__(a_turn(turn_id, role=role, sent_at=at), 0.5, action)
        self.rules, self.language, self.kinds = tuple(rules), language, tuple(kinds)

    def __call__(self, state: ConversationState) -> Step:
        taken = super().__call__(state)
        reasons = tuple(Reason(rule, "Zákazník čeká.", ()) for rule in self.rules)
        recommendation = replace(taken.assessment.recommendation, reasons=reasons)
        following = replace(taken.state, language=self.language, threat_kinds=self.kinds)
        return Step(following, replace(taken.assessment, recommendation=recommendation))


def say(
    store: Store,
    name: str,
    at: float,
    role: str = "customer",
    text: str = "pořád nic",
    *,
    action: Action = "none",
    rules: Sequence[str] = (),
    contact: str | None = None,
    queue: str | None = None,
    language: str = "cs",
    kinds: Sequence[str] = (),
) -> None:
    turn_id = f"{role}{at}"
    turn = a_turn(turn_id, text, role=role, sent_at=at, contact_id=contact, queue=queue)
    store.record_turn(turn, name, at, Saying(turn_id, role, at, action, rules, language, kinds))


def act(
    store: Store, name: str, at: float, action: HandoffAction, note: str | None = None, outcome: Outcome | None = None
) -> None:
    assert store.hand_over(name, action, "jana", now=at, note=note, outcome=outcome) is not None


def question(by: By = "day", group: Group | None = None, **more: str) -> Question:
    return ask(by, now=NOW, since="1970-01-01", group=group, **more)  # type: ignore[arg-type]


def total(store: Store, **more: str) -> Figures:
    return store.escalation_report(question(**more), now=NOW).total  # type: ignore[arg-type]


def fill(store: Store) -> None:
    """Four conversations: one solved, one that came back, one false alarm, one that nobody looked at."""
    say(store, "a", 100.0, contact="anna", queue="vip")
    say(store, "a", 130.0, "bot")
    say(store, "a", 160.0, "agent")
    say(store, "a", 200.0, action="handoff", rules=("asks-human", "shouting"), kinds=("legal",))
    act(store, "a", 210.0, "accept")
    act(store, "a", 700.0, "resolve", "vrátili jsme peníze", "solved")
    say(store, "b", DAY_S, contact="bob", queue="vip", action="consult", rules=("asks-human",), language="vi")
    act(store, "b", DAY_S + 100.0, "resolve", None, "unsolved")
    say(store, "b", 2 * DAY_S, language="vi")
    say(store, "c", DAY_S + 5.0, queue="web", action="handoff", rules=("threat-legal",))
    act(store, "c", DAY_S + 25.0, "resolve", "omyl", "false_alarm")
    say(store, "d", 3 * DAY_S, contact="dan")


class ReportLaws:
    """Laws of `escalation_report`, and of the facts that it reads."""

    def test_the_numbers_of_some_conversations(self, store: Store) -> None:
        fill(store)
        got = total(store)
        assert (got.conversations, got.escalated, got.escalation_rate) == (4, 2, 0.5)
        assert asdict(got.first_response) == {"answered": 1, "unanswered": 3, "median_s": 60.0, "p90_s": 60.0}
        assert asdict(got.resolution) == {"resolved": 3, "median_s": 100.0, "p90_s": 600.0}
        assert asdict(got.first_contact_resolution) == {
            "rate": 0.5,
            "held": 1,
            "measured": 2,
            "too_recent": 0,
            "unknown_contact": 1,
        }
        assert asdict(got.handoffs) == {"solved": 1, "unsolved": 1, "false_alarm": 1, "not_stated": 0}
        assert asdict(got.alert_precision) == {"rate": 2 / 3, "right": 2, "wrong": 1, "unjudged": 0}
        assert [(reason.rule, reason.conversations) for reason in got.reasons] == [
            ("asks-human", 2),
            ("threat-legal", 1),
        ]

    def test_a_conversation_counts_on_the_day_on_which_it_began(self, store: Store) -> None:
        fill(store)
        rows = store.escalation_report(question(), now=NOW).rows
        assert [row.figures.conversations for row in rows][:5] == [1, 2, 0, 1, 0]
        assert sum(row.figures.conversations for row in rows) == 4

    def test_what_began_before_or_at_the_end_does_not_count(self, store: Store) -> None:
        fill(store)
        assert total(store, until="1970-01-02").conversations == 1
        later = ask("day", now=NOW, since="1970-01-02T00:00:05Z", until="1970-01-04T00:00:00Z")
        assert store.escalation_report(later, now=NOW).total.conversations == 1

    @pytest.mark.parametrize(
        ("wanted", "count"),
        [
            ({"queue": "vip"}, 2),
            ({"queue": "none"}, 0),
            ({"language": "vi"}, 1),
            ({"language": "cs", "queue": "vip"}, 1),
        ],
    )
    def test_a_filter_takes_away_and_never_adds(self, store: Store, wanted: dict[str, str], count: int) -> None:
        fill(store)
        all_of_it, some = total(store), total(store, **wanted)
        assert some.conversations == count
        assert some.escalated <= all_of_it.escalated
        assert some.resolution.resolved <= all_of_it.resolution.resolved
        assert some.alert_precision.right <= all_of_it.alert_precision.right
        known = {reason.rule: reason.conversations for reason in all_of_it.reasons}
        assert all(reason.conversations <= known[reason.rule] for reason in some.reasons)

    @pytest.mark.parametrize(("group", "names"), [("queue", ["vip", "web", None]), ("language", ["cs", "vi"])])
    def test_groups_are_what_a_filter_of_that_name_would_keep(
        self, store: Store, group: Group, names: list[str | None]
    ) -> None:
        fill(store)
        groups = store.escalation_report(question(group=group), now=NOW).groups
        assert [found.group for found in groups] == names
        for found in groups:
            if found.group is not None:
                assert found.figures == total(store, **{group: found.group})

    @pytest.mark.parametrize(
        ("contact", "at", "came_back"),
        [
            ("anna", 700.0 + 10.0, True),
            ("anna", 700.0 + COME_BACK_S, True),
            ("anna", 701.0 + COME_BACK_S, False),
            ("bob", 700.0 + 10.0, False),
        ],
    )
    def test_a_contact_comes_back_in_another_conversation_of_whatever_queue(
        self, store: Store, contact: str, at: float, came_back: bool
    ) -> None:
        say(store, "a", 100.0, contact="anna", queue="vip")
        act(store, "a", 700.0, "resolve")
        say(store, "b", at, contact=contact, queue="web")
        assert total(store, queue="vip").first_contact_resolution.held == (not came_back)

    def test_what_was_there_before_the_end_is_no_return(self, store: Store) -> None:
        say(store, "earlier", 50.0, contact="anna")
        say(store, "a", 100.0, contact="anna")
        act(store, "a", 700.0, "resolve")
        say(store, "earlier", 800.0, contact="anna")
        assert total(store).first_contact_resolution.held == 1

    def test_what_is_erased_is_in_no_report(self, store: Store) -> None:
        fill(store)
        store.erase_contact("anna")
        assert total(store).conversations == 3
        assert store.find_resolutions(("penize",)) == ()
        store.purge_before(NOW)
        assert total(store).conversations == 0
        assert store.find_resolutions() == ()

    def test_the_same_turn_again_changes_no_number(self, store: Store) -> None:
        fill(store)
        before = total(store)
        fill_again = a_turn("customer100.0", sent_at=9e6)
        assert not store.record_turn(fill_again, "a", 9e6, Stepper(fill_again)).created
        assert total(store) == before

    def test_the_migration_works_out_what_was_recorded(self, store: Store, database_url: str) -> None:
        fill(store)
        act(store, "d", 4 * DAY_S, "join")
        say(store, "d", 4 * DAY_S + 10.0, action="handoff", text="dobrý den, balík se ztratil v depu")
        act(store, "d", 4 * DAY_S + 20.0, "resolve", "našli jsme balík")
        act(store, "d", 4 * DAY_S + 30.0, "resolve", "a poslali slevu", "solved")
        say(store, "d", 5 * DAY_S, text="zase nic")
        recorded = _tables(database_url)
        engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            connection.execute(delete(ResolutionRow))
            connection.execute(delete(FactsRow))
            import_module("service.store.migrations.versions.0004_reports").back_fill(connection)
        engine.dispose()
        assert _tables(database_url) == recorded
        assert len(recorded[0]) == 4
        assert len(recorded[1]) == 3


def _tables(database_url: str) -> list[list[tuple[object, ...]]]:
    """Every row of the two tables."""
    database = Database.connect(database_url, busy_timeout_s=10.0)
    tables = [Base.metadata.tables[name] for name in ("conversation_facts", "resolutions")]
    with database.read() as session:
        found = [
            [tuple(row) for row in session.execute(select(table).order_by(table.c.conversation_id))] for table in tables
        ]
    database.close()
    return found
