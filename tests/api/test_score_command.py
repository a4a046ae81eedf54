"""`evenkeel score --file` as people call it: files in, files out; the scorer counts exclamation marks."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from service.__main__ import main
from service.commands import score as score_command
from tests.api.scorers import LetterScorer

SECRET = "kanárek tajný"


class Called(NamedTuple):
    code: int
    out: str
    err: str


Call = Callable[..., Called]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Call:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(score_command, "load_model", lambda settings: LetterScorer())

    def run(*arguments: str) -> Called:
        return Called(main(["score", *arguments]), *capsys.readouterr())

    return run


def test_a_spreadsheet_comes_back_with_columns_more(call: Call) -> None:
    rows = "id,zpráva\r\n" + '7,Kde to je!!!!\r\n8,"Dobře, díky"\r\n' * 50
    Path("in.csv").write_text("\ufeff" + rows, encoding="utf-8", newline="")
    done = call("--file", "in.csv", "--column", "zpráva", "--output", "out.csv", "--language", "cs")
    assert (done.code, done.out) == (0, "")
    assert "score: 100 texts by model letters-1" in done.err
    found = list(csv.DictReader(io.StringIO(Path("out.csv").read_text(encoding="utf-8"))))
    assert [row["id"] for row in found] == ["7", "8"] * 50
    assert {(row["id"], row["zpráva"], row["evenkeel_flagged"], row["evenkeel_language"]) for row in found} == {
        ("7", "Kde to je!!!!", "frustration", "cs"),
        ("8", "Dobře, díky", "", "cs"),
    }


def test_lines_of_standard_input_come_out_as_json(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Ang tagal!!!!\nSalamat po\n"))
    done = call("--file", "-")
    assert [
        (line["text"], line["evenkeel"]["flags"]["frustration"]) for line in map(json.loads, done.out.splitlines())
    ] == [
        ("Ang tagal!!!!", True),
        ("Salamat po", False),
    ]


def test_an_empty_file_is_no_mistake(call: Call) -> None:
    Path("in.jsonl").write_text("")
    assert call("--file", "in.jsonl") == (0, "", call("--file", "in.jsonl").err)
    assert "0 texts" in call("--file", "in.jsonl").err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "give texts, or --file"),
        (("text", "--file", "in.csv"), "give texts, or --file"),
        (("--file", "in.csv", "--show", "normalise"), "--show is for texts"),
        (("--file", "in.csv", "--output", "./in.csv"), "--output is the file itself"),
        (("--file", "absent.csv"), "score: absent.csv: No such file or directory"),
        (("text",), "--output is for a file"),
        (("--file", "in.csv", "--column", "body", "--language-column", "nope"), "there is no column 'nope'"),
        (("--file", "in.csv"), "line 1: found the columns 'body', expected 'text'; --column names another one"),
        (("--file", "in.csv", "--format", "jsonl"), "line 1: this is no JSON"),
        (("--file", "latin.csv", "--column", "body"), "latin.csv: this is no UTF-8"),
    ],
)
def test_a_mistake_is_one_line_and_spoils_nothing(call: Call, arguments: tuple[str, ...], says: str) -> None:
    Path("in.csv").write_text(f"body\n{SECRET}\n", encoding="utf-8")
    Path("latin.csv").write_text(f"body\n{SECRET}\n", encoding="iso8859-2")
    Path("out.csv").write_text("kept")
    if "--output" not in arguments:
        arguments = (*arguments, "--output", "out.csv")
    done = call(*arguments)
    assert (done.code, done.out) == (1, "")
    assert says in done.err
    assert done.err.count("\n") == 1
    assert SECRET not in done.err
    assert Path("out.csv").read_text() == "kept"
    assert Path("in.csv").read_text(encoding="utf-8") == f"body\n{SECRET}\n"
