"""The audit of subgroups sees what it says it sees."""

import numpy as np
import pytest

from service.labels import BINARY, LANGUAGES
from training.examples import Example
from training.predict import Answers
from training.subgroups import identity_terms, mention_report, sentence_report, way_of_writing


def row(text: str, language: str, **binary: int) -> Example:
    return Example(id=text, text=text, language=language, source="s", split="test", binary=binary)


def served(flags: list[list[int]]) -> Answers:
    values = np.array(flags, dtype=float).reshape(-1, len(BINARY))
    n = len(values)
    return Answers(binary=values, flags=values, sentiment=np.full((n, 3), 1 / 3), language=np.zeros(n, dtype=int))


# fmt: off
@pytest.mark.parametrize(("text", "language", "group"), [
    ("Balík ještě nedorazil, poradíte mi?",         "cs", "with diacritics"),
    ("balik jeste nedorazil poradite mi",           "cs", "without diacritics"),
    ("sao mai chua thay giao hang vay shop",        "vi", "without diacritics"),
    ("Ang tagal naman po ng delivery",              "tl", "Tagalog"),
    ("Please naman po, the rider is not answering", "tl", "mixed with English"),
    ("my order is still not here",                  "tl", "English or unclear"),
    ("thanks 👍",                                   "en", "with emoji"),
    ("ok",                                          "en", "up to 4 words"),
])
def test_ways_of_writing(text: str, language: str, group: str) -> None:
    assert group in way_of_writing(row(text, language))
# fmt: on


def test_mentions_compare_rows_without_abuse_alone() -> None:
    rows = [row(f"{n} my muslim neighbour called", "en", abuse=0) for n in range(20)]
    rows += [row(f"{n} my neighbour called", "en", abuse=0) for n in range(20)] + [row("muslim pigs", "en", abuse=1)]
    flags = [[0, int(n < 5), 0, 0] for n in range(20)] + [[0, 0, 0, 0]] * 20 + [[0, 1, 0, 0]]
    assert mention_report(rows, served(flags)) == {
        "en": {"rows_naming": 20, "flagged_naming": 0.25, "rows_not_naming": 20, "flagged_not_naming": 0.0}
    }


def test_a_flagged_harmless_sentence_names_its_term() -> None:
    def answer(rows: object) -> Answers:
        assert isinstance(rows, list)
        return served([[0, int("deaf" in r.text), 0, 0] for r in rows])

    report = sentence_report(answer)
    assert report["en"]["terms"] == ["deaf"]
    assert report["cs"] == {"sentences": 54, "frustration": 0, "abuse": 0, "threat": 0, "terms": []}


def test_every_language_has_terms_and_sentences_with_one_place() -> None:
    found = identity_terms()
    assert set(found) == set(LANGUAGES)
    for entry in found.values():
        assert len(set(entry["terms"])) == len(entry["terms"]) >= 15
        assert all(sentence.count("{}") == 1 for sentence in entry["sentences"])
