"""Step 6, a part: an earlier fine-tuning -> the start of a new one on a further pretrained encoder.

What fine-tuning changed in the old encoder is added to the new one, and the heads are taken over
(Ilharco et al. 2023 call the difference a task vector). That keeps hours of fine-tuning when only
the pretraining went on; both encoders must have the same shape and tokenizer.
"""

from pathlib import Path

import torch
from transformers import AutoModel

from service.scoring.artefact import TOKENIZER, hash_file

from .model import Classifier

PREFIX = "encoder."


def carry_over(model: Classifier, finetuned: Path, before: Path, base: Path) -> None:
    """Change `model` (heads over the encoder of `base`) in place; `finetuned` was fine-tuned from `before`."""
    if len({hash_file(folder / TOKENIZER) for folder in (finetuned, before, base)}) != 1:
        raise SystemExit("finetune: the carried-over classifier has another tokenizer")
    tuned = torch.load(finetuned / "classifier.pt", weights_only=True)
    start = AutoModel.from_pretrained(before, dtype=torch.float32).state_dict()
    state = model.state_dict()
    for name, value in tuned.items():
        if not name.startswith(PREFIX):
            state[name] = value
        elif "pooler" not in name:
            state[name] = state[name] + value - start[name.removeprefix(PREFIX)]
    model.load_state_dict(state)
