"""`results/*.json` -> RESULTS.md and the plots beside the JSON files. Run: `python -m benchmarks.results`

Every number on the page comes from a file that a benchmark wrote, with its date and machine.
"""

import json
from pathlib import Path

from benchmarks import parts
from benchmarks.alerting_parts import early_warning_part
from benchmarks.board_parts import board_part
from benchmarks.record import RESULTS

PAGE = Path(__file__).with_name("RESULTS.md")


def read(name: str) -> dict[str, object] | None:
    """One result file, or None where that benchmark was not run."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


PARTS = {
    "footprint": parts.footprint_part,
    "latency": parts.latency_part,
    "quality": parts.quality_part,
    "reliability": parts.reliability_part,
    "quantisation": parts.quantisation_part,
    "robustness": parts.robustness_part,
    "language": parts.language_part,
    "evidence": parts.evidence_part,
    "draft_check": parts.draft_check_part,
    "early_warning": early_warning_part,
    "board": board_part,
}


def write_results() -> None:
    """Write the page, and the plots where matplotlib is installed."""
    sections = [part(entry) for name, part in PARTS.items() if (entry := read(name)) is not None]
    head = "# Results\n\nWritten from `results/*.json` by `python -m benchmarks.results`; change the benchmark, not this page.\n"
    PAGE.write_text("\n".join([head, *sections]), encoding="utf-8")
    write_plots()


def write_plots() -> None:
    """The PNG files beside the result files; matplotlib is needed for these alone."""
    entries = {name: entry for name in ("quality", "reliability") if (entry := read(name)) is not None}
    if not entries:
        return
    try:
        from benchmarks.plots import plot_quality, plot_reliability
    except ImportError:  # matplotlib comes with the extra [benchmark]
        print("plots left out: matplotlib is not installed")
        return
    drawers = {"quality": plot_quality, "reliability": plot_reliability}
    for name, entry in entries.items():
        drawers[name](entry, RESULTS / f"{name}.png")


if __name__ == "__main__":
    write_results()
