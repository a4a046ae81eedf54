"""Learning the language anew changes the language's columns and nothing else."""

import numpy as np
import pytest

from service.labels import COLUMNS, LANGUAGE_SLICE
from service.scoring.ngrams import ARRAYS, NgramModel, occurrences
from training.examples import Example
from training.language_part import relearnt, shared_out

TEXTS = {
    "vi": ["đơn hàng của tôi đâu", "tôi cần gặp nhân viên", "sao lâu vậy shop ơi"],
    "cs": ["kde je moje objednávka", "chci mluvit s člověkem", "proč to trvá tak dlouho"],
}
ROWS = [
    Example(f"{language}{n}", text, language, "own_transcripts", "train", {})
    for language, texts in TEXTS.items()
    for n, text in enumerate(texts)
]
OTHERS = np.ones(len(COLUMNS), dtype=bool)
OTHERS[LANGUAGE_SLICE] = False


@pytest.fixture(scope="module")
def before() -> dict[str, np.ndarray]:
    """An n-gram part that knows the rows' n-grams and has arbitrary weights."""
    rng = np.random.default_rng(5)
    hashes = np.unique(np.concatenate([occurrences(row.text).hashes for row in ROWS])).astype(np.uint32)
    return {
        "hashes": hashes,
        "idf": rng.random(len(hashes)).astype(np.float32) + 1.0,
        "weights": rng.integers(-127, 127, (len(hashes), len(COLUMNS))).astype(np.int8),
        "scale": rng.random(len(COLUMNS)).astype(np.float32) / 100,
        "bias": rng.random(len(COLUMNS)).astype(np.float32),
    }


def test_only_the_language_is_learnt(before: dict[str, np.ndarray]) -> None:
    after = relearnt(before, ROWS)
    assert set(after) == set(ARRAYS)
    for name in ("hashes", "idf"):
        assert np.array_equal(after[name], before[name])
    for name in ("weights", "scale", "bias"):
        assert np.array_equal(after[name][..., OTHERS], before[name][..., OTHERS])
    model = NgramModel(*(after[name] for name in ARRAYS))
    for row in ROWS:
        logits = model.read(row.text).logits[LANGUAGE_SLICE]
        assert int(np.argmax(logits)) == ("vi", "tl", "cs", "en").index(row.language)


def test_the_share_counts_for_the_language_alone(before: dict[str, np.ndarray]) -> None:
    share = np.full(len(COLUMNS), 9.0, dtype=np.float32)
    share[LANGUAGE_SLICE] = 0.5
    after = shared_out(before, share)
    for name in ("scale", "bias"):
        assert np.array_equal(after[name][OTHERS], before[name][OTHERS])
        assert np.allclose(after[name][LANGUAGE_SLICE], before[name][LANGUAGE_SLICE] / 2)
