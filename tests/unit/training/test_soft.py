"""Rows with probabilities as targets: kept and read back as they were, and learnt as probabilities."""

import argparse
from pathlib import Path

import numpy as np
import pytest
import torch

from service.labels import BINARY, COLUMNS
from training import finetune
from training.examples import targets_of
from training.model import masked_loss
from training.soft import SURE, read, soft_example, write
from training.sources import text_key

PROBABILITIES = np.array([0.9, 0.2, 0.01, 0.5, 0.85, 0.1, 0.05], dtype=np.float32)
TEXTS = ("Kde je balík?", "dấu “ngoặc” và\nxuống dòng", "naiinis na ako 😡")


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = [soft_example(n, text, "tl", PROBABILITIES) for n, text in enumerate(TEXTS)]
    write(rows, tmp_path)
    found = list(read(tmp_path, share=0.5))
    assert [(r.id, r.text, r.language, r.binary, r.sentiment) for r in found] == [
        (r.id, r.text, r.language, r.binary, r.sentiment) for r in rows
    ]
    assert {row.share for row in found} == {0.5}
    assert not any(row.language_known for row in found), "a corpus is not one language line by line"


def test_a_row_whose_text_was_held_back_later_is_not_learnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write([soft_example(n, text, "tl", PROBABILITIES) for n, text in enumerate(TEXTS)], tmp_path)
    monkeypatch.setattr(finetune, "examples", lambda split, extra: [])
    monkeypatch.setattr(finetune, "held_back_keys", lambda: frozenset({text_key(TEXTS[0])}))
    args = argparse.Namespace(transcripts=None, languages=None, soft=tmp_path, soft_share=1.0)
    assert [row.text for row in finetune.learnt_rows(args)] == list(TEXTS[1:])


@pytest.mark.parametrize(("likeliest", "taught"), [(SURE + 0.01, "negative"), (SURE - 0.01, None)])
def test_only_a_sure_sentiment_is_taught(likeliest: float, taught: str | None) -> None:
    moods = [likeliest, 1.0 - likeliest, 0.0]
    row = soft_example(0, "x", "en", np.array([0.0] * len(BINARY) + moods, dtype=np.float32))
    assert row.sentiment == taught


def test_the_loss_is_least_at_the_probability() -> None:
    targets = targets_of([soft_example(0, "x", "en", PROBABILITIES)])
    columns = [torch.from_numpy(getattr(targets, n)) for n in ("sigmoids", "sentiment", "language", "weight")]

    def loss(probability: float) -> float:
        logits = torch.zeros((1, len(COLUMNS)))
        logits[0, 1] = float(np.log(probability / (1.0 - probability)))
        return float(masked_loss(logits, *columns))

    assert min((0.01, 0.1, 0.2, 0.3, 0.6, 0.99), key=loss) == 0.2
