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
    """One column a file: rows, sets, debatable rows, and the flags of the rest."""
    files = {path.name: _lines(path) for path in sorted(ANNOTATIONS.glob("*.tsv"))}
    usable = {name: [line[1] for line in lines if "?" not in line[1]] for name, lines in files.items()}
    rows = {
        "rows": [f"{len(lines):,}" for lines in files.values()],
        "debatable `?`": [f"{len(lines) - len(usable[name]):,}" for name, lines in files.items()],
        **{
            label: [f"{sum(flag in flags for flags in usable[name]):,}" for name in files]
            for label, flag in FLAGS.items()
        },
        "with sentiment": [f"{sum(len(line) > 2 for line in lines):,}" for lines in files.values()],
        "of sets": [_sets(lines) for lines in files.values()],
    }
    return table(["", *files], ([label, *cells] for label, cells in rows.items())) + "\n"


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
