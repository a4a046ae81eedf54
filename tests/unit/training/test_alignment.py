"""Which tokens stand for which: by characters within a language, by translation between two."""

import numpy as np

from training.alignment import overlaps, translations

HOUSE, MY, OLD = 1, 2, 3
DUM, MUJ, STARY, UNMET = 1, 2, 3, 4


def test_tokens_are_joined_by_the_characters_they_share() -> None:
    here = [([7, 8], [(0, 4), (4, 9)])]
    there = [([1, 2, 3], [(0, 4), (5, 7), (7, 9)])]
    counts = overlaps(here, there, (10, 5)).toarray()
    assert counts[7].tolist() == [0, 4, 0, 0, 0]
    assert counts[8].tolist() == [0, 0, 2, 2, 0]
    assert counts.sum() == 8, "the space belongs to no token there"


def test_a_token_across_two_texts_is_counted_in_both() -> None:
    text = [([5], [(0, 3)]), ([5], [(0, 3)])]
    assert overlaps(text, text, (6, 6))[5, 5] == 6


def test_translations_are_found_from_sentences_alone() -> None:
    english = [[MY, HOUSE], [OLD, HOUSE], [MY, OLD, HOUSE], [HOUSE], [OLD]] * 4
    czech = [[MUJ, DUM], [STARY, DUM], [MUJ, STARY, DUM], [DUM], [STARY]] * 4
    counts = translations(czech, english, (5, 4), rounds=20)
    assert np.argmax(counts.toarray()[[DUM, MUJ, STARY]], axis=1).tolist() == [HOUSE, MY, OLD]
    assert counts[UNMET].sum() == 0
    assert counts[:, 0].sum() == 0, "what translates nothing stands for nothing"
    assert counts[DUM].sum() <= 16, "a token cannot stand for more than it was met"
