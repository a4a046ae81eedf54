"""A row may be read without some of its tokens, so that it is not known by heart."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.batches import leave_out


@given(st.lists(st.integers(0, 99), min_size=2, max_size=60), st.floats(0.0, 1.0), st.integers())
def test_the_ends_stay_and_the_rest_is_a_part_in_order(ids: list[int], share: float, seed: int) -> None:
    kept = leave_out(ids, share, random.Random(seed))
    assert (kept[0], kept[-1]) == (ids[0], ids[-1])
    assert len(kept) > 2 or len(ids) == 2
    rest = iter(ids[1:-1])
    assert all(token in rest for token in kept[1:-1]), "each is found after the one before it"


def test_about_the_share_goes_and_another_part_each_time() -> None:
    ids, noise = list(range(1002)), random.Random(1)
    once, again = (leave_out(ids, 0.2, noise) for _ in range(2))
    assert len(once) == pytest.approx(802, abs=50)
    assert once != again


def test_nothing_goes_at_zero() -> None:
    assert leave_out([1, 2, 3, 4], 0.0, random.Random(1)) == [1, 2, 3, 4]
