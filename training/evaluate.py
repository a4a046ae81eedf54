"""Step 11: the calibrated int8 classifier and the yardstick -> build/report.json.

Per language and signal on the held-back own turns (dev, test, both), and on every evaluation-only
set; AUC, macro-F1, precision and recall at the shipped thresholds, beside TF-IDF + logistic regression
on the same rows, and what int8 costs against fp32. Without a build, the served release is measured.
Run: `python -m training.evaluate` (make evaluate)
"""

import argparse
import json
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from service.labels import BINARY, LANGUAGE_OUTPUTS, LANGUAGES
from service.scoring.artefact import CALIBRATION, MANIFEST, MODEL, TOKENIZER, find_artefact, hash_file, read_json
from service.scoring.calibrate import Calibration, load_calibration

from .baseline import OUT as BASELINE
from .baseline import Baseline
from .dataset import OWN, examples
from .examples import Example, targets_of
from .export import FP32, OUT
from .finetune import MAX_TOKENS
from .metrics import binary, calibration_error, polarity
from .paths import BUILD, MODELS
from .predict import Answers, Graph, answers, open_graph, predict
from .sources import evaluation_sets

REPORT = BUILD / "report.json"
DECIDING = (MODEL, TOKENIZER, CALIBRATION)
"""The files that a report is about; `promote` compares their hashes."""
Entry = dict[str, object]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is measured: the served graph, the same in fp32 where it is at hand, and the calibration."""

    folder: Path
    int8: Graph
    fp32: Graph | None
    calibration: Calibration


def candidate() -> Candidate:
    """The build, or the served release when nothing was built."""
    built = (OUT / CALIBRATION).exists()
    folder = OUT if built else find_artefact(MODELS)
    max_tokens = MAX_TOKENS if built else int(str(read_json(folder / MANIFEST)["max_tokens"]))
    fp32 = open_graph(FP32, OUT / TOKENIZER, max_tokens) if built else None
    int8 = open_graph(folder / MODEL, folder / TOKENIZER, max_tokens)
    return Candidate(folder, int8, fp32, load_calibration(folder / CALIBRATION))


def compare(rows: Sequence[Example], served: Answers, full: Answers | None, baseline: Baseline | None) -> Entry:
    """Every signal that the rows have labels for: ours, fp32, yardstick."""
    targets = targets_of(rows)
    theirs, their_sentiment = baseline.predict([r.text for r in rows]) if baseline else ({}, None)
    report: Entry = {}
    for column, name in enumerate(BINARY):
        labels, p = targets.sigmoids[:, column], served.binary[:, column]
        ours = binary(labels, p, served.flags[:, column])
        if ours is None:
            continue
        entry: Entry = {"ours": ours.as_json(), "calibration_error": round(calibration_error(labels, p), 4)}
        _beside(entry, "tfidf_lr", binary(labels, theirs[name]) if theirs else None)
        _beside(entry, "fp32", binary(labels, full.binary[:, column], full.flags[:, column]) if full else None)
        report[name] = entry
    polar = polarity(targets.sentiment, served.sentiment)
    if polar is not None:
        entry = {"ours": polar.as_json()}
        _beside(
            entry, "tfidf_lr", polarity(targets.sentiment, their_sentiment) if their_sentiment is not None else None
        )
        _beside(entry, "fp32", polarity(targets.sentiment, full.sentiment) if full else None)
        report["sentiment"] = entry
    return report


def _beside(entry: Entry, name: str, metric: object) -> None:
    if metric is not None:
        entry[name] = metric.as_json()  # type: ignore[attr-defined]


def language_accuracy(rows: Sequence[Example], guess: np.ndarray) -> Entry:
    """Share of turns of at least five and of three or four words whose language is found, per language."""
    report: Entry = {}
    for language in LANGUAGE_OUTPUTS:
        for name, fits in (("words_5_up", lambda n: n >= 5), ("words_3_4", lambda n: n in (3, 4))):
            chosen = [i for i, r in enumerate(rows) if r.language == language and fits(len(r.text.split()))]
            if chosen:
                right = np.mean([LANGUAGE_OUTPUTS[guess[i]] == language for i in chosen])
                report[f"{language}.{name}"] = {"rows": len(chosen), "accuracy": round(float(right), 4)}
    return report


def own_sets() -> dict[str, list[Example]]:
    """`own_dev.vi`, `own_test.vi`, `own_both.vi`, …: the held-back own turns by split and language."""
    held = {split: [e for e in examples(split) if e.source == OWN] for split in ("dev", "test")}
    held["both"] = held["dev"] + held["test"]
    return {
        f"own_{split}.{language}": [e for e in rows if e.language == language]
        for split, rows in held.items()
        for language in LANGUAGES
    }


def evaluate(measured: Candidate, baseline: Baseline | None) -> Entry:
    """The whole report."""
    sets = own_sets() | {name: list(rows) for name, rows in groupby(evaluation_sets(), key=lambda e: e.source)}
    report: dict[str, Entry] = {}
    for name, rows in sets.items():
        if not rows:
            continue
        served = _answers(measured.int8, rows, measured.calibration)
        full = (
            _answers(measured.fp32, rows, measured.calibration) if measured.fp32 and name.startswith("own_") else None
        )
        report[name] = compare(rows, served, full, baseline)
        print(
            json.dumps({"set": name, **{signal: _short(entry) for signal, entry in report[name].items()}}), flush=True
        )
    held = [e for split in ("dev", "test") for e in examples(split) if e.source in (OWN, "other_languages")]
    guess = _answers(measured.int8, held, measured.calibration).language
    files = {name: hash_file(measured.folder / name) for name in DECIDING}
    return {"files": files, "sets": report, "language": language_accuracy(held, guess)}


def _answers(graph: Graph, rows: Sequence[Example], calibration: Calibration) -> Answers:
    return answers(rows, predict(graph, rows), calibration, graph.tokenizer)


def _short(entry: object) -> str:
    assert isinstance(entry, dict)
    return " / ".join(f"{k} {entry[k]['auc']:.3f}" for k in ("ours", "tfidf_lr") if k in entry)


def load_baseline(path: Path = BASELINE) -> Baseline | None:
    """The yardstick that `training.baseline` fitted on this machine, if it saw the rows that the build saw."""
    facts = BUILD / "finetune" / "finetuning.json"
    if not path.exists() or not facts.exists():
        return None
    baseline: Baseline = pickle.loads(path.read_bytes())
    return baseline if baseline.rows_digest == read_json(facts)["rows_digest"] else None


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    report = evaluate(candidate(), load_baseline())
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({"step": "evaluate", "report": REPORT.name, "language": report["language"]}))


if __name__ == "__main__":
    main()
