"""Held-back own turns -> how far calibrated probabilities can be taken at their word, as numbers and a plot.

Per signal and language: expected calibration error on dev (where calibration was fitted) and on test
(where it was not), and ten bins of equal size for the plot. Run: `python -m benchmarks.reliability`
"""

import argparse

import numpy as np

from benchmarks.record import record
from benchmarks.results import write_results
from service.labels import BINARY, LANGUAGES
from training.evaluate import candidate, own_sets
from training.examples import targets_of
from training.metrics import calibration_error
from training.predict import answers, predict

BINS = 10


def bins(labels: np.ndarray, probabilities: np.ndarray) -> list[tuple[float, float, int]]:
    """(mean probability, share labelled 1, rows) of up to ten bins of equal size, lowest first."""
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, BINS) if len(part)]
    return [(round(float(probabilities[p].mean()), 4), round(float(labels[p].mean()), 4), len(p)) for p in parts]


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    measured, sets = candidate(), own_sets()
    report: dict[str, object] = {"model": measured.version}
    for language in LANGUAGES:
        found: dict[str, dict[str, object]] = {signal: {} for signal in BINARY}
        for split in ("dev", "test", "both"):
            rows = sets[f"own_{split}.{language}"]
            served = answers(rows, predict(measured.int8, rows), measured.calibration, measured.int8.tokenizer)
            labels = targets_of(rows).sigmoids
            for column, signal in enumerate(BINARY):
                y, p = labels[:, column], served.binary[:, column]
                found[signal][f"error_{split}"] = round(calibration_error(y, p), 4)
                if split == "both":
                    found[signal]["bins"] = bins(y, p)
        report[language] = found
    record("reliability", report)
    write_results()


if __name__ == "__main__":
    main()
