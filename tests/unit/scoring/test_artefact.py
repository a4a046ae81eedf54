"""A missing, truncated or tampered model file stops the start with one clear line."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from service.scoring.artefact import ArtefactError, find_artefact, load_artefact
from service.scoring.onnx import load_scorer

RELEASED = Path(__file__).parents[3] / "models"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the served release to break."""
    return Path(shutil.copytree(find_artefact(RELEASED), tmp_path / "model"))


def _truncate(folder: Path) -> None:
    model = folder / "model.int8.onnx"
    model.write_bytes(model.read_bytes()[:-1000])


def _flip(folder: Path) -> None:
    path = folder / "calibration.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"threshold": 0', '"threshold": 1', 1), encoding="utf-8")


def _edit_manifest(**changes: object) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")

    return edit


# fmt: off
@pytest.mark.parametrize(("damage", "said"), [
    (_truncate,                                                    "model.int8.onnx is damaged"),
    (_flip,                                                        "calibration.json is damaged"),
    (lambda folder: (folder / "tokenizer.json").unlink(),          "tokenizer.json is missing"),
    (lambda folder: (folder / "manifest.json").write_text("{"),    "manifest.json: cannot be read as JSON"),
    (lambda folder: (folder / "manifest.json").write_text("[]"),   "expected a JSON object"),
    (_edit_manifest(format=99),                                    "format is 99"),
    (_edit_manifest(columns=["abuse"]),                            "columns differ"),
    (_edit_manifest(files={}),                                     "must hold the hashes"),
    (_edit_manifest(max_tokens="many"),                            "max_tokens a number"),
])
def test_damage_is_named_in_one_line(copy: Path, damage: Callable[[Path], None], said: str) -> None:
    damage(copy)
    with pytest.raises(ArtefactError, match=said) as caught:
        load_scorer(copy)
    assert "\n" not in str(caught.value)


def test_a_missing_pointer_says_which_setting_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="EVENKEEL_MODEL_DIR"):
        find_artefact(tmp_path)


@pytest.mark.parametrize("named", ["../elsewhere", "2000.1.1"])
def test_a_pointer_to_nowhere_is_refused(tmp_path: Path, named: str) -> None:
    (tmp_path / "CURRENT").write_text(named, encoding="utf-8")
    with pytest.raises(ArtefactError, match="CURRENT names"):
        find_artefact(tmp_path)


def test_the_digest_names_the_files_that_decide(copy: Path) -> None:
    before = load_artefact(copy).digest
    (copy / "README.md").write_text("another card", encoding="utf-8")
    assert load_artefact(copy).digest == before
