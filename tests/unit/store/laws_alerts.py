"""Laws of stored alerts: one live one of a conversation, each moved once, budgets kept, told through the outbox."""

from base64 import urlsafe_b64encode
from contextlib import nullcontext
from dataclasses import replace
from itertools import pairwise

import pytest

from service.flow import Action, Event, Role
from service.risk.alert_actions import FORGOTTEN_S, AlertChange, AlertRefused
from service.risk.alerts import Alert
from service.risk.handoff import HandoffAction, Limits, Outcome
from service.store import AlertFilter, BadCursor, RecordedTurn, Store, StoreError
from service.store.alerts import save
from service.store.database import Database
from tests.unit.store.examples import Stepper, a_turn
from tests.unit.store.laws_turns import at_once


def say(
    store: Store,
    conversation: str,
    at: float,
    level: float = 0.7,
    action: Action = "consult",
    *,
    queue: str = "senior",
    role: Role = "customer",
    contact: str | None = None,
) -> RecordedTurn:
    """Record a turn of its own at this time; the step answers with this level and action."""
    turn = a_turn(f"{role}-{at}", sent_at=at, role=role, contact_id=contact)
    return store.record_turn(turn, conversation, at, Stepper(turn, level, action, queue=queue))


def alerts_of(store: Store, *statuses: str) -> list[Alert]:
    """Every alert that is listed under these statuses, or the live ones."""
    return [alert for status in statuses or (None,) for alert in store.list_alerts(AlertFilter(status)).items]  # type: ignore[arg-type]


def told(events: "tuple[Event, ...] | list[Event]") -> list[object]:
    """What events tell of alerts: raised, or which change."""
    return [
        "raised" if event.type == "alert.raised" else event.data["change"]
        for event in events
        if event.type.startswith("alert.")
    ]


class AlertLaws:
    """Laws of everything that happens to alerts."""

    def test_a_conversation_has_one_live_alert_that_merges_moves_up_and_withdraws(self, store: Store) -> None:
        # fmt: off
        table = [  # level, action, queue, role -> told, (status, action, queue) of the live alert
            (0.7, "phrase",  "senior",     "customer", [],            None),
            (0.7, "consult", "senior",     "customer", ["raised"],    ("raised", "consult", "senior")),
            (0.7, "consult", "senior",     "customer", [],            ("raised", "consult", "senior")),
            (0.7, "none",    "senior",     "agent",    ["extended"],  ("raised", "consult", "senior")),
            (0.9, "handoff", "supervisor", "customer", ["raised"],    ("raised", "handoff", "supervisor")),
            (0.4, "phrase",  "senior",     "customer", ["withdrawn"], None),
            (0.5, "handoff", "supervisor", "customer", [],            None),
            (0.6, "handoff", "supervisor", "customer", ["raised"],    ("raised", "handoff", "supervisor")),
        ]
        # fmt: on
        for number, (level, action, queue, role, news, live) in enumerate(table):
            recorded = say(store, "c1", 100.0 + number, level, action, queue=queue, role=role)  # type: ignore[arg-type]
            assert told(recorded.events) == news
            assert [(a.status, a.action, a.queue) for a in alerts_of(store)] == ([live] if live else [])
        assert len(alerts_of(store, "withdrawn")) == 1

    def test_a_raised_alert_is_told_with_what_the_board_needs_and_without_text(self, store: Store) -> None:
        recorded = say(store, "c1", 100.0)
        (alert,) = alerts_of(store)
        (event,) = [event for event in recorded.events if event.type == "alert.raised"]
        assert event.data == {
            "alert_id": alert.id,
            "turn_id": "customer-100.0",
            "action": "consult",
            "queue": "senior",
            "respond_within_s": 60,
            "rules": ["rule-1"],
            "level": 0.7,
            "merged": 0,
            "due_at": 160.0,
        }
        assert (alert.conversation_id, alert.opened_at, alert.due_at) == ("c1", 100.0, 160.0)

    def test_turns_sent_at_once_open_one_alert(self, store: Store) -> None:
        turns = [a_turn(f"t{number}") for number in range(8)]
        at_once([lambda t=t: store.record_turn(t, "c1", 101.0, Stepper(t, 0.7, "consult")) for t in turns])
        assert len(alerts_of(store)) == 1
        assert told(store.events_after(0)) == ["raised"]

    def test_the_database_itself_refuses_a_second_live_alert(self, store: Store, database_url: str) -> None:
        say(store, "c1", 100.0)
        (alert,) = alerts_of(store)
        database = Database.connect(database_url, busy_timeout_s=10.0)
        for status, refused in (("withdrawn", False), ("raised", True)):
            twin = replace(alert, id=f"{status}-twin", status=status)
            with pytest.raises(StoreError) if refused else nullcontext(), database.write() as session:
                save(session, twin, None)
        database.close()
        assert alerts_of(store) == [alert]

    def test_the_same_turn_again_raises_nothing_more(self, store: Store) -> None:
        say(store, "c1", 100.0)
        before = alerts_of(store)
        assert say(store, "c1", 100.0).events == ()
        assert alerts_of(store) == before

    def test_what_nobody_accepts_climbs_once_however_many_tick(self, store: Store, database_url: str) -> None:
        for number in range(4):
            say(store, f"c{number}", 100.0)
        stores = [store, Store.open(database_url), Store.open(database_url)]
        assert store.tick_alerts(159.0).events == ()
        for now, climbs in ((160.0, 1), (220.0, 2), (280.0, 3), (340.0, 3)):
            ticked = at_once([lambda s=s, now=now: s.tick_alerts(now) for s in (*stores, *stores)])
            events = [event for one in ticked for event in one.events]
            assert sorted(event.conversation_id for event in events) == (
                [f"c{n}" for n in range(4)] if now < 340 else []
            )
            assert {alert.climbs for alert in alerts_of(store)} == {climbs}
        assert {(alert.queue, alert.due_at) for alert in alerts_of(store)} == {("supervisor", 340.0)}
        assert told(store.events_after(0)) == ["raised"] * 4 + ["climbed"] * 12
        for other in stores[1:]:
            other.close()

    def test_an_alert_that_is_accepted_in_the_same_moment_does_not_climb_as_well(self, store: Store) -> None:
        for number in range(4):
            name, at = f"c{number}", 100.0 + 1000.0 * number
            say(store, name, at)
            (alert,) = [found for found in alerts_of(store, "raised") if found.conversation_id == name]
            change = AlertChange("acknowledge", "mai")
            at_once(
                [
                    lambda at=at: store.tick_alerts(at + 60.0),
                    lambda at=at, change=change, alert=alert: store.change_alert(alert.id, change, now=at + 60.0),
                ]
            )
            news = told(store.events_after(0))
            assert news[-2:] in (["raised", "acknowledged"], ["climbed", "acknowledged"])
        assert {alert.status for alert in alerts_of(store)} == {"acknowledged"}

    def test_a_snoozed_alert_wakes_once(self, store: Store) -> None:
        say(store, "c1", 100.0)
        (alert,) = alerts_of(store)
        store.change_alert(alert.id, AlertChange("snooze", "mai", until=500.0), now=110.0)
        assert store.tick_alerts(499.0).events == ()
        ticked = at_once([lambda: store.tick_alerts(500.0)] * 3)
        assert [news for one in ticked for news in told(one.events)] == ["raised"]
        assert [(a.status, a.due_at, a.climbs) for a in alerts_of(store)] == [("raised", 560.0, 0)]

    def test_a_forgotten_alert_is_closed_by_the_clock(self, store: Store) -> None:
        say(store, "c1", 100.0)
        assert told(store.tick_alerts(100.0 + FORGOTTEN_S).events) == ["closed"]
        assert [(a.status, a.justified) for a in alerts_of(store, "closed")] == [("closed", None)]

    def test_what_exceeds_the_budget_is_held_and_the_highest_rank_comes_first(self, database_url: str) -> None:
        store = Store.open(database_url, alert_budget=2)
        # fmt: off
        arrivals = [  # level, action, queue -> told
            (0.7, "consult", "senior", "raised"),
            (0.7, "consult", "senior", "raised"),
            (0.7, "consult", "senior", "held"),
            (0.9, "consult", "senior", "held"),
            (0.7, "handoff", "senior", "held"),
            (0.9, "handoff", "safety", "raised"),   # people may get hurt
            (0.7, "consult", "finance", "raised"),  # a budget of its own
        ]
        # fmt: on
        for number, (level, action, queue, news) in enumerate(arrivals):
            recorded = say(store, f"c{number}", 100.0 + number, level, action, queue=queue)  # type: ignore[arg-type]
            assert told(recorded.events) == [news]
        assert [alert.conversation_id for alert in alerts_of(store, "held")] == ["c4", "c3", "c2"]
        assert store.tick_alerts(110.0).held == {"senior": 3}
        # Alerts that climbed out of the queue leave their slots to it.
        after_climbs = store.tick_alerts(170.0)
        assert [(e.type, e.conversation_id) for e in after_climbs.events if e.type == "alert.raised"] == [
            ("alert.raised", "c4"),
            ("alert.raised", "c3"),
        ]
        assert after_climbs.held == {"senior": 1}
        store.close()

    def test_an_hour_later_there_is_room_again(self, database_url: str) -> None:
        store = Store.open(database_url, alert_budget=1)
        for name, at in (("c1", 100.0), ("c2", 200.0)):
            say(store, name, at, queue="supervisor")
        (first,) = alerts_of(store, "raised")
        store.change_alert(first.id, AlertChange("dismiss", "mai", justified=True), now=120.0)
        assert store.tick_alerts(3699.0).events == ()
        ticked = store.tick_alerts(3701.0)
        assert [(event.conversation_id, *told([event])) for event in ticked.events] == [("c2", "raised")]
        assert [(a.status, a.raised_at, a.due_at) for a in alerts_of(store)] == [("raised", 3701.0, 3761.0)]
        assert ticked.held == {}
        store.close()

    def test_a_held_alert_still_merges_moves_up_and_withdraws(self, database_url: str) -> None:
        store = Store.open(database_url, alert_budget=1)
        for name in ("c0", "c1", "c2", "c3"):
            say(store, name, 100.0)
        assert [alert.status for alert in alerts_of(store)].count("held") == 3
        assert told(say(store, "c1", 101.0, 0.2, "none").events) == ["withdrawn"]
        assert told(say(store, "c2", 102.0, 0.9, "handoff", queue="safety").events) == ["raised"]
        assert told(say(store, "c3", 103.0, 0.9, "handoff", queue="supervisor").events) == ["raised"]
        store.close()

    def test_a_budget_holds_when_alerts_come_at_once(self, database_url: str) -> None:
        stores = [Store.open(database_url, alert_budget=2) for _ in range(2)]
        at_once([lambda n=n: say(stores[n % 2], f"c{n}", 100.0) for n in range(8)])
        statuses = [alert.status for alert in alerts_of(stores[0])]
        assert (statuses.count("raised"), statuses.count("held")) == (2, 6)
        # Room for two more after an hour, whoever ticks.
        at_once([lambda s=s: s.tick_alerts(3800.0) for s in (*stores, *stores)])
        raised = [alert for alert in alerts_of(stores[0], "raised") if alert.queue == "senior"]
        assert len(raised) == 2
        for store in stores:
            store.close()

    def test_a_supervisors_acts_are_stored_told_and_audited(self, store: Store) -> None:
        say(store, "c1", 100.0)
        (alert,) = alerts_of(store)
        first = store.change_alert(alert.id, AlertChange("acknowledge", "mai"), now=110.0)
        again = store.change_alert(alert.id, AlertChange("acknowledge", "petr"), now=120.0)
        assert first == again
        store.change_alert(alert.id, AlertChange("snooze", "mai", until=900.0), now=130.0)
        closed = store.change_alert(alert.id, AlertChange("dismiss", "ana", justified=False), now=140.0)
        assert closed is not None
        assert (closed.status, closed.justified, closed.ended_at) == ("closed", False, 140.0)
        assert alerts_of(store) == []
        assert alerts_of(store, "closed") == [closed]
        assert told(store.events_after(0)) == ["raised", "acknowledged", "snoozed", "closed"]
        trail = [(entry.actor, entry.action, entry.subject, entry.detail["justified"]) for entry in store.audit_trail()]
        assert trail == [
            ("ana", "alert.dismissed", alert.id, False),
            ("mai", "alert.snoozed", alert.id, None),
            ("mai", "alert.acknowledged", alert.id, None),
        ]
        with pytest.raises(AlertRefused):
            store.change_alert(alert.id, AlertChange("acknowledge", "mai"), now=150.0)
        assert store.change_alert("unknown", AlertChange("acknowledge", "mai")) is None

    def test_an_alert_follows_the_hand_off_of_its_conversation(self, store: Store) -> None:
        # fmt: off
        table = [  # hand-off, outcome -> status, justified, deadline, told
            ("claim",   110.0, None,          "acknowledged", None,  160.0, ["acknowledged"]),
            ("accept",  120.0, None,          "acknowledged", None,  160.0, []),
            ("join",    130.0, None,          "acknowledged", None,  190.0, ["extended"]),
            ("return",  140.0, None,          "acknowledged", None,  190.0, []),
            ("resolve", 150.0, "false_alarm", "closed",       False, 190.0, ["closed"]),
            ("claim",   160.0, None,          "closed",       False, 190.0, []),
        ]
        # fmt: on
        say(store, "c1", 100.0)
        for action, now, outcome, status, justified, due_at, news in table:
            taken = store.hand_over("c1", action, "mai", now=now, outcome=outcome)  # type: ignore[arg-type]
            assert taken is not None
            (alert,) = alerts_of(store, "acknowledged", "closed")
            assert (alert.status, alert.justified, alert.due_at) == (status, justified, due_at)
            assert told(taken.events) == news
        assert (alert.acknowledged_by, alert.acknowledged_at, alert.acknowledged_in_time) == ("mai", 110.0, True)

    @pytest.mark.parametrize(
        ("outcome", "justified"), [("solved", True), ("unsolved", True), ("false_alarm", False), (None, None)]
    )
    def test_the_outcome_of_a_hand_off_judges_its_alert(
        self, store: Store, outcome: Outcome | None, justified: bool | None
    ) -> None:
        say(store, "c1", 100.0)
        store.hand_over("c1", "resolve", "mai", now=110.0, outcome=outcome)
        assert [alert.justified for alert in alerts_of(store, "closed")] == [justified]

    def test_an_outcome_that_is_said_later_judges_what_nobody_has_judged(self, store: Store) -> None:
        say(store, "c1", 100.0)
        table: list[tuple[Outcome | None, list[object], bool | None]] = [
            (None, ["closed"], None),
            ("false_alarm", ["judged"], False),
            ("solved", [], False),
        ]
        for number, (outcome, news, justified) in enumerate(table):
            taken = store.hand_over("c1", "resolve", "mai", now=110.0 + number, outcome=outcome)
            assert taken is not None
            assert told(taken.events) == news
            assert [alert.justified for alert in alerts_of(store, "closed")] == [justified]

    def test_a_hand_off_without_an_alert_is_no_error(self, store: Store) -> None:
        say(store, "c1", 100.0, 0.1, "none")
        for action in ("claim", "join", "return", "resolve"):
            store.hand_over("c1", action, "mai", now=110.0)  # type: ignore[arg-type]
        assert told(store.events_after(0)) == []

    def test_the_hand_off_says_who_has_the_alert(self, store: Store) -> None:
        say(store, "c1", 100.0)
        (alert,) = alerts_of(store)
        store.change_alert(alert.id, AlertChange("acknowledge", "petr"), now=105.0)
        store.hand_over("c1", "accept", "mai", now=110.0)
        assert [(a.acknowledged_by, a.acknowledged_at) for a in alerts_of(store)] == [("mai", 105.0)]

    def test_a_hand_off_that_lapses_raises_the_alert_again_with_the_clock(self, store: Store) -> None:
        limits = Limits(accept_s=20.0, join_s=20.0)
        say(store, "c1", 100.0)
        store.hand_over("c1", "claim", "mai", now=110.0, limits=limits)
        assert told(store.tick_alerts(129.0).events) == []
        assert [news for one in at_once([lambda: store.tick_alerts(130.0)] * 3) for news in told(one.events)] == [
            "raised"
        ]
        (alert,) = alerts_of(store)
        assert (alert.status, alert.raised_at, alert.due_at, alert.acknowledged_by) == ("raised", 130.0, 190.0, None)
        # Who acknowledges it now means it: the old claim takes nothing away from them.
        store.change_alert(alert.id, AlertChange("acknowledge", "mai"), now=140.0)
        assert told(store.tick_alerts(150.0).events) == []

    def test_a_hand_off_that_lapses_raises_the_alert_again_with_the_next_turn(self, store: Store) -> None:
        say(store, "c1", 100.0)
        store.hand_over("c1", "claim", "mai", now=110.0, limits=Limits(accept_s=20.0))
        assert told(say(store, "c1", 120.0).events) == []
        assert told(say(store, "c1", 131.0).events) == ["raised"]
        assert [alert.status for alert in alerts_of(store)] == ["raised"]

    def test_who_is_called_for_after_the_hand_off_is_called_again(self, store: Store) -> None:
        # fmt: off
        table: list[tuple[HandoffAction, Outcome | None, list[object]]] = [
            ("return",  None,          ["raised"]),
            ("resolve", "solved",      ["raised"]),
            ("resolve", None,          ["raised"]),
            ("resolve", "false_alarm", []),
        ]
        # fmt: on
        for number, (action, outcome, news) in enumerate(table):
            name = f"c{number}"
            say(store, name, 100.0)
            store.hand_over(name, "join", "mai", now=110.0)
            store.hand_over(name, action, "mai", now=120.0, outcome=outcome)
            assert told(say(store, name, 130.0, 0.3, "phrase").events) == []
            assert told(say(store, name, 140.0, 0.4, "consult").events) == news
            assert told(say(store, name, 150.0, 0.4, "consult").events) == []

    def test_who_joined_keeps_the_alert(self, store: Store) -> None:
        say(store, "c1", 100.0)
        store.hand_over("c1", "join", "mai", now=110.0, limits=Limits(accept_s=20.0, join_s=20.0))
        assert told(store.tick_alerts(5000.0).events) == []
        assert told(say(store, "c1", 5001.0).events) == []

    def test_paging_returns_each_alert_once_by_rank_then_waiting_time(self, store: Store) -> None:
        for number in range(23):
            level, action = (0.3, 0.65, 0.9)[number % 3], ("consult", "handoff")[number % 2]
            say(store, f"c{number}", 100.0 + number // 4, level, action)  # type: ignore[arg-type]
        listed: list[Alert] = []
        page = store.list_alerts(limit=4)
        while page.next_cursor is not None:
            assert len(page.items) == 4
            listed += page.items
            page = store.list_alerts(limit=4, cursor=page.next_cursor)
        listed += page.items
        assert len({alert.id for alert in listed}) == len(listed) == 23
        order = [(alert.action == "consult", -int(alert.level * 10), alert.opened_at, alert.id) for alert in listed]
        assert all(first < second for first, second in pairwise(order))

    def test_a_filter_of_alerts_keeps_what_matches(self, store: Store) -> None:
        for name, queue in (("a", "senior"), ("b", "finance"), ("c", "senior")):
            say(store, name, 100.0, queue=queue)
        (first,) = [alert for alert in alerts_of(store) if alert.conversation_id == "a"]
        store.change_alert(first.id, AlertChange("acknowledge", "mai"), now=110.0)
        # fmt: off
        table = [
            (AlertFilter(), "abc"), (AlertFilter(queue="senior"), "ac"), (AlertFilter("raised"), "bc"),
            (AlertFilter("acknowledged"), "a"), (AlertFilter("raised", "senior"), "c"), (AlertFilter("closed"), ""),
        ]
        # fmt: on
        for wanted, names in table:
            assert sorted(alert.conversation_id for alert in store.list_alerts(wanted).items) == list(names)

    def test_the_alerts_of_one_conversation_are_told_the_latest_first(self, store: Store) -> None:
        say(store, "a", 100.0)
        say(store, "b", 100.0)
        say(store, "quiet", 100.0, 0.1, "none")
        (first,) = store.alerts_of("a") or ()
        store.change_alert(first.id, AlertChange("dismiss", "mai", justified=False), now=110.0)
        say(store, "a", 120.0, 0.95, "handoff")
        latest, earlier = store.alerts_of("a") or ()
        assert (latest.status, earlier.status, earlier.id) == ("raised", "closed", first.id)
        assert [alert.conversation_id for alert in store.alerts_of("b") or ()] == ["b"]
        assert store.alerts_of("quiet") == ()
        assert store.alerts_of("nobody") is None

    @pytest.mark.parametrize("cursor", ["x", "é", urlsafe_b64encode(b'["a",1.0,"b"]').decode()])
    def test_an_alert_cursor_from_elsewhere_is_refused(self, store: Store, cursor: str) -> None:
        with pytest.raises(BadCursor):
            store.list_alerts(cursor=cursor)

    def test_the_report_joins_outcomes_times_and_budgets(self, database_url: str) -> None:
        store = Store.open(database_url, alert_budget=3)
        day = 24 * 3600.0
        say(store, "old", 1.0)
        for number, justified in enumerate((True, True, False)):
            name, at = f"c{number}", 10 * day + number
            say(store, name, at)
            (alert,) = [found for found in alerts_of(store, "raised") if found.conversation_id == name]
            change = AlertChange("dismiss", "mai", justified=justified)
            store.change_alert(alert.id, change, now=at + 10.0 * (number + 1))
        say(store, "c3", 10 * day + 50.0)
        report = store.alert_report(7, now=10 * day + 100.0)
        senior = next(queue for queue in report.summary.queues if queue.queue == "senior")
        assert (senior.opened, senior.precision.justified, senior.precision.judged) == (4, 2, 3)
        assert (senior.acknowledged.median_s, senior.acknowledged.p90_s) == (20.0, 30.0)
        assert set(report.budgets.values()) == {3}
        assert (report.used_last_hour, report.held) == ({"senior": 3}, {"senior": 1})
        assert store.alert_report(30, now=10 * day + 100.0).summary.queues[1].opened == 5
        store.close()

    def test_alerts_are_erased_with_their_conversation(self, store: Store) -> None:
        for name, at in (("c1", 100.0), ("c2", 200.0), ("c3", 300.0)):
            say(store, name, at, contact=f"anna-{name}")
        store.erase_contact("anna-c1")
        assert {alert.conversation_id for alert in alerts_of(store)} == {"c2", "c3"}
        store.purge_before(250.0)
        assert {alert.conversation_id for alert in alerts_of(store)} == {"c3"}
        assert {event.conversation_id for event in store.events_after(0)} == {"c3"}
        assert store.tick_alerts(400.0).events != ()
