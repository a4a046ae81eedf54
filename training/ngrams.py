"""Step 9b: the train examples -> the n-gram part of the model (build/export/ngrams.npz).

One logistic regression per output over TF-IDF of the n-grams that the service finds
(`service/scoring/ngrams.py`), learnt from the rows of the transformer, our own also as people mistype
them. How much of it is added to the transformer's logits is fitted on dev, one share per group of
outputs: what is worth more there gets more, and nothing where it adds nothing. How readily a text counts as of no
language of ours is set there too.
Run after `training.quantise`: `python -m training.ngrams` (make ngrams)
"""

import argparse
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from service.labels import BINARY, COLUMNS, LANGUAGE_OUTPUTS, LANGUAGE_SLICE, SENTIMENT_SLICE, THREAT_KIND_SLICE
from service.scoring.artefact import NGRAMS, TOKENIZER
from service.scoring.ngrams import NgramModel, occurrences, term_weights
from service.scoring.normalise import normalise

from .batches import MAX_TOKENS
from .calibrate import row_weights
from .dataset import OWN, USER, examples, unlearnt
from .examples import Example, Targets, targets_of
from .export import OUT
from .noise import perturb
from .predict import MAX_CHARS, open_graph, predict
from .quantise import INT8

MOST, FEWEST = {"characters": 150_000, "words": 60_000}, {"characters": 5, "words": 3}
"""How many n-grams are known, and in how many texts one occurs at least: that of `baseline.py`, a little less."""
MISTYPED_COPIES = 2
INVERSE_PENALTY = 4.0
SEED = 20261122
OTHER = LANGUAGE_OUTPUTS.index("other")
OTHER_TURNS = 0.05
"""How many of a desk's turns are taken to be in none of our languages; training rows say nothing of it."""
OTHER_OFFSETS = np.arange(0.0, 2.01, 0.25)


def mistyped(rows: Sequence[Example], copies: int = MISTYPED_COPIES) -> list[Example]:
    """The rows, and our own ones `copies` times more with fresh noise, which weigh as much as it together."""
    rng = random.Random(SEED)
    found = list(rows)
    for row in rows:
        if row.source not in (OWN, USER):
            continue
        for _ in range(copies):
            found.append(replace(row, text=perturb(row.text, row.language, rng), share=row.share / copies))
    return found


def known_ngrams(found: Iterable[tuple[np.ndarray, int]], texts: int) -> tuple[np.ndarray, np.ndarray]:
    """`hashes` ascending and their `idf`, from each text's hashes and how many of those are of characters."""
    kinds: dict[str, list[np.ndarray]] = {"characters": [], "words": []}
    for hashes, characters in found:
        kinds["characters"].append(np.unique(hashes[:characters]))
        kinds["words"].append(np.unique(hashes[characters:]))
    frequency: dict[int, int] = {}
    for kind, parts in kinds.items():
        hashes, counts = np.unique(np.concatenate(parts), return_counts=True)
        often = np.flatnonzero(counts >= FEWEST[kind])
        often = often[np.argsort(-counts[often], kind="stable")[: MOST[kind]]]
        frequency.update(zip(hashes[often].tolist(), counts[often].tolist(), strict=True))
    hashes = np.array(sorted(frequency), dtype=np.uint32)
    counts = np.array([frequency[h] for h in hashes.tolist()])
    return hashes, (np.log((1 + texts) / (1 + counts)) + 1.0).astype(np.float32)


def matrix(found: Sequence[np.ndarray], hashes: np.ndarray, idf: np.ndarray) -> sparse.csr_matrix:
    """(texts, known n-grams) float32; rows of length 1, or empty."""
    columns, values, ends = [], [], [0]
    for each in found:
        at = np.minimum(np.searchsorted(hashes, each), len(hashes) - 1)
        ids, counts = np.unique(at[hashes[at] == each], return_counts=True)
        columns.append(ids.astype(np.int32))
        values.append(term_weights(counts, idf[ids]) if len(ids) else np.zeros(0, np.float32))
        ends.append(ends[-1] + len(ids))
    shape = (len(found), len(hashes))
    return sparse.csr_matrix((np.concatenate(values), np.concatenate(columns), np.array(ends)), shape=shape)


def learn(x: sparse.csr_matrix, targets: Targets, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients (n-grams, columns) and intercepts (columns,); zeros for an output that nobody labelled."""
    labels = np.full((x.shape[0], len(COLUMNS)), np.nan)
    labels[:, : THREAT_KIND_SLICE.stop] = targets.sigmoids
    # Only a threat has a kind: taught by all that are none, the kinds would say "threat" once more.
    labels[targets.sigmoids[:, BINARY.index("threat")] != 1.0, THREAT_KIND_SLICE] = np.nan
    for columns, classes in ((SENTIMENT_SLICE, targets.sentiment), (LANGUAGE_SLICE, targets.language)):
        known = classes >= 0
        labels[known, columns] = np.eye(columns.stop - columns.start)[classes[known]]

    def fit(column: int) -> tuple[np.ndarray, float]:
        known = np.flatnonzero(~np.isnan(labels[:, column]))
        if len(np.unique(labels[known, column])) < 2:
            return np.zeros(x.shape[1]), 0.0
        model = LogisticRegression(C=INVERSE_PENALTY, solver="liblinear", random_state=0)
        model.fit(x[known], labels[known, column].astype(int), sample_weight=weight[known])
        return model.coef_[0], float(model.intercept_[0])

    # Threads suffice: liblinear works outside the interpreter's lock, and they share `x`.
    fitted = Parallel(n_jobs=-1, prefer="threads")(delayed(fit)(column) for column in range(len(COLUMNS)))
    return np.stack([coefficients for coefficients, _ in fitted], axis=1), np.array([bias for _, bias in fitted])


def shares(rows: Sequence[Example], deep: np.ndarray, ngrams: np.ndarray) -> np.ndarray:
    """How much of the n-grams' logits to add to the transformer's, per column; fitted together with a slope on dev."""
    targets = targets_of(rows)
    own = np.array([row.source == OWN for row in rows])
    language = np.array([LANGUAGE_OUTPUTS.index(row.language) for row in rows])
    found = np.zeros(len(COLUMNS))
    for column in range(len(BINARY)):
        known = ~np.isnan(targets.sigmoids[:, column])
        weight = row_weights(own & known, ~own & known, targets.weight, language)[known]
        found[column] = _share_of_sigmoid(
            deep[known, column], ngrams[known, column], targets.sigmoids[known, column], weight
        )
    threats = targets.sigmoids[:, BINARY.index("threat")] == 1.0
    kinds = targets.sigmoids[threats][:, THREAT_KIND_SLICE]
    told = ~np.isnan(kinds)
    if len(np.unique(kinds[told])) == 2:
        parts = (part[threats][:, THREAT_KIND_SLICE][told] for part in (deep, ngrams))
        found[THREAT_KIND_SLICE] = _share_of_sigmoid(*parts, kinds[told], np.ones(int(told.sum())))
    for columns, classes in ((SENTIMENT_SLICE, targets.sentiment), (LANGUAGE_SLICE, targets.language)):
        known = classes >= 0
        weight = row_weights(own & known, ~own & known, targets.weight, language)[known]
        found[columns] = _share_of_softmax(deep[known, columns], ngrams[known, columns], classes[known], weight)
    return found


def _share_of_sigmoid(deep: np.ndarray, ngrams: np.ndarray, labels: np.ndarray, weight: np.ndarray) -> float:
    """Stacking (Wolpert 1992): the ratio of two slopes."""
    if len(np.unique(labels)) < 2:
        return 0.0
    both = np.column_stack([deep, ngrams])
    model = LogisticRegression(C=10.0, max_iter=1_000).fit(both, labels.astype(int), sample_weight=weight)
    slope, other = model.coef_[0]
    return float(max(other, 0.0) / slope) if slope > 0.0 else 0.0


def _share_of_softmax(deep: np.ndarray, ngrams: np.ndarray, classes: np.ndarray, weight: np.ndarray) -> float:
    if not len(classes):
        return 0.0

    def loss(slopes: np.ndarray) -> float:
        logits = slopes[0] * deep + slopes[1] * ngrams
        logits = logits - logits.max(axis=1, keepdims=True)
        likelihood = logits[np.arange(len(classes)), classes] - np.log(np.exp(logits).sum(axis=1))
        return -float(np.average(likelihood, weights=weight))

    slope, other = minimize(loss, np.array([1.0, 0.3]), bounds=[(1e-3, 10.0), (0.0, 10.0)]).x
    return float(other / slope)


def packed(coefficients: np.ndarray, bias: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`weights` int8, `scale` and `bias` float32: a column keeps its largest coefficient exactly."""
    largest = np.maximum(np.abs(coefficients).max(axis=0), 1e-12)
    weights = np.rint(coefficients / largest * 127.0).astype(np.int8)
    return weights, (largest / 127.0 * share).astype(np.float32), (bias * share).astype(np.float32)


def other_offset(rows: Sequence[Example], logits: np.ndarray) -> float:
    """What to add to the logit of `other` so that most languages are told right; `logits` (rows, languages)."""
    classes = targets_of(rows).language
    foreign = classes == OTHER
    own = np.array([row.source == OWN for row in rows]) & (classes >= 0) & ~foreign
    if not foreign.any() or not own.any():
        return 0.0

    def right(offset: float) -> float:
        told = (logits + offset * (np.arange(logits.shape[1]) == OTHER)).argmax(axis=1) == classes
        return float((1.0 - OTHER_TURNS) * told[own].mean() + OTHER_TURNS * told[foreign].mean())

    return float(max(OTHER_OFFSETS, key=right))


def build(rows: Sequence[Example], dev: Sequence[Example], deep: np.ndarray, path: Path) -> dict[str, float]:
    """Fit on `rows`, share on `dev` beside the transformer's logits, write `path`; returns the share per group."""
    found = [occurrences(normalise(row.text[:MAX_CHARS]).text) for row in rows]
    hashes, idf = known_ngrams(((each.hashes, each.characters) for each in found), len(rows))
    x = matrix([each.hashes for each in found], hashes, idf)
    coefficients, bias = learn(x, targets_of(rows), np.array([row.weight * row.share for row in rows]))
    weights, scale, intercepts = packed(coefficients, bias, np.ones(len(COLUMNS)))
    whole = NgramModel(hashes, idf, weights, scale, intercepts)
    read = np.stack([whole.read(normalise(row.text[:MAX_CHARS]).text).logits for row in dev])
    share = shares(dev, deep, read)
    weights, scale, intercepts = packed(coefficients, bias, share)
    offset = other_offset(dev, (deep + share * read)[:, LANGUAGE_SLICE])
    intercepts[LANGUAGE_SLICE.start + OTHER] += offset
    np.savez_compressed(path, hashes=hashes, idf=idf, weights=weights, scale=scale, bias=intercepts)
    groups = {name: column for column, name in enumerate(BINARY)}
    groups |= {"threat_kind": THREAT_KIND_SLICE.start, "sentiment": SENTIMENT_SLICE.start}
    groups |= {"language": LANGUAGE_SLICE.start}
    told = {name: round(float(share[column]), 3) for name, column in groups.items()}
    return {"ngrams": len(hashes), **told, "other_offset": offset}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transcripts", type=Path, help="a user's own labelled conversations (JSONL)")
    train = examples("train", extra=parser.parse_args().transcripts)
    dev = unlearnt(examples("dev"), train)
    deep = predict(open_graph(INT8, OUT / TOKENIZER, MAX_TOKENS), dev)
    found = build(mistyped(train), dev, deep, OUT / NGRAMS)
    print(json.dumps({"step": "ngrams", "megabytes": round((OUT / NGRAMS).stat().st_size / 1e6, 1), **found}))


if __name__ == "__main__":
    main()
