"""The mean of two fine-tunings is theirs, weight by weight; it is written beside them, and only where it means something."""

import json
from pathlib import Path

import pytest
import torch

from training.average import average, write_average

BEGUN = {"pretraining": {"seed": 1}}


def tuned(folder: Path, values: list[float], facts: dict[str, object] | None = None, tokenizer: str = "{}") -> Path:
    folder.mkdir()
    torch.save({"w": torch.tensor(values)}, folder / "classifier.pt")
    (folder / "finetuning.json").write_text(json.dumps(BEGUN if facts is None else facts), encoding="utf-8")
    (folder / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
    return folder


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_the_mean_lies_between(share: float) -> None:
    later, earlier = {"w": torch.tensor([4.0, 0.0])}, {"w": torch.tensor([0.0, 8.0])}
    assert average(later, earlier, share)["w"].tolist() == [4.0 * share, 8.0 * (1 - share)]


def test_counters_are_taken_from_the_later_one() -> None:
    later, earlier = {"n": torch.tensor([3])}, {"n": torch.tensor([9])}
    assert average(later, earlier, 0.5)["n"].tolist() == [3]


def test_it_is_written_beside_the_two_and_says_so(tmp_path: Path) -> None:
    later = tuned(tmp_path / "later", [4.0])
    earlier = tuned(tmp_path / "earlier", [0.0], {**BEGUN, "rows_digest": "abc"})
    write_average(later, earlier, 0.75, tmp_path / "mean")
    assert torch.load(tmp_path / "mean" / "classifier.pt", weights_only=True)["w"].tolist() == [3.0]
    assert torch.load(later / "classifier.pt", weights_only=True)["w"].tolist() == [4.0]
    facts = json.loads((tmp_path / "mean" / "finetuning.json").read_text(encoding="utf-8"))
    assert facts["averaged"] == {"share": 0.75, "earlier": "abc"}
    assert (tmp_path / "mean" / "tokenizer.json").exists()


def test_a_mean_without_meaning_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    later, out = tuned(tmp_path / "later", [4.0]), tmp_path / "mean"
    others = {
        "shape": tuned(tmp_path / "wide", [4.0, 1.0]),
        "tokenizers": tuned(tmp_path / "words", [0.0], tokenizer='{"other": 1}'),
        "same encoder": tuned(tmp_path / "stranger", [0.0], {"pretraining": {"seed": 2}}),
    }
    for reason, earlier in others.items():
        with pytest.raises(ValueError, match=reason):
            write_average(later, earlier, 0.5, out)
        assert not out.exists()
    with pytest.raises(ValueError, match="would be lost"):
        write_average(later, tuned(tmp_path / "earlier", [0.0]), 0.5, later)
