"""Which lines are drawn: as long as a chat turn, each once, none that must stay unseen; and each gets its own answer."""

import lzma
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from training import corpora, distil
from training.distil import LONGEST_CHARS, WIDTH, by_release, by_teacher, draw_texts
from training.sources import text_key


def test_no_line_is_drawn_that_must_stay_unseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = "Kde je můj balík, prosím?"
    lines = [
        held.upper(),
        "ok",
        "Dobrý den, chci vrátit boty.",
        "dobrý den  chci vrátit boty!",
        "x" * (LONGEST_CHARS + 1),
    ]
    (tmp_path / "corpora").mkdir()
    with lzma.open(tmp_path / "corpora" / "cs.informal.txt.xz", "wt", encoding="utf-8") as file:
        file.write("\n".join(lines))
    monkeypatch.setattr(corpora, "SOURCES", tmp_path)
    drawn = draw_texts("cs", 10, random.Random(0), {text_key(held)})
    assert [text_key(line) for line in drawn] == [text_key(lines[2])]
    assert draw_texts("tl", 10, random.Random(0), set()) == []


TEXTS = ["a b c d e", "a", "a b c", "a b", "a b c d", "a b c d e f", "a b c d e f g"]


def test_the_release_answers_each_text_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_all(texts: Sequence[str], _language: str, _artefact: Path) -> np.ndarray:
        return np.repeat([[float(len(text))] for text in texts], WIDTH, axis=1)

    monkeypatch.setattr(distil, "ProcessPoolExecutor", ThreadPoolExecutor)
    monkeypatch.setattr(distil, "_read_all", read_all)
    assert by_release(TEXTS, "en", Path())[:, 0].tolist() == [len(text) for text in TEXTS]


def test_the_teacher_answers_each_text_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def model(_ids: torch.Tensor, mask: torch.Tensor) -> SimpleNamespace:
        return SimpleNamespace(logits=mask.sum(dim=1, keepdim=True).float().repeat(1, 32) / 10)

    def tokenizer(texts: list[str], **_: object) -> dict[str, list[list[int]]]:
        return {"input_ids": [[1] * len(text.split()) for text in texts]}

    tokenizer.pad_token_id = 0  # type: ignore[attr-defined]
    monkeypatch.setattr(distil, "load_finetuned", lambda _folder: (model, tokenizer))
    monkeypatch.setattr(distil, "BATCH", 2)
    found = by_teacher(TEXTS, Path())[:, 0]
    assert found.tolist() == pytest.approx([1 / (1 + np.exp(-len(t.split()) / 10)) for t in TEXTS], abs=1e-3)
