"""Step 6, a part: an earlier fine-tuning -> the start of a new one on a further pretrained encoder.

What fine-tuning changed in the old encoder is added to the new one, and the heads are taken over
(Ilharco et al. 2023 call the difference a task vector). That keeps hours of fine-tuning when only
the pretraining went on. Over an encoder of another shape only what does not depend on it can go on: the
wide branch, which remembers wordings. The tokenizer must be the same.
"""

import json
from collections.abc import Collection
from pathlib import Path

import torch
from transformers import AutoModel

from service.scoring.artefact import TOKENIZER, hash_file

from .arguments import FACTS
from .model import Classifier

PREFIX, WIDE = "encoder.", ("wide.", "bias")
"""Of the encoder's weights; of the wide branch's, whose sum the bias belongs to."""


def carry_over(model: Classifier, finetuned: Path, before: Path, base: Path) -> str:
    """Change `model` (heads over the encoder of `base`) in place; `finetuned` was fine-tuned from `before`. Returns what went over."""
    if len({hash_file(folder / TOKENIZER) for folder in (finetuned, before, base)}) != 1:
        raise SystemExit("finetune: the carried-over classifier has another tokenizer")
    tuned = torch.load(finetuned / "classifier.pt", weights_only=True)
    state = model.state_dict()
    if _encoder_shapes(tuned) != _encoder_shapes(state):
        model.load_state_dict(state | {name: value for name, value in tuned.items() if name.startswith(WIDE)})
        return "wide branch"
    _require_beginning(finetuned, before)
    start = AutoModel.from_pretrained(before, dtype=torch.float32).state_dict()
    for name, value in tuned.items():
        if not name.startswith(PREFIX):
            state[name] = value
        elif "pooler" not in name:
            state[name] = state[name] + value - start[name.removeprefix(PREFIX)]
    model.load_state_dict(state)
    return "everything"


def pretraining_of(base: Path) -> dict[str, object]:
    """How our own encoder came about; empty for a checkpoint from elsewhere."""
    return facts_of(base / "pretraining.json")


def facts_of(path: Path, keys: Collection[str] = ()) -> dict[str, object]:
    """What a step wrote about itself, of it `keys` where some are named; empty where it wrote nothing."""
    facts = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {key: facts[key] for key in keys if key in facts} if keys else facts


def _require_beginning(finetuned: Path, before: Path) -> None:
    """Only from the encoder that it began with is the difference what fine-tuning changed; both records name it."""
    there = pretraining_of(before)
    if facts_of(finetuned / FACTS).get("pretraining", there) != there:
        raise SystemExit(f"finetune: {finetuned} did not begin with the encoder {before}; name it with --carried-from")


def _encoder_shapes(weights: dict[str, torch.Tensor]) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in weights.items() if name.startswith(PREFIX) and "pooler" not in name}
