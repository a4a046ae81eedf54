"""When a conversation escalates, and what the other ones are called."""

import json
from pathlib import Path

import pytest

from training.escalation import Line, Story, escalation_turn, story_of
from training.transcripts import TranscriptError, read_file

F, B, T, H, L = (frozenset({name}) for name in ("frustration", "abuse", "threat", "asks_human", "leaves"))
NONE: frozenset[str] = frozenset()


# fmt: off
@pytest.mark.parametrize(("signs", "at"), [
    ([F, T], 1),               # a threat
    ([F, F | H, T], 1),        # whichever comes first
    ([NONE, L], 1),            # leaving needs no frustration
    ([B, F, B], 2),            # one insult asks for a boundary, the second for help
    ([B, T, B], 1),
    ([B, F, F], 0),            # one insult alone, in a conversation that escalated
    ([F, F, NONE], 1),         # no sign: the last frustrated turn
    ([NONE, NONE], None),      # passed on for its gravity
])
def test_it_escalates_at_the_first_turn_that_needs_a_second_person(signs: list[frozenset[str]], at: int | None) -> None:
    assert escalation_turn(signs) == at


def story(signs: list[frozenset[str]], *, escalated: bool) -> Story:
    lines = [line for s in signs for line in (Line("customer", "text", s), Line("agent", "text"))]
    return Story("x", "own", "en", "dev", escalated, tuple(lines))


@pytest.mark.parametrize(
    ("signs", "escalated", "kind", "at"),
    [
        ([F, T], True, "escalated", 1),
        ([NONE, NONE], True, "passed_on", None),
        ([F, T], False, "heated", None),
        ([F, NONE], False, "displeased", None),
        ([NONE, NONE], False, "calm", None),
    ],
)
def test_a_conversation_has_a_kind(signs: list[frozenset[str]], escalated: bool, kind: str, at: int | None) -> None:
    told = story(signs, escalated=escalated)
    assert (told.kind, told.escalates_at) == (kind, at)
    assert told.signs == tuple(signs)


def test_a_transcript_becomes_a_story(tmp_path: Path) -> None:
    turns = [
        {"role": "agent", "text": "Hello"},
        {"role": "customer", "text": "cancel it all", "frustration": 1, "abuse": 0, "threat": 0, "leaves": 1},
    ]
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps({"id": "en-x1", "language": "en", "escalated": 1, "turns": turns}), encoding="utf-8")
    told = story_of(next(read_file(path)))
    assert told.signs == (F | L,)
    assert [line.role for line in told.lines] == ["agent", "customer"]
    turns[1]["leaves"] = "yes"
    path.write_text(json.dumps({"id": "en-x1", "language": "en", "turns": turns}), encoding="utf-8")
    with pytest.raises(TranscriptError, match="leaves must be 0, 1 or null"):
        next(read_file(path))
