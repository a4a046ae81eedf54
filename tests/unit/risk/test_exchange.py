"""Stage 5 without scores: transfers, wishes for a person, who waits, bots in a circle, what a reply did."""

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.flow import ConversationState, Role, Turn
from service.risk.accumulate import accumulate
from service.risk.exchange import fingerprint
from service.risk.state import state_from_json, state_to_json
from service.risk.tuning import FINGERPRINTS_KEPT
from tests.support import make_score

EMPTY = ConversationState("c")
NEW_FIELDS = {
    "human_request_pending", "earlier_conversations", "topics", "passed_around", "queue", "we_wait_since",
    "unanswered_turns", "level_before_reply", "bot_turns", "bot_repeats", "customer_repeats",
    "bot_fingerprints", "customer_fingerprints",
}  # fmt: skip
"""Fields that states written by release 2026.11.2 do not have."""


def spoken(*said: tuple[Role, str], state: ConversationState = EMPTY, **score: float) -> ConversationState:
    """Fold turns a second apart; customers are scored alike."""
    for number, (role, text) in enumerate(said):
        turn = Turn(f"t{number}", role, text, float(number))
        state = accumulate(state, turn, make_score(**score) if role == "customer" else None, 9e9)  # type: ignore[arg-type]
    return state


def routed(*queues: str | None) -> ConversationState:
    state = EMPTY
    for number, queue in enumerate(queues):
        role: Role = ("customer", "agent", "bot")[number % 3]  # type: ignore[assignment]
        state = accumulate(state, Turn(str(number), role, "a message", 0.0, queue=queue), None, 0.0)
    return state


@pytest.mark.parametrize(
    ("queues", "transfers", "queue"),
    [
        ((None, None), 0, None),
        (("sales",), 0, "sales"),
        ((None, "sales", None, "sales"), 0, "sales"),
        (("sales", "Sales", " sales "), 0, "sales"),
        (("sales", "billing"), 1, "billing"),
        (("sales", None, "billing", "sales", "billing"), 3, "billing"),
        (("sales", "", "  "), 0, "sales"),
    ],
)
def test_only_a_real_change_of_the_queue_is_a_transfer(
    queues: tuple[str | None, ...], transfers: int, queue: str | None
) -> None:
    state = routed(*queues)
    assert (state.transfers, state.queue) == (transfers, queue)


def test_a_wish_for_a_person_stays_open_until_it_is_withdrawn() -> None:
    asked = spoken(("customer", "I want a manager"), asks_human=0.9)
    assert (asked.asks_human, asked.human_request_pending) == (1, True)
    answered = spoken(("agent", "one moment please"), ("customer", "well"), state=asked)
    assert answered.human_request_pending
    withdrawn = spoken(("customer", "no need for a manager any more"), state=answered, asks_human=0.9)
    assert (withdrawn.asks_human, withdrawn.human_request_pending) == (0, False)
    again = spoken(("customer", "get me a manager then"), state=withdrawn, asks_human=0.9)
    assert (again.asks_human, again.human_request_pending) == (1, True)


@pytest.mark.parametrize(
    "text",
    ["không cần gặp quản lý nữa", "di na kailangan ng supervisor", "už nikoho nepotřebuji", "no need for a manager"],
)
def test_a_negated_wish_does_not_count_whatever_the_model_says(text: str) -> None:
    assert spoken(("customer", text), asks_human=0.99) == replace(
        spoken(("customer", text), asks_human=0.0), asks_human=0, human_request_pending=False
    )


def test_a_wish_is_met_when_the_conversation_moves_to_another_queue() -> None:
    asked = spoken(("customer", "I want a manager"), asks_human=0.9)
    asked = replace(asked, queue="front")
    assert not accumulate(asked, Turn("a", "agent", "hello", 9.0, queue="seniors"), None, 9.0).human_request_pending
    assert accumulate(asked, Turn("a", "agent", "hello", 9.0, queue="front"), None, 9.0).human_request_pending


def test_we_wait_from_our_first_message_and_the_customer_from_theirs() -> None:
    state = spoken(("customer", "hello"), ("agent", "which order?"), ("agent", "are you there?"))
    assert (state.waiting_since, state.we_wait_since, state.unanswered_turns) == (None, 1.0, 0)
    state = spoken(("customer", "7741"), ("customer", "anybody?"), state=state)
    assert (state.waiting_since, state.we_wait_since, state.unanswered_turns) == (0.0, None, 2)


def test_a_bot_in_a_circle_is_noticed_until_an_agent_writes() -> None:
    menu = "Please choose one of these topics."
    state = spoken(("bot", menu), ("customer", "neither"), ("bot", "PLEASE choose one of these topics!"))
    assert (state.bot_turns, state.bot_repeats) == (2, 1)
    state = spoken(("bot", "Is it about your order 4411?"), ("bot", "Is it about your order 9920?"), state=state)
    assert (state.bot_turns, state.bot_repeats) == (4, 2)
    state = spoken(("agent", "Hello, I am Jana."), state=state)
    assert (state.bot_turns, state.bot_repeats, state.bot_fingerprints) == (0, 0, ())


def test_a_customer_who_says_the_same_again_is_noticed_short_answers_are_not() -> None:
    assert (
        spoken(*[("customer", "Kde je můj balík?"), ("bot", "menu"), ("customer", "kde je muj balik")]).customer_repeats
        == 1
    )
    assert spoken(*[("customer", "yes please")] * 5).customer_repeats == 0
    assert spoken(("customer", "where is my parcel"), ("customer", "where is my order")).customer_repeats == 0


def test_a_reply_is_judged_by_the_next_customer_turn_only() -> None:
    first = spoken(("customer", "hello there"), frustration=0.2)
    met = first.risk_history[-1]
    replied = spoken(("agent", "What now?"), ("agent", "Well?"), state=first)
    assert replied.level_before_reply == met
    after = spoken(("customer", "that is no answer"), state=replied, frustration=0.9)
    assert (after.level_before_reply, after.risk_history[-1] > met) == (met, True)
    assert spoken(("customer", "and another thing"), state=after).level_before_reply is None


def test_a_greeting_before_anybody_asked_makes_nothing_worse() -> None:
    assert spoken(("agent", "Hello!"), ("customer", "what a mess"), frustration=0.9).level_before_reply is None


@given(st.text())
def test_a_fingerprint_is_sixteen_bits_and_blind_to_numbers(text: str) -> None:
    print_ = fingerprint(text)
    assert print_ is None or (len(print_) == 4 and int(print_, 16) >= 0)
    assert fingerprint(f"{text} 0912345678") == print_


def test_few_fingerprints_are_kept_and_no_word_of_a_text() -> None:
    said: list[tuple[Role, str]] = [("customer", f"something quite different {chr(97 + i) * 3}") for i in range(20)]
    state = spoken(*said)
    assert len(state.customer_fingerprints) == FINGERPRINTS_KEPT
    assert "different" not in json.dumps(state_to_json(state))


def test_a_state_written_before_these_facts_existed_reads_as_one_without_them() -> None:
    state = spoken(("customer", "hello there"), ("agent", "hello"), frustration=0.7)
    older = {name: value for name, value in state_to_json(state).items() if name not in NEW_FIELDS}
    read = state_from_json(older)
    defaults = {f.name: getattr(EMPTY, f.name) for f in fields(ConversationState) if f.name in NEW_FIELDS}
    assert len(defaults) == len(NEW_FIELDS)
    assert read == replace(state, **defaults)
    assert accumulate(read, Turn("t", "customer", "hello again", 9.0), make_score(), 9.0).unanswered_turns == 1
