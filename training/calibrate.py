"""Step 10: logits of the dev examples, int8 and n-grams as they are served, -> calibration.json (slopes, offsets, thresholds, temperatures).

Each signal has one slope for all languages and an offset of its own per language, drawn towards the
common one (few positives a language would otherwise give wild offsets). A threshold is the lowest
one that keeps the stated precision on the own dev turns, again drawn towards the common one.
Never reads test or evaluation rows. Run: `python -m training.calibrate` (make calibrate)
"""

import argparse
import json

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from service.labels import BINARY, LANGUAGE_OUTPUTS, LANGUAGE_SLICE, LANGUAGES, SENTIMENT_SLICE
from service.scoring.artefact import CALIBRATION, NGRAMS, TOKENIZER
from service.scoring.calibrate import sigmoid

from .batches import MAX_TOKENS
from .dataset import OWN, examples, unlearnt
from .examples import Example, targets_of
from .export import OUT
from .predict import open_graph, predict
from .quantise import INT8

PRECISION = {"frustration": 0.80, "abuse": 0.85, "threat": 0.80, "asks_human": 0.85}
"""Floors on dev: how many of a hundred flags must be right. Three wrong flags and nobody looks any more."""
PUBLIC_SHARE = 0.25
"""Weight of all public dev rows of a language, as a share of our own ones': other registers, many more rows."""
DRAWN_TOWARDS_COMMON = 40.0
"""Positives that the common threshold is worth beside a language's own."""


def fit_offsets(
    logits: np.ndarray, labels: np.ndarray, language: np.ndarray, weight: np.ndarray
) -> dict[str, tuple[float, float]]:
    """(slope, offset) per language of `LANGUAGE_OUTPUTS`; `language` holds positions in it."""
    one_hot = np.eye(len(LANGUAGE_OUTPUTS))[language]
    features = np.column_stack([logits, one_hot])
    model = LogisticRegression(C=10.0, max_iter=1_000).fit(features, labels.astype(int), sample_weight=weight)
    slope, offsets = float(model.coef_[0, 0]), model.coef_[0, 1:] + model.intercept_[0]
    if slope <= 0.0:
        raise SystemExit("calibrate: a signal's logit falls with its label on dev; the model is broken")
    offsets[LANGUAGE_OUTPUTS.index("other")] = float(model.intercept_[0])
    return {name: (slope, float(offset)) for name, offset in zip(LANGUAGE_OUTPUTS, offsets, strict=True)}


def threshold_for(probabilities: np.ndarray, labels: np.ndarray, precision: float) -> float:
    """The lowest threshold whose flags keep `precision`; 0.5 when no row is positive."""
    if labels.sum() == 0:
        return 0.5
    order = np.argsort(-probabilities, kind="stable")
    p, right = probabilities[order], np.cumsum(labels[order])
    cuts = np.append(np.diff(p) != 0.0, True)  # a threshold can only fall between different scores
    kept = np.flatnonzero((right / np.arange(1, len(p) + 1) >= precision) & cuts)
    if not len(kept):
        return float(np.nextafter(p[0], 2.0))  # nothing reaches the floor: flag nothing that was seen
    last = int(kept[-1])
    return float(p[last]) if last + 1 == len(p) else float((p[last] + p[last + 1]) / 2)


def thresholds(
    probabilities: np.ndarray, labels: np.ndarray, language: np.ndarray, precision: float
) -> dict[str, float]:
    """Threshold per language, drawn towards the common one by `DRAWN_TOWARDS_COMMON` positives."""
    common = threshold_for(probabilities, labels, precision)
    found = {"other": common}
    for index, name in enumerate(LANGUAGES):
        mine = language == index
        positives = float(labels[mine].sum())
        own = threshold_for(probabilities[mine], labels[mine], precision)
        found[name] = (positives * own + DRAWN_TOWARDS_COMMON * common) / (positives + DRAWN_TOWARDS_COMMON)
    return found


def fit_temperature(logits: np.ndarray, target: np.ndarray, weight: np.ndarray) -> float:
    """The temperature with the least weighted negative log-likelihood."""
    known = target >= 0

    def loss(log_temperature: float) -> float:
        scaled = logits[known] / np.exp(log_temperature)
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        normaliser = np.log(np.exp(scaled).sum(axis=1))
        losses = normaliser - scaled[np.arange(known.sum()), target[known]]
        return float(np.average(losses, weights=weight[known]))

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x))


def row_weights(own: np.ndarray, public: np.ndarray, trust: np.ndarray, language: np.ndarray) -> np.ndarray:
    """1 for our own rows; public rows by trust, scaled per language to `PUBLIC_SHARE` of our own mass."""
    weight = own.astype(float)
    for index in range(len(LANGUAGE_OUTPUTS)):
        mine, theirs = own & (language == index), public & (language == index)
        mass = float(trust[theirs].sum())
        if mass > 0.0:
            # A language without own rows (`other`) keeps a little of what there is.
            weight[theirs] = trust[theirs] * (PUBLIC_SHARE * max(float(mine.sum()), 1.0) / mass)
    return weight


def fit(rows: list[Example], logits: np.ndarray) -> dict[str, object]:
    """The content of calibration.json."""
    targets = targets_of(rows)
    own = np.array([row.source == OWN for row in rows])
    language = np.array([LANGUAGE_OUTPUTS.index(row.language) for row in rows])
    binary: dict[str, dict[str, dict[str, float]]] = {name: {} for name in LANGUAGE_OUTPUTS}
    for column, signal in enumerate(BINARY):
        labels = targets.sigmoids[:, column]
        known = ~np.isnan(labels)
        weight = row_weights(own & known, ~own & known, targets.weight, language)
        lines = fit_offsets(logits[known, column], labels[known], language[known], weight[known])
        slope = np.array([lines[name][0] for name in LANGUAGE_OUTPUTS])[language]
        offset = np.array([lines[name][1] for name in LANGUAGE_OUTPUTS])[language]
        mine = known & own
        p = np.asarray(sigmoid(slope * logits[:, column] + offset))
        cuts = thresholds(p[mine], labels[mine], language[mine], PRECISION[signal])
        for name in LANGUAGE_OUTPUTS:
            binary[name][signal] = {"slope": lines[name][0], "offset": lines[name][1], "threshold": cuts[name]}
    return {
        "fitted_on": {"own_dev_turns": int(own.sum()), "public_dev_rows": int((~own).sum())},
        "precision_goal": PRECISION,
        "binary": binary,
        "sentiment_temperature": fit_temperature(
            logits[:, SENTIMENT_SLICE],
            targets.sentiment,
            row_weights(own & (targets.sentiment >= 0), ~own & (targets.sentiment >= 0), targets.weight, language),
        ),
        "language_temperature": fit_temperature(
            logits[:, LANGUAGE_SLICE], targets.language, row_weights(own, ~own, targets.weight, language)
        ),
    }


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    rows = unlearnt(examples("dev"), examples("train"))
    calibration = fit(rows, predict(open_graph(INT8, OUT / TOKENIZER, MAX_TOKENS, ngrams=OUT / NGRAMS), rows))
    (OUT / CALIBRATION).write_text(json.dumps(calibration, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({"step": "calibrate", "fitted_on": calibration["fitted_on"]}))


if __name__ == "__main__":
    main()
