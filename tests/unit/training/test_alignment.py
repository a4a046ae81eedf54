"""Which tokens stand for which: by characters within a language, by translation between two."""

import numpy as np
import pytest

from training.alignment import overlaps, translations

HOUSE, MY, OLD = 1, 2, 3
DUM, MUJ, STARY, UNMET = 1, 2, 3, 4


def test_an_occurrence_is_shared_out_by_common_characters() -> None:
    here = [([7, 8, 9], [(0, 4), (4, 10), (10, 11)])]
    there = [([1, 2, 3], [(0, 4), (5, 6), (6, 10)])]
    counts = overlaps(here, there, (10, 5)).toarray()
    assert counts[7].tolist() == [0, 1, 0, 0, 0]
    assert counts[8].tolist() == pytest.approx([0, 0, 0.2, 0.8, 0]), "the space belongs to no token there"
    assert counts[9].sum() == 0, "what nothing there covers stands for nothing"


def test_every_occurrence_counts_once_however_long_it_is() -> None:
    text = [([5], [(0, 3)]), ([5], [(0, 3)]), ([4], [(0, 12)])]
    counts = overlaps(text, text, (6, 6))
    assert (counts[5, 5], counts[4, 4]) == (2, 1)


def test_translations_are_found_from_sentences_alone() -> None:
    english = [[MY, HOUSE], [OLD, HOUSE], [MY, OLD, HOUSE], [HOUSE], [OLD]] * 4
    czech = [[MUJ, DUM], [STARY, DUM], [MUJ, STARY, DUM], [DUM], [STARY]] * 4
    counts = translations(czech, english, (5, 4), rounds=20)
    assert np.argmax(counts.toarray()[[DUM, MUJ, STARY]], axis=1).tolist() == [HOUSE, MY, OLD]
    assert counts[UNMET].sum() == 0
    assert counts[:, 0].sum() == 0, "what translates nothing stands for nothing"
    assert counts[DUM].sum() <= 16, "a token cannot stand for more than it was met"
