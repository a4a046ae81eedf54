"""The mean of two fine-tunings is theirs, weight by weight."""

import pytest
import torch

from training.average import average


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_the_mean_lies_between(share: float) -> None:
    later, earlier = {"w": torch.tensor([4.0, 0.0])}, {"w": torch.tensor([0.0, 8.0])}
    assert average(later, earlier, share)["w"].tolist() == [4.0 * share, 8.0 * (1 - share)]


def test_counters_are_taken_from_the_later_one() -> None:
    later, earlier = {"n": torch.tensor([3])}, {"n": torch.tensor([9])}
    assert average(later, earlier, 0.5)["n"].tolist() == [3]
