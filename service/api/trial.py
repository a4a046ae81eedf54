"""A conversation that somebody makes up -> what the service would say of it, as one answer; nothing is kept.

Behind `/demo`. The page sends the whole conversation each time, and it goes through the same `Engine` as a real one;
there is no row, no event and no state of it here. Only scores are remembered, under a hash of their text, so that a
growing conversation costs one score a message; how many new texts a minute may cost is bounded for all visitors together.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ..engine import Engine, Step
from ..flow import ConversationState, Score, Turn
from ..privacy import redact
from ..store import assessment_to_json
from .errors import Busy

NAME: Final = "demo"
MAX_TURNS: Final = 40
MAX_CHARS: Final = 1000
SCORES_KEPT: Final = 1024
TEXTS_A_SECOND: Final = 5.0
TEXTS_AT_ONCE: Final = 60.0


@dataclass(slots=True)
class TrialDesk:
    """Remembers scores by a hash of their text, and lets only so many new texts through."""

    clock: Callable[[], float] = time.monotonic
    _scores: OrderedDict[bytes, Score] = field(default_factory=OrderedDict)
    _room: float = TEXTS_AT_ONCE
    _seen_at: float | None = None

    def known(self, text: str) -> Score | None:
        """Return the score of a text that was scored lately."""
        key = _key(text)
        if key in self._scores:
            self._scores.move_to_end(key)
        return self._scores.get(key)

    def keep(self, text: str, score: Score) -> None:
        """Remember a score in the place of the one that nobody asked for longest."""
        self._scores[_key(text)] = score
        while len(self._scores) > SCORES_KEPT:
            self._scores.popitem(last=False)

    def admit(self, texts: int) -> None:
        """Make room for new texts, or raise `Busy`."""
        now = self.clock()
        since = 0.0 if self._seen_at is None else now - self._seen_at
        self._room, self._seen_at = min(TEXTS_AT_ONCE, self._room + since * TEXTS_A_SECOND), now
        if texts > self._room:
            wait_s = int((texts - self._room) / TEXTS_A_SECOND) + 1
            raise Busy("Too many people try the demo right now.", retry_after_s=wait_s)
        self._room -= texts


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def play(engine: Engine, turns: Sequence[Turn], scores: Sequence[Score | None], language: str) -> dict[str, object]:
    """Return the conversation as `GET /v1/conversations/{id}` would tell it, reasons in a language. Pure."""
    state, answers = ConversationState(NAME), []
    for turn, score in zip(turns, scores, strict=True):
        heard = replace(turn, text=redact(turn.text).text)  # what a stored turn is read from
        step = engine.advance(state, heard, score, turn.sent_at)
        state = step.state
        answers.append(_turn_to_json(engine, turn, step, language))
    return {**_row(state, answers, turns), "turns": answers}


def _turn_to_json(engine: Engine, turn: Turn, step: Step, language: str) -> dict[str, Any]:
    answer: dict[str, Any] = assessment_to_json(step.assessment)
    for reason in answer["recommendation"]["reasons"]:
        reason["because"] = engine.policy.explain(reason["rule"], language) or reason["because"]
    del answer["conversation_id"]
    said = {"role": turn.role, "text": turn.text, "sent_at": turn.sent_at, "received_at": turn.sent_at}
    return {**answer, **said, "labels": []}


def _row(state: ConversationState, answers: Sequence[dict[str, Any]], turns: Sequence[Turn]) -> dict[str, object]:
    last = answers[-1]
    return {
        "conversation_id": NAME,
        "contact_id": None,
        "queue": None,
        "channel": None,
        "language": state.language,
        "status": "open",
        "owner": None,
        "deadline": None,
        "risk": last["risk"],
        "action": last["recommendation"]["action"],
        "turn_count": len(turns),
        "created_at": turns[0].sent_at,
        "updated_at": turns[-1].sent_at,
        "last_turn_at": turns[-1].sent_at,
        "waiting_since": state.waiting_since,
        "last_customer_text": None,
        "risk_history": list(state.risk_history[-20:]),
        "alert": None,
        "event_id": 0,
    }
