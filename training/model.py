"""The classifier: token ids -> one logit per name of `labels.COLUMNS`, and each token's part in it.

Two branches, both additive over tokens, so that the evidence falls out of the same forward pass:
- deep: an encoder, then per token a logit and an attention weight per column (weighted mean);
- wide: hashed uni-, bi- and trigrams of token ids, a linear model that remembers wordings.
Cheng et al. 2016 call this wide & deep. The hashing is integer arithmetic inside the graph, so the
runtime feeds `input_ids` and `attention_mask` and nothing else.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional
from transformers import AutoConfig, AutoModel, PreTrainedModel

from service.labels import BINARY, BINARY_SLICE, COLUMNS, LANGUAGE_SLICE, SENTIMENT_SLICE, THREAT_KIND_SLICE

NGRAM_BUCKETS = 1 << 17
_MULTIPLIERS = (1_000_003, 19_349_663, 83_492_791)
"""Odd constants of a multiplicative hash; ids below 2**20 keep every product inside int64."""

THREAT = BINARY.index("threat")
TASK_WEIGHTS = {"binary": 4.0, "threat_kinds": 1.0, "sentiment": 1.0, "language": 0.4}

KINDS_WITHOUT_THREAT = 0.1
"""Weight of the kinds' targets on rows without a threat: what kind it is matters where there is one."""
DROPOUTS = (
    "hidden_dropout_prob", "dropout", "embedding_dropout", "mlp_dropout", "attention_probs_dropout_prob", "attention_dropout",
)  # fmt: skip
"""What different encoders call their dropout rates. They are set to zero: inside the encoder dropout takes a quarter of a step on
a CPU, the texts are varied anyway, and in a few epochs nothing is overfitted yet. The heads keep theirs."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Logits (batch, columns) of both branches and their sum; contributions (batch, tokens, binary)."""

    logits: torch.Tensor
    deep: torch.Tensor
    wide: torch.Tensor
    contributions: torch.Tensor


class WideBranch(nn.Module):
    """Token n-grams -> per-token logits, summed and divided by the square root of the token count."""

    def __init__(self, buckets: int = NGRAM_BUCKETS, columns: int = len(COLUMNS)) -> None:
        super().__init__()
        self.buckets = buckets
        self.weight = nn.Embedding(buckets, columns)
        nn.init.zeros_(self.weight.weight)

    def forward(self, input_ids: torch.Tensor, mask: torch.Tensor, keep: torch.Tensor | None = None) -> torch.Tensor:
        """Per-token logits, shape (batch, tokens, columns); `keep` drops features in training."""
        count = mask.sum(dim=1, keepdim=True).clamp(min=1.0)
        total = torch.zeros((), device=input_ids.device)
        for order in range(3):
            looked_up = self.weight(self.hash(input_ids, order))
            total = total + (looked_up if keep is None else looked_up * keep[order].unsqueeze(-1))
        return total * (mask / count.sqrt()).unsqueeze(-1)

    def hash(self, input_ids: torch.Tensor, order: int) -> torch.Tensor:
        """Bucket of the n-gram that ends at each token (n = order + 1); starts are padded with id 0."""
        mixed = (input_ids + 7 * order + 1) * _MULTIPLIERS[0]
        shifted = input_ids
        for step in range(order):
            shifted = functional.pad(shifted[:, :-1], (1, 0))
            mixed = mixed + (shifted + 1) * _MULTIPLIERS[step + 1]
        return mixed % self.buckets


class Classifier(nn.Module):
    """Encoder and heads; see the module's docstring."""

    def __init__(self, encoder: PreTrainedModel, *, deep_share: float = 0.5) -> None:
        super().__init__()
        width, columns = int(encoder.config.hidden_size), len(COLUMNS)
        self.encoder = encoder
        self.dropout = nn.Dropout(0.1)
        self.token_logits = nn.Linear(width, columns)
        self.token_weights = nn.Linear(width, columns)
        nn.init.zeros_(self.token_weights.weight)
        nn.init.zeros_(self.token_weights.bias)
        self.wide = WideBranch()
        self.bias = nn.Parameter(torch.zeros(columns))
        self.register_buffer("deep_share", torch.full((columns,), deep_share))

    @classmethod
    def from_base(cls, base: str) -> "Classifier":
        """Start from any encoder checkpoint in `transformers` format (a folder or a hub name)."""
        config = AutoConfig.from_pretrained(base)
        for name in DROPOUTS:
            if hasattr(config, name):
                setattr(config, name, 0.0)
        # PyTorch's fused attention is several times slower than plain products in its backward pass on a CPU.
        encoder = AutoModel.from_pretrained(base, config=config, dtype=torch.float32, attn_implementation="eager")
        return cls(encoder)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> Outputs:
        """Shapes: ids and mask (batch, tokens) int64; the first token is a start token."""
        hidden = self.dropout(self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state)
        hidden = hidden.float()
        mask = attention_mask.to(hidden.dtype)
        scores = self.token_weights(hidden) + (mask - 1.0).unsqueeze(-1) * 1e4
        deep_tokens = torch.softmax(scores, dim=1) * self.token_logits(hidden)
        keep = self._feature_dropout(mask) if self.training else None
        wide_tokens = self.wide(input_ids, mask, keep)
        deep, wide = deep_tokens.sum(dim=1), wide_tokens.sum(dim=1) + self.bias
        share = self.deep_share
        contributions = (deep_tokens * share + wide_tokens * (1.0 - share))[..., : len(BINARY)]
        return Outputs(deep * share + wide * (1.0 - share), deep, wide, contributions)

    @staticmethod
    def _feature_dropout(mask: torch.Tensor, rate: float = 0.2) -> torch.Tensor:
        """Drop whole n-gram features: (3, batch, tokens) of 0 or 1/(1-rate)."""
        return functional.dropout(torch.ones((3, *mask.shape), device=mask.device), rate, training=True)


class Exported(nn.Module):
    """What is traced to ONNX: logits and contributions."""

    def __init__(self, classifier: Classifier) -> None:
        super().__init__()
        self.classifier = classifier

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(logits, contributions)."""
        outputs = self.classifier(input_ids, attention_mask)
        return outputs.logits, outputs.contributions


def masked_loss(
    logits: torch.Tensor, sigmoids: torch.Tensor, sentiment: torch.Tensor, language: torch.Tensor, weight: torch.Tensor
) -> torch.Tensor:
    """Sum of the tasks' weighted mean losses; NaN and -1 targets are skipped (see `Targets`)."""
    stop = THREAT_KIND_SLICE.stop
    known = ~torch.isnan(sigmoids)
    raw = functional.binary_cross_entropy_with_logits(logits[:, :stop], torch.nan_to_num(sigmoids), reduction="none")
    mass = known * weight.unsqueeze(1)
    threat = (sigmoids[:, THREAT] == 1.0).unsqueeze(1)
    kinds = torch.where(threat, 1.0, KINDS_WITHOUT_THREAT).to(mass.dtype)
    mass = torch.cat([mass[:, BINARY_SLICE], mass[:, THREAT_KIND_SLICE] * kinds], dim=1)
    per_column = (raw * mass).sum(dim=0) / mass.sum(dim=0).clamp(min=1.0)
    total = TASK_WEIGHTS["binary"] * per_column[BINARY_SLICE].mean()
    total = total + TASK_WEIGHTS["threat_kinds"] * per_column[THREAT_KIND_SLICE].mean()
    for name, columns, target in (("sentiment", SENTIMENT_SLICE, sentiment), ("language", LANGUAGE_SLICE, language)):
        losses = functional.cross_entropy(logits[:, columns], target.clamp(min=0), reduction="none")
        mass = (target >= 0) * weight
        total = total + TASK_WEIGHTS[name] * (losses * mass).sum() / mass.sum().clamp(min=1.0)
    return total
