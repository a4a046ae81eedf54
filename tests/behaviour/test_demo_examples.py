"""The examples that /demo plays end as their buttons say, by the released model and the shipped rules."""

import json
from importlib import resources
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

from service.api.trial import MAX_CHARS, MAX_TURNS, play
from service.engine import Engine
from service.flow import Turn
from service.labels import LANGUAGES
from service.risk.decide import load_policy
from service.scoring.onnx import load_scorer

ROOT: Final = Path(__file__).parents[2]
ENGINE: Final = Engine(load_scorer(ROOT / "models"), load_policy())
BETWEEN_S: Final = 40.0  # as `demo/player.js` tells them


def examples() -> list[dict[str, Any]]:
    folder = resources.files("service").joinpath("widget/demo/examples")
    return [
        {"language": language, **example}
        for language in LANGUAGES
        for example in json.loads(folder.joinpath(f"{language}.json").read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"{example['id']}-{example['ends']}")
def test_an_example_ends_as_it_says(example: dict[str, Any]) -> None:
    clock = count(0.0, BETWEEN_S)
    turns = [Turn(f"t{i}", line["role"], line["text"], next(clock)) for i, line in enumerate(example["turns"])]
    assert len(turns) <= MAX_TURNS
    assert max(len(turn.text) for turn in turns) <= MAX_CHARS
    scores = [ENGINE.scorer.score([turn.text])[0] if turn.role == "customer" else None for turn in turns]
    answer: Any = play(ENGINE, turns, scores, "en")
    asked = [turn["recommendation"]["action"] for turn in answer["turns"] if turn["role"] == "customer"]
    assert answer["language"] == example["language"]
    assert (asked[-1] == "handoff") == (example["ends"] == "escalates")
    assert (answer["risk"]["band"] in ("calm", "watch")) == (example["ends"] == "resolves")


def test_there_is_one_of_each_kind_in_every_language() -> None:
    found = [(example["language"], example["ends"]) for example in examples()]
    assert sorted(found) == sorted((language, ends) for language in LANGUAGES for ends in ("escalates", "resolves"))
