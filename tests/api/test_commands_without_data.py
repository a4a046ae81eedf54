"""Commands that read what a service stored: in a wrong folder they say so, and leave nothing behind."""

import subprocess
import sys
from pathlib import Path

import pytest

from service.__main__ import CLOSED_PIPE, main

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "command",
    [
        ("report", "--by", "day"),
        ("policy", "explain", "demo-1"),
        ("replay", "--stored"),
        ("labels", "export", "--out", "labels.jsonl"),
        ("keys", "list"),
        ("people", "list"),
        ("token",),
    ],
)
def test_a_folder_without_a_database_is_named_and_not_made(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*command, "--data-dir", "typo"]) == 1
    said = capsys.readouterr().err
    assert f"there is no database at {tmp_path / 'typo' / 'evenkeel.db'}" in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_first_person_and_the_first_key_may_come_before_the_service(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["people", "add", "mai", "--data-dir", str(tmp_path / "people")]) == 0
    assert main(["keys", "create", "--data-dir", str(tmp_path / "keys")]) == 0
    assert capsys.readouterr().out.count("\n") == 2


def test_a_file_is_no_data_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "README.md").write_text("")
    assert main(["people", "add", "mai", "--data-dir", str(tmp_path / "README.md")]) == 1
    assert "README.md is a file, expected a folder" in capsys.readouterr().err


def test_a_folder_that_may_not_be_looked_into_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("service.commands._is_there", refused)  # root, as tests often run, may look everywhere
    assert main(["keys", "list", "--data-dir", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "the database cannot be opened" in said
    assert "Permission denied" in said
    assert said.count("\n") == 1


def test_a_reader_that_has_seen_enough_is_no_mistake(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "service", "policy", "check", "service/risk/policy.yaml"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == CLOSED_PIPE
