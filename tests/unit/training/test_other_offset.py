"""`other` is favoured only where that tells more turns right, as rare as other languages are."""

import numpy as np
import pytest

from service.labels import LANGUAGE_OUTPUTS
from training.examples import Example
from training.ngrams import OTHER, OTHER_OFFSETS, other_offset

MARGIN = 0.6
"""By so much the logit of the first language is ahead of `other`."""


def rows(own: int, foreign: int) -> tuple[list[Example], np.ndarray]:
    """Own turns that are told right by twice the margin, and foreign ones that are missed by the margin."""
    found = [Example(f"o{n}", "x", "vi", "own_transcripts", "dev", {}) for n in range(own)]
    found += [Example(f"f{n}", "x", "other", "other_languages", "dev", {}) for n in range(foreign)]
    logits = np.full((len(found), len(LANGUAGE_OUTPUTS)), -9.0)
    logits[:, LANGUAGE_OUTPUTS.index("vi")] = [2 * MARGIN] * own + [MARGIN] * foreign
    logits[:, OTHER] = 0.0
    return found, logits


def test_it_is_raised_until_the_foreign_are_found_and_no_further() -> None:
    offset = other_offset(*rows(own=50, foreign=5))
    assert MARGIN < offset < 2 * MARGIN


def test_own_turns_are_worth_more_than_foreign_ones() -> None:
    found, logits = rows(own=50, foreign=5)
    logits[:5, OTHER] = MARGIN + 0.05  # a tenth of the own turns would go over with them
    assert other_offset(found, logits) < MARGIN


@pytest.mark.parametrize("missing", ["own", "foreign"])
def test_nothing_is_added_without_both(missing: str) -> None:
    counts = {"own": 5, "foreign": 5, missing: 0}
    assert other_offset(*rows(**counts)) == OTHER_OFFSETS[0] == 0.0
