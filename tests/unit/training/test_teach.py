"""What the losses of teaching ask for, and which texts are read."""

import lzma
import random
from argparse import Namespace
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional
from transformers import AutoTokenizer, BertConfig, BertModel

from training import corpora, teach, translations
from training.batches import encode, pad
from training.paths import ENCODER
from training.teach import Text, gather, loss_of, mean_of

MASK = torch.tensor([[1, 1, 1], [1, 1, 0], [1, 1, 1]])


def losses(hidden: torch.Tensor, aims: torch.Tensor, known: list[bool]) -> dict[str, float]:
    to_tokens = nn.Linear(4, 4)
    with torch.no_grad():
        to_tokens.weight.copy_(torch.eye(4))
        to_tokens.bias.zero_()
    found = loss_of(hidden, MASK, aims, torch.tensor(known), hidden, to_tokens)
    return {name: value.item() for name, value in found.items()}


def test_nothing_is_left_to_learn_where_both_teachers_agree() -> None:
    hidden = torch.randn(3, 3, 4, generator=torch.Generator().manual_seed(1))
    aims = functional.normalize(mean_of(hidden, MASK), dim=1)
    found = losses(hidden, aims, [True] * 3)
    assert found["sentences"] == pytest.approx(0.0, abs=1e-5)
    assert found["tokens"] == pytest.approx(0.0, abs=1e-5)
    turned = losses(hidden, aims.roll(1, dims=0), [True] * 3)
    assert turned["sentences"] > found["sentences"]
    assert turned["contrast"] > found["contrast"]


def test_the_same_aim_twice_in_a_batch_is_no_contrast() -> None:
    hidden = torch.ones(3, 3, 4)
    aims = functional.normalize(torch.ones(3, 4), dim=1)
    assert losses(hidden, aims, [True] * 3)["contrast"] == pytest.approx(0.0, abs=1e-5)


def test_texts_without_an_aim_are_learnt_from_by_their_tokens_alone() -> None:
    assert set(losses(torch.randn(3, 3, 4), torch.zeros(0, 4), [False] * 3)) == {"tokens"}


def test_texts_with_and_without_an_aim_share_a_batch() -> None:
    hidden = torch.randn(3, 3, 4)
    aims = functional.normalize(mean_of(hidden, MASK), dim=1)[[0, 2]]
    found = losses(hidden, aims, [True, False, True])
    assert found["sentences"] == pytest.approx(0.0, abs=1e-5)
    assert losses(hidden, aims, [True, True, False])["sentences"] > 0.01


def test_padding_is_no_part_of_a_text() -> None:
    hidden, tokens = torch.randn(3, 3, 4), torch.randn(3, 3, 4)
    changed = hidden.clone()
    changed[1, 2] = 99.0
    assert torch.equal(mean_of(hidden, MASK), mean_of(changed, MASK))
    known, none, to_tokens = torch.tensor([False] * 3), torch.zeros(0, 4), nn.Linear(4, 4)
    both = [loss_of(each, MASK, none, known, tokens, to_tokens)["tokens"] for each in (hidden, changed)]
    assert both[0] == both[1]


def test_teaching_brings_texts_nearer_to_their_aims() -> None:
    tokenizer = AutoTokenizer.from_pretrained(ENCODER)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    learner, other = BertModel(config, add_pooling_layer=False), BertModel(config, add_pooling_layer=False).eval()
    texts = [Text("where is it", 0), Text("kde to je", 0), Text("sige na", -1), Text("thank you", 1)]
    vectors = functional.normalize(torch.randn(2, 8), dim=1)

    def distance() -> float:
        ids, mask = pad(encode(tokenizer, [text.text for text in texts if text.aim >= 0], 16), 0)
        with torch.no_grad():
            found = functional.normalize(mean_of(learner(ids, attention_mask=mask).last_hidden_state, mask), dim=1)
        return float(1.0 - (found * vectors[[0, 0, 1]]).sum(dim=1).mean())

    before = distance()
    args = Namespace(minutes=0.05, batch=2, learning_rate=0.01, seed=0)
    assert teach.teach(learner, other, texts, vectors.numpy(), tokenizer, args)["steps"] > 1
    assert distance() < before - 0.1


def test_pairs_share_an_aim_and_nothing_held_back_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "corpora" / "parallel"
    folder.mkdir(parents=True)
    rows = [("Where is it?", "Kde to je?", "Nasaan na?"), ("Held back.", "Zadržené.", ""), ("x" * 500, "y", "z")]
    with lzma.open(folder / "en-cs-tl_tiny.tsv.xz", "wt", encoding="utf-8") as file:
        file.writelines("\t".join([*row, "source"]) + "\n" for row in rows)
    monkeypatch.setattr(corpora, "SOURCES", tmp_path)
    monkeypatch.setattr(translations, "SOURCES", tmp_path)
    monkeypatch.setattr(teach, "examples", lambda split: [])
    monkeypatch.setattr(teach, "held_back_keys", lambda: frozenset({teach.text_key("ZADRŽENÉ!")}))
    texts, aims = gather(10, random.Random(0))
    assert aims == ["Where is it?"]
    assert {(text.text, text.aim) for text in texts} == {("Where is it?", 0), ("Kde to je?", 0), ("Nasaan na?", 0)}
