"""Laws of the export: training reads it, learns what was decided and nothing that was not, and no name is in it."""

import json
from pathlib import Path

import numpy as np

from service.labels import SENTIMENTS
from service.risk.corrections import Correction, Labels
from service.risk.training_rows import LabelledConversation, LabelledTurn, pseudonym, training_row
from training.dataset import conversation_examples
from training.examples import SIGMOIDS, targets_of
from training.transcripts import read_given

SUED = Labels(frustration=1, threat=1, threat_kind="legal", sentiment="negative")


def said(by: str, labels: Labels) -> Correction:
    return Correction(by, 1795354200.0, labels, "m1")


def labelled(*labels: Labels, text: str | None = "x", language: str | None = "cs") -> LabelledConversation:
    given = tuple(said(f"person {number}", one) for number, one in enumerate(labels))
    return LabelledConversation("c1", language, (LabelledTurn("t1", text, given),))


def test_training_reads_the_decided_labels_and_skips_the_rest(tmp_path: Path) -> None:
    conversations = [
        labelled(SUED),
        labelled(Labels(threat=0)),
        labelled(Labels(threat=1)),
        labelled(SUED, Labels(frustration=0, threat=1, threat_kind="legal", sentiment="negative")),
        labelled(Labels(abuse=1), Labels(abuse=1), Labels(abuse=0)),
    ]
    rows = [training_row(conversation) for conversation in conversations]
    (tmp_path / "mine.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    examples = [e for c in read_given(tmp_path) for e in conversation_examples(c)]
    targets = targets_of(examples)
    known = [
        {name: int(value) for name, value in zip(SIGMOIDS, line, strict=True) if not np.isnan(value)}
        for line in targets.sigmoids
    ]
    kinds = {"violence": 0, "self_harm": 0, "legal": 0, "regulator": 0, "publicity": 0, "chargeback": 0}
    assert known == [
        {"frustration": 1, "threat": 1, **kinds, "legal": 1},
        {"threat": 0, **kinds},
        {"threat": 1},
        {"threat": 1, **kinds, "legal": 1},
        {"abuse": 1},
    ]
    assert targets.sentiment.tolist() == [SENTIMENTS.index("negative"), -1, -1, SENTIMENTS.index("negative"), -1]
    assert targets.language.tolist() == [-1] * 5, "the language is the model's own guess"
    assert {example.split for example in examples} == {"train"}


def test_what_cannot_be_learnt_is_left_out() -> None:
    assert training_row(labelled(Labels(threat=1), Labels(threat=0))) is None
    assert training_row(labelled(SUED, text=None)) is None
    assert training_row(labelled(SUED, language=None)) is None
    assert training_row(labelled(SUED, language="other")) is None


def test_who_and_when_leave_as_a_pseudonym() -> None:
    row = training_row(LabelledConversation("c1", "vi", (LabelledTurn("t1", "x", (said("Mai Nguyễn", SUED),)),)))
    assert row is not None
    (turn,) = row["turns"]  # type: ignore[misc]
    assert turn["labelled"] == [{"by": pseudonym("Mai Nguyễn"), "at": "2026-11-22T13:30:00Z"}]
    assert turn["model_version"] == "m1"
    assert "Mai" not in json.dumps(row, ensure_ascii=False)
    assert pseudonym("Mai Nguyễn") != pseudonym("Mai Nguyen")
