"""The served artefact -> milliseconds per turn, one thread, by length; everything but HTTP.

Prints p50 and p95 of whole scores (normalise to evidence) and of the model alone.
Run: `make benchmark`
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.record import record
from service.scoring.normalise import normalise
from service.scoring.onnx import load_scorer
from service.scoring.tokenise import TurnTokenizer

TURN = "Tôi gọi 5 lần rồi mà không ai giải quyết, các anh làm ăn kiểu gì vậy? "


def timed(function: Callable[[], object], repeats: int) -> dict[str, float]:
    """Milliseconds: p50 and p95 of `repeats` calls after ten to warm up."""
    for _ in range(10):
        function()
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        function()
        taken.append((time.perf_counter() - began) * 1e3)
    return {"p50_ms": round(float(np.percentile(taken, 50)), 3), "p95_ms": round(float(np.percentile(taken, 95)), 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model-dir", type=Path, default=Path("models"))
    parser.add_argument("--repeats", type=int, default=300)
    args = parser.parse_args()
    scorer = load_scorer(args.model_dir, threads=1)
    tokenizer: TurnTokenizer = scorer._tokenizer
    measured: dict[str, object] = {"model": scorer.model.version, "precision": scorer.model.precision}
    for times in (1, 2, 6):
        text = TURN * times
        window = tokenizer.tokenise(normalise(text)).windows[0]
        measured[f"{window.ids.shape[1]}_tokens"] = {
            "score": timed(lambda text=text: scorer.score([text]), args.repeats),
            "model_alone": timed(lambda window=window: scorer._model.infer(window), args.repeats),
        }
    record("latency", measured)


if __name__ == "__main__":
    main()
