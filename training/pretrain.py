"""Step 5c: packed token ids -> a pretrained encoder in `transformers` format (models/encoder/).

Masked-language modelling with the masked positions alone going through the vocabulary head, against a
drawn part of the vocabulary (`sampled_softmax`; `--negatives 0` takes all of it); every batch holds the same number of
windows of each language. The budget is time, not steps, so the same
command serves two CPU cores (`--minutes 60`) and a GPU (`--device cuda --batch-tokens 131072`).
A checkpoint in `build/pretrain/` is resumed; without one, `--start models/encoder` goes on from a
finished encoder (`make pretrain CONTINUE=1`). Run: `python -m training.pretrain` (make pretrain)
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from transformers import BertConfig, BertForMaskedLM, BertModel, PreTrainedTokenizerFast

from service.labels import LANGUAGES
from service.scoring.artefact import TOKENIZER, hash_file

from .cooccurrence import count_neighbours, static_vectors
from .paths import BUILD, ENCODER
from .sampled_softmax import CandidateSampler, sampled_loss
from .vocabulary import CLS, MASK, PACKED, SPECIALS, TOKENIZER_DIR

CHECKPOINT = BUILD / "pretrain" / "checkpoint.pt"
MAX_POSITIONS = 192
MASKED_SHARE = 0.2
EMBEDDING_SCALE = 0.5
"""Norm of the static vectors that the embeddings start from; BERT's own start (0.02 x sqrt(256)) is 0.32."""


def build_model(vocabulary: int, *, layers: int, width: int) -> BertForMaskedLM:
    """A BERT-shaped encoder; heads of 64, inner width 4x."""
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=width // 64,
        intermediate_size=4 * width,
        max_position_embeddings=MAX_POSITIONS,
        type_vocab_size=1,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=0,
    )
    # PyTorch's fused attention takes a third of a step on a CPU, nearly all of it in its backward pass.
    config._attn_implementation = "eager"
    return BertForMaskedLM(config)


def sample_windows(corpora: list[np.ndarray], count: int, length: int, rng: np.random.Generator) -> np.ndarray:
    """Draw `count` windows of `length` tokens, `[CLS]` first, the languages taking turns."""
    rows = np.empty((count, length), dtype=np.int64)
    rows[:, 0] = SPECIALS.index(CLS)
    for row in range(count):
        corpus = corpora[row % len(corpora)]
        start = int(rng.integers(0, len(corpus) - length))
        rows[row, 1:] = corpus[start : start + length - 1]
    return rows


def corrupt(rows: np.ndarray, vocabulary: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """BERT's 80/10/10 corruption; returns the corrupted rows and the flat positions to predict."""
    flat = rows.reshape(-1).copy()
    candidates = np.flatnonzero(flat >= len(SPECIALS))
    chosen = rng.choice(candidates, size=int(len(flat) * MASKED_SHARE), replace=False)
    dice = rng.random(len(chosen))
    flat[chosen[dice < 0.8]] = SPECIALS.index(MASK)
    randomised = chosen[dice >= 0.9]
    flat[randomised] = rng.integers(len(SPECIALS), vocabulary, size=len(randomised))
    return flat.reshape(rows.shape), chosen


def loss_of(
    model: BertForMaskedLM,
    rows: np.ndarray,
    rng: np.random.Generator,
    device: str,
    sampler: CandidateSampler | None = None,
) -> torch.Tensor:
    """Mean cross-entropy (nats) over the masked positions of one batch; `sampler` None: the whole vocabulary."""
    corrupted, chosen = corrupt(rows, model.config.vocab_size, rng)
    targets = rows.reshape(-1)[chosen]
    offset = int(rng.integers(0, MAX_POSITIONS - rows.shape[1] + 1)) if rng.random() < 0.5 else 0
    positions = torch.arange(offset, offset + rows.shape[1], device=device)[None]
    with torch.autocast(device.split(":")[0], dtype=torch.bfloat16):
        hidden = model.bert(input_ids=torch.from_numpy(corrupted).to(device), position_ids=positions).last_hidden_state
        masked = hidden.flatten(0, 1)[torch.from_numpy(chosen).to(device)]
        if sampler is not None:
            return sampled_loss(model, masked, targets, sampler, rng)
        logits = model.cls(masked)
    return functional.cross_entropy(logits.float(), torch.from_numpy(targets).to(device))


@torch.no_grad()
def full_loss(model: BertForMaskedLM, corpora: list[np.ndarray], length: int, device: str) -> float:
    """Loss over the whole vocabulary on 256 windows that are the same every time: comparable between runs."""
    rng = np.random.default_rng(0)
    losses = [loss_of(model, sample_windows(corpora, 64, length, rng), rng, device).item() for _ in range(4)]
    return float(np.mean(losses))


def learning_rate(progress: float, peak: float) -> float:
    """Warm up over the first 3 % of the budget, then fall linearly to zero."""
    return peak * min(progress / 0.03, (1.0 - progress) / 0.97) if progress < 1.0 else 0.0


def pretrain(model: BertForMaskedLM, corpora: list[np.ndarray], args: argparse.Namespace) -> dict[str, float]:
    """Train for `args.minutes`; returns what a log line needs."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.0, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    spent, step, seen = _resume(model, optimiser, args.device) if args.resume else (0.0, 0, 0)
    if step == 0 and args.start is None:
        start_from_counts(model, corpora, args.seed)
    sampler = candidate_sampler(corpora, model.config.vocab_size, args.negatives)
    rng = np.random.default_rng([args.seed, step])  # a resumed run must not draw the same windows again
    budget, smoothed, saved = args.minutes * 60, float("nan"), spent
    while spent < budget:
        began = time.monotonic()
        rows = sample_windows(corpora, args.batch_tokens // args.length, args.length, rng)
        loss = loss_of(model, rows, rng, args.device, sampler)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(spent / budget, args.learning_rate)
        optimiser.step()
        optimiser.zero_grad()
        step, seen = step + 1, seen + rows.size
        smoothed = loss.item() if step == 1 or np.isnan(smoothed) else 0.98 * smoothed + 0.02 * loss.item()
        spent += time.monotonic() - began
        if step % 50 == 0:
            print(
                json.dumps({"step": step, "minutes": round(spent / 60, 2), "tokens": seen, "loss": round(smoothed, 4)}),
                flush=True,
            )
        if spent - saved > 300:
            saved = spent
            _save(model, optimiser, (spent, step, seen))
    loss_at_end = full_loss(model, corpora, args.length, args.device)
    return {"minutes": round(spent / 60, 1), "steps": step, "tokens": seen, "loss": round(loss_at_end, 4)}


def candidate_sampler(corpora: list[np.ndarray], vocabulary: int, negatives: int) -> CandidateSampler | None:
    """A sampler over the tokens of all languages, or None where the whole vocabulary is affordable."""
    if negatives <= 0 or negatives >= vocabulary:
        return None
    counts = sum(np.bincount(corpus, minlength=vocabulary) / len(corpus) for corpus in corpora)
    return CandidateSampler(np.asarray(counts), negatives)


def _save(model: BertForMaskedLM, optimiser: torch.optim.Optimizer, counters: tuple[float, int, int]) -> None:
    CHECKPOINT.parent.mkdir(parents=True, exist_ok=True)
    state = {
        "model": model.state_dict(),
        "optimiser": optimiser.state_dict(),
        "counters": list(counters),
        "made_for": _made_for(model),
    }
    torch.save(state, CHECKPOINT.with_suffix(".new"))
    CHECKPOINT.with_suffix(".new").replace(CHECKPOINT)


def _made_for(model: BertForMaskedLM) -> list[str | int]:
    """A checkpoint of another vocabulary or shape must not be resumed: its rows mean other tokens."""
    return [hash_file(TOKENIZER_DIR / TOKENIZER), model.config.num_hidden_layers, model.config.hidden_size]


def _resume(model: BertForMaskedLM, optimiser: torch.optim.Optimizer, device: str) -> tuple[float, int, int]:
    if not CHECKPOINT.exists():
        return 0.0, 0, 0
    state = torch.load(CHECKPOINT, weights_only=True, map_location=device)
    if state.get("made_for") != _made_for(model):
        return 0.0, 0, 0
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    spent, step, seen = state["counters"]
    return float(spent), int(step), int(seen)


def start_from_counts(model: BertForMaskedLM, corpora: list[np.ndarray], seed: int) -> None:
    """Put static vectors from co-occurrence counts into the (tied) token embeddings."""
    vocabulary, width = model.config.vocab_size, model.config.hidden_size
    counts = count_neighbours(corpora[0], vocabulary)
    for corpus in corpora[1:]:
        counts = counts + count_neighbours(corpus, vocabulary)
    vectors = torch.from_numpy(static_vectors(counts, width, seed=seed)) * EMBEDDING_SCALE
    with torch.no_grad():
        embeddings = model.bert.embeddings.word_embeddings.weight
        embeddings[len(SPECIALS) :] = vectors[len(SPECIALS) :].to(embeddings.device)


def load_encoder(folder: Path, vocabulary: int) -> BertForMaskedLM:
    """A finished encoder under a new vocabulary head (its output weights are the token embeddings)."""
    config = BertConfig.from_pretrained(folder)
    if hash_file(folder / TOKENIZER) != hash_file(TOKENIZER_DIR / TOKENIZER):
        raise SystemExit(
            f"pretrain: {folder} has another tokenizer; run training.vocabulary --tokenizer {folder} first"
        )
    model = build_model(vocabulary, layers=config.num_hidden_layers, width=config.hidden_size)
    model.bert.load_state_dict(
        BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32).state_dict()
    )
    return model


def save_encoder(model: BertForMaskedLM, folder: Path, facts: dict[str, object]) -> None:
    """Write the bare encoder (fp16, half the bytes) with its tokenizer and how it came about."""
    model.bert.to(torch.float16).save_pretrained(folder)
    PreTrainedTokenizerFast.from_pretrained(TOKENIZER_DIR).save_pretrained(folder)
    (folder / "pretraining.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--length", type=int, default=64)
    parser.add_argument("--batch-tokens", type=int, default=4096)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--negatives", type=int, default=4096, help="tokens drawn per step; 0: the whole vocabulary")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--resume", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--start", type=Path, help="encoder folder to go on from; its shape is kept")
    parser.add_argument("--out", type=Path, default=ENCODER)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    corpora = [np.load(PACKED / f"{language}.npy") for language in LANGUAGES]
    vocabulary = len(PreTrainedTokenizerFast.from_pretrained(TOKENIZER_DIR))
    before: dict[str, object] = {}
    if args.start is None:
        model = build_model(vocabulary, layers=args.layers, width=args.width)
    else:
        model = load_encoder(args.start, vocabulary)
        before = {"before": json.loads((args.start / "pretraining.json").read_text(encoding="utf-8"))}
    facts = pretrain(model.to(args.device), corpora, args)
    CHECKPOINT.unlink(missing_ok=True)
    about = {"objective": "masked language modelling", "seed": args.seed, "device": args.device}
    save_encoder(model, args.out, {**about, **facts, **before})
    print(json.dumps({"step": "pretrain", **facts}))


if __name__ == "__main__":
    main()
