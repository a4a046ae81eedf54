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
        parts = []
        for split in ("dev", "test"):
            rows = sets[f"own_{split}.{language}"]
            served = answers(rows, predict(measured.int8, rows), measured.calibration, measured.int8.tokenizer)
            parts.append((targets_of(rows).sigmoids[:, : len(BINARY)], served.binary))
            for column, signal in enumerate(BINARY):
                error = calibration_error(parts[-1][0][:, column], parts[-1][1][:, column])
                found[signal][f"error_{split}"] = round(error, 4)
        labels, p = (np.concatenate(side) for side in zip(*parts, strict=True))
        for column, signal in enumerate(BINARY):
            found[signal]["bins"] = bins(labels[:, column], p[:, column])
        report[language] = found
    record("reliability", report)
    write_results()


if __name__ == "__main__":
    main()
