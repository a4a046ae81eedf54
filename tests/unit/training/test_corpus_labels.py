"""Labels on corpus lines find their line by its letters, and nothing held back is learnt through them."""

import lzma
from pathlib import Path

import pytest

from training import corpora, corpus_labels
from training.corpus_labels import DEV_BELOW, labelled_lines, line_id
from training.labels import parse_flags
from training.sources import text_key

ANGRY, FINE = "Tohle je fakt výsměch, nikdy víc!", "Moc děkuju, všechno přišlo včas."


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpora").mkdir()
    with lzma.open(tmp_path / "corpora" / "cs.informal.txt.xz", "wt", encoding="utf-8") as file:
        file.write(f"{ANGRY}\n{ANGRY.upper()}\n{FINE}\nNikdo ji neoznačil jako první.\n")
    monkeypatch.setattr(corpora, "SOURCES", tmp_path)


@pytest.mark.usefixtures("lines")
def test_a_labelled_line_becomes_one_example_with_our_labels() -> None:
    annotations = {line_id("cs", ANGRY): parse_flags("F", "-"), line_id("cs", FINE): parse_flags("-", "+")}
    found = list(labelled_lines({name: label for name, label in annotations.items() if label}, frozenset()))
    assert [(row.text, row.binary["frustration"], row.sentiment) for row in found] == [
        (ANGRY, 1, "negative"),
        (FINE, 0, "positive"),
    ]
    assert all(row.language == "cs" and not row.language_known and row.weight == 1.0 for row in found)


@pytest.mark.usefixtures("lines")
def test_a_line_that_is_held_back_or_absent_is_no_example() -> None:
    label = parse_flags("F", "-")
    assert label is not None
    annotations = {line_id("cs", ANGRY): label, line_id("cs", "Tenhle řádek tu není."): label}
    assert not list(labelled_lines(annotations, {text_key(ANGRY)}))


def test_an_id_forgets_case_spaces_and_punctuation_but_not_the_language() -> None:
    assert line_id("cs", "Nikdy  víc!") == line_id("cs", "nikdy víc")
    assert line_id("cs", "nikdy víc") != line_id("vi", "nikdy víc")


def test_about_one_line_in_ten_is_dev_and_it_is_always_the_same_one() -> None:
    label = parse_flags("-")
    assert label is not None
    ids = [line_id("cs", f"Řádek číslo {number}") for number in range(600)]
    splits = [corpus_labels._unlabelled(name, "x", "cs").split for name in ids]
    assert 0.06 < splits.count("dev") / len(splits) < 0.14
    assert all((int(name[-2:], 16) < DEV_BELOW) == (split == "dev") for name, split in zip(ids, splits, strict=True))
