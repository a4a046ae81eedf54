"""Our labels on public rows -> the count and agreement tables of their data sheet (`data/annotations/README.md`).

Written by `make docs`; a test compares, so that the sheet cannot fall behind the files.
"""

from collections import Counter
from pathlib import Path

from .labels import agreements
from .markdown import table
from .paths import ANNOTATIONS

FLAGS = {
    "none `-`": "-", "frustration `F`": "F", "abuse `B`": "B", "threat `T`": "T", "asks for a human `H`": "H", "leaves `L`": "L",
}  # fmt: skip


def _lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def annotation_counts() -> str:
    """One row a file: its rows, debatable ones, the flags of the rest, and the sets it labels."""
    rows = []
    for path in sorted(ANNOTATIONS.glob("*.tsv")):
        lines = _lines(path)
        usable = [line[1] for line in lines if "?" not in line[1]]
        flagged = [sum(flag in flags for flags in usable) for flag in FLAGS.values()]
        with_sentiment = sum(len(line) > 2 for line in lines)
        numbers = (len(lines), len(lines) - len(usable), *flagged, with_sentiment)
        rows.append([path.name, *(f"{number:,}" for number in numbers), _sets(lines)])
    return table(["file", "rows", "debatable `?`", *FLAGS, "with sentiment", "of sets"], rows) + "\n"


def _sets(lines: list[list[str]]) -> str:
    found = Counter(line[0].rsplit("-", 1)[0] for line in lines)
    return ", ".join(f"{name} {count:,}" for name, count in found.most_common())


def agreement_table() -> str:
    """Cohen's kappa between the two readings, per first file and label, over rows that neither called debatable; in brackets how often the first reading gave the label."""
    names = ("frustration", "abuse", "threat", "sentiment")
    rows = [
        [file, f"{found['frustration']['rows']:.0f}", *(_kappa(found.get(name), name) for name in names)]
        for file, found in agreements().items()
    ]
    return table(["file", "rows", *names], rows) + "\n"


def _kappa(facts: dict[str, float] | None, name: str) -> str:
    if facts is None or "kappa" not in facts:
        return "–"
    return f"{facts['kappa']:.2f}" + (f" ({facts['given']:.0f})" if name != "sentiment" else "")
