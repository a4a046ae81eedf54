"""What the benchmark of the board makes of what the page saw."""

import pytest

from benchmarks.board_load import Sent
from benchmarks.board_parts import board_part
from benchmarks.board_service import ChecksumScorer

pytest.importorskip("playwright")

from benchmarks.board import shown_after_ms, summarise


def test_a_number_counts_for_the_turn_that_changed_it_and_only_before_the_next_one() -> None:
    sent = [Sent("a", 10.0, 10.1, 40), Sent("b", 10.5, 10.6, 70), Sent("a", 12.0, 12.1, 60), Sent("a", 13.0, 13.1, 40)]
    numbers = [("a", 40, 9.0), ("a", 40, 10.25), ("b", 70, 99.0), ("a", 60, 13.5), ("a", 40, 13.75)]
    assert shown_after_ms(numbers, sent) == pytest.approx([250.0, 88_500.0, 750.0])


def test_frames_are_counted_from_fifty_milliseconds() -> None:
    seen = {"frames": [16.0, 17.0, 16.0, 60.0], "longTasks": [55.4], "numbers": []}
    found = summarise(seen, [Sent("a", 1.0, 1.02, 5)])
    assert found["frames_over_50_ms"] == 0.25
    assert found["frame_ms"] == {"p50": 16.5, "p95": 53.5, "longest": 60.0}
    assert (found["long_tasks"], found["longest_task_ms"]) == (1, 55)
    assert found["post_ms"] == pytest.approx({"p50": 20.0, "p95": 20.0})
    assert (found["post_to_row"], found["post_to_row_ms"]) == (0, {})


def test_the_page_shows_each_scorer_and_a_dash_where_no_row_was_in_sight() -> None:
    seen = {"frames": [16.0], "longTasks": [], "numbers": []}
    run = {"conversations": 2000, "turns_per_second": 49.9, "seconds": 30.0, "first_full_load_ms": 1234}
    run |= {"main_thread_busy": 0.25, "heap_before_mb": 4.1, "heap_after_mb": 5.2}
    run |= summarise(seen, [Sent("a", 1.0, 1.5, 5)])
    entry = {
        "measured": {"fixed scorer": run},
        "machine": {"cpu": "x", "cores": 2, "python": "3.11"},
        "commit": "c",
        "date": "d",
    }
    page = board_part(entry)
    assert (
        "| fixed scorer | 2,000 | 49.9 for 30 s | 16.0 / 16.0 / 16.0 ms | 0.0 % | 0 (0 ms) | – | 500 / 500 ms | 1.2 s | 25 % busy |"
        in page
    )


def test_the_scorer_that_takes_no_time_draws_the_same_from_the_same_words() -> None:
    first, again, other = ChecksumScorer().score(["one", "one", "two"])
    assert first == again
    assert first.scores != other.scores
    assert all(0 <= p <= 1 for p in (*first.scores.values(), *other.scores.values()))
