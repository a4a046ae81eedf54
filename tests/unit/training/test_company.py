"""Laws of company: the text stays whole, fits the window, and only turns that raise nothing may join it."""

import random

from hypothesis import given
from hypothesis import strategies as st

from service.labels import BINARY
from training.company import LONGEST_CHARS, calm_texts, join_company
from training.dataset import OWN
from training.examples import Example

TEXTS = st.text(min_size=1, max_size=LONGEST_CHARS + 40)


def row(text: str, *, language: str = "en", source: str = OWN, sentiment: str = "neutral", **raised: int) -> Example:
    return Example("1", text, language, source, "train", dict.fromkeys(BINARY, 0) | raised, sentiment=sentiment)


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=4), st.integers(0, 100))
def test_the_text_stays_whole_and_the_result_fits(text: str, calm: list[str], seed: int) -> None:
    joined = join_company(text, calm, random.Random(seed))
    assert text in joined
    assert len(joined) <= max(len(text), LONGEST_CHARS + 1)


def test_some_text_is_joined_on_either_side() -> None:
    joined = {join_company("you thieves", ["hello"], random.Random(seed)) for seed in range(20)}
    assert any(text.startswith("hello") for text in joined)
    assert any(text.endswith("hello") for text in joined)


def test_only_own_neutral_turns_that_raise_nothing_are_company() -> None:
    rows = [
        row("where is it?"),
        row("kde to je?", language="cs"),
        row("so slow", frustration=1),
        row("great", sentiment="positive"),
        row("a public row", source="banking77"),
        Example("2", "not labelled", "en", OWN, "train", {"abuse": 0}, sentiment="neutral"),
        row("x" * LONGEST_CHARS),
    ]
    assert calm_texts(rows) == {"en": ["where is it?"], "cs": ["kde to je?"]}
