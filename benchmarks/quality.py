"""Held-back turns and unseen sources -> one table: language x signal x set, ours beside three rivals.

AUC, macro-F1 and recall with 95 % bootstrap intervals. Recall is at the threshold that keeps the
stated precision on our own dev turns, for everybody (ours: as shipped). Sets that are not on this
machine are left out. Writes `results/quality.json`, plots, and `RESULTS.md`. Run: `make quality`
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from benchmarks.bootstrap import auc, interval, macro_f1, recall
from benchmarks.record import record
from benchmarks.results import write_results
from benchmarks.rivals import Lexicon, MiniLm, Rival, fitted_baseline, minilm_embedder
from service.labels import BINARY, LANGUAGE_OUTPUTS, LANGUAGES
from training.calibrate import PRECISION, thresholds
from training.dataset import OWN, examples
from training.evaluate import candidate, own_sets
from training.examples import Example, targets_of
from training.metrics import FEWEST
from training.predict import answers, predict
from training.sources import evaluation_sets

Entry = dict[str, object]


@dataclass(frozen=True, slots=True)
class System:
    """Name, and rows -> (binary (n, 4), flags (n, 4), sentiment (n, 3))."""

    name: str
    answer: Callable[[Sequence[Example]], tuple[np.ndarray, np.ndarray, np.ndarray]]


def ours() -> System:
    """The build, or the served release when nothing was built; exactly what the service answers."""
    measured = candidate()

    def answer(rows: Sequence[Example]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        served = answers(rows, predict(measured.int8, rows), measured.calibration, measured.int8.tokenizer)
        return served.binary, served.flags, served.sentiment

    return System("ours", answer)


def rival(name: str, model: Rival, dev: Sequence[Example]) -> System:
    """Thresholds per language on our dev turns, as our own calibration finds them."""
    cuts = dev_thresholds(model, dev)

    def answer(rows: Sequence[Example]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        binary, sentiment = model.predict([row.text for row in rows])
        p = np.stack([binary[signal] for signal in BINARY], axis=1)
        limits = np.array([[cuts[signal][row.language] for signal in BINARY] for row in rows])
        return p, p >= limits, sentiment

    return System(name, answer)


def dev_thresholds(model: Rival, dev: Sequence[Example]) -> dict[str, Mapping[str, float]]:
    """Per signal and language: the threshold that keeps the stated precision."""
    labels = targets_of(dev).sigmoids
    language = np.array([LANGUAGE_OUTPUTS.index(row.language) for row in dev])
    binary, _ = model.predict([row.text for row in dev])
    found: dict[str, Mapping[str, float]] = {}
    for column, signal in enumerate(BINARY):
        known = ~np.isnan(labels[:, column])
        found[signal] = thresholds(binary[signal][known], labels[known, column], language[known], PRECISION[signal])
    return found


def measure(rows: Sequence[Example], systems: Sequence[System]) -> dict[str, Entry]:
    """Per signal that the rows have labels for, and system: the metrics with their intervals."""
    targets = targets_of(rows)
    answered = {system.name: system.answer(rows) for system in systems}
    report: dict[str, Entry] = {}
    for column, signal in enumerate(BINARY):
        known = ~np.isnan(targets.sigmoids[:, column])
        labels = targets.sigmoids[known, column].astype(int)
        if min(labels.sum(), len(labels) - labels.sum()) < FEWEST:
            continue
        report[signal] = {"rows": len(labels), "positives": int(labels.sum())}
        for name, (binary, flags, _) in answered.items():
            p, flagged = binary[known, column], flags[known, column]
            report[signal][name] = {
                "auc": interval(auc, labels, p).as_json(),
                "macro_f1": interval(macro_f1, labels, (p >= 0.5).astype(int)).as_json(),
                "recall": interval(recall, labels, flagged).as_json(),
            }
    if (sentiment := _sentiment(targets.sentiment, answered)) is not None:
        report["sentiment"] = sentiment
    return report


def _sentiment(labels: np.ndarray, answered: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]]) -> Entry | None:
    """AUC of positive against negative rows; macro-F1 over the classes that the set has."""
    outer, known = (labels == 0) | (labels == 2), labels >= 0
    if min((labels == 0).sum(), (labels == 2).sum()) < FEWEST:
        return None
    classes = np.unique(labels[known])
    entry: Entry = {"rows": int(known.sum()), "positives": int((labels == 2).sum())}
    for name, (_, _, p) in answered.items():
        towards_positive = p[outer, 2] / np.maximum(p[outer, 0] + p[outer, 2], 1e-9)
        guesses = classes[p[known][:, classes].argmax(axis=1)]
        entry[name] = {
            "auc": interval(auc, (labels[outer] == 2).astype(int), towards_positive).as_json(),
            "macro_f1": interval(macro_f1, labels[known], guesses).as_json(),
        }
    return entry


def measured_sets() -> dict[str, list[Example]]:
    """Own test turns per language, then the evaluation-only sets that are here."""
    own = own_sets()
    unseen = {name: list(rows) for name, rows in groupby(evaluation_sets(), key=lambda row: row.source)}
    return {f"own_test.{language}": own[f"own_test.{language}"] for language in LANGUAGES} | unseen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without", nargs="*", default=[], choices=["tfidf_lr", "minilm_lr", "lexicon"])
    left_out = set(parser.parse_args().without)
    dev = [row for row in examples("dev") if row.source == OWN]
    models: dict[str, Rival] = {}
    if "tfidf_lr" not in left_out:
        models["tfidf_lr"] = fitted_baseline(examples("train"))
    if "minilm_lr" not in left_out and (embed := minilm_embedder()) is not None:
        models["minilm_lr"] = MiniLm(examples("train"), embed)
    if "lexicon" not in left_out:
        models["lexicon"] = Lexicon()
    systems = [ours(), *(rival(name, model, dev) for name, model in models.items())]
    table: dict[str, dict[str, Entry]] = {}
    for name, rows in measured_sets().items():
        if rows:
            table[name] = measure(rows, systems)
            print(json.dumps({"set": name, **{s: _short(e, systems) for s, e in table[name].items()}}), flush=True)
    record("quality", {"systems": [s.name for s in systems], "precision_goal": PRECISION, "sets": table})
    write_results()


def _short(entry: Entry, systems: Sequence[System]) -> str:
    return " / ".join(f"{s.name} {entry[s.name]['auc'][0]:.3f}" for s in systems)  # type: ignore[index]


if __name__ == "__main__":
    main()
