"""Held-back conversations -> does the warning come, how early, and how often for nothing; beside plain thresholds.

The shipped policy and model walk through the test split of our own conversations (without single turns) and the dev
part of github_incivility, turn by turn. What "escalates" means is in `training/escalation.py`, what is counted in
`alerting.py`. Rivals are a threshold on the last turn's highest score and the same with wait-one-turn deferral, at
the policy's false-positive rate and at the budget of calm conversations; their thresholds are chosen on the measured
set itself, to their advantage. Rules and thresholds were chosen on dev (`--split dev` prints it and records nothing).
Run: `python -m benchmarks.early_warning`
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.alerting import Watched, beside_rivals, counts, policy_alone
from benchmarks.bootstrap import auc, interval
from benchmarks.record import record
from benchmarks.results import write_results
from service.engine import Engine, Step
from service.flow import WITHIN_TURNS, Score
from service.labels import LANGUAGES
from service.risk.alerts import ALERTING
from service.risk.decide import load_policy
from service.scoring.onnx import load_scorer
from training.escalation import THREADS, Story, own_stories, thread_stories
from training.metrics import calibration_error
from training.walk import remembered, walk

WHOLE = ("own", THREADS)
"""Sets that are large enough to stand beside rivals; single languages are not."""


def watch(story: Story, engine: Engine) -> Watched:
    """Walk through one story."""
    steps = list(walk(story, engine))
    return Watched(
        story=story,
        alerted=tuple(step.assessment.recommendation.action in ALERTING for step in steps),
        forecast=tuple(step.state.forecast or 0.0 for step in steps),
        last=tuple(_highest(step) for step in steps),
        phrases=tuple(phrase.language for step in steps for phrase in step.assessment.recommendation.phrases),
    )


def _highest(step: Step) -> float:
    score: Score | None = step.assessment.score
    return 0.0 if score is None or score.status != "scored" else max(*score.scores.values(), score.asks_human)


def forecast_rows(watched: Sequence[Watched], *, strictly: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, forecasts and conversations of the turns up to the escalating one, or before it (`strictly`)."""
    rows = [
        (end is not None and end - at <= WITHIN_TURNS, p, number)
        for number, w in enumerate(watched)
        if w.story.kind != "passed_on"
        for end in (w.story.escalates_at,)
        for at, p in enumerate(w.forecast[: None if end is None else end + (not strictly)])
    ]
    labels, forecasts, numbers = (np.array(column) for column in zip(*rows, strict=True))
    return labels.astype(int), forecasts, numbers


def brier(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Mean squared error (Brier 1950)."""
    return float(((labels - probabilities) ** 2).mean())


def forecast_quality(watched: Sequence[Watched]) -> dict[str, object]:
    """AUC, Brier score and calibration error with intervals over conversations; beside the score of always saying the base rate."""
    found: dict[str, object] = {}
    for name, strictly in (("now_or_later", False), ("strictly_later", True)):
        labels, p, story = forecast_rows(watched, strictly=strictly)
        metrics = {"auc": auc, "brier": brier, "calibration_error": calibration_error}
        found[name] = {
            "turns": len(labels),
            "positive": int(labels.sum()),
            **{metric: interval(f, labels, p, groups=story).as_json() for metric, f in metrics.items()},
            "brier_of_base_rate": round(brier(labels, np.full(len(labels), labels.mean())), 4),
        }
    return found


def sets_of(stories: Iterable[Story], split: str) -> dict[str, list[Story]]:
    """The measured sets: our own of `split` per language and together, and the threads' dev part."""
    own = [s for s in stories if s.split == split]
    threads = [s for s in thread_stories() if s.split == "dev"]
    sets = {f"own {split} {language}": [s for s in own if s.language == language] for language in LANGUAGES}
    sets |= {f"{WHOLE[0]} {split}": own, f"{WHOLE[1]} dev": threads}
    return {name: found for name, found in sets.items() if found}


def measure_sets(sets: dict[str, list[Story]], engine: Engine) -> dict[str, object]:
    """Per set: how many of each kind, the ways to alert, and the forecast itself where there are turns enough."""
    seen = {s.id: watch(s, engine) for stories in sets.values() for s in stories}
    found: dict[str, object] = {}
    for name, stories in sets.items():
        watched = [seen[s.id] for s in stories]
        found[name] = {
            "conversations": counts(watched),
            "alerts": beside_rivals(watched) if name.rsplit(" ", 1)[0] in WHOLE else policy_alone(watched),
            "forecast": forecast_quality(watched),
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model-dir", type=Path, default=Path("models"))
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    args = parser.parse_args()
    scorer = remembered(load_scorer(args.model_dir))
    engine = Engine(scorer, load_policy())
    sets = sets_of(own_stories(), args.split)
    scorer.remember(story for stories in sets.values() for story in stories)
    measured = measure_sets(sets, engine)
    if args.split == "dev":
        print(json.dumps(measured))
        return
    record("early_warning", {"model": scorer.model.version, "policy": engine.policy.version, "sets": measured})
    write_results()


if __name__ == "__main__":
    main()
