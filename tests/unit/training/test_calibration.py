"""Laws of fitting: thresholds keep their precision, offsets recover a known shift, metrics agree by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.labels import LANGUAGE_OUTPUTS
from training.calibrate import fit_offsets, fit_temperature, threshold_for
from training.metrics import binary, calibration_error, polarity


@given(st.lists(st.tuples(st.integers(0, 1_000), st.booleans()), min_size=5, max_size=60), st.floats(0.5, 0.95))
def test_flags_at_the_threshold_keep_the_precision(rows: list[tuple[int, bool]], precision: float) -> None:
    p, y = np.array([r[0] / 1_000 for r in rows]), np.array([float(r[1]) for r in rows])
    threshold = threshold_for(p, y, precision)
    flagged = p >= threshold
    if y.any() and flagged.any():
        assert y[flagged].mean() >= precision - 1e-9


def test_offsets_recover_the_shift_of_a_language() -> None:
    rng = np.random.default_rng(3)
    language = rng.integers(0, len(LANGUAGE_OUTPUTS), 20_000)
    logits = rng.normal(0, 2, 20_000)
    shift = np.where(language == LANGUAGE_OUTPUTS.index("cs"), 1.5, 0.0)
    labels = (rng.random(20_000) < 1 / (1 + np.exp(-(2 * logits + shift)))).astype(float)
    lines = fit_offsets(logits, labels, language, np.ones(20_000))
    assert lines["cs"][0] == pytest.approx(2.0, abs=0.15)
    assert lines["cs"][1] - lines["en"][1] == pytest.approx(1.5, abs=0.2)


def test_temperature_undoes_overconfidence() -> None:
    rng = np.random.default_rng(4)
    honest = rng.normal(0, 1.5, (5_000, 3))
    p = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    target = np.array([rng.choice(3, p=row) for row in p])
    assert fit_temperature(honest * 3, target, np.ones(5_000)) == pytest.approx(3.0, rel=0.1)


def test_metrics_by_hand() -> None:
    labels = np.array([0.0] * 10 + [1.0] * 10 + [np.nan] * 5)
    p = np.concatenate([np.full(10, 0.2), np.full(10, 0.8), np.full(5, 0.5)])
    found = binary(labels, p, p >= 0.5)
    assert found is not None
    assert (found.rows, found.positives, found.auc, found.macro_f1, found.precision, found.recall) == (
        20,
        10,
        1.0,
        1.0,
        1.0,
        1.0,
    )
    assert calibration_error(labels, p) == pytest.approx(0.2)
    assert binary(labels[:12], p[:12]) is None, "two positives say nothing"
    sentiment = np.array([0] * 10 + [2] * 10 + [-1])
    shown = np.array([[0.7, 0.2, 0.1]] * 10 + [[0.1, 0.2, 0.7]] * 10 + [[1.0, 0.0, 0.0]])
    polar = polarity(sentiment, shown)
    assert polar is not None
    assert (polar.rows, polar.auc, polar.macro_f1) == (20, 1.0, 1.0)
