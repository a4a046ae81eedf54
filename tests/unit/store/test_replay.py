"""Replay: stored scores, fed through the same pure flow again, give the answers that were given."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.engine import Engine
from service.flow import ConversationState, Event, ModelInfo, Recommendation, Score, Turn
from service.risk.handoff import ACTIONS, HandoffRefused, apply_handoff
from service.store import Store, assessment_to_json
from tests.unit.store.examples import MODEL, a_score, a_turn


class OneScorer:
    """Scores a text by its length."""

    model: ModelInfo = MODEL

    def score(self, texts: list[str], languages: list[str | None] | None = None) -> list[Score]:
        return [a_score(min(1.0, len(text) / 40)) for text in texts]


@dataclass(frozen=True)
class OnePolicy:
    """Asks for a senior colleague from a level on."""

    version: str = "p1"
    read_replies: bool = True

    def decide(self, state: ConversationState, turn: Turn, score: Score | None, now: float) -> Recommendation:
        upset = score is not None and score.scores["frustration"] > 0.5
        return Recommendation("consult" if upset and not state.handed_over else "none", None, None, (), ())

    def explain(self, rule: str, language: str) -> str | None:
        return None

    def to_collect(self, rule: str, language: str) -> tuple[str, ...]:
        return ()

    def in_order(self, rules: Iterable[str]) -> list[str]:
        return list(rules)


ENGINE = Engine(OneScorer(), OnePolicy())
TURNS = st.lists(st.tuples(st.sampled_from(["customer", "agent", "bot", *ACTIONS]), st.text(max_size=50)), max_size=8)
"""Turns by role, and hand-offs by action; a text is of a turn."""
EVERY_S = 100.0
"""Between two of them: three pass until an acceptance lapses."""


@given(turns=TURNS)
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_conversation_replayed_answers_the_same(store: Store, turns: list[tuple[str, str]]) -> None:
    name = f"c{store.last_event_id()}"
    first = _live(store, name, turns)
    record = store.conversation(name)
    state = ConversationState(name)
    for seq, stored in enumerate(() if record is None else record.turns, 1):
        turn = a_turn(stored.turn_id, stored.text, role=stored.role, sent_at=stored.sent_at)
        step = ENGINE.advance(state, turn, stored.score, stored.received_at)
        state = step.state
        assert assessment_to_json(step.assessment) == stored.assessment
        for taken in record.handoffs if record is not None else ():
            if taken.after_seq == seq:
                state = apply_handoff(state, taken, taken.at)
    assert _live(store, name + "again", turns) == first


def _live(store: Store, name: str, turns: list[tuple[str, str]]) -> str:
    """Record the turns; return what was published, as bytes would be, without ids and the conversation's name."""
    published: list[Event] = []
    for number, (role, text) in enumerate(turns):
        now = 200.0 + number * EVERY_S
        if role in ACTIONS:
            with suppress(HandoffRefused):
                taken = store.hand_over(name, role, "jana", now=now)  # type: ignore[arg-type]
                published += taken.events if taken is not None else ()
            continue
        turn = a_turn(f"t{number}", text, role=role, sent_at=now - 100.0)
        recorded = store.record_turn(turn, name, now, lambda state, turn=turn, now=now: ENGINE.assess(state, turn, now))
        published += recorded.events
    return json.dumps([(event.type, event.at, event.data) for event in published])
