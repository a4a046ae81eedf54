"""Which lines are drawn: as long as a chat turn, each once, and none that must stay unseen."""

import lzma
import random
from pathlib import Path

import pytest

from training import corpora
from training.distil import LONGEST_CHARS, draw_texts
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
