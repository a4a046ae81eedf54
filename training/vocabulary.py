"""Step 5b: balanced text -> the tokenizer (`build/tokenizer/tokenizer.json`), and packed token ids.

Byte-pair merges over normalised text; runs of punctuation and single digits stand alone, masks stay
whole, a leading space is part of a word. The packed corpus is one int32 array of token ids.
Run: `python -m training.vocabulary` (make vocabulary)
"""

import argparse
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import numpy as np
from tokenizers import AddedToken, Regex, Tokenizer, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from service.labels import LANGUAGES
from service.scoring.artefact import TOKENIZER
from service.scoring.normalise import MASKS

from .corpora import balanced_lines, corpus_lines
from .paths import BUILD

PAD, UNK, CLS, SEP, MASK = "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"
SPECIALS = (PAD, UNK, CLS, SEP, MASK, *MASKS)
TOKENIZER_DIR = BUILD / "tokenizer"
PACKED = BUILD / "corpus"


def train_tokenizer(lines: Iterator[str], vocabulary_size: int) -> Tokenizer:
    """Learn the merges; ids 0..4 are the usual special tokens, then the masks."""
    tokenizer = Tokenizer(models.BPE(unk_token=UNK))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r" ?\p{N}| ?[\p{P}\p{S}]+"), "isolated"),
            pre_tokenizers.Metaspace(prepend_scheme="first"),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary_size,
        # A mask swallows the space before it, as words do, instead of leaving a token for it.
        special_tokens=[AddedToken(token, lstrip=token in MASKS, special=True) for token in SPECIALS],
        limit_alphabet=700,
        min_frequency=4,
        max_token_length=24,
    )
    tokenizer.train_from_iterator(lines, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{CLS} $A {SEP}", special_tokens=[(CLS, SPECIALS.index(CLS)), (SEP, SPECIALS.index(SEP))]
    )
    return tokenizer


def save_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    """Write it in the `transformers` format."""
    folder.mkdir(parents=True, exist_ok=True)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=PAD, unk_token=UNK, cls_token=CLS, sep_token=SEP, mask_token=MASK
    ).save_pretrained(folder)


def pack(tokenizer_json: str, language: str, max_bytes: int) -> np.ndarray:
    """Token ids of one language's lines in order, lines separated by `[SEP]`."""
    tokenizer = Tokenizer.from_str(tokenizer_json)
    chunks, batch = [], []
    for line in corpus_lines(language, max_bytes):
        batch.append(line)
        if len(batch) == 20_000:
            chunks.append(_encode(tokenizer, batch))
            batch = []
    return np.concatenate([*chunks, _encode(tokenizer, batch)])


def _encode(tokenizer: Tokenizer, lines: list[str]) -> np.ndarray:
    separator = SPECIALS.index(SEP)
    encoded = tokenizer.encode_batch_fast(lines, add_special_tokens=False)
    return np.fromiter((i for e in encoded for i in (*e.ids, separator)), dtype=np.int32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=24_000)
    parser.add_argument("--vocabulary-mb", type=float, default=12, help="text per language to learn merges from")
    parser.add_argument("--pack-mb", type=float, default=36, help="text per language to pack for pretraining")
    parser.add_argument("--tokenizer", type=Path, help="pack with the tokenizer of this folder; learn none")
    args = parser.parse_args()
    if args.tokenizer:
        tokenizer = Tokenizer.from_file(str(args.tokenizer / TOKENIZER))
    else:
        tokenizer = train_tokenizer(balanced_lines(int(args.vocabulary_mb * 1e6)), args.size)
    save_tokenizer(tokenizer, TOKENIZER_DIR)
    PACKED.mkdir(parents=True, exist_ok=True)
    counts = {}
    with ProcessPoolExecutor(max_workers=2) as pool:
        packed = pool.map(pack, repeat(tokenizer.to_str()), LANGUAGES, repeat(int(args.pack_mb * 1e6)))
        for language, ids in zip(LANGUAGES, packed, strict=True):
            np.save(PACKED / f"{language}.npy", ids)
            counts[language] = len(ids)
    print(json.dumps({"step": "vocabulary", "size": tokenizer.get_vocab_size(), "tokens": counts}))


if __name__ == "__main__":
    main()
