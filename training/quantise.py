"""Step 9: the fp32 graph -> an int8 graph that answers alike on every CPU (build/export/model.int8.onnx).

Dynamic quantisation of the matrix products and tables. Weights keep 7 bits (`reduce_range`): with 8,
the u8 x s8 products of CPUs without VNNI saturate their 16-bit sums and answers differ (ONNX Runtime
issues 5849, 6004, 9599, 14642); with 7, 2 * 255 * 64 < 2**15 and they cannot.
What would spoil the scales of tables and activations is moved out of the way before (`smoothing.py`).
Run: `python -m training.quantise` (make quantise)
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from service.labels import COLUMNS
from service.scoring.artefact import NGRAMS

from .batches import encode
from .dataset import OWN, examples
from .export import FP32, OUT, load_finetuned
from .smoothing import Inputs, scale_columns, smooth_channels

INT8 = OUT / "model.int8.onnx"
SHOWN = 1_000
"""Own training turns that show which channels stand out."""


def quantise(
    source: Path,
    target: Path,
    shown: Sequence[Inputs],
    *,
    per_channel: bool = True,
    seven_bits: bool = True,
    weights: QuantType = QuantType.QInt8,
    keep_heads: bool = True,
) -> None:
    """Shipped as the defaults say: per-channel 7-bit weights for MatMul, 8-bit tables for Gather, heads in fp32, outliers
    moved (without inputs `shown`: not). `benchmarks.quantisation` measures the others.
    """
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        if shown:
            model = onnx.load(str(prepared))
            smooth_channels(model, shown)
            scale_columns(model)
            onnx.save(model, str(prepared))
        quantize_dynamic(
            str(prepared),
            str(target),
            op_types_to_quantize=["MatMul", "Gather"],
            nodes_to_exclude=heads(prepared) if keep_heads else [],
            per_channel=per_channel,
            reduce_range=seven_bits,
            weight_type=weights,
        )


def heads(path: Path) -> list[str]:
    """The products that make the logits: 0.1 % of the work, and their rounding lands on the answer unaveraged."""
    graph = onnx.load(str(path)).graph
    last = {tensor.name for tensor in graph.initializer if list(tensor.dims)[1:] == [len(COLUMNS)]}
    return [node.name for node in graph.node if node.op_type == "MatMul" and node.input[1] in last]


def operators(path: Path) -> dict[str, int]:
    """How often each operator occurs; shows at a glance what was quantised."""
    counts: dict[str, int] = {}
    for node in onnx.load(str(path)).graph.node:
        counts[node.op_type] = counts.get(node.op_type, 0) + 1
    return counts


def shown_inputs() -> list[Inputs]:
    """What the graph is fed for some of our training turns."""
    turns = [row.text for row in examples("train") if row.source == OWN]
    ids = encode(load_finetuned()[1], turns[:: max(1, len(turns) // SHOWN)])
    return [{"input_ids": np.array([each]), "attention_mask": np.ones((1, len(each)), np.int64)} for each in ids]


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    (OUT / NGRAMS).unlink(missing_ok=True)  # its share was fitted to another graph
    quantise(FP32, INT8, shown_inputs())
    sizes = {path.name: round(path.stat().st_size / 1e6, 1) for path in (FP32, INT8)}
    print(json.dumps({"step": "quantise", "megabytes": sizes, "operators": operators(INT8)}))


if __name__ == "__main__":
    main()
