"""Hypothesis strategies for this folder: turns with their scores, as a conversation would bring them."""

from dataclasses import dataclass

from hypothesis import strategies as st

from service.flow import Score, Turn
from service.labels import LANGUAGE_OUTPUTS, SENTIMENTS, THREAT_KINDS
from tests.support import make_score

probabilities = st.floats(0.0, 1.0)
TEXTS = (
    "ok",
    "Tôi gọi 5 lần rồi mà không ai trả lời",
    "WHY IS NOBODY ANSWERING ME",
    "Píšu vám popáté a nikdo se neozval",
    "sige po salamat",
    "???",
    "no need for a manager any more",
    "you are the third person I talk to",
    "bị trừ 2 lần 350k, báo lỗi 503",
)
QUEUES = (None, None, "sales", "Billing", "tech")


@dataclass(frozen=True)
class Step:
    """A turn and its score; the score is None for an agent."""

    turn: Turn
    score: Score | None


@st.composite
def scores(draw: st.DrawFn, *, abstained: bool | None = None) -> Score:
    quiet = draw(st.integers(0, 4)) == 0 if abstained is None else abstained
    kinds = draw(st.dictionaries(st.sampled_from(THREAT_KINDS), probabilities, max_size=2))
    return make_score(
        frustration=draw(probabilities),
        abuse=draw(probabilities),
        threat=draw(probabilities),
        asks_human=draw(probabilities),
        threat_kinds=kinds,
        sentiment=draw(st.sampled_from(SENTIMENTS)),
        language=draw(st.sampled_from(LANGUAGE_OUTPUTS)),
        language_probability=draw(probabilities),
        abstain_reason="too_short" if quiet else None,
    )


@st.composite
def conversations(draw: st.DrawFn, max_turns: int = 8) -> list[Step]:
    steps: list[Step] = []
    at = 1_000.0
    for number in range(draw(st.integers(1, max_turns))):
        at += draw(st.sampled_from((1.0, 30.0, 400.0)))
        role = draw(st.sampled_from(("customer", "customer", "customer", "agent", "bot")))
        turn = Turn(f"t{number}", role, draw(st.sampled_from(TEXTS)), at, queue=draw(st.sampled_from(QUEUES)))
        steps.append(Step(turn, draw(scores()) if role == "customer" else None))
    return steps
