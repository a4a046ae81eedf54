"""Laws of reading: what is shown of stored texts, and the pages of the board."""

from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest

from service.flow import ConversationState, Evidence
from service.risk.alert_actions import AlertChange
from service.store import (
    BadCursor,
    ConversationFilter,
    ConversationSummary,
    Store,
    TurnConflict,
    Window,
    assessment_to_json,
)
from tests.unit.store.examples import PHONE, Stepper, a_turn


class ReadingLaws:
    """Laws of `conversation` and `list_conversations`."""

    def test_stored_text_is_redacted_and_its_spans_moved_while_the_answer_is_kept(self, store: Store) -> None:
        turn = a_turn(text=f"{PHONE} tệ quá")
        step = Stepper(turn, 0.5, "none", (Evidence("frustration", 11, 13, 0.5),))
        recorded = store.record_turn(turn, "c1", 101.0, step)
        again = store.record_turn(turn, "c1", 102.0, step)
        stored = store.conversation("c1")
        assert stored is not None
        shown = stored.turns[0]
        assert shown.text == "<phone> tệ quá"
        assert shown.score is not None
        word = shown.score.evidence[0]
        assert shown.text[word.start : word.end] == "tệ"
        assert shown.assessment["score"]["evidence"][0]["start"] == word.start  # type: ignore[index]
        assert shown.assessment["recommendation"]["reasons"][0]["evidence"][0]["end"] == word.end  # type: ignore[index]
        assert again.assessment == recorded.assessment == assessment_to_json(step(ConversationState("c1")).assessment)

    def test_texts_that_no_database_holds_are_stored_without_the_characters(self, store: Store) -> None:
        turn = a_turn(text="a\x00b\ud800c")
        store.record_turn(turn, "c1", 101.0, Stepper(turn))
        stored = store.conversation("c1")
        assert stored is not None
        assert stored.turns[0].text == "a\ufffdb\ufffdc"

    def test_without_texts_scores_and_repeats_still_work(self, database_url: str) -> None:
        store = Store.open(database_url, store_text=False)
        store.record_turn(a_turn(), "c1", 101.0, Stepper(a_turn()))
        stored = store.conversation("c1")
        assert stored is not None
        assert stored.turns[0].text is None
        assert stored.summary.last_customer_text is None
        assert stored.turns[0].score is not None
        assert not store.record_turn(a_turn(), "c1", 101.0, Stepper(a_turn())).created
        with pytest.raises(TurnConflict):
            store.record_turn(a_turn(text="x"), "c1", 101.0, Stepper(a_turn()))
        store.close()

    def test_paging_returns_each_conversation_once_by_risk_then_recency(self, store: Store) -> None:
        for number in range(23):
            level, at = (number * 7 % 5) / 5, 100.0 + number // 2
            store.record_turn(a_turn(), f"c{number}", at, Stepper(a_turn(), level))
        listed: list[ConversationSummary] = []
        page = store.list_conversations(limit=4)
        while page.next_cursor is not None:
            listed += page.items
            page = store.list_conversations(limit=4, cursor=page.next_cursor)
        listed += page.items
        keys = [(item.risk.level, item.updated_at, item.conversation_id) for item in listed]
        assert keys == sorted(keys, key=lambda key: key[:2], reverse=True)
        assert sorted(item.conversation_id for item in listed) == sorted(f"c{number}" for number in range(23))

    def test_a_filter_keeps_what_matches(self, store: Store) -> None:
        for name, level, action, queue in (
            ("a", 0.1, "none", "vip"),
            ("b", 0.9, "handoff", "vip"),
            ("c", 0.9, "none", None),
        ):
            turn = a_turn(queue=queue)
            store.record_turn(turn, name, 101.0, Stepper(turn, level, action))
        # fmt: off
        table = [
            (ConversationFilter(band="critical"), "bc"),
            (ConversationFilter(queue="vip"), "ab"),
            (ConversationFilter(status="open"), "abc"),
            (ConversationFilter(language="cs"), "abc"),
            (ConversationFilter(language="vi"), ""),
            (ConversationFilter(band="critical", queue="vip"), "b"),
        ]
        # fmt: on
        for wanted, names in table:
            assert sorted(item.conversation_id for item in store.list_conversations(wanted).items) == list(names)

    def test_the_board_asks_for_what_is_not_resolved_for_what_was_heard_of_lately_and_for_ids(
        self, store: Store
    ) -> None:
        for name, at in (("chat-1", 100.0), ("chat-2", 200.0), ("Chat_2b", 300.0)):
            store.record_turn(a_turn(), name, at, Stepper(a_turn()))
        store.hand_over("chat-2", "resolve", "jana", now=250.0)
        # fmt: off
        table = [
            (ConversationFilter(resolved=False), ["Chat_2b", "chat-1"]),
            (ConversationFilter(resolved=True), ["chat-2"]),
            (ConversationFilter(active_since=200.0), ["Chat_2b", "chat-2"]),
            (ConversationFilter(resolved=False, active_since=200.5), ["Chat_2b"]),
            (ConversationFilter(ids=("chat-1", "chat-2", "chat-9")), ["chat-1", "chat-2"]),
            (ConversationFilter(ids=()), []),
            (ConversationFilter(id_contains="HAT-"), ["chat-1", "chat-2"]),
            (ConversationFilter(id_contains="t_2"), ["Chat_2b"]),
            (ConversationFilter(id_contains="%"), []),
        ]
        # fmt: on
        for wanted, names in table:
            found = store.list_conversations(wanted, now=400.0).items
            assert sorted(item.conversation_id for item in found) == names, wanted

    def test_a_row_names_the_latest_event_that_it_holds_and_its_live_alert(self, store: Store) -> None:
        risky = a_turn("t1")
        store.record_turn(risky, "c1", 101.0, Stepper(risky, 0.9, "handoff"))
        store.record_turn(a_turn(), "c2", 102.0, Stepper(a_turn()))

        def row() -> ConversationSummary:
            (found,) = store.list_conversations(ConversationFilter(ids=("c1",)), now=200.0).items
            of_it = [event.id for event in store.events_after(0) if event.conversation_id == "c1"]
            assert found.event_id == of_it[-1]
            return found

        raised = row().alert
        assert raised is not None
        assert (raised.status, raised.action) == ("raised", "handoff")
        store.hand_over("c1", "accept", "jana", now=150.0)
        taken = row().alert
        assert taken is not None
        assert (taken.alert_id, taken.status) == (raised.alert_id, "acknowledged")
        store.change_alert(raised.alert_id, AlertChange("dismiss", "jana", justified=False), now=160.0)
        assert row().alert is None
        store.tick_alerts(1000.0)
        assert row().owner == "jana"

    @pytest.mark.parametrize(
        "cursor",
        ["", "x", "bnVsbA==", "W10=", "WzEsMiwzXQ==", "WyJhIiwxLjAsImIiXQ==", "é", "\ud800"]
        + [urlsafe_b64encode(rb'[1.0,1.0,"%s"]' % id).decode() for id in (rb"\u0000", rb"\ud800", rb"a\nb")],
    )
    def test_a_cursor_from_elsewhere_is_refused(self, store: Store, cursor: str) -> None:
        with pytest.raises(BadCursor):
            store.list_conversations(cursor=cursor)

    def test_a_row_shows_the_customers_last_words_and_the_latest_risks(self, store: Store) -> None:
        for number in range(25):
            turn = a_turn(f"t{number}", f"{number} {PHONE} " + "á" * 200)
            store.record_turn(turn, "c1", 101.0 + number, Stepper(turn, number / 25))
        agent = a_turn("t99", "dobrý den", role="agent")
        store.record_turn(agent, "c1", 200.0, lambda state: replace(Stepper(agent)(state), state=state))
        store.record_turn(agent, "c2", 200.0, lambda state: replace(Stepper(agent)(state), state=state))
        by_id = {item.conversation_id: item for item in store.list_conversations().items}
        assert by_id["c1"].last_customer_text == ("24 <phone> " + "á" * 200)[:120]
        assert by_id["c1"].risk_history == tuple(number / 25 for number in range(5, 25))
        assert (by_id["c2"].last_customer_text, by_id["c2"].risk_history) == (None, ())
        stored = store.conversation("c1")
        assert stored is not None
        assert stored.summary == by_id["c1"]

    def test_an_unknown_conversation_is_none(self, store: Store) -> None:
        assert store.conversation("nobody") is None

    def test_a_conversation_is_heard_as_it_was_recorded(self, store: Store) -> None:
        """What a replay needs: order of arrival, times, scores; the words that moved them point into the kept text."""
        first = a_turn("t1", f"{PHONE} tệ quá", contact_id="anna", sent_at=90.0)
        agent = a_turn("t2", "dobrý den", role="agent", sent_at=80.0, queue="vip", channel="web")
        step = Stepper(first, 0.5, "none", (Evidence("frustration", 11, 13, 0.5),))
        store.record_turn(first, "c1", 101.0, step)
        store.record_turn(agent, "c1", 102.0, Stepper(agent))
        (heard,) = store.heard(["c1"])
        assert (heard.conversation_id, heard.language, heard.handoffs) == ("c1", "cs", ())
        assert [(item.turn.turn_id, item.received_at, item.text_kept) for item in heard.turns] == [
            ("t1", 101.0, True),
            ("t2", 102.0, True),
        ]
        said, answered = heard.turns
        assert said.turn == replace(first, text="<phone> tệ quá", channel="web")
        assert answered.turn.queue == "vip"
        assert (answered.turn.role, answered.turn.sent_at, answered.score) == ("agent", 80.0, None)
        shown = store.conversation("c1")
        assert shown is not None
        assert said.score is not None
        assert said.score == shown.turns[0].score
        word = said.score.evidence[0]
        assert said.turn.text[word.start : word.end] == "tệ"

    def test_conversations_are_heard_in_the_order_that_was_asked_without_those_that_are_gone(
        self, store: Store
    ) -> None:
        for name in "abc":
            store.record_turn(a_turn(), name, 101.0, Stepper(a_turn()))
        assert [found.conversation_id for found in store.heard(["c", "gone", "a", "c"])] == ["c", "a"]
        assert store.heard([]) == ()

    def test_a_conversation_is_heard_without_texts_when_none_are_kept(self, database_url: str) -> None:
        store = Store.open(database_url, store_text=False)
        store.record_turn(a_turn(), "c1", 101.0, Stepper(a_turn()))
        (heard,) = store.heard(["c1"])
        assert (heard.turns[0].turn.text, heard.turns[0].text_kept) == ("", False)
        assert heard.turns[0].score is not None
        store.close()

    def test_a_window_names_the_latest_first_and_no_more_than_asked(self, store: Store) -> None:
        for number in range(5):
            store.record_turn(a_turn(), f"c{number}", 100.0 + number, Stepper(a_turn()))
        store.record_turn(a_turn("t2"), "c0", 110.0, Stepper(a_turn("t2")))
        # fmt: off
        table = [
            (Window(),                           10, ["c0", "c4", "c3", "c2", "c1"]),
            (Window(),                            2, ["c0", "c4"]),
            (Window(since=103.0),                10, ["c0", "c4", "c3"]),
            (Window(until=103.0),                10, ["c2", "c1"]),
            (Window(since=102.0, until=104.0),   10, ["c3", "c2"]),
            (Window(since=111.0),                10, []),
            (Window(language="cs"),               1, ["c0"]),
            (Window(language="vi"),              10, []),
        ]
        # fmt: on
        for window, limit, names in table:
            assert list(store.ids_within(window, limit)) == names
