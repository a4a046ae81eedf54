"""A transcript file that cannot be used is refused with file, line and reason; labels absent stay unknown."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from training.dataset import conversation_examples
from training.examples import SIGMOIDS, Example, targets_of
from training.labels import Annotation, AnnotationError, agreement, parse_flags, read_annotations
from training.transcripts import TranscriptError, read_file

# fmt: off
BROKEN = [
    ('{"language": "en", "turns": []}',                                                      "not a transcript"),
    ("not json",                                                                            "not a transcript"),
    ('{"id": "a", "language": "de", "turns": []}',                                          "language is 'de'"),
    ('{"id": "a", "language": "en"}',                                                       "turns"),
    ('{"id": "a", "language": "en", "turns": [{"role": "customer", "text": "x", "abuse": "0"}]}',                "abuse must be 0, 1 or null"),
    ('{"id": "a", "language": "en", "turns": [{"role": "boss", "text": "x"}]}',             "role"),
    ('{"id": "a", "language": "en", "turns": [{"role": "customer", "text": 7}]}',           "text"),
    ('{"id": "a", "language": "en", "turns": [{"role": "customer", "text": "x", "sentiment": "sad"}]}',        "sentiment"),
    ('{"id": "a", "language": "en", "turns": [{"role": "customer", "text": "x", "threat_kinds": ["karma"]}]}', "threat_kinds"),
]
# fmt: on


@pytest.mark.parametrize(("line", "said"), BROKEN)
def test_a_broken_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text("\n" + line + "\n", encoding="utf-8")
    with pytest.raises(TranscriptError, match=said) as caught:
        list(read_file(path))
    assert "mine.jsonl:2" in str(caught.value)


def test_what_the_annotator_did_not_say_is_unknown(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(
        '{"id": "a", "language": "en", "turns": [{"role": "customer", "text": "x", "abuse": 1}, {"role": "agent", "text": "y"}]}\n',
        encoding="utf-8",
    )
    rows = [e for c in read_file(path, split="train") for e in conversation_examples(c)]
    assert len(rows) == 1, "only customers are scored"
    targets = targets_of(rows)
    assert targets.sigmoids[0, SIGMOIDS.index("abuse")] == 1
    assert np.isnan(targets.sigmoids[0]).sum() == len(SIGMOIDS) - 1
    assert targets.sentiment[0] == -1


# fmt: off
@pytest.mark.parametrize(("filed", "turn", "language", "taught"), [
    ("tl", '"text": "salamat po"',                        "tl", True),
    ("en", '"text": "salamat po", "language": "tl"',      "tl", True),
    ("tl", '"text": "ok", "language": null',              "tl", False),
    ("tl", '"text": "dili ko", "language": "other"',      "tl", False),  # calibrated as what we serve, not taught as it
    ("cs", '"text": "#88-2031 a 🙄"',                     "cs", False),
    ("other", '"text": "neviem"',                         "other", True),
])
def test_a_turn_may_be_in_another_language_than_its_conversation(
    filed: str, turn: str, language: str, taught: bool, tmp_path: Path
) -> None:
    path = tmp_path / "mixed.jsonl"
    path.write_text(f'{{"id": "a", "language": "{filed}", "turns": [{{"role": "customer", {turn}}}]}}\n', encoding="utf-8")
    (row,) = (e for c in read_file(path) for e in conversation_examples(c))
    assert (row.language, row.language_known) == (language, taught)
    assert (targets_of([row]).language[0] >= 0) == taught


def test_a_turn_in_no_language_that_there_is_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wrong.jsonl"
    path.write_text(
        '{"id": "a", "language": "en", "turns": [{"role": "customer", "text": "x", "language": "klingon"}]}\n',
        encoding="utf-8",
    )
    with pytest.raises(TranscriptError, match=r"wrong\.jsonl:1: a turn's language is 'klingon'"):
        list(read_file(path))


# fmt: off
@pytest.mark.parametrize(("flags", "raised", "kinds"), [
    ("-",    set(),                              ()),
    ("F",    {"frustration"},                    ()),
    ("FBL",  {"frustration", "abuse"},           ()),
    ("FTpr", {"frustration", "threat"},          ("regulator", "publicity")),
    ("H",    {"asks_human"},                     ()),
])
def test_flags(flags: str, raised: set[str], kinds: tuple[str, ...]) -> None:
    annotation = parse_flags(flags)
    assert annotation is not None
    assert {name for name, value in annotation.binary.items() if value} == raised
    assert annotation.threat_kinds == kinds


def test_a_threat_of_no_stated_kind_has_unknown_kinds() -> None:
    annotation = parse_flags("FT")
    assert annotation is not None
    assert (annotation.binary["threat"], annotation.threat_kinds) == (1, None)


def test_debatable_rows_are_dropped_and_unknown_flags_refused() -> None:
    assert parse_flags("F?") is None
    with pytest.raises(AnnotationError):
        parse_flags("FX")


def test_our_sentiment_replaces_the_sources_only_where_we_judged_it(tmp_path: Path) -> None:
    (tmp_path / "en.tsv").write_text("id\tflags\tsentiment\na\tF\t-\nb\t-\t+\nc\tB?\t-\nd\tF\n", encoding="utf-8")
    found = read_annotations(tmp_path)
    assert {row: a.sentiment for row, a in found.items()} == {"a": "negative", "b": "positive", "d": None}
    (tmp_path / "en.tsv").write_text("id\tflags\tsentiment\na\tF\tsad\n", encoding="utf-8")
    with pytest.raises(AnnotationError, match=r"en\.tsv:2"):
        read_annotations(tmp_path)


# fmt: off
@pytest.mark.parametrize(("said", "weight", "flags", "taught"), [
    (1,    0.8, "-", None),   # a trusted source means something wider: neither is taught
    (1,    0.3, "-", 0),      # a doubtful one is corrected
    (0,    0.8, "B", 1),
    (None, 0.8, "-", 0),
])
def test_our_label_against_the_sources(said: int | None, weight: float, flags: str, taught: int | None) -> None:
    annotation = parse_flags(flags, "-")
    assert annotation is not None
    binary = {} if said is None else {"abuse": said}
    row = Example(id="a", text="x", language="vi", source="s", split="train", binary=binary, weight=weight)
    assert annotation.over(row).binary.get("abuse") == taught
    assert annotation.over(row).sentiment == "negative"
    marked = annotation.over(replace(row, marked=frozenset({0}))).marked
    assert (marked is None) is (taught != 1), "words are marked as abusive only where abuse is taught"
    assert annotation.over(replace(row, sentiment="neutral")).sentiment == "neutral"


def test_agreement_counts_only_rows_that_both_read() -> None:
    def reading(**flags: str) -> dict[str, Annotation]:
        return {row: a for row, f in flags.items() if (a := parse_flags(f, "0")) is not None}

    facts = agreement(reading(a="F", b="-", c="F", d="-", e="B"), reading(a="F", b="-", c="-", d="F", z="F"))
    assert facts["frustration"] == {"rows": 4, "given": 2, "agreed": 0.5, "kappa": 0.0}
    assert facts["sentiment"]["agreed"] == 1.0
