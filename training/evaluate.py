"""Step 11: the calibrated int8 classifier and the yardstick -> build/report.json.

Per language and signal on the held-back own turns (dev, test, both), and on every evaluation-only
set; AUC, macro-F1, precision and recall at the shipped thresholds, beside TF-IDF + logistic regression
on the same rows, what int8 costs against fp32, and the release that the build would replace. Without a build, the served release is measured.
Run: `python -m training.evaluate` (make evaluate)
"""

import argparse
import json
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from service.labels import BINARY, LANGUAGE_OUTPUTS, LANGUAGES
from service.scoring.artefact import (
    CALIBRATION,
    MANIFEST,
    MODEL,
    NGRAMS,
    TOKENIZER,
    find_artefact,
    hash_file,
    read_json,
)
from service.scoring.calibrate import Calibration, load_calibration

from .baseline import OUT as BASELINE
from .baseline import Baseline
from .batches import MAX_TOKENS
from .dataset import OWN, examples, unlearnt
from .examples import Example, targets_of
from .export import FP32, OUT
from .metrics import binary, calibration_error, polarity
from .paths import BUILD, MODELS
from .predict import Answers, Graph, answers, open_graph, predict
from .sources import evaluation_sets
from .subgroups import mention_report, sentence_report, writing_report
from .transcripts import read_transcripts

REPORT = BUILD / "report.json"
DECIDING = (MODEL, NGRAMS, TOKENIZER, CALIBRATION)
"""The files that a report is about; `promote` compares their hashes."""
Entry = dict[str, object]


def hashes_of(folder: Path) -> dict[str, str]:
    """SHA-256 of the deciding files that are there; a release may have no n-grams."""
    return {name: hash_file(folder / name) for name in DECIDING if (folder / name).exists()}


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is measured: the served graph, the same in fp32 where it is at hand, the calibration, and the release before it."""

    folder: Path
    int8: Graph
    fp32: Graph | None
    calibration: Calibration
    version: str
    released: "Release | None"


@dataclass(frozen=True, slots=True)
class Release:
    """The artefact that `models/CURRENT` names."""

    folder: Path
    graph: Graph
    calibration: Calibration


def candidate() -> Candidate:
    """The build, or the served release when nothing was built."""
    release = present_release()
    if (OUT / CALIBRATION).exists():
        int8, fp32 = (
            open_graph(path, OUT / TOKENIZER, MAX_TOKENS, ngrams=OUT / NGRAMS) for path in (OUT / MODEL, FP32)
        )
        return Candidate(OUT, int8, fp32, load_calibration(OUT / CALIBRATION), "build", release)
    if release is None:
        raise SystemExit("evaluate: there is neither a build nor a release")
    return Candidate(release.folder, release.graph, None, release.calibration, release.folder.name, None)


def present_release() -> Release | None:
    """What is served now; None before the first release."""
    if not any((MODELS / name).exists() for name in ("CURRENT", MANIFEST)):
        return None
    folder = find_artefact(MODELS)
    max_tokens = int(str(read_json(folder / MANIFEST)["max_tokens"]))
    graph = open_graph(folder / MODEL, folder / TOKENIZER, max_tokens, ngrams=folder / NGRAMS)
    return Release(folder, graph, load_calibration(folder / CALIBRATION))


def compare(
    rows: Sequence[Example], served: Answers, others: Mapping[str, Answers], baseline: Baseline | None
) -> Entry:
    """Every signal that the rows have labels for: ours, the yardstick, and other graphs by name (`fp32`, `released`)."""
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
        for other, answered in others.items():
            _beside(entry, other, binary(labels, answered.binary[:, column], answered.flags[:, column]))
        report[name] = entry
    polar = polarity(targets.sentiment, served.sentiment)
    if polar is not None:
        entry = {"ours": polar.as_json()}
        if their_sentiment is not None:
            _beside(entry, "tfidf_lr", polarity(targets.sentiment, their_sentiment))
        for other, answered in others.items():
            _beside(entry, other, polarity(targets.sentiment, answered.sentiment))
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
            chosen = [
                i
                for i, r in enumerate(rows)
                if r.language == language and r.language_known and fits(len(r.text.split()))
            ]
            if chosen:
                right = np.mean([LANGUAGE_OUTPUTS[guess[i]] == language for i in chosen])
                report[f"{language}.{name}"] = {"rows": len(chosen), "accuracy": round(float(right), 4)}
    return report


def own_sets() -> dict[str, list[Example]]:
    """`own_dev.vi`, `own_test.vi`, `own_both.vi`, …: the held-back own turns by split and language.

    `own_test_chats.vi`: of test the turns of whole conversations; the others are single messages, most of them
    written because an earlier model had been wrong about their like.
    """
    held = {split: [e for e in examples(split) if e.source == OWN] for split in ("dev", "test")}
    held["both"] = held["dev"] + held["test"]
    chats = {c.id for c in read_transcripts() if not c.single}
    held["test_chats"] = [e for e in held["test"] if e.id.partition("#")[0] in chats]
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
        others = _others(measured, rows) if name.startswith("own_") else {}
        report[name] = compare(rows, served, others, baseline)
        print(
            json.dumps({"set": name, **{signal: _short(entry) for signal, entry in report[name].items()}}), flush=True
        )
    held = [e for split in ("dev", "test") for e in examples(split) if e.source in (OWN, "other_languages")]
    learnt = examples("train")
    held = unlearnt(held, learnt)
    guess = _answers(measured.int8, held, measured.calibration).language
    files = hashes_of(measured.folder)
    return {
        "files": files,
        "released": measured.released.folder.name if measured.released else None,
        "sets": report,
        "language": language_accuracy(held, guess),
        "subgroups": subgroups(measured, learnt),
    }


def subgroups(measured: Candidate, learnt: list[Example]) -> Entry:
    """Ways of writing on own turns, groups of people named in public dev rows and in harmless sentences."""

    def answer(rows: Sequence[Example]) -> Answers:
        return _answers(measured.int8, rows, measured.calibration)

    own = [e for split in ("dev", "test") for e in examples(split) if e.source == OWN]
    public = [e for e in examples("dev") if e.source != OWN and e.binary.get("abuse") == 0]
    public = unlearnt(public, learnt)
    return {
        "writing": writing_report(own, answer(own)),
        "mentions": mention_report(public, answer(public)),
        "sentences": sentence_report(answer),
    }


def _others(measured: Candidate, rows: Sequence[Example]) -> dict[str, Answers]:
    """The same rows through the graph before int8, and through the release that this build would replace."""
    found = {}
    if measured.fp32 is not None:
        found["fp32"] = _answers(measured.fp32, rows, measured.calibration)
    if measured.released is not None:
        found["released"] = _answers(measured.released.graph, rows, measured.released.calibration)
    return found


def _answers(graph: Graph, rows: Sequence[Example], calibration: Calibration) -> Answers:
    return answers(rows, predict(graph, rows), calibration, graph.tokenizer)


def _short(entry: object) -> str:
    assert isinstance(entry, dict)
    return " / ".join(f"{k} {entry[k]['auc']:.3f}" for k in ("ours", "released", "tfidf_lr") if k in entry)


def load_baseline(path: Path = BASELINE) -> Baseline | None:
    """The yardstick that `training.baseline` fitted on this machine, if it saw the rows that the build saw."""
    facts = BUILD / "finetune" / "finetuning.json"
    if not path.exists() or not facts.exists():
        return None
    baseline: Baseline = pickle.loads(path.read_bytes())
    return baseline if baseline.rows_digest == _rows_seen(read_json(facts)) else None


def _rows_seen(facts: dict[str, object]) -> object:
    """Digest of all rows that a part of the build has learnt from: the language part may know more than the rest."""
    later = facts.get("language_part")
    return later["rows_digest"] if isinstance(later, dict) else facts["rows_digest"]


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    report = evaluate(candidate(), load_baseline())
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({"step": "evaluate", "report": REPORT.name, "language": report["language"]}))


if __name__ == "__main__":
    main()
