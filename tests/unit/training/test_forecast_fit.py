"""Fitting the forecast: signs are kept, the future is not seen, scores are remembered by what they are of."""

from pathlib import Path

import numpy as np
import pytest

from service.engine import Engine
from service.risk.decide import load_policy
from service.risk.forecast import FEATURES, LOWERING
from tests.support import FixedScorer, make_score
from training.escalation import Line, Story
from training.forecast import Rows, calibrate, choices, fit, rows_of
from training.walk import RememberedScores, walk

ANGRY = make_score(frustration=0.95, sentiment="negative")
THREAT = make_score(frustration=0.9, threat=0.95, threat_kinds={"legal": 0.9}, sentiment="negative")
SCORER = FixedScorer({"angry": ANGRY, "threat": THREAT, "ok": make_score(abstain_reason="too_short")})
SIGNS = {"angry": frozenset({"frustration"}), "threat": frozenset({"threat"})}


def story(*texts: str, escalated: bool = False) -> Story:
    lines = tuple(Line("customer", text, SIGNS.get(text, frozenset())) for text in texts)
    return Story("-".join(texts), "own", "en", "dev", escalated, lines)


def rows(*stories: Story) -> Rows:
    return rows_of(stories, Engine(SCORER, load_policy()))


def test_a_row_per_turn_up_to_the_escalation_positive_within_four_turns() -> None:
    found = rows(story("hello", "a", "b", "c", "angry", "threat", "angry", escalated=True), story("hello", "angry"))
    assert found.y.tolist() == [0, 1, 1, 1, 1, 1, 0, 0]
    assert found.story.tolist() == [0] * 6 + [1] * 2
    assert found.x.shape == (8, len(FEATURES))


def test_passed_on_conversations_and_turns_before_the_first_score_give_no_rows() -> None:
    assert rows(story("hello", "hello", escalated=True), story("ok", "ok")).y.size == 0
    assert rows(story("ok", "hello")).y.size == 1


def test_a_longer_conversation_has_the_rows_of_its_beginning() -> None:
    beginning, whole = rows(story("hello", "angry")), rows(story("hello", "angry", "threat", "hello"))
    assert np.array_equal(whole.x[:2], beginning.x)


def test_weights_keep_their_signs_whatever_the_labels_say() -> None:
    rng = np.random.default_rng(0)
    x = rng.random((400, len(FEATURES)))
    for labels in (x[:, 0] + x[:, 9] > 1.0, x[:, 0] + x[:, 9] <= 1.0):
        weights = dict(zip(FEATURES, fit(Rows(x, labels.astype(int), np.arange(400)), 1.0).weights, strict=True))
        assert all(weights[name] <= 0.0 for name in LOWERING)
        assert all(weight >= 0.0 for name, weight in weights.items() if name not in {*LOWERING, "turns"})


def test_a_fit_finds_what_raises_the_odds() -> None:
    rng = np.random.default_rng(0)
    x = rng.random((2000, len(FEATURES)))
    labels = (rng.random(2000) < 1 / (1 + np.exp(-(4 * x[:, 4] - 2)))).astype(int)
    found = fit(Rows(x, labels, np.arange(2000)), 1.0)
    assert found.weights[4] == pytest.approx(4.0, abs=0.6)
    slope, offset = calibrate(2 * found.logits(x) + 1, labels)
    assert (slope, offset) == (pytest.approx(0.5, abs=0.05), pytest.approx(-0.5, abs=0.1))


def test_sets_that_are_absent_are_no_choices() -> None:
    rng = np.random.default_rng(0)
    some = Rows(rng.random((60, len(FEATURES))), rng.integers(0, 2, 60), np.arange(60) // 3)
    none = Rows(np.zeros((0, len(FEATURES))), np.zeros(0, dtype=int), np.zeros(0, dtype=int))
    assert {choice.name for choice in choices(none, none, some)} == {"dev"}
    assert {choice.name for choice in choices(some, none, some)} == {"dev", "train", "train and dev"}
    assert len({choice.name for choice in choices(some, some, some)}) == 5


def test_remembered_scores_are_those_of_the_model_without_evidence(tmp_path: Path) -> None:
    told = story("hello", "angry", "threat")
    path = tmp_path / "build" / "scores.json"
    first = RememberedScores(SCORER, path)
    first.remember([told])
    assert "angry" not in path.read_text(encoding="utf-8")
    policy = load_policy()
    steps = [step.assessment for step in walk(told, Engine(first, policy))]
    assert steps == [step.assessment for step in walk(told, Engine(SCORER, policy))]
