"""Laws of drift: one distribution stays where it is, a shifted one has moved, and small samples tell nothing."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.risk.drift import LEAST, MOVED_FROM, compare


def drawn(seed: int, count: int, shape: float) -> list[float]:
    source = random.Random(seed)
    return [source.betavariate(shape, 4.0) for _ in range(count)]


def rounded(seed: int, count: int, digits: int) -> list[float]:
    """With few digits many scores are equal."""
    return [round(score, digits) for score in drawn(seed, count, 1.0 + seed % 3)]


scores = st.builds(rounded, st.integers(0, 99), st.integers(LEAST, 200), st.sampled_from([0, 1, 2, 9]))


@given(scores, scores)
def test_the_index_is_never_negative_and_shares_are_shares(before: list[float], lately: list[float]) -> None:
    found = compare(before, lately)
    assert found is not None
    assert found.psi >= 0.0
    assert len(found.growth) == len(found.edges) + 1
    assert all(ratio > 0.0 for ratio in found.growth)
    assert found.growth_at(-1.0) == found.growth[0]
    assert found.growth_at(2.0) == found.growth[-1]


@given(scores)
def test_a_sample_has_not_moved_from_itself(before: list[float]) -> None:
    found = compare(before, before)
    assert found is not None
    assert found.psi == pytest.approx(0.0)
    assert not found.moved


@given(scores, scores, st.randoms())
def test_the_order_of_the_scores_has_no_say(before: list[float], lately: list[float], source) -> None:  # type: ignore[no-untyped-def]
    assert compare(source.sample(before, len(before)), source.sample(lately, len(lately))) == compare(before, lately)


@pytest.mark.parametrize("count", [LEAST, 600])
def test_chance_alone_is_no_move(count: int) -> None:
    alarms = [compare(drawn(seed, count, 2.0), drawn(1000 + seed, count, 2.0)) for seed in range(40)]
    assert len(alarms) == 40
    assert not any(found is None or found.moved for found in alarms)


@pytest.mark.parametrize("count", [300, 600])
def test_what_shifted_has_moved_and_grew_where_it_went(count: int) -> None:
    for seed in range(10):
        found = compare(drawn(seed, count, 2.0), drawn(1000 + seed, count, 4.0))
        assert found is not None
        assert found.moved
        assert found.psi > MOVED_FROM
        assert found.growth_at(0.9) > 1.0 > found.growth_at(0.01)


@pytest.mark.parametrize(("before", "lately"), [(LEAST - 1, 500), (500, LEAST - 1), (0, 0)])
def test_few_scores_tell_nothing(before: int, lately: int) -> None:
    assert compare([0.5] * before, [0.9] * lately) is None


def test_equal_scores_everywhere_are_one_bin() -> None:
    found = compare([0.04] * 200, [0.04] * 200)
    assert found is not None
    assert found.growth == (1.0, 1.0, 1.0)
    assert not found.moved


def test_scores_that_were_all_equal_and_are_not_any_more_have_moved() -> None:
    for new in (0.01, 0.9):
        found = compare([0.04] * 200, [0.04] * 100 + [new] * 100)
        assert found is not None
        assert found.moved
        assert found.growth_at(new) > 1.0 > found.growth_at(0.04)
