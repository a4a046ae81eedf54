"""One fp32 graph, quantised in several ways -> size, speed and what each costs, so that the choice can be seen.

AUC is that of raw logits on the own test turns (calibration keeps the order); the worst change is over
all languages and signals. Needs the build's fp32 graph (`make finetune export`). Run: `python -m benchmarks.quantisation`
"""

import argparse
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import QuantType
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from sklearn.metrics import roc_auc_score

from benchmarks.latency import REST, TURN, timed
from benchmarks.record import record
from benchmarks.results import write_results
from service.labels import BINARY, LANGUAGES
from service.scoring.artefact import TOKENIZER, hash_file
from service.scoring.normalise import normalise
from training.batches import MAX_TOKENS
from training.evaluate import own_sets
from training.examples import targets_of
from training.export import FP32, OUT
from training.metrics import FEWEST
from training.predict import Graph, open_graph, predict
from training.quantise import quantise, shown_inputs


def four_bits(source: Path, target: Path) -> None:
    """Weights of the products alone, in blocks of 32 with a scale each; activations stay in fp32."""
    quantiser = MatMulNBitsQuantizer(onnx.load(str(source)), bits=4, block_size=32, is_symmetric=True)
    quantiser.process()
    quantiser.model.save_model_to_file(str(target))


def variants() -> dict[str, Callable[[Path, Path], None]]:
    """What is compared, by the name that the table shows."""
    shown = shown_inputs()
    return {
        "int8, 7-bit weights per channel, heads fp32, outliers moved (shipped)": partial(quantise, shown=shown),
        "the same, outliers left where they are": partial(quantise, shown=[]),
        "the same, heads quantised too": partial(quantise, shown=shown, keep_heads=False),
        "the same, per tensor": partial(quantise, shown=shown, per_channel=False),
        "int8, 8-bit weights (saturates without VNNI)": partial(quantise, shown=shown, seven_bits=False),
        "u8 weights, 8 bits (U8U8)": partial(quantise, shown=shown, seven_bits=False, weights=QuantType.QUInt8),
        "4-bit weights of the products alone": four_bits,
    }


Aucs = dict[tuple[str, str], float]


def aucs(graph: Graph) -> Aucs:
    """AUC per language and signal on the own test turns."""
    found: Aucs = {}
    sets = own_sets()
    for language in LANGUAGES:
        rows = sets[f"own_test.{language}"]
        labels, logits = targets_of(rows).sigmoids, predict(graph, rows)
        for column, signal in enumerate(BINARY):
            known = ~np.isnan(labels[:, column])
            y = labels[known, column]
            if min(y.sum(), len(y) - y.sum()) >= FEWEST:
                found[language, signal] = float(roc_auc_score(y, logits[known, column]))
    return found


def measure(path: Path, whole: Aucs | None) -> tuple[dict[str, float], Aucs]:
    """Megabytes, milliseconds of one turn on one thread, mean AUC and the worst change against `whole`."""
    graph = open_graph(path, OUT / TOKENIZER, MAX_TOKENS)
    window = graph.tokenizer.tokenise(normalise(TURN + REST)).windows[0]
    found = aucs(graph)
    facts = {
        "tokens": window.ids.shape[1],
        "megabytes": round(path.stat().st_size / 1e6, 1),
        "p50_ms": timed(lambda: graph.model.transformer.infer(window), 200)["p50_ms"],
        "auc": round(float(np.mean(list(found.values()))), 4),
    }
    if whole is not None:
        facts["worst_change"] = round(min(found[key] - whole[key] for key in whole), 4)
    return facts, found


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    fp32, whole = measure(FP32, None)
    digest = hash_file(FP32)[:16]
    measured: dict[str, object] = {"model": f"build {digest}", "fp32": fp32}
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, build) in enumerate(variants().items()):
            path = Path(folder) / f"{number}.onnx"
            build(FP32, path)
            measured[name], _ = measure(path, whole)
    record("quantisation", measured)
    write_results()


if __name__ == "__main__":
    main()
