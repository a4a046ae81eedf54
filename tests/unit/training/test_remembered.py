"""What is remembered of a model's scores, and of training rows, is forgotten when what made it changes."""

from dataclasses import replace
from pathlib import Path

import pytest

from service.scoring.onnx import load_scorer
from training import walk
from training.examples import Example, rows_digest
from training.paths import MODELS
from training.walk import remembered

ROW = Example("vi1", "chậm quá", "vi", "own_transcripts", "train", {"frustration": 1})


def test_scores_are_kept_by_model_and_scoring_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(walk, "BUILD", tmp_path)
    scorer = load_scorer(MODELS)
    before = remembered(scorer).path
    assert remembered(scorer).path == before
    monkeypatch.setattr(walk, "scoring_code", lambda: b"changed")
    assert remembered(scorer).path != before


def test_a_digest_tells_rows_of_other_texts_languages_or_labels_apart() -> None:
    others = [
        replace(ROW, text="nhanh quá"),
        replace(ROW, language="tl"),
        replace(ROW, language_known=False),
        replace(ROW, binary={"frustration": 0}),
    ]
    digests = {rows_digest([row]) for row in (ROW, *others)}
    assert len(digests) == 5
    assert rows_digest([ROW, others[0]]) == rows_digest([others[0], ROW])
