"""Wrong values of the command line are told at once, with what is missing."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

from training.arguments import checkpoint, classifier, positive, release, share, soft_rows
from training.paths import MODELS


def test_folders_that_are_there_are_taken_by_their_whole_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("config.json", "classifier.pt", "finetuning.json", "soft.jsonl.gz", "distil.json"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    assert {kind(".") for kind in (checkpoint, classifier, soft_rows)} == {tmp_path.resolve()}
    current = (MODELS / "CURRENT").read_text(encoding="utf-8").strip()
    assert release(str(MODELS)) == release(str(MODELS / current)) == (MODELS / current).resolve()


@pytest.mark.parametrize(
    ("kind", "told"),
    [(checkpoint, "config.json"), (classifier, "classifier.pt"), (soft_rows, "soft.jsonl.gz"), (release, "no release")],
)
def test_a_folder_without_its_files_is_refused(kind: Callable[[str], Path], told: str, tmp_path: Path) -> None:
    for value in (str(tmp_path), str(tmp_path / "missing")):
        with pytest.raises(argparse.ArgumentTypeError, match=told):
            kind(value)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [(positive, ("0.05", "60"), ("0", "-1", "inf", "nan", "an hour")), (share, ("0", "1", "0.65"), ("65", "-0.1", "nan", "half"))],
)  # fmt: skip
def test_numbers_out_of_range_are_refused(
    kind: Callable[[str], float], good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    assert [kind(value) for value in good] == [float(value) for value in good]
    for value in bad:
        with pytest.raises(argparse.ArgumentTypeError, match="is no"):
            kind(value)
