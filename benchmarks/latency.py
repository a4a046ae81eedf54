"""The served artefact -> milliseconds per turn, one thread, by length; everything but HTTP.

Prints p50 and p95 of whole scores (normalise to evidence) and of the model alone. `--beside-xlmr` times
a graph of XLM-R-base's shape on the same lengths in the same run (needs the extra [train]).
Run: `make benchmark`
"""

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime

from benchmarks.record import record
from service.scoring.normalise import normalise
from service.scoring.onnx import load_scorer

TURN = "Tôi gọi 5 lần rồi mà không ai giải quyết, các anh làm ăn kiểu gì vậy? "
REST = "Chuyển máy cho quản lý giúp tôi ngay đi nhé."


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


def xlmr_base_times(lengths: Sequence[int], repeats: int, folder: Path) -> dict[int, dict[str, float]]:
    """Model-alone milliseconds by token count for XLM-R-base in fp32, one thread.

    Weights are random, since time does not depend on them, and the vocabulary is cut to a thousand:
    looking up a row costs the same in any table.
    """
    import torch  # the runtime never needs it
    from transformers import XLMRobertaConfig, XLMRobertaModel

    config = XLMRobertaConfig(vocab_size=1_000, max_position_embeddings=514, attn_implementation="eager")
    model, path = XLMRobertaModel(config, add_pooling_layer=False).eval(), folder / "xlmr-base.onnx"
    example = (torch.ones((1, 8), dtype=torch.int64), torch.ones((1, 8), dtype=torch.int64))
    length = torch.export.Dim("length", min=2, max=512)
    program = torch.onnx.export(
        model, example, dynamo=True, input_names=["input_ids", "attention_mask"], opset_version=20,
        dynamic_shapes=({1: length}, {1: length}), optimize=True,
    )  # fmt: skip
    assert program is not None
    program.save(str(path), external_data=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    feeds = {n: {"input_ids": np.full((1, n), 7), "attention_mask": np.ones((1, n), dtype=np.int64)} for n in lengths}
    return {n: timed(lambda feed=feed: session.run(None, feed), repeats) for n, feed in feeds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model-dir", type=Path, default=Path("models"))
    parser.add_argument("--repeats", type=int, default=300)
    parser.add_argument("--beside-xlmr", action="store_true", help="time XLM-R-base in fp32 in the same run")
    args = parser.parse_args()
    scorer = load_scorer(args.model_dir, threads=1)
    tokenizer = scorer.text_model.tokenizer
    measured: dict[str, object] = {"model": scorer.model.version, "precision": scorer.model.precision}
    windows = {text: tokenizer.tokenise(normalise(text)).windows[0] for text in (TURN, TURN + REST, TURN * 2, TURN * 6)}
    for text, window in windows.items():
        measured[f"{window.ids.shape[1]}_tokens"] = {
            "score": timed(lambda text=text: scorer.score([text]), args.repeats),
            "model_alone": timed(lambda window=window: scorer.text_model.transformer.infer(window), args.repeats),
        }
    if args.beside_xlmr:
        with TemporaryDirectory() as folder:
            lengths = [window.ids.shape[1] for window in windows.values()]
            for length, theirs in xlmr_base_times(lengths, max(args.repeats // 10, 10), Path(folder)).items():
                entry = measured[f"{length}_tokens"]
                assert isinstance(entry, dict)
                entry["xlmr_base_fp32"] = theirs
                entry["times_faster"] = round(theirs["p50_ms"] / entry["model_alone"]["p50_ms"], 1)
    record("latency", measured)


if __name__ == "__main__":
    main()
