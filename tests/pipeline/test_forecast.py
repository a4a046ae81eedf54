"""The forecast's step, tiny: few transcripts and the released model in, coefficients that the service loads out."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.risk.forecast import parse_forecaster
from training.transcripts import read_file

ROOT = Path(__file__).parents[2]


def step(environ: dict[str, str], *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "training.forecast", *args]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The English dev conversations and some of train; no public sets, a build folder of its own."""
    path = ROOT / "data" / "transcripts" / "en.jsonl"
    wanted = [c.id for c in read_file(path) if not c.single and c.split == "dev"]
    wanted += [c.id for c in read_file(path) if not c.single and c.split == "train"][::12]
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "transcripts").mkdir()
    kept = [line for line in lines if json.loads(line)["id"] in set(wanted)]
    (tmp_path / "transcripts" / "en.jsonl").write_text("".join(kept), encoding="utf-8")
    return os.environ | {
        "EVENKEEL_SOURCES": str(tmp_path / "nothing-here"),
        "EVENKEEL_BUILD": str(tmp_path / "build"),
        "EVENKEEL_TRANSCRIPTS": str(tmp_path / "transcripts"),
        "OMP_NUM_THREADS": "1",
    }


def test_from_transcripts_to_coefficients_that_load(environ: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "forecast.json"
    done = step(environ, "--out", str(out))
    assert done.returncode == 0, done.stderr[-3000:]
    closing = json.loads(done.stdout.strip().splitlines()[-1])
    assert closing["step"] == "forecast"
    assert closing["auc"] > 0.6
    written = json.loads(out.read_bytes())
    assert parse_forecaster(out.read_bytes()).slope > 0
    assert {entry["learnt_from"] for entry in written["compared_on_dev"]} == {"dev", "train", "train and dev"}
    assert written["compared_on_dev"][0]["log_loss"] == closing["log_loss"]
    again = tmp_path / "again.json"
    step(environ, "--out", str(again))
    assert again.read_bytes() == out.read_bytes()


def test_too_few_conversations_are_refused(environ: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "transcripts" / "en.jsonl"
    path.write_text(path.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    done = step(environ, "--out", str(tmp_path / "forecast.json"))
    assert done.returncode == 1
    assert "are too few to choose by" in done.stderr
    assert not (tmp_path / "forecast.json").exists()
