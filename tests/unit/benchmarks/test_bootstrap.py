"""The benchmark's metrics agree with scikit-learn's, and their intervals behave."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score, recall_score, roc_auc_score

from benchmarks.bootstrap import auc, interval, macro_f1, recall

ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 5)), min_size=4, max_size=60).filter(
    lambda rows: 0 < sum(label for label, _ in rows) < len(rows)
)


@given(ROWS)
def test_the_metrics_are_those_of_scikit_learn(rows: list[tuple[int, int]]) -> None:
    labels, scores = np.array([r[0] for r in rows]), np.array([r[1] / 5 for r in rows])
    guesses = (scores >= 0.5).astype(int)
    assert auc(labels, scores) == pytest.approx(roc_auc_score(labels, scores))
    assert recall(labels, guesses) == pytest.approx(recall_score(labels, guesses, zero_division=0))
    assert macro_f1(labels, guesses) == pytest.approx(
        f1_score(labels, guesses, average="macro", labels=[0, 1], zero_division=0)
    )


def test_an_interval_holds_its_value_and_narrows_with_more_rows() -> None:
    rng = np.random.default_rng(0)
    widths = []
    for size in (100, 2000):
        labels = rng.integers(0, 2, size)
        found = interval(auc, labels, labels + rng.normal(0, 1, size))
        assert found.low <= found.value <= found.high
        widths.append(found.high - found.low)
    assert widths[1] < widths[0] / 2


def test_the_same_rows_give_the_same_interval() -> None:
    labels, scores = np.array([0, 1] * 30), np.linspace(0, 1, 60)
    assert interval(auc, labels, scores) == interval(auc, labels, scores)
