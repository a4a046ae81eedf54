"""Reading conversations: our transcripts and the minimal form; every mistake names file, line and key, and quotes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.replay.play import Outcome
from service.replay.read import PAUSE_S, ConversationFileError, TurnsOutOfOrder, heard_at, read_conversations

SECRET = "kanárek tajný 0042"
ROOT = Path(__file__).parents[3]


def row(**changes: Any) -> dict[str, Any]:
    made = {"id": "c1", "turns": [{"role": "customer", "text": SECRET}, {"role": "agent", "text": "hm"}], **changes}
    return {key: value for key, value in made.items() if value != "left out"}


def written(folder: Path, *rows: Any, name: str = "chats.jsonl") -> Path:
    path = folder / name
    lines = [line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode() for line in rows]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def test_the_least_that_a_replay_needs(tmp_path: Path) -> None:
    (found,) = read_conversations([written(tmp_path, row())])
    assert (found.id, found.language, found.outcome) == ("c1", None, None)
    assert [(m.turn.turn_id, m.turn.role, m.at, m.score) for m in found.moments] == [
        ("1", "customer", 0.0, None),
        ("2", "agent", PAUSE_S, None),
    ]
    assert found.moments[0].turn.text == SECRET


def test_times_languages_and_outcomes_are_read(tmp_path: Path) -> None:
    turns = [
        {"role": "agent", "text": "a", "sent_at": "2026-11-20T10:00:00+07:00"},
        {"role": "customer", "text": "b"},
        {"role": "customer", "text": "c", "sent_at": "2026-11-20T03:05:00Z"},
        {"role": "customer", "text": "d", "sent_at": 1763607960.5},
    ]
    rows = [
        row(id="a", language="vi", turns=turns[:3], escalated=True, escalated_turn=3),
        row(id="b", turns=turns[3:], escalated=0),
        row(id="c", escalated=1, escalated_turn=None),
    ]
    a, b, c = read_conversations([written(tmp_path, *rows)])
    start = a.moments[0].at
    assert [m.at - start for m in a.moments] == [0.0, PAUSE_S, 300.0]
    assert (a.language, a.outcome) == ("vi", Outcome(True, 2))
    assert (b.moments[0].at, b.outcome) == (1763607960.5, Outcome(False))
    assert c.outcome == Outcome(True)


def test_empty_lines_single_messages_and_a_windows_mark_are_no_conversations(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbf" + json.dumps(row()).encode(), b"", row(id="s", single=1), b"  ")
    assert [found.id for found in read_conversations([path])] == ["c1"]


@pytest.mark.parametrize("language", ["vi", "tl", "cs", "en"])
def test_our_own_transcripts_are_read(language: str) -> None:
    found = list(read_conversations([ROOT / "data" / "transcripts" / f"{language}.jsonl"]))
    assert len(found) > 900
    assert {c.language for c in found} == {language}
    assert {c.outcome for c in found} == {Outcome(True), Outcome(False)}


# fmt: off
BROKEN = [
    ("no json",              b'{"id": "' + SECRET.encode(),                    r"line 2: found a line that is no JSON, expected one JSON object"),
    ("no utf-8",             b'{"id": "\xff"}',                                r"line 2: found bytes that are no UTF-8"),
    ("nested too deep",      b"[" * 100_000,                                   r"line 2: found a line that is no JSON"),
    ("a list",               [SECRET],                                         r"line 2: found a list, expected one JSON object"),
    ("no id",                row(id="left out"),                               r"line 2, 'id': found nothing, expected a text"),
    ("id is a number",       row(id=7),                                        r"line 2, 'id': found a number"),
    ("id with a new line",   row(id=f"{SECRET}\n"),                            r"line 2, 'id': found another text"),
    ("id twice",             row(id="first"),                                  r"line 2, 'id': found an id that stands at chats\.jsonl, line 1 too"),
    ("no turns",             row(turns="left out"),                            r"line 2, 'turns': found nothing"),
    ("empty turns",          row(turns=[]),                                    r"line 2, 'turns': found a list, expected a list with at least one turn"),
    ("turn is a text",       row(turns=[SECRET]),                              r"line 2, 'turns\[0\]': found another text, expected an object"),
    ("no role",              row(turns=[{"text": SECRET}]),                    r"line 2, 'turns\[0\]\.role': found nothing, expected one of customer, agent, bot"),
    ("unknown role",         row(turns=[{"role": SECRET, "text": SECRET}]),    r"line 2, 'turns\[0\]\.role': found another text"),
    ("text is a number",     row(turns=[{"role": "bot", "text": 5}]),          r"line 2, 'turns\[0\]\.text': found a number, expected a text"),
    ("unknown language",     row(language=SECRET),                             r"line 2, 'language': found another value, expected one of vi, tl"),
    ("no time",              row(turns=[{"role": "bot", "text": "x", "sent_at": SECRET}]), r"line 2, 'turns\[0\]\.sent_at': found another value, expected ISO 8601"),
    ("time without a zone",  row(turns=[{"role": "bot", "text": "x", "sent_at": "2026-01-01T00:00:00"}]), r"'turns\[0\]\.sent_at'"),
    ("time is true",         row(turns=[{"role": "bot", "text": "x", "sent_at": True}]), r"'turns\[0\]\.sent_at'"),
    ("time is infinite",     b'{"id": "x", "turns": [{"role": "bot", "text": "x", "sent_at": Infinity}]}', r"'turns\[0\]\.sent_at'"),
    ("time goes back",       row(turns=[{"role": "bot", "text": "x", "sent_at": 9}, {"role": "bot", "text": "x", "sent_at": 8}]), r"line 2, 'turns\[1\]\.sent_at': found a time before"),
    ("escalated is a text",  row(escalated=SECRET),                            r"line 2, 'escalated': found another text, expected 0, 1"),
    ("turn beyond the end",  row(escalated=1, escalated_turn=3),               r"line 2, 'escalated_turn': found another value, expected the number of a turn, 1 to 2"),
    ("escalated when calm",  row(escalated=0, escalated_turn=1),               r"line 2, 'escalated_turn'"),
]
# fmt: on


@pytest.mark.parametrize(("line", "message"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_mistake_names_file_line_and_key_and_quotes_nothing(tmp_path: Path, line: Any, message: str) -> None:
    path = written(tmp_path, row(id="first"), line)
    with pytest.raises(ConversationFileError, match=message) as caught:
        list(read_conversations([path]))
    assert str(caught.value).startswith("chats.jsonl, line 2")
    assert "kan" not in str(caught.value)


def test_an_id_may_not_stand_in_two_files(tmp_path: Path) -> None:
    paths = [written(tmp_path, row(), name="a.jsonl"), written(tmp_path, row(), name="b.jsonl")]
    with pytest.raises(ConversationFileError, match=r"b\.jsonl, line 1, 'id': .* a\.jsonl, line 1"):
        list(read_conversations(paths))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConversationFileError, match=r"nowhere\.jsonl cannot be read: No such file"):
        list(read_conversations([tmp_path / "nowhere.jsonl"]))


@given(st.lists(st.none() | st.integers(0, 1000).map(float), max_size=8))
def test_given_times_are_kept_and_the_others_fit_between_them(sent: list[float | None]) -> None:
    in_order = [at for at in sent if at is not None]
    if in_order != sorted(in_order):
        with pytest.raises(TurnsOutOfOrder):
            heard_at(sent)
        return
    times = heard_at(sent)
    assert times == sorted(times)
    assert all(given in (None, at) for given, at in zip(sent, times, strict=True))
    assert all(
        later - at <= PAUSE_S for at, later, given in zip(times, times[1:], sent[1:], strict=False) if given is None
    )


def test_turns_before_the_first_known_time_are_just_before_it() -> None:
    """Counted from zero, the customer would have waited since 1970."""
    assert heard_at([None, None, 1e9, None]) == [1e9 - 2 * PAUSE_S, 1e9 - PAUSE_S, 1e9, 1e9 + PAUSE_S]
    assert heard_at([100.0, None, 105.0]) == [100.0, 105.0, 105.0]
