"""The result of `board` -> its section of RESULTS.md; used by `results`."""

from typing import Any

from benchmarks.parts import section
from training.markdown import table

HEAD = [
    "service",
    "open conversations",
    "turns a second",
    "frames p50 / p95 / longest",
    "over 50 ms",
    "long tasks (longest)",
    "POST to row p50 / p95",
    "POST alone p50 / p95",
    "everything loaded",
    "main thread",
    "heap before / after",
]
TEXT = (
    "Headless chromium with the board open, service, and customers who write, three processes on one machine. Frames: the times "
    "between animation frames. POST to row: from sending a turn to its number on the page, for the conversations in sight (one turn in ten)."
)


def board_part(entry: dict[str, object]) -> str:
    """One line per scorer."""
    measured = entry["measured"]
    assert isinstance(measured, dict)
    rows = [_row(name, found) for name, found in measured.items()]
    return section("Board under load", "make board", entry, TEXT, table(HEAD, rows))


def _row(name: str, found: dict[str, Any]) -> list[object]:
    frames = found["frame_ms"]
    return [
        name,
        f"{found['conversations']:,}",
        f"{found['turns_per_second']} for {found['seconds']:.0f} s",
        f"{frames['p50']} / {frames['p95']} / {frames['longest']} ms",
        f"{found['frames_over_50_ms'] * 100:.1f} %",
        f"{found['long_tasks']} ({found['longest_task_ms']} ms)",
        _pair(found["post_to_row_ms"]),
        _pair(found["post_ms"]),
        f"{found['first_full_load_ms'] / 1000:.1f} s",
        f"{found['main_thread_busy'] * 100:.0f} % busy",
        f"{found['heap_before_mb']} / {found['heap_after_mb']} MB",
    ]


def _pair(values: dict[str, float]) -> str:
    return f"{values['p50']:.0f} / {values['p95']:.0f} ms" if values else "–"
