"""What the benchmark of the draft check counts as right, as wrong, and as a false alarm."""

from benchmarks.draft_check import Checked, measure, per_kind
from benchmarks.parts import draft_table

TURNS = [
    Checked("blame", frozenset({"blame"})),
    Checked("blame", frozenset()),
    Checked("dismissive", frozenset({"blame"})),
    Checked("good", frozenset({"blame", "address"})),
    Checked("good", frozenset()),
    Checked("neutral", frozenset()),
]


def test_a_finding_on_another_fault_is_wrong_but_no_false_alarm() -> None:
    found = per_kind(TURNS, "blame")
    assert found == {"found": 3, "on_faults": 0.667, "labelled": 2, "precision": 0.333, "recall": 0.5}
    assert per_kind(TURNS, "jargon")["precision"] is None
    assert "precision" not in per_kind(TURNS, "address")


def test_false_alarms_are_counted_by_turn() -> None:
    measured = measure(TURNS)
    assert (measured["alarms_good"], measured["good"], measured["alarms_neutral"]) == (0.5, 2, 0.0)


def test_the_table_shows_a_dash_where_nothing_was_found() -> None:
    table = draft_table({"all dev and test": measure(TURNS)})
    assert "| 0.33 / 0.50 (3, 2) |" in table
    assert "| – / – (0, 0) |" in table
    assert "| 50.0 % of 2 | 0.0 % of 1 |" in table
