"""Step 5e: an encoder under our vocabulary -> the same, taught what two others see in a text (build/taught/).

A sentence teacher of English says what a text means: its vector for the English side of a pair is the aim
for both sides, so the other languages learn to mean the same (Reimers & Gurevych 2020). Our present
encoder, fine-tuned and under the same vocabulary, says what each token is in chat as people type it, in all four
languages. Both are far cheaper to learn from than text alone. The budget is time.
Run: `python -m training.teach --sentences FOLDER --tokens build/restored [--minutes 60]`
"""

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import AutoConfig, AutoModel, AutoTokenizer, BertModel, PreTrainedTokenizerFast

from service.labels import LANGUAGES
from service.scoring.artefact import TOKENIZER, hash_file, read_json
from service.scoring.normalise import normalise

from .arguments import checkpoint, classifier, positive
from .batches import BUCKET, by_length, encode, pad
from .carry_over import pretraining_of
from .dataset import examples, held_back_keys
from .distil import MAX_TOKENS, draw_rows, draw_texts
from .export import load_finetuned
from .paths import BUILD, SOURCES
from .pretrain import MAX_POSITIONS, learning_rate
from .sources import text_key
from .transfer import OUT as TRANSFERRED
from .translations import ENGLISH, pairs

OUT = BUILD / "taught"
SCALE = 20.0
"""Of cosines inside the softmax over a batch, as sentence encoders are trained with."""
WEIGHTS = {"sentences": 1.0, "contrast": 0.2, "tokens": 1.0}


@dataclass(frozen=True, slots=True)
class Text:
    """One text to read; `aim` is the row of the sentence teacher's vector, -1 where it has none."""

    text: str
    aim: int


def mean_of(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean token vector of each text, shape (batch, width)."""
    weight = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weight).sum(dim=1) / weight.sum(dim=1)


@torch.inference_mode()
def sentence_vectors(folder: Path, texts: list[str], batch: int = 128) -> np.ndarray:
    """Unit vectors (texts, width) of the sentence teacher, fp16."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    texts = [normalise(text).text for text in texts]  # what the learner reads
    ids = [
        tokenizer(texts[at : at + 10_000], truncation=True, max_length=MAX_TOKENS)["input_ids"]
        for at in range(0, len(texts), 10_000)
    ]
    flat = [each for part in ids for each in part]
    order = np.argsort([len(each) for each in flat], kind="stable")
    found = np.empty((len(texts), model.config.hidden_size), dtype=np.float16)
    for start in range(0, len(order), batch):
        at = order[start : start + batch]
        input_ids, mask = pad([flat[i] for i in at], int(tokenizer.pad_token_id or 0))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = model(input_ids=input_ids, attention_mask=mask).last_hidden_state
        found[at] = functional.normalize(mean_of(hidden.float(), mask), dim=1).numpy()
    return found


def gather(lines: int, rng: random.Random) -> tuple[list[Text], list[str]]:
    """Texts to read, and the English ones whose vectors are the aims. Nothing held back is among them."""
    unseen, train = held_back_keys(), examples("train")
    aims: dict[str, int] = {}
    texts = [Text(other, aims.setdefault(english, len(aims))) for _, english, other in pairs(unseen)]
    texts += [Text(english, aim) for english, aim in aims.items()]
    for language in LANGUAGES:
        rows = draw_rows([row for row in train if text_key(row.text) not in unseen], language, lines, rng)
        for text in draw_texts(language, lines, rng, unseen) + rows:
            texts.append(Text(text, aims.setdefault(text, len(aims)) if language == ENGLISH else -1))
    return texts, list(aims)


def batches(
    texts: list[Text], tokenizer: PreTrainedTokenizerFast, batch: int, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, list[list[int]]]]:
    """Endless (rows, token ids)."""
    while True:
        order = rng.permutation(len(texts))
        for start in range(0, len(order), batch * BUCKET):
            chunk = order[start : start + batch * BUCKET]
            ids = encode(tokenizer, [texts[i].text for i in chunk], MAX_TOKENS)
            for piece in by_length(ids, batch, rng):
                yield chunk[piece], [ids[i] for i in piece]


def loss_of(
    hidden: torch.Tensor,
    mask: torch.Tensor,
    aims: torch.Tensor,
    known: torch.Tensor,
    tokens: torch.Tensor,
    to_tokens: nn.Linear,
) -> dict[str, torch.Tensor]:
    """The losses: `hidden` (batch, tokens, width), `aims` unit vectors of the rows `known`, `tokens` the other encoder's states."""
    real = mask.bool()
    losses = {"tokens": 1.0 - functional.cosine_similarity(to_tokens(hidden[real]), tokens[real], dim=-1).mean()}
    if known.any():
        vectors = functional.normalize(mean_of(hidden, mask)[known], dim=1)
        losses["sentences"] = 1.0 - (vectors * aims).sum(dim=1).mean()
        likeness = vectors @ aims.T * SCALE
        same = aims @ aims.T > 0.999
        own = torch.eye(len(aims), dtype=torch.bool)
        likeness = likeness.masked_fill(same & ~own, -1e4)  # the same English text twice in a batch is no contrast
        losses["contrast"] = functional.cross_entropy(likeness, torch.arange(len(aims)))
    return losses


def teach(
    model: BertModel,
    other: BertModel,
    texts: list[Text],
    vectors: np.ndarray,
    tokenizer: PreTrainedTokenizerFast,
    args: argparse.Namespace,
) -> dict[str, float]:
    """Train `model` in place for `args.minutes`; returns what a log line needs."""
    to_tokens = nn.Linear(model.config.hidden_size, other.config.hidden_size)
    optimiser = _optimiser(model, to_tokens, args.learning_rate)
    aims, smoothed = np.array([text.aim for text in texts]), dict[str, float]()
    began, step, read, rng = time.monotonic(), 0, 0, np.random.default_rng(args.seed)
    model.train()
    for rows, ids in batches(texts, tokenizer, args.batch, rng):
        progress = (time.monotonic() - began) / (args.minutes * 60)
        if progress >= 1.0:
            break
        for group in optimiser.param_groups:
            group["lr"] = group["scale"] * learning_rate(progress, args.learning_rate)
        input_ids, mask = pad(ids, int(tokenizer.pad_token_id or 0))
        hidden, tokens = _states(model, other, input_ids, mask, rng)
        known = aims[rows] >= 0
        wanted = torch.from_numpy(vectors[aims[rows][known]].astype(np.float32))
        losses = loss_of(hidden, mask, wanted, torch.from_numpy(known), tokens, to_tokens)
        torch.stack([WEIGHTS[name] * loss for name, loss in losses.items()]).sum().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        step, read = step + 1, read + int(mask.sum())
        for name, loss in losses.items():
            smoothed[name] = 0.98 * smoothed.get(name, loss.item()) + 0.02 * loss.item()
        if step % 100 == 0:
            print(
                json.dumps({"step": step, "progress": round(progress, 3), "read": read, **_rounded(smoothed)}),
                flush=True,
            )
    model.eval()
    return {"minutes": args.minutes, "steps": step, "read": read, **_rounded(smoothed)}


def _optimiser(model: BertModel, to_tokens: nn.Linear, rate: float) -> torch.optim.Optimizer:
    """The embeddings are new and learn faster than the layers, which know their work."""
    groups = [
        {"params": list(model.embeddings.parameters()), "scale": 2.0},
        {"params": list(model.encoder.parameters()), "scale": 1.0},
        {"params": list(to_tokens.parameters()), "scale": 5.0},
    ]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)


def _states(
    model: BertModel, other: BertModel, input_ids: torch.Tensor, mask: torch.Tensor, rng: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Token states (batch, tokens, width) of both encoders, the other's without gradients.

    Half the batches stand further on in the learner's window: long messages reach positions that few texts do.
    """
    length = input_ids.shape[1]
    offset = int(rng.integers(0, MAX_POSITIONS - length + 1)) if rng.random() < 0.5 else 0
    positions = torch.arange(offset, offset + length)[None]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        with torch.no_grad():
            tokens = other(input_ids=input_ids, attention_mask=mask).last_hidden_state
        hidden = model(input_ids=input_ids, attention_mask=mask, position_ids=positions).last_hidden_state
    return hidden.float(), tokens.float()


def _rounded(losses: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in losses.items()}


def _require_sentence_teacher(folder: Path, base: Path) -> None:
    """Its vectors must be means of its states, and as wide as the learner's."""
    pooling = folder / "1_Pooling" / "config.json"
    if pooling.exists() and not read_json(pooling).get("pooling_mode_mean_tokens"):
        raise SystemExit(f"teach: {folder} does not pool by the mean, its vectors would mean nothing here")
    widths = [int(AutoConfig.from_pretrained(each).hidden_size) for each in (folder, base)]
    if widths[0] != widths[1]:
        raise SystemExit(f"teach: {folder} is {widths[0]} wide, {base} {widths[1]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=checkpoint, default=str(TRANSFERRED), help="the encoder that learns")
    parser.add_argument(
        "--sentences", type=checkpoint, required=True, help="folder of the English sentence encoder, which pools by the mean"
    )  # fmt: skip
    parser.add_argument(
        "--tokens", type=classifier, required=True, help="folder of a fine-tuned classifier under the same vocabulary"
    )
    parser.add_argument(
        "--lines", type=int, default=60_000, help="informal lines, and training texts, of each language"
    )
    parser.add_argument("--minutes", type=positive, default=60)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--learning-rate", type=float, default=3e-4)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    _require_sentence_teacher(args.sentences, args.base)
    if hash_file(args.base / TOKENIZER) != hash_file(args.tokens / TOKENIZER):
        raise SystemExit(
            f"teach: {args.tokens} has another tokenizer than {args.base}; its token states mean other tokens"
        )
    torch.manual_seed(args.seed)
    texts, english = gather(args.lines, random.Random(args.seed))
    if not english:
        raise SystemExit(f"teach: no English texts; corpora are looked for in {SOURCES / 'corpora'} (EVENKEEL_SOURCES)")
    print(json.dumps({"texts": len(texts), "aims": len(english)}), flush=True)
    vectors = sentence_vectors(args.sentences, english)
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    model = AutoModel.from_pretrained(
        args.base, dtype=torch.float32, attn_implementation="eager", add_pooling_layer=False
    )
    other = load_finetuned(args.tokens)[0].encoder.eval()
    facts = teach(model, other, texts, vectors, tokenizer, args)
    model.to(torch.float16).save_pretrained(args.out)
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.save_pretrained(args.out)
    about = {
        "objective": "sentence vectors and token states of two teachers",
        "seed": args.seed,
        "texts": len(texts),
        **facts,
        "before": pretraining_of(args.base),
    }
    (args.out / "pretraining.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({"step": "teach", **facts}))


if __name__ == "__main__":
    main()
