"""Laws of marks: only whole words count, tokens inherit them through normalisation, the loss pulls the right way."""

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer

from training.marks import INSIDE, OUTSIDE, marked_characters, marks_loss, token_marks

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("source", "text", "raw", "expected"),
    [
        ("toxic_spans", "you idiot", "[4, 5, 6, 7, 8]", range(4, 9)),
        ("vihos", "ngu quá", "spans=[0,1,2]", range(3)),
        ("toxic_spans", "you idiot", "[5, 6, 7, 8]", None),  # begins inside a word: the text was changed
        ("toxic_spans", "you idiot", "[4, 5, 6, 7]", None),
        ("toxic_spans", "you idiot", "[40]", None),
        ("toxic_spans", "fine", "[]", None),
        ("davidson", "you idiot", "[4, 5, 6, 7, 8]", None),
    ],
)
def test_marks_count_where_they_are_whole_words(source: str, text: str, raw: str, expected: range | None) -> None:
    found = marked_characters(source, text, raw)
    assert found == (None if expected is None else frozenset(expected))


def test_tokens_are_marked_through_normalisation() -> None:
    tokenizer = AutoTokenizer.from_pretrained(ROOT / "models" / "encoder")
    text = "You   IDIOOOOOOTS, hello"
    gold = frozenset(range(text.index("IDIO"), text.index(",")))
    length = len(tokenizer("you idiooots, hello")["input_ids"])
    marks = token_marks(tokenizer, text, gold, length)
    assert np.isnan(marks[[0, -1]]).all()
    pieces = tokenizer.convert_ids_to_tokens(tokenizer("you idiooots, hello")["input_ids"])[1:-1]
    marked = "".join(piece for piece, mark in zip(pieces, marks[1:-1], strict=True) if mark == 1.0)
    assert marked.strip("▁ ") == "idiooots"


def test_the_loss_is_zero_when_the_logit_comes_from_the_marked_tokens() -> None:
    marks = torch.tensor([[float("nan"), 0.0, 1.0, float("nan")]])
    assert marks_loss(torch.tensor([[9.0, OUTSIDE, INSIDE, 9.0]]), marks).item() == 0.0
    parts = torch.tensor([[0.0, 0.3, 0.0, 0.0]], requires_grad=True)
    marks_loss(parts, marks).backward()
    assert parts.grad is not None
    assert parts.grad[0, 1] > 0 > parts.grad[0, 2]
    assert parts.grad[0, 0] == parts.grad[0, 3] == 0
