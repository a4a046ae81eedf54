"""The model card names whose layers an encoder began with."""

import pytest

from training.card import origin_of

FROM_NOTHING = {"objective": "masked language modelling", "before": {"objective": "masked language modelling"}}
TRANSFERRED = {"transferred_from": "some-encoder", "layers": [0, 2]}


@pytest.mark.parametrize(
    ("record", "origin"),
    [
        ({}, None),
        (FROM_NOTHING, None),
        (TRANSFERRED, "some-encoder"),
        ({"objective": "sentence vectors", "before": TRANSFERRED}, "some-encoder"),
        ({"objective": "masked language modelling", "before": {"minutes": 3, "before": TRANSFERRED}}, "some-encoder"),
    ],
)
def test_the_origin_is_found_however_often_the_encoder_went_on(record: dict[str, object], origin: str | None) -> None:
    assert origin_of(record) == origin
