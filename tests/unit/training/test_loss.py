"""What the loss counts: unknown targets not at all, kinds of threat mostly where there is a threat."""

import pytest
import torch

from service.labels import BINARY, COLUMNS, THREAT_KINDS
from training.model import KINDS_WITHOUT_THREAT, masked_loss

SIGMOIDS = len(BINARY) + len(THREAT_KINDS)
UNKNOWN = torch.full((2, SIGMOIDS), float("nan"))
NOBODY = torch.full((2,), -1)


def loss(logits: object, sigmoids: object) -> float:
    return float(masked_loss(logits, sigmoids, NOBODY, NOBODY, torch.ones(2)))


def test_unknown_targets_cost_nothing() -> None:
    assert loss(torch.randn(2, len(COLUMNS)), UNKNOWN) == 0.0


def test_a_kind_weighs_more_on_a_threat_than_on_a_row_without_one() -> None:
    """Two rows wrong about the same kind: the mean leans on the one that is a threat."""
    kind, threat = len(BINARY), BINARY.index("threat")
    sigmoids = UNKNOWN.clone()
    sigmoids[:, threat], sigmoids[:, kind] = torch.tensor([1.0, 0.0]), torch.tensor([1.0, 0.0])
    wrong = torch.zeros((2, len(COLUMNS)))

    def of_kind(row: int) -> float:
        logits = wrong.clone()
        logits[row, kind] = -5.0 if row == 0 else 5.0
        return loss(logits, sigmoids) - loss(wrong, sigmoids)

    assert of_kind(0) == pytest.approx(of_kind(1) / KINDS_WITHOUT_THREAT, rel=1e-3)
