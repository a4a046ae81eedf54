"""An English checkpoint and translation pairs become an encoder under our vocabulary that fine-tuning takes as a base.

Each step runs as the command that the Makefile runs, with teachers of a few thousand weights.
"""

import json
import lzma
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer, BertConfig, BertModel, PreTrainedTokenizerFast

from tests.pipeline.support import ROOT, run, scratch_environ

training_model = pytest.importorskip("training.model", reason="the offline flow needs the extra [train]")

ANIMALS = [("dog", "pes", "aso"), ("cat", "kočka", "pusa")]
VERBS = [("sleeps", "spí", "natutulog"), ("eats", "jí", "kumakain")]
TIMES = [("now", "teď", "ngayon"), ("again", "zase", "muli"), ("today", "dnes", "hapon")]
PAIRS = [
    (f"the {animal[0]} {verb[0]} {time[0]}", f"{animal[1]} {verb[1]} {time[1]}", f"{verb[2]} ang {animal[2]} {time[2]}")
    for animal in ANIMALS
    for verb in VERBS
    for time in TIMES
] * 3
"""What teaches a word by translation and, each English sentence once, by its spelling."""
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def checkpoint(folder: Path, vocabulary: int, width: int, layers: int) -> BertModel:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=2 * width,
        max_position_embeddings=200,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.save_pretrained(folder)
    return model


def english_checkpoint(folder: Path) -> Path:
    """Word pieces of its own, three layers: what stands in for a sentence encoder."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(
        [e for e, _, _ in PAIRS], trainers.WordPieceTrainer(vocab_size=80, special_tokens=SPECIALS)
    )
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    named = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token", "mask_token"), SPECIALS, strict=True))
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **named).save_pretrained(folder)
    checkpoint(folder, tokenizer.get_vocab_size(), 16, 3)
    return folder


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A folder of sources with one file of pairs, and few transcripts."""
    parallel = tmp_path / "sources" / "corpora" / "parallel"
    parallel.mkdir(parents=True)
    with lzma.open(parallel / "en-cs-tl_tiny.tsv.xz", "wt", encoding="utf-8") as file:
        file.writelines("\t".join(row) + "\n" for row in PAIRS)
    return scratch_environ(tmp_path, every=40) | {"OMP_NUM_THREADS": "1"}


def test_from_an_english_checkpoint_to_a_base(environ: dict[str, str], tmp_path: Path) -> None:
    from training.finetune import save

    teacher, present = english_checkpoint(tmp_path / "english"), tmp_path / "present"
    tokenizer = AutoTokenizer.from_pretrained(ROOT / "models" / "encoder")
    tokenizer.save_pretrained(present)
    checkpoint(present, len(tokenizer), 8, 1)
    save(training_model.Classifier.from_base(str(present)), tokenizer, str(present), {}, tmp_path / "tuned")

    transferred = tmp_path / "transferred"
    made = run("transfer", "--from", str(teacher), "--layers", "0", "2", "--vocabulary", str(present), "--out", str(transferred), environ=environ)  # fmt: skip
    assert made["pairs"] == {"cs": len(PAIRS), "tl": len(PAIRS)}
    embeddings = BertModel.from_pretrained(transferred).get_input_embeddings().weight.detach()
    like = torch.nn.functional.cosine_similarity

    def of(word: str) -> torch.Tensor:
        ids = tokenizer(word, add_special_tokens=False)["input_ids"]
        return embeddings[ids].mean(dim=0)

    assert like(of("pes"), of("dog"), dim=0) > like(of("pes"), of("cat"), dim=0)

    taught = tmp_path / "taught"
    facts = run("teach", "--base", str(transferred), "--sentences", str(teacher), "--tokens", str(tmp_path / "tuned"), "--minutes", "0.05", "--batch", "8", "--lines", "20", "--out", str(taught), environ=environ)  # fmt: skip
    assert int(str(facts["steps"])) > 0
    about = json.loads((taught / "pretraining.json").read_text(encoding="utf-8"))
    assert about["before"]["transferred_from"] == "english"
    tuned = run("finetune", "--base", str(taught), "--minutes", "0.05", "--batch", "8", environ=environ)
    assert int(str(tuned["steps"])) > 0
