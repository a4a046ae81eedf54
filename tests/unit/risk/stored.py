"""Conversations of data/transcripts as the store would keep them: scored by their own labels, answered by the policy."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from service.engine import Engine
from service.flow import ConversationState, Evidence, Policy, Role, Score, Turn
from service.risk.packet import Told
from service.store import assessment_to_json
from tests.support import FixedScorer, make_score

TRANSCRIPTS = Path(__file__).parents[3] / "data" / "transcripts"
EVERY_S = 60.0
"""Between two turns; the first is written at second 0."""


@dataclass(frozen=True)
class Stored:
    """A turn as `packet_quotes.StoredTurn` wants it."""

    turn_id: str
    role: Role
    text: str | None
    sent_at: float
    score: Score | None
    assessment: Mapping[str, object]


def told(name: str, policy: Policy, *, texts: bool = True) -> Told:
    """Return the conversation of this id, each turn scored by its labels."""
    return record(_transcript(name)["turns"], policy, language=name[:2], texts=texts)


def record(lines: Sequence[Mapping[str, Any]], policy: Policy, *, language: str = "en", texts: bool = True) -> Told:
    """Return a conversation of such labelled lines."""
    engine = Engine(FixedScorer({line["text"]: _score(line, language) for line in lines}), policy)
    state, turns = ConversationState("c1"), []
    for number, line in enumerate(lines):
        turn = Turn(f"t{number}", line["role"], line["text"], number * EVERY_S)
        step = engine.assess(state, turn, turn.sent_at)
        state = step.state
        answer = assessment_to_json(step.assessment)
        text = turn.text if texts else None
        turns.append(Stored(turn.turn_id, turn.role, text, turn.sent_at, step.assessment.score, answer))
    return Told(turns, (), state.language, state.waiting_since)


def _score(line: Mapping[str, Any], language: str) -> Score:
    level = {name: 0.9 * bool(line.get(name)) for name in ("frustration", "abuse", "threat", "asks_human")}
    words = line["text"].split()
    signal = next((name for name in ("threat", "abuse", "frustration") if line.get(name)), None)
    longest = line["text"].index(max(words, key=len))
    evidence = (Evidence(signal, longest, longest + max(map(len, words)), 1.0),) if signal else ()
    return make_score(
        **level,
        threat_kinds=dict.fromkeys(line.get("threat_kinds", ()), 0.9),
        sentiment=line.get("sentiment") or "neutral",
        language=language,
        evidence=evidence,
    )


@cache
def _transcripts(language: str) -> Mapping[str, Any]:
    with (TRANSCRIPTS / f"{language}.jsonl").open(encoding="utf-8") as lines:
        return {row["id"]: row for row in map(json.loads, lines)}


def _transcript(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _transcripts(name[:2])[name]
    return found
