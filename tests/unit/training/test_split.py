"""Laws of the split: stable, contrast sets whole, held-back shares about as stated, nothing in two splits."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.split import assign_split, split_group
from training.transcripts import read_transcripts


@given(st.text(max_size=30))
def test_any_id_has_a_stable_split(identifier: str) -> None:
    assert assign_split(split_group(identifier)) == assign_split(split_group(identifier))
    assert assign_split(split_group(identifier)) in {"train", "dev", "test"}


@pytest.mark.parametrize(
    ("one", "other"), [("en-s0006", "en-s0007"), ("vi-bs0040", "cs-bs0041"), ("tl-cs0100", "en-cs0119")]
)
def test_neighbours_stay_together_in_all_languages(one: str, other: str) -> None:
    assert split_group(one) == split_group(other)


def test_the_shares_of_the_own_conversations() -> None:
    counts = Counter((c.language, c.split) for c in read_transcripts())
    for language in ("vi", "tl", "cs", "en"):
        total = sum(counts[language, split] for split in ("train", "dev", "test"))
        for split in ("dev", "test"):
            assert 0.05 < counts[language, split] / total < 0.15, (language, split)


def test_no_text_of_five_words_is_both_learnt_from_and_held_back() -> None:
    texts: dict[str, set[str]] = {"train": set(), "held": set()}
    for conversation in read_transcripts():
        side = "train" if conversation.split == "train" else "held"
        texts[side] |= {
            t.text.casefold() for t in conversation.turns if t.role == "customer" and len(t.text.split()) >= 5
        }
    assert len(texts["train"] & texts["held"]) <= 3
