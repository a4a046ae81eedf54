"""Neighbours are counted on both sides, the nearer the more, and tokens in like company lie near each other."""

import numpy as np

from training.cooccurrence import count_neighbours, static_vectors


def test_nearer_neighbours_weigh_more_and_both_sides_count() -> None:
    counts = count_neighbours(np.array([0, 1, 2, 3]), 4, window=2).toarray()
    assert counts.tolist() == [[0, 1, 0.5, 0], [1, 0, 1, 0.5], [0.5, 1, 0, 1], [0, 0.5, 1, 0]]


def test_tokens_in_the_same_company_are_alike() -> None:
    rng = np.random.default_rng(0)
    lines = [
        [rng.choice([0, 1]), rng.choice([4, 5]), 8] if n % 2 else [rng.choice([2, 3]), rng.choice([6, 7]), 9]
        for n in range(400)
    ]
    vectors = static_vectors(count_neighbours(np.array(lines).ravel(), 10, window=1), 4, seed=0)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    likeness = unit @ unit.T
    assert likeness[0, 1] > likeness[0, 2]
    assert likeness[4, 5] > likeness[4, 6]
