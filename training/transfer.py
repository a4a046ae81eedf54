"""Step 5d: an English sentence encoder and translation pairs -> an encoder under our own vocabulary.

What a checkpoint knows sits in its layers and in its token embeddings. Some of its layers are taken over
as they are; each token of our vocabulary gets the mean embedding of those tokens of the checkpoint that it
stands for: by characters in English, by translation in the other languages, each as far as the token is at
home there, and what neither text shows as its nearest tokens in our present encoder have it (Remy et al. 2024; Dobler & de Melo 2023).
It knows little yet: `training.teach` goes on from it. Run: `python -m training.transfer --from FOLDER`
"""

import argparse
import json
import random
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from scipy import sparse
from tokenizers import Encoding
from transformers import AutoConfig, AutoModel, AutoTokenizer, BertConfig, BertModel, PreTrainedTokenizerFast

from service.labels import LANGUAGES
from service.scoring.normalise import normalise

from .alignment import overlaps, translations
from .arguments import checkpoint
from .dataset import held_back_keys
from .distil import draw_texts
from .paths import BUILD, ENCODER, SOURCES
from .pretrain import MAX_POSITIONS
from .translations import ENGLISH, pairs

OUT = BUILD / "transferred"
LINES = 150_000
"""Informal lines of each language: where a token is at home and, in English, what it stands for."""
MAX_TOKENS = 64
BEST = 6
"""Tokens of the checkpoint that a token may stand for; the tail is noise of the alignment."""
SEEN = 5.0
"""Expected occurrences from which an alignment counts as known."""
KNOWN_SHARE = 0.2
"""Of a token's uses must be in languages that show what it stands for: "gago" in English text is spelt, not known."""
CHUNK = 10_000
"""Texts tokenised at a time: their encodings are large."""
NEIGHBOURS, SHARPNESS = 10, 12.0


def read(tokenizer: PreTrainedTokenizerFast, texts: list[str]) -> Iterator[Encoding]:
    """Encodings without special tokens, one after the other."""
    for start in range(0, len(texts), CHUNK):
        yield from tokenizer.backend_tokenizer.encode_batch(texts[start : start + CHUNK], add_special_tokens=False)


def english_counts(
    ours: PreTrainedTokenizerFast, theirs: PreTrainedTokenizerFast, lines: list[str]
) -> sparse.csr_matrix:
    """Which tokens cover the same characters of English text."""
    here, there = ([(e.ids, e.offsets) for e in read(tokenizer, lines)] for tokenizer in (ours, theirs))
    return overlaps(here, there, (len(ours), len(theirs)))


def translated_counts(
    ours: PreTrainedTokenizerFast, theirs: PreTrainedTokenizerFast, found: list[tuple[str, str]]
) -> sparse.csr_matrix:
    """Which tokens stand for which English ones, over (English, other) pairs."""
    there, here = (
        [e.ids[:MAX_TOKENS] for e in read(tokenizer, texts)]
        for tokenizer, texts in ((theirs, [e for e, _ in found]), (ours, [o for _, o in found]))
    )
    return translations(here, there, (len(ours), len(theirs)))


def frequencies(ours: PreTrainedTokenizerFast, lines: list[str]) -> np.ndarray:
    """How often each of our tokens occurs in one language's own text, smoothed, as a share of all."""
    ids = np.fromiter(chain.from_iterable(e.ids for e in read(ours, lines)), dtype=np.int64)
    counts = np.bincount(ids, minlength=len(ours))
    return (counts + 1.0) / (counts.sum() + len(ours))


def without(counts: sparse.csr_matrix, column: int) -> sparse.csr_matrix:
    """The counts without one token there: to stand for the unknown one, as emoji do, is to stand for nothing."""
    kept = counts.copy()
    kept.data[kept.indices == column] = 0.0
    kept.eliminate_zeros()
    return kept


def best_of(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """The `BEST` largest entries of each row, as shares of their sum."""
    rows, columns, values = [], [], []
    for row in range(counts.shape[0]):
        part = slice(counts.indptr[row], counts.indptr[row + 1])
        top = np.argsort(-counts.data[part])[:BEST]
        if len(top):
            rows += [row] * len(top)
            columns += counts.indices[part][top].tolist()
            values += (counts.data[part][top] / counts.data[part][top].sum()).tolist()
    return sparse.coo_matrix((values, (rows, columns)), shape=counts.shape).tocsr()


def transferred(
    counts: dict[str, sparse.csr_matrix], used: dict[str, np.ndarray], vectors: np.ndarray, neighbours: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Embeddings (our tokens, width) and which of them were seen; the others are as their neighbours are.

    A token of several languages is the mean of what it is in each, by how much it is `used` there; a mean is
    given the mean length of what it is made of, for means of vectors that differ are short.
    """
    size, width = len(neighbours), vectors.shape[1]
    total, lengths, mass = np.zeros((size, width)), np.zeros(size), np.zeros(size)
    everywhere = np.sum(list(used.values()), axis=0)
    norms = np.linalg.norm(vectors, axis=1)
    for language, found in counts.items():
        met = np.asarray(found.sum(axis=1)).ravel()
        weight = used[language] / everywhere * (met >= SEEN)
        best = best_of(found)
        total += (best @ vectors) * weight[:, None]
        lengths += (best @ norms) * weight
        mass += weight
    seen = mass >= KNOWN_SHARE
    lengths[seen] /= mass[seen]
    total[~seen], lengths[~seen] = as_neighbours(neighbours, seen, with_lengths(total, lengths), lengths)
    return with_lengths(total, lengths).astype(np.float32), seen


def with_lengths(vectors: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The vectors' directions at these lengths."""
    scaled: np.ndarray = vectors * (lengths / np.maximum(np.linalg.norm(vectors, axis=1), 1e-9))[:, None]
    return scaled


def as_neighbours(
    space: np.ndarray, seen: np.ndarray, embeddings: np.ndarray, lengths: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Embeddings of the unseen tokens and their lengths: means over those nearest in `space`."""
    unit = with_lengths(space, np.ones(len(space)))
    likeness = unit[~seen] @ unit[seen].T
    count = min(NEIGHBOURS, likeness.shape[1])
    nearest = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
    weights = np.exp(SHARPNESS * np.take_along_axis(likeness, nearest, axis=1))
    weights /= weights.sum(axis=1, keepdims=True)
    vectors = np.einsum("nk,nkd->nd", weights, embeddings[seen][nearest])
    return vectors, np.einsum("nk,nk->n", weights, lengths[seen][nearest])


def assemble(teacher: BertModel, embeddings: np.ndarray, layers: list[int]) -> BertModel:
    """The teacher's chosen layers over our embeddings; of its two segment embeddings the first is kept."""
    config = BertConfig.from_dict(
        teacher.config.to_dict()
        | {
            "vocab_size": len(embeddings),
            "num_hidden_layers": len(layers),
            "max_position_embeddings": MAX_POSITIONS,
            "type_vocab_size": 1,
            "hidden_dropout_prob": 0.0,
            "attention_probs_dropout_prob": 0.0,
        }
    )
    state = dict(teacher.state_dict())
    model = BertModel(config, add_pooling_layer=False)
    own = dict(model.state_dict())
    place = {str(old): str(new) for new, old in enumerate(layers)}
    for name, values in state.items():
        part = name.split(".")
        if part[0] == "encoder" and part[2] in place:
            own[".".join([*part[:2], place[part[2]], *part[3:]])] = values
    prefix = "embeddings."
    for name in ("LayerNorm.weight", "LayerNorm.bias"):
        own[prefix + name] = state[prefix + name]
    own[prefix + "position_embeddings.weight"] = state[prefix + "position_embeddings.weight"][:MAX_POSITIONS]
    own[prefix + "token_type_embeddings.weight"] = state[prefix + "token_type_embeddings.weight"][:1]
    own[prefix + "word_embeddings.weight"] = torch.from_numpy(embeddings)
    model.load_state_dict(own)
    return model


def texts_of(rng: random.Random) -> tuple[dict[str, list[tuple[str, str]]], dict[str, list[str]]]:
    """Pairs (English, other) and text alone of each language, as a model reads them; nothing held back is among them."""
    unseen = held_back_keys()
    found: dict[str, list[tuple[str, str]]] = {language: [] for language in LANGUAGES}
    for language, english, other in pairs(unseen):
        found[language].append((normalise(english).text, normalise(other).text))
    lines = {
        language: [normalise(line).text for line in draw_texts(language, LINES, rng, unseen)]
        + [other for _, other in found[language]]
        for language in LANGUAGES
    }
    lines[ENGLISH] += dict.fromkeys(english for rows in found.values() for english, _ in rows)
    return found, lines


def specials(
    ours: PreTrainedTokenizerFast, theirs: PreTrainedTokenizerFast, embeddings: np.ndarray, vectors: np.ndarray
) -> None:
    """Give the special tokens that both have the checkpoint's embeddings, in place."""
    for name in ("pad_token_id", "unk_token_id", "cls_token_id", "sep_token_id", "mask_token_id"):
        embeddings[getattr(ours, name)] = vectors[getattr(theirs, name)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--from", dest="teacher", type=checkpoint, required=True, help="folder of a BERT checkpoint; its name goes into the card"
    )  # fmt: skip
    parser.add_argument("--layers", type=int, nargs="+", default=[0, 2, 4], help="which of its layers to take over")
    parser.add_argument(
        "--vocabulary", type=checkpoint, default=str(ENCODER), help="the encoder whose tokenizer and neighbours count"
    )
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    config = AutoConfig.from_pretrained(args.teacher)
    if config.model_type != "bert" or config.max_position_embeddings < MAX_POSITIONS:
        parser.error(f"--from: a BERT checkpoint of {MAX_POSITIONS} positions or more is needed, not {args.teacher}")
    there = int(config.num_hidden_layers)
    if len(set(args.layers)) != len(args.layers) or not all(0 <= layer < there for layer in args.layers):
        parser.error(f"--layers: {there} layers are there, 0 to {there - 1}, each to be named once")
    ours, theirs = (AutoTokenizer.from_pretrained(folder) for folder in (args.vocabulary, args.teacher))
    for tokenizer in (ours, theirs):
        tokenizer.backend_tokenizer.no_truncation()
        tokenizer.backend_tokenizer.no_padding()
    found, lines = texts_of(random.Random(args.seed))
    if not any(found.values()) or not lines[ENGLISH]:
        raise SystemExit(
            f"transfer: no pairs; they are looked for in {SOURCES / 'corpora' / 'parallel'} (EVENKEEL_SOURCES)"
        )
    counts = {ENGLISH: english_counts(ours, theirs, lines[ENGLISH])}
    counts |= {language: translated_counts(ours, theirs, rows) for language, rows in found.items() if rows}
    counts = {language: without(each, theirs.unk_token_id) for language, each in counts.items()}
    used = {language: frequencies(ours, texts) for language, texts in lines.items() if texts}
    teacher = AutoModel.from_pretrained(args.teacher, dtype=torch.float32)
    vectors = teacher.get_input_embeddings().weight.detach().numpy()[: len(theirs)]
    space = (
        AutoModel.from_pretrained(args.vocabulary, dtype=torch.float32).get_input_embeddings().weight.detach().numpy()
    )
    embeddings, seen = transferred(counts, used, vectors, space)
    specials(ours, theirs, embeddings, vectors)
    assemble(teacher, embeddings, args.layers).save_pretrained(args.out)
    ours.save_pretrained(args.out)
    about = {
        "transferred_from": args.teacher.name,
        "layers": args.layers,
        "pairs": {k: len(v) for k, v in found.items() if v},
    }
    (args.out / "pretraining.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({"step": "transfer", **about, "tokens_seen": int(seen.sum()), "of": len(seen)}))


if __name__ == "__main__":
    main()
