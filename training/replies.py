"""Agents' turns with their `quality` -> the model of the draft check and of the forecast (service/risk/drafts/replies.npz).

One logistic regression per fault over TF-IDF of n-grams, learnt from the train turns of our transcripts and from
`data/replies/` (faulty replies beside sound ones to the same message). A fault is told from the threshold on at
which cross-validation, whole conversations together, keeps `PRECISION`; a fault that is found too rarely there is
left to the patterns. How good and how faulty a reply is as a whole is fitted the same way. Never reads dev or test: `benchmarks.draft_check` measures on them. Run: `make replies`
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.model_selection import GroupKFold

from service.risk.draft_rules import LEARNT
from service.risk.exchange import Judgement
from service.risk.reply_model import JUDGED
from service.scoring.ngrams import occurrences
from service.scoring.normalise import normalise

from .ngrams import known_ngrams, matrix, packed
from .paths import ROOT
from .transcripts import read_transcripts

SHIPPED = ROOT / "service" / "risk" / "drafts" / "replies.npz"
REPLIES = ROOT / "data" / "replies"
QUALITY_OF = {kind: {"dismissal": "dismissive"}.get(kind, kind) for kind in LEARNT}
"""What annotators call each fault."""
PRECISION = 0.8
LEAST_RECALL = 0.15
"""A fault that cross-validation finds more rarely is not worth its false alarms."""
INVERSE_PENALTY = 20.0
SOUND = ("good", "neutral")
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Reply:
    """An agent's turn; those of one `group` are never on both sides of a fold."""

    group: str
    text: str
    quality: str
    given: bool
    """Written for this alone, in pairs: learnt from, but no measure of how often a fault occurs."""


def replies(folder: Path = REPLIES) -> Iterator[Reply]:
    """The agents' turns to learn from."""
    for conversation in read_transcripts():
        if conversation.split != "train":
            continue
        for turn in conversation.turns:
            if turn.role == "agent" and turn.quality:
                yield Reply(conversation.id, turn.text, turn.quality, given=False)
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield Reply(f"{path.stem}-{row['pair']}", row["text"], row["quality"], given=True)


def threshold_of(probabilities: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """(threshold, recall) where the recall is greatest with `PRECISION` kept; infinite and 0 where it never is."""
    precision, recall, thresholds = precision_recall_curve(labels, probabilities)
    kept = np.flatnonzero(precision[:-1] >= PRECISION)
    if not len(kept):
        return float("inf"), 0.0
    best = kept[np.argmax(recall[kept])]
    return float(thresholds[best]), float(recall[best])


def regression(x: sparse.csr_matrix, labels: np.ndarray) -> LogisticRegression:
    """One fault against the rest."""
    return LogisticRegression(C=INVERSE_PENALTY, solver="liblinear", random_state=0).fit(x, labels)


def cross_validated(x: sparse.csr_matrix, labels: np.ndarray, groups: list[str]) -> np.ndarray:
    """Logits (n,) of each reply by a model that has not learnt its conversation."""
    found = np.empty(len(labels))
    for learnt, left in GroupKFold(FOLDS).split(x, labels, groups):
        found[left] = regression(x[learnt], labels[learnt]).decision_function(x[left])
    return found


def judged(rows: list[Reply]) -> tuple[np.ndarray, np.ndarray]:
    """Labels (n,) of each of `JUDGED`: good, and faulty in any way."""
    return np.array([r.quality == "good" for r in rows]), np.array([r.quality not in SOUND for r in rows])


def held_out_judgements(rows: list[Reply]) -> dict[str, Judgement]:
    """What the model says of each train reply when it has not learnt the reply's conversation, by text.

    The forecast learns from these: of replies that it knows by heart the model says more than it ever will again.
    """
    x, groups = features(rows)[2], [row.group for row in rows]
    good, faulty = (expit(cross_validated(x, labels, groups)) for labels in judged(rows))
    return {row.text: Judgement(float(g), float(f)) for row, g, f in zip(rows, good, faulty, strict=True)}


def features(rows: list[Reply]) -> tuple[np.ndarray, np.ndarray, sparse.csr_matrix]:
    """Hashes and idf of the known n-grams, and (replies, n-grams)."""
    found = [occurrences(normalise(row.text).text) for row in rows]
    hashes, idf = known_ngrams(((each.hashes, each.characters) for each in found), len(rows))
    return hashes, idf, matrix([each.hashes for each in found], hashes, idf)


def fit(rows: list[Reply], path: Path) -> dict[str, object]:
    """Fit every fault, write `path`; returns threshold and cross-validated recall of each."""
    (hashes, idf, x), groups = features(rows), [row.group for row in rows]
    measured = np.array([not row.given for row in rows])
    columns = (*LEARNT, *JUDGED)
    coefficients, bias = np.zeros((len(hashes), len(columns))), np.zeros(len(columns))
    thresholds, told = np.full(len(LEARNT), np.inf), {}
    for column, kind in enumerate(LEARNT):
        labels = np.array([row.quality == QUALITY_OF[kind] for row in rows])
        left_out = cross_validated(x, labels, groups)
        threshold, recall = threshold_of(left_out[measured], labels[measured])
        told[kind] = {"replies": int(labels.sum()), "recall": round(recall, 3), "told": recall >= LEAST_RECALL}
        if recall >= LEAST_RECALL:
            model = regression(x, labels)
            coefficients[:, column], bias[column], thresholds[column] = model.coef_[0], model.intercept_[0], threshold
    for column, labels in enumerate(judged(rows), start=len(LEARNT)):
        model = regression(x, labels)
        coefficients[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    weights, scale, intercepts = packed(coefficients, bias, np.ones(len(columns)))
    arrays = {"hashes": hashes, "idf": idf, "weights": weights, "scale": scale, "bias": intercepts}
    np.savez_compressed(path, **arrays, kinds=np.array(LEARNT), thresholds=thresholds)
    return {"replies": len(rows), "ngrams": len(hashes), "precision": PRECISION, "kinds": told}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    out = parser.parse_args().out
    found = fit(list(replies()), out)
    print(json.dumps({"step": "replies", "kilobytes": round(out.stat().st_size / 1e3), **found}))


if __name__ == "__main__":
    main()
