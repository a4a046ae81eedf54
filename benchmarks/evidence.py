"""Marked words against the words that people marked: character F1 of abuse evidence, and its cost.

Gold: the dev rows of toxic_spans (en) and vihos (vi) that have marked characters. No dev row was
trained on; train rows of the same sets teach where abuse stands (`training/marks.py`). Character F1
per row, averaged (SemEval-2021 task 5). Beside it: occlusion (leave each word out and score again), all words, and a random half of the words.
Run: `python -m benchmarks.evidence`
"""

import argparse
import random
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.bootstrap import RESAMPLES
from benchmarks.record import record
from benchmarks.results import write_results
from service.scoring.onnx import OnnxScorer, load_scorer
from training.marks import ABUSE, MARKED_SETS, marked_characters
from training.sources import catalogue, read_rows

OCCLUSION_SHARE = 0.35
"""Occlusion marks words that cost at least this share of the largest fall, chosen on the train rows of both sets."""
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and the character positions that people marked."""

    text: str
    gold: frozenset[int]


def marked_rows(name: str, split: str) -> list[Marked]:
    """Rows of one set whose marks fall on whole words (masking personal data moved some)."""
    source = next(s for s in catalogue() if s.name == name)
    if not source.path.exists():
        return []
    rows = []
    for row in read_rows(source):
        text = str(row["text"])
        gold = marked_characters(name, text, str(row["raw"]))
        if row["split"] == split and gold is not None:
            rows.append(Marked(text, gold))
    return rows


def character_f1(marked: Iterable[int], gold: frozenset[int]) -> float:
    """F1 of two sets of positions."""
    found = set(marked)
    return 2 * len(found & gold) / (len(found) + len(gold))


def positions(spans: Iterable[tuple[int, int]]) -> set[int]:
    """Characters inside half-open spans."""
    return {at for start, end in spans for at in range(start, end)}


def own_evidence(scorer: OnnxScorer, text: str) -> set[int]:
    """What the service marks for abuse; below `evidence.SHOWN_FROM` nothing."""
    return positions((e.start, e.end) for e in scorer.score([text])[0].evidence if e.signal == "abuse")


def occlusion(scorer: OnnxScorer, text: str, share: float = OCCLUSION_SHARE) -> set[int]:
    """Words without which the abuse logit falls most (Zeiler & Fergus 2014)."""
    words = [match.span() for match in _WORD.finditer(text)]
    whole = scorer.logits(text)[ABUSE]
    falls = [float(whole - scorer.logits(text[:start] + text[end:])[ABUSE]) for start, end in words]
    least = share * max(falls, default=0.0)
    return positions(span for span, fall in zip(words, falls, strict=True) if fall > 0.0 and fall >= least)


def half_of_the_words(text: str) -> set[int]:
    """Chance: every word with probability one half."""
    rng = random.Random(text)
    return positions(match.span() for match in _WORD.finditer(text) if rng.random() < 0.5)


def mean_f1(rows: list[Marked], mark: Callable[[str], set[int]]) -> dict[str, object]:
    """Mean character F1 with its 95 % interval, and milliseconds a row."""
    began = time.perf_counter()
    marks = [mark(row.text) for row in rows]
    spent = time.perf_counter() - began
    values = np.array([character_f1(found, row.gold) for found, row in zip(marks, rows, strict=True)])
    rng = np.random.default_rng(0)
    spread = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(spread, [2.5, 97.5])
    numbers = [round(float(value), 4) for value in (values.mean(), low, high)]
    return {"f1": numbers, "ms_per_row": round(spent / len(rows) * 1e3, 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model-dir", type=Path, default=Path("models"))
    parser.add_argument("--rows", type=int, default=400, help="most rows a set")
    args = parser.parse_args()
    scorer = load_scorer(args.model_dir)
    measured: dict[str, object] = {"model": scorer.model.version}
    for name in MARKED_SETS:
        rows = marked_rows(name, "dev")[: args.rows]
        if rows:
            measured[name] = {
                "rows": len(rows),
                "ours": mean_f1(rows, lambda text: own_evidence(scorer, text)),
                "occlusion": mean_f1(rows, lambda text: occlusion(scorer, text)),
                "every_word": mean_f1(rows, lambda text: positions([(0, len(text))])),
                "half_of_the_words": mean_f1(rows, half_of_the_words),
            }
    record("evidence", measured)
    write_results()


if __name__ == "__main__":
    main()
