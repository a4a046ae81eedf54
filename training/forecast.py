"""Stories -> service/risk/forecast.json: the forecast's weights, fitted and calibrated.

One row per customer turn up to the escalating one; positive when the conversation escalates at this turn or within
the next `WITHIN_TURNS`. Logistic regression with a ridge and the signs that `service/risk/forecast.py` demands. Which
rows to learn from (the classifier has learnt the train texts, so its scores there are too good) and how strong the
ridge is are chosen by log loss on our dev conversations, cross-validated by conversation; a slope and an offset are
then fitted to the held-out sums. Never reads test. Run: `python -m training.forecast` (make forecast)
"""

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.metrics import log_loss, roc_auc_score

from service.engine import Engine
from service.flow import WITHIN_TURNS
from service.risk.decide import load_policy
from service.risk.forecast import FEATURES, FORMAT, FREE, LOWERING, features
from service.risk.reply_model import load_reply_model
from service.scoring.onnx import load_scorer

from .escalation import THREADS, Story, own_stories, thread_stories
from .paths import MODELS, ROOT, TRANSCRIPTS
from .replies import SHIPPED as REPLY_MODEL
from .replies import held_out_judgements, replies
from .sources import catalogue
from .walk import RememberedReplies, remembered, walk

SHIPPED = ROOT / "service" / "risk" / "forecast.json"
RIDGES = (30.0, 100.0, 300.0, 1000.0, 3000.0)
FOLDS = 10


@dataclass(frozen=True, slots=True)
class Rows:
    """Features (n, f), labels and the number of each row's conversation (n,)."""

    x: np.ndarray
    y: np.ndarray
    story: np.ndarray

    def only(self, keep: np.ndarray) -> "Rows":
        """The rows where `keep` holds."""
        return Rows(self.x[keep], self.y[keep], self.story[keep])

    def __add__(self, other: "Rows") -> "Rows":
        # Conversations keep numbers of their own.
        story = np.concatenate([self.story, other.story + self.story.max(initial=-1) + 1])
        return Rows(np.vstack([self.x, other.x]), np.concatenate([self.y, other.y]), story)


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights (f,) on the features as they are, and the intercept."""

    weights: np.ndarray
    intercept: float

    def logits(self, x: np.ndarray) -> np.ndarray:
        """Uncalibrated sums (n,)."""
        return x @ self.weights + self.intercept


def rows_of(stories: Sequence[Story], engine: Engine) -> Rows:
    """One row per customer turn at which a forecast means something: scored, and not after the escalation."""
    x: list[tuple[float, ...]] = []
    y: list[bool] = []
    number: list[int] = []
    for index, story in enumerate(stories):
        end = story.escalates_at
        if story.kind == "passed_on":
            continue
        for at, step in enumerate(walk(story, engine)):
            if end is not None and at > end:
                break
            if step.state.forecast is not None:
                x.append(features(step.state))
                y.append(end is not None and end - at <= WITHIN_TURNS)
                number.append(index)
    return Rows(np.array(x).reshape(-1, len(FEATURES)), np.array(y, dtype=int), np.array(number, dtype=int))


def fit(rows: Rows, ridge: float) -> Fit:
    """Minimise log loss + ridge on standardised features, the signs of the weights bounded."""
    mean, spread = rows.x.mean(axis=0), rows.x.std(axis=0) + 1e-9
    x, sign = (rows.x - mean) / spread, 2.0 * rows.y - 1.0

    def loss(t: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (x @ t[1:] + t[0])
        pull = -sign * expit(-margin)
        value = np.logaddexp(0.0, -margin).sum() + 0.5 * ridge * (t[1:] ** 2).sum()
        return float(value), np.concatenate([[pull.sum()], x.T @ pull + ridge * t[1:]])

    bounds = [(None, None), *(_bounds(name) for name in FEATURES)]
    found = minimize(loss, np.zeros(len(FEATURES) + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    weights = found.x[1:] / spread
    return Fit(weights, float(found.x[0] - weights @ mean))


def _bounds(name: str) -> tuple[float | None, float | None]:
    return (None, None) if name in FREE else (None, 0.0) if name in LOWERING else (0.0, None)


def calibrate(logits: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Slope and offset with the least log loss (Platt 1999)."""

    def loss(line: np.ndarray) -> float:
        return float(np.logaddexp(0.0, -(2.0 * y - 1.0) * (line[0] * logits + line[1])).mean())

    slope, offset = minimize(loss, np.array([1.0, 0.0]), bounds=[(0.05, 5.0), (None, None)]).x
    return float(slope), float(offset)


def held_out(learn: Rows | None, dev: Rows, ridge: float, *, with_dev: bool) -> np.ndarray:
    """Logits of the dev rows, each from a fit that did not see its conversation."""
    if not with_dev:
        assert learn is not None
        return fit(learn, ridge).logits(dev.x)
    logits = np.empty(len(dev.y))
    for fold in range(FOLDS):
        out = dev.story % FOLDS == fold
        inside = dev.only(~out)
        logits[out] = fit(inside if learn is None else learn + inside, ridge).logits(dev.x[out])
    return logits


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to fit, and what it is worth on dev."""

    name: str
    learn: Rows | None
    with_dev: bool
    ridge: float
    logits: np.ndarray

    def measure(self, dev: Rows) -> dict[str, object]:
        """Log loss and AUC on dev, calibrated crosswise."""
        p = np.empty(len(dev.y))
        for fold in range(FOLDS):
            out = dev.story % FOLDS == fold
            slope, offset = calibrate(self.logits[~out], dev.y[~out])
            p[out] = expit(slope * self.logits[out] + offset)
        return {
            "learnt_from": self.name,
            "ridge": self.ridge,
            "log_loss": round(float(log_loss(dev.y, p)), 4),
            "auc": round(float(roc_auc_score(dev.y, p)), 4),
        }


def choices(train: Rows, threads: Rows, dev: Rows) -> list[Choice]:
    """Every set of rows with every ridge; sets that are empty here are left out."""
    sets: list[tuple[str, Rows | None, bool]] = [("dev", None, True)]
    if len(train.y):
        sets += [("train", train, False), ("train and dev", train, True)]
    if len(train.y) and len(threads.y):
        sets += [("train and threads", train + threads, False), ("train, threads and dev", train + threads, True)]
    return [
        Choice(name, learn, with_dev, ridge, held_out(learn, dev, ridge, with_dev=with_dev))
        for name, learn, with_dev in sets
        for ridge in RIDGES
    ]


def best_of_each(compared: list[dict[str, object]]) -> list[dict[str, object]]:
    """Of measurements sorted by log loss, the first for every set of rows."""
    firsts: dict[str, dict[str, object]] = {}
    for measured in compared:
        firsts.setdefault(str(measured["learnt_from"]), measured)
    return list(firsts.values())


def digests() -> dict[str, str]:
    """What was read: sha256 of the transcript files, of the model of the replies and of the public set."""
    found = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(TRANSCRIPTS.glob("*.jsonl"))}
    found["replies.npz"] = hashlib.sha256(REPLY_MODEL.read_bytes()).hexdigest()
    source = next(s for s in catalogue() if s.name == THREADS)
    return found | ({THREADS: source.sha256} if source.path.exists() else {})


def document(best: Choice, dev: Rows, compared: list[dict[str, object]], model: dict[str, str]) -> dict[str, object]:
    """The content of forecast.json."""
    learn = dev if best.learn is None else best.learn + dev if best.with_dev else best.learn
    final, (slope, offset) = fit(learn, best.ridge), calibrate(best.logits, dev.y)
    return {
        "format": FORMAT,
        "within_turns": WITHIN_TURNS,
        "weights": {name: round(float(w), 6) + 0.0 for name, w in zip(FEATURES, final.weights, strict=True)},
        "intercept": round(final.intercept, 6),
        "usual": {name: round(float(m), 6) for name, m in zip(FEATURES, learn.x.mean(axis=0), strict=True)},
        "calibration": {"slope": round(slope, 6), "offset": round(offset, 6)},
        "model": model,
        "fitted_on": {
            "learnt_from": best.name,
            "ridge": best.ridge,
            "turns": len(learn.y),
            "positive": int(learn.y.sum()),
            "dev_turns": len(dev.y),
            "dev_positive": int(dev.y.sum()),
            "sha256": digests(),
        },
        "compared_on_dev": compared,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    args = parser.parse_args()
    scorer = remembered(load_scorer(MODELS))
    engine = Engine(scorer, load_policy(), RememberedReplies(held_out_judgements(list(replies())), load_reply_model()))
    own, threads = list(own_stories()), [s for s in thread_stories() if s.split == "train"]
    learnt = [s for s in own if s.split in ("train", "dev")]
    scorer.remember(learnt + threads)
    train, dev = (rows_of([s for s in learnt if s.split == split], engine) for split in ("train", "dev"))
    if min(dev.y.sum(), len(dev.y) - dev.y.sum()) < FOLDS:
        raise SystemExit(f"forecast: {len(dev.y)} dev turns, {dev.y.sum()} of them positive, are too few to choose by")
    tried = choices(train, rows_of(threads, engine), dev)
    compared = sorted((choice.measure(dev) for choice in tried), key=lambda m: float(str(m["log_loss"])))
    best = next(c for c in tried if (c.name, c.ridge) == (compared[0]["learnt_from"], compared[0]["ridge"]))
    model = {"version": scorer.model.version, "digest": scorer.model.digest}
    result = document(best, dev, best_of_each(compared), model)
    args.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({"step": "forecast", **compared[0], "turns": len(dev.y)}))


if __name__ == "__main__":
    main()
