"""The yardstick: TF-IDF (characters 2-5 within words, words 1-2) + logistic regression on the same rows.

It sees exactly the rows, weights and targets that the classifier was fine-tuned on, and the same
normalised text; the report prints both side by side. Run: `python -m training.baseline`.
"""

import argparse
import json
import pickle
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from service.labels import BINARY, SENTIMENTS
from service.scoring.normalise import normalise

from .dataset import examples
from .examples import Example, rows_digest, targets_of
from .paths import BUILD

OUT = BUILD / "baseline.pkl"
"""A scratch file of this machine, never shipped and never loaded by the service."""


class Baseline:
    """One logistic regression per binary output, one-vs-rest for sentiment."""

    def __init__(self, seed: int = 0) -> None:
        self.characters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), min_df=5, max_features=200_000, sublinear_tf=True, dtype=np.float32
        )
        self.words = TfidfVectorizer(
            ngram_range=(1, 2),
            min_df=3,
            max_features=100_000,
            sublinear_tf=True,
            dtype=np.float32,
            token_pattern=r"\S+",
        )
        self.binary: dict[str, LogisticRegression] = {}
        self.sentiment: list[LogisticRegression] = []
        """One against the rest, in the order of `SENTIMENTS`."""
        self.seed = seed
        self.rows_digest = ""

    def features(self, texts: list[str], *, fit: bool = False) -> sparse.csr_matrix:
        """(n, features) of the normalised texts."""
        lines = [normalise(text[:4_000]).text for text in texts]
        parts = [(v.fit_transform if fit else v.transform)(lines) for v in (self.characters, self.words)]
        return sparse.hstack(parts, format="csr")

    def fit(self, rows: list[Example]) -> None:
        """Learn from the `train` examples."""
        self.rows_digest = rows_digest(rows)
        targets, x = targets_of(rows), self.features([r.text for r in rows], fit=True)
        weight = np.array([r.weight * r.share for r in rows])

        def learn(labels: np.ndarray, known: np.ndarray, weights: np.ndarray | None) -> LogisticRegression:
            return self._regression().fit(x[known], labels, sample_weight=weights)

        jobs = []
        for column in range(len(BINARY)):
            known = np.flatnonzero(~np.isnan(targets.sigmoids[:, column]))
            jobs.append((targets.sigmoids[known, column].astype(int), known, weight[known]))
        known = np.flatnonzero(targets.sentiment >= 0)
        jobs += [((targets.sentiment[known] == mood).astype(int), known, None) for mood in range(len(SENTIMENTS))]
        # Threads suffice: liblinear works outside the interpreter's lock, and they share `x`.
        learnt = Parallel(n_jobs=-1, prefer="threads")(delayed(learn)(*job) for job in jobs)
        self.binary = dict(zip(BINARY, learnt, strict=False))
        self.sentiment = learnt[len(BINARY) :]

    def predict(self, texts: list[str]) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Probabilities per binary output (n,), and of sentiment (n, 3)."""
        x = self.features(texts)
        moods = np.stack([model.predict_proba(x)[:, 1] for model in self.sentiment], axis=1)
        moods /= np.maximum(moods.sum(axis=1, keepdims=True), 1e-9)
        return {n: m.predict_proba(x)[:, 1] for n, m in self.binary.items()}, moods

    def _regression(self) -> LogisticRegression:
        return LogisticRegression(C=4.0, solver="liblinear", random_state=self.seed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transcripts", type=Path, help="own labelled conversations: a JSONL file or a folder of them")
    baseline = Baseline()
    baseline.fit(examples("train", extra=parser.parse_args().transcripts))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_bytes(pickle.dumps(baseline))
    print(json.dumps({"step": "baseline", "outputs": [*baseline.binary, "sentiment"]}))


if __name__ == "__main__":
    from training import baseline  # pickled as `training.baseline.Baseline`, not as a class of `__main__`

    baseline.main()
