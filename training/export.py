"""Step 8: the fine-tuned classifier -> an fp32 ONNX graph (build/export/model.fp32.onnx) and its tokenizer.

The exported graph is checked against torch on texts of different lengths before it is written.
Run: `python -m training.export` (make export)
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from transformers import AutoConfig, AutoModel, AutoTokenizer, PreTrainedTokenizerFast

from service.scoring.artefact import TOKENIZER

from .arguments import WEIGHTS
from .batches import encode, pad
from .finetune import OUT as FINETUNED
from .model import Classifier, Exported
from .paths import BUILD

OUT = BUILD / "export"
FP32 = OUT / "model.fp32.onnx"
TORCH_TOLERANCE = 2e-3
"""Largest logit difference between torch and ONNX in fp32: rounding of a few thousand additions."""
PROBES = (
    "ok",
    "Tôi gọi 5 lần rồi mà không ai giải quyết",
    "Jestli mi to nevrátíte, dávám to právníkovi a na ČOI, tohle už je potřetí a já na to nemám nervy",
)


def load_finetuned(folder: Path = FINETUNED) -> tuple[Classifier, PreTrainedTokenizerFast]:
    """The classifier and tokenizer that `training.finetune` wrote."""
    # Attention in its plain form: the fused operator has no ONNX counterpart in every opset.
    encoder = AutoModel.from_config(AutoConfig.from_pretrained(folder), attn_implementation="eager")
    model = Classifier(encoder)
    model.load_state_dict(torch.load(folder / WEIGHTS, weights_only=True))
    return model.eval(), AutoTokenizer.from_pretrained(folder)


def export(model: Classifier, path: Path) -> None:
    """Write the graph with dynamic batch and length."""
    path.parent.mkdir(parents=True, exist_ok=True)
    batch, length = torch.export.Dim("batch", min=1, max=512), torch.export.Dim("length", min=2, max=512)
    example = (torch.ones((2, 7), dtype=torch.int64), torch.ones((2, 7), dtype=torch.int64))
    program = torch.onnx.export(
        Exported(model).eval(),
        example,
        dynamo=True,
        dynamic_shapes=({0: batch, 1: length}, {0: batch, 1: length}),
        input_names=["input_ids", "attention_mask"],
        output_names=["logits", "contributions"],
        opset_version=20,
        optimize=True,
    )
    assert program is not None
    program.save(str(path), external_data=False)
    onnx.save(without_traces(onnx.load(str(path))), str(path))


def without_traces(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph without the exporter's notes: stack traces with file paths of the machine that trained it."""
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.initializer, *graph.value_info, *graph.input, *graph.output):
        del part.metadata_props[:]
        part.doc_string = ""
    return model


def worst_difference(model: Classifier, tokenizer: PreTrainedTokenizerFast, path: Path) -> float:
    """Largest absolute logit difference between torch and the exported graph over the probes."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = 0.0
    for text in PROBES:
        ids, mask = pad(encode(tokenizer, [text]), 0)
        with torch.no_grad():
            expected = model(ids, mask).logits.numpy()
        found = session.run(["logits"], {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})[0]
        worst = max(worst, float(np.abs(expected - found).max()))
    return worst


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    model, tokenizer = load_finetuned()
    export(model, FP32)
    worst = worst_difference(model, tokenizer, FP32)
    if worst > TORCH_TOLERANCE:
        raise SystemExit(f"export: logits differ from torch by {worst:.2e}, allowed {TORCH_TOLERANCE}")
    shutil.copy(FINETUNED / TOKENIZER, OUT / TOKENIZER)
    megabytes = round(FP32.stat().st_size / 1e6, 1)
    print(json.dumps({"step": "export", "megabytes": megabytes, "worst_logit_difference": worst}))


if __name__ == "__main__":
    main()
