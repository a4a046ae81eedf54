"""Own test turns as people type them -> what each perturbation costs, per language and signal.

Per perturbation: AUC beside that of the clean texts, and the share of turns with a flag that comes
or goes. Perturbations are those of `training/noise.py` plus capitals, which the normaliser folds.
Run: `python -m benchmarks.robustness`
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.bootstrap import auc
from benchmarks.record import record
from benchmarks.results import write_results
from service.labels import LANGUAGES, SIGNALS
from service.scoring.onnx import OnnxScorer, load_scorer
from training.evaluate import own_sets
from training.examples import Example, targets_of
from training.noise import perturbations


def score(scorer: OnnxScorer, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and flags, (n, signals) each, as the service answers without a hint."""
    scores = scorer.score(list(texts))
    p = np.array([[s.scores[name] for name in SIGNALS] for s in scores])
    return p, np.array([[s.flags[name] for name in SIGNALS] for s in scores])


def costs(scorer: OnnxScorer, rows: Sequence[Example], language: str) -> dict[str, object]:
    """Per perturbation and signal: AUC, its change against clean, and the share of flipped flags."""
    labels = targets_of(rows).sigmoids[:, : len(SIGNALS)]
    clean, clean_flags = score(scorer, [row.text for row in rows])
    report: dict[str, object] = {"rows": len(rows)}
    base = {name: auc(labels[:, i], clean[:, i]) for i, name in enumerate(SIGNALS)}
    report["clean"] = {name: {"auc": round(value, 4)} for name, value in base.items()}
    for kind, function in perturbations(language).items():
        rng = random.Random(kind)
        p, flags = score(scorer, [function(row.text, rng) for row in rows])
        entry = {}
        for i, name in enumerate(SIGNALS):
            value = auc(labels[:, i], p[:, i])
            flipped = float((flags[:, i] != clean_flags[:, i]).mean())
            entry[name] = {"auc": round(value, 4), "change": round(value - base[name], 4), "flipped": round(flipped, 4)}
        report[kind] = entry
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model-dir", type=Path, default=Path("models"))
    scorer, sets = load_scorer(parser.parse_args().model_dir), own_sets()
    measured: dict[str, object] = {"model": scorer.model.version}
    for language in LANGUAGES:
        measured[language] = costs(scorer, sets[f"own_test.{language}"], language)
    record("robustness", measured)
    write_results()


if __name__ == "__main__":
    main()
