"""A released artefact -> the weights that fine-tuning goes on from (build/restored/).

Git keeps the int8 graph only. Its weights, scaled back, are those of training up to the rounding to
7 bits, which a few hundred steps make good: whoever retrains with more transcripts starts from the
released model in minutes instead of from the bare encoder.
Run: `python -m training.restore [--from models/2026.11.8]`, then `python -m training.finetune --carry-over build/restored` (make restore)
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from transformers import AutoConfig, AutoModel, AutoTokenizer

from service.scoring.artefact import MANIFEST, MODEL, TOKENIZER, hash_file, read_json

from .arguments import checkpoint, release
from .export import worst_difference
from .finetune import save
from .model import Classifier
from .paths import BUILD, ENCODER, MODELS
from .smoothing import CHANNEL_SCALES, COLUMN_SCALES

OUT = BUILD / "restored"
PREFIX = "classifier."
TOLERANCE = 0.5
"""Largest logit difference to the artefact over the probes: its activations are rounded too. A wrong weight makes tens."""
UNUSED = ("encoder.pooler", "deep_share")
"""Not in the graph: BERT's pooler is never called, and the share of the branches is a constant."""


class RestoreError(ValueError):
    """The graph holds no weights that fit this architecture."""


def restored_weights(path: Path, shapes: dict[str, tuple[int, ...]]) -> dict[str, torch.Tensor]:
    """Weights by name of those parameters of `shapes` that the int8 graph at `path` holds; raises RestoreError."""
    graph = onnx.load(str(path)).graph
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    found = {name: _scaled(tensors, PREFIX + name) for name in shapes}
    for name, values in _products(graph, tensors):
        found[name] = values
    weights = {name: torch.from_numpy(np.array(values)) for name, values in found.items() if values is not None}
    wrong = [name for name, values in weights.items() if name not in shapes or tuple(values.shape) != shapes[name]]
    if wrong:
        raise RestoreError(
            f"{path}: does not fit the encoder's configuration at {', '.join(sorted(wrong)[:3])}; "
            "--encoder names the folder that it was fine-tuned from (models/encoder of its day)"
        )
    return weights


def _scaled(tensors: dict[str, np.ndarray], name: str) -> np.ndarray | None:
    """A tensor in fp32, also from its integers; None where there is neither."""
    if name in tensors:
        return tensors[name]
    integers = tensors.get(f"{name}_quantized")
    if integers is None:
        return None
    zero = tensors.get(f"{name}_zero_point", np.zeros((), integers.dtype)).astype(np.float32)
    values = (integers.astype(np.float32) - zero) * tensors[f"{name}_scale"]
    columns, channels = tensors.get(name + COLUMN_SCALES), tensors.get(name + CHANNEL_SCALES)
    values = values if columns is None else values * columns
    return values if channels is None else values * channels[:, None]


def _products(graph: onnx.GraphProto, tensors: dict[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """(parameter, weight) of every matrix product: the exporter renames its weight, but not the bias added after it."""
    makers = {output: node for node in graph.node for output in node.output}
    for node in graph.node:
        bias = next((name for name in node.input if name in tensors and name.endswith(".bias")), None)
        if node.op_type != "Add" or bias is None:
            continue
        weight = _weight_before(node, makers, tensors)
        if weight is not None:
            yield bias.removeprefix(PREFIX).removesuffix(".bias") + ".weight", weight.T


def _weight_before(
    node: onnx.NodeProto, makers: dict[str, onnx.NodeProto], tensors: dict[str, np.ndarray]
) -> np.ndarray | None:
    """The weight of the product that this sum follows, through the nodes that scale it."""
    ahead = [node]
    while ahead:
        at = ahead.pop()
        if at.op_type in ("MatMul", "MatMulInteger"):
            return _scaled(tensors, at.input[1].removesuffix("_quantized"))
        if at is node or at.op_type in ("Mul", "Cast"):
            ahead += [makers[name] for name in at.input if name in makers]
    return None


def restore(artefact: Path, encoder: Path) -> Classifier:
    """The classifier of an artefact; `encoder` has its base's configuration. Raises RestoreError."""
    config = AutoConfig.from_pretrained(encoder)
    model = Classifier(AutoModel.from_config(config, attn_implementation="eager", dtype=torch.float32))
    state = model.state_dict()
    weights = restored_weights(artefact / MODEL, {name: tuple(values.shape) for name, values in state.items()})
    missing = [name for name in state if name not in weights and not name.startswith(UNUSED)]
    if missing:
        raise RestoreError(f"{artefact / MODEL}: no weight for {', '.join(missing[:3])}")
    model.load_state_dict({**state, **weights})
    return model.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--from", dest="artefact", type=release, default=str(MODELS), help="an artefact, or a folder of them"
    )
    parser.add_argument(
        "--encoder", type=checkpoint, default=str(ENCODER), help="what the artefact's fine-tuning started from"
    )
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    artefact = args.artefact
    if hash_file(artefact / TOKENIZER) != hash_file(args.encoder / TOKENIZER):
        raise SystemExit(f"restore: {artefact} has another tokenizer than {args.encoder}")
    try:
        model = restore(artefact, args.encoder)
    except RestoreError as error:
        raise SystemExit(f"restore: {error}") from None
    tokenizer = AutoTokenizer.from_pretrained(args.encoder)
    worst = worst_difference(model, tokenizer, artefact / MODEL)
    if worst > TOLERANCE:
        raise SystemExit(f"restore: logits differ from the artefact by {worst:.2f}, allowed {TOLERANCE}")
    facts = read_json(artefact / MANIFEST).get("finetuning")
    about = facts if isinstance(facts, dict) else {}
    save(model, tokenizer, str(args.encoder), {**about, "release": artefact.name}, args.out)
    print(json.dumps({"step": "restore", "from": artefact.name, "worst_logit_difference": round(worst, 4)}))


if __name__ == "__main__":
    main()
