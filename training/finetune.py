"""Step 6: a pretrained encoder and labelled examples -> a fine-tuned classifier (build/finetune/).

All heads at once with a masked loss; both branches also answer alone, so that neither leans on the
other, and where people marked the abusive words, the logit must come from them. A share of the texts is perturbed the way people type, another put among calm sentences. The
budget is time; rows are drawn per epoch by their source's share. Run: `python -m training.finetune`
(make finetune), or with `--base FOLDER_OR_NAME` from any encoder checkpoint, `--transcripts FILE` with
a user's own rows; `--carry-over` starts from an earlier fine-tuning, on the same encoder or a further pretrained one (`carry_over.py`).
"""

import argparse
import json
import os
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from service.labels import LANGUAGES

from .arguments import FACTS, WEIGHTS, classifier, positive, soft_rows
from .batches import Marks, batches, pad
from .carry_over import carry_over, facts_of, pretraining_of
from .dataset import examples, held_back_keys
from .examples import Example, Targets, rows_digest, targets_of
from .marks import ABUSE, MARKS_WEIGHT, marks_loss
from .model import Classifier, masked_loss
from .paths import BUILD, ENCODER
from .soft import FACTS as SOFT_FACTS
from .soft import SOURCE as SOFT
from .soft import read as read_soft
from .sources import text_key

OUT = BUILD / "finetune"
CARRIED_FACTS = (
    "release", "languages", "pretraining", "rows", "rows_digest", "seed", "minutes", "steps", "epochs", "carried_over", "distilled", "averaged",
)  # fmt: skip
"""What a fine-tuning that is carried over leaves in the new one's record."""


def optimiser_of(model: Classifier, rate: float) -> torch.optim.Optimizer:
    """The encoder learns slowly, the new heads faster, the sparse n-gram table fastest."""
    heads = [*model.token_logits.parameters(), *model.token_weights.parameters(), model.bias]
    groups = [
        {"params": model.encoder.parameters(), "scale": 1.0, "weight_decay": 0.01},
        {"params": heads, "scale": 4.0, "weight_decay": 0.01},
        {"params": model.wide.parameters(), "scale": 30.0, "weight_decay": 0.002},
    ]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.99), fused=True)


def finetune(
    model: Classifier, rows: list[Example], tokenizer: PreTrainedTokenizerFast, args: argparse.Namespace
) -> dict[str, float]:
    """Train for `args.minutes`; returns what a log line needs."""
    targets, optimiser = targets_of(rows), optimiser_of(model, args.learning_rate)
    pad_id = int(tokenizer.pad_token_id or 0)
    model.train()
    began, smoothed, step, epochs = time.monotonic(), float("nan"), 0, 0.0
    for index, ids, marks, epochs in batches(rows, tokenizer, args.batch, args.seed):
        progress = (time.monotonic() - began) / (args.minutes * 60)
        if progress >= 1.0:
            break
        for group in optimiser.param_groups:
            group["lr"] = group["scale"] * args.learning_rate * min(progress / 0.05, (1.0 - progress) / 0.95)
        loss = _loss(model, *pad(ids, pad_id), targets.take(index), marks, args.device)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.encoder.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        step += 1
        smoothed = loss.item() if step == 1 else 0.98 * smoothed + 0.02 * loss.item()
        if step % 100 == 0:
            print(
                json.dumps(
                    {
                        "step": step,
                        "epochs": round(epochs, 3),
                        "progress": round(progress, 3),
                        "loss": round(smoothed, 4),
                    }
                ),
                flush=True,
            )
    model.eval()
    return {"minutes": args.minutes, "steps": step, "epochs": round(epochs, 2), "loss": round(smoothed, 4)}


def _loss(
    model: Classifier, ids: torch.Tensor, mask: torch.Tensor, targets: Targets, marks: Marks, device: str
) -> torch.Tensor:
    with torch.autocast(device.split(":")[0], dtype=torch.bfloat16):
        outputs = model(ids.to(device), mask.to(device))
    columns = [
        torch.from_numpy(getattr(targets, name)).to(device) for name in ("sigmoids", "sentiment", "language", "weight")
    ]
    loss = masked_loss(outputs.deep.float(), *columns) + masked_loss(outputs.wide.float(), *columns)
    marked = [row for row, of in enumerate(marks) if of is not None]
    if marked:
        padded = np.full((len(marked), ids.shape[1]), np.nan, dtype=np.float32)
        for row, source in enumerate(marked):
            values = marks[source]
            assert values is not None
            padded[row, : len(values)] = values
        parts = outputs.contributions[marked, :, ABUSE].float()
        loss = loss + MARKS_WEIGHT * marks_loss(parts, torch.from_numpy(padded).to(device))
    return loss


def save(
    model: Classifier, tokenizer: PreTrainedTokenizerFast, base: str, facts: dict[str, object], folder: Path = OUT
) -> None:
    """Weights, the base's configuration and tokenizer, and how they came about."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), folder / WEIGHTS)
    model.encoder.config.save_pretrained(folder)
    tokenizer.backend_tokenizer.no_truncation()  # set while training, and it would be saved
    tokenizer.save_pretrained(folder)
    written = json.dumps({"base": Path(base).name, **facts}, indent=2)
    (folder / FACTS).write_text(written + "\n", encoding="utf-8")


def learnt_rows(args: argparse.Namespace) -> list[Example]:
    """What the arguments ask to learn from."""
    rows = examples("train", extra=args.transcripts)
    if args.languages:
        rows = [row for row in rows if row.language in args.languages]
    if args.soft is None:
        return rows
    # They may have been drawn before a text was held back.
    unseen = held_back_keys()
    return rows + [row for row in read_soft(args.soft, args.soft_share) if text_key(row.text) not in unseen]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default=str(ENCODER), help="encoder checkpoint: a folder or a hub name")
    parser.add_argument("--transcripts", type=Path, help="own labelled conversations: a JSONL file or a folder of them")
    parser.add_argument(
        "--languages", nargs="*", choices=LANGUAGES, help="learn these alone, as a teacher of them does"
    )
    parser.add_argument(
        "--soft", type=soft_rows, help="folder of rows that more knowing models labelled (training.distil)"
    )
    parser.add_argument("--soft-share", type=float, default=1.0, help="how often such a row is drawn per epoch")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument(
        "--carry-over", type=classifier, help="folder of an earlier fine-tuning, or of a restored one, to start from"
    )
    parser.add_argument("--carried-from", type=Path, help="the encoder that it started from. Default: --base")
    parser.add_argument("--minutes", type=positive, default=35)
    parser.add_argument("--batch", type=int, default=96)
    parser.add_argument("--learning-rate", type=float, default=3e-4)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", type=int, default=20261122)
    args = parser.parse_args()
    if args.carry_over is None and args.carried_from is not None:
        parser.error("--carried-from says nothing without --carry-over")
    # Every batch shape has compiled products of its own; the default cache of 1,024 is too small for all of them.
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "20000")
    torch.manual_seed(args.seed)
    rows = learnt_rows(args)
    print(json.dumps({"rows": len(rows), "per_epoch": round(sum(row.share for row in rows))}), flush=True)
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    model = Classifier.from_base(args.base)
    if args.carry_over is not None:
        carried = carry_over(model, args.carry_over, args.carried_from or Path(args.base), Path(args.base))
    model.to(args.device)
    facts = finetune(model, rows, tokenizer, args)
    sources = dict(Counter(row.source for row in rows).most_common())
    about: dict[str, object] = {
        "pretraining": pretraining_of(Path(args.base)),
        "rows": len(rows),
        "rows_digest": rows_digest([row for row in rows if row.source != SOFT]),
        "sources": sources,
        **({"languages": args.languages} if args.languages else {}),
        "seed": args.seed,
    }
    if args.carry_over is not None:
        about["carried_over"] = {"what": carried, **facts_of(args.carry_over / FACTS, CARRIED_FACTS)}
    if args.soft is not None:
        about["distilled"] = facts_of(args.soft / SOFT_FACTS)
    save(model.cpu(), tokenizer, args.base, {**about, "device": args.device, **facts}, args.out)
    print(json.dumps({"step": "finetune", **facts}))


if __name__ == "__main__":
    main()
