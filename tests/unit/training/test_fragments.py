"""Fragments teach the language and nothing else."""

import pytest

from training.examples import Example
from training.fragments import LONGEST, SHORTEST, fragments


def rows(text: str, language: str, n: int = 30, **binary: int) -> list[Example]:
    return [
        Example(id=f"{language}{i}", text=f"{text} {i}", language=language, source="s", split="train", binary=binary)
        for i in range(n)
    ]


def test_a_fragment_is_a_few_neighbouring_words_with_the_language_alone() -> None:
    source = "balík ještě pořád nedorazil prosím poraďte"
    made = fragments(rows(source, "cs", frustration=1))
    assert made
    for fragment in made:
        assert SHORTEST <= len(fragment.text.split()) <= LONGEST
        assert fragment.text.rstrip("0123456789 ") in source
        assert (fragment.binary, fragment.sentiment, fragment.threat_kinds) == ({}, None, None)
        assert fragment.language == "cs"


@pytest.mark.parametrize(("text", "language"), [("thank you very much seller", "tl"), ("🙂 !! ?? 12 34 ..", "en")])
def test_what_does_not_show_its_language_is_left_out(text: str, language: str) -> None:
    assert fragments(rows(text, language)) == []


def test_the_same_rows_give_the_same_fragments() -> None:
    source = rows("ang tagal po ng delivery ninyo", "tl")
    assert fragments(source) == fragments(source)
