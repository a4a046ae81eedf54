"""Laws of the moderation shape: which categories are scored from what, and that the others never claim anything."""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api.wire_moderations import ModerationRequest
from service.integrations.moderations import CATEGORIES, NOT_SCORED, SCORED, moderation
from service.integrations.refusal import Refusal
from tests.support import FIXED_MODEL, make_score

PROBABILITY: Final = st.floats(0.0, 1.0)


def judged(**signals: Any) -> dict[str, Any]:
    results: Any = moderation([make_score(**signals)], FIXED_MODEL, identifier="1")["results"]
    found: dict[str, Any] = results[0]
    return found


# fmt: off
TABLE: Final = [
    # signals                                                              flagged categories
    (dict(),                                                               set()),
    (dict(frustration=0.99),                                               set()),
    (dict(abuse=0.9),                                                      {"harassment"}),
    (dict(threat=0.9, threat_kinds={"legal": 0.9}),                        set()),
    (dict(threat=0.9, threat_kinds={"violence": 0.4}),                     {"violence", "harassment/threatening"}),
    (dict(threat=0.9, threat_kinds={"legal": 0.9, "violence": 0.6}),       {"violence", "harassment/threatening"}),
    (dict(threat=0.4, threat_kinds={"violence": 0.9}),                     set()),
    (dict(threat=0.9, threat_kinds={"self_harm": 0.9}),                    {"self-harm", "self-harm/intent"}),
    (dict(abuse=0.9, threat=0.9, threat_kinds={"violence": 0.9}, abstain_reason="other_language"), set()),
]
# fmt: on


@pytest.mark.parametrize(("signals", "flagged"), TABLE)
def test_categories_are_flagged_by_what_the_model_was_taught(signals: dict[str, Any], flagged: set[str]) -> None:
    found = judged(**signals)
    assert {name for name, holds in found["categories"].items() if holds} == flagged
    assert found["flagged"] is bool(flagged)


@given(abuse=PROBABILITY, threat=PROBABILITY, violence=PROBABILITY, self_harm=PROBABILITY)
def test_what_is_not_scored_is_false_and_zero_and_read_from_nothing(
    abuse: float, threat: float, violence: float, self_harm: float
) -> None:
    kinds = {"violence": violence, "self_harm": self_harm}
    found = judged(abuse=abuse, threat=threat, threat_kinds=kinds)
    applied = found["category_applied_input_types"]
    for name in CATEGORIES:
        assert 0.0 <= found["category_scores"][name] <= 1.0
        assert applied[name] == (["text"] if name in SCORED else [])
    assert {(found["categories"][name], found["category_scores"][name]) for name in NOT_SCORED} == {(False, 0.0)}


def test_a_text_that_was_read_in_part_is_refused_by_its_place() -> None:
    with pytest.raises(Refusal, match=r"input\[1\]") as refused:
        moderation([make_score(), make_score(abstain_reason="too_long")], FIXED_MODEL, identifier="1")
    assert refused.value.details["code"] == "string_above_max_length"


# fmt: off
INPUTS: Final = [
    ("a",                                                             ["a"]),
    (["a", "b"],                                                      ["a", "b"]),
    ([{"type": "text", "text": "a"}],                                 ["a"]),
    ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}],  ["a\nb"]),
]
# fmt: on


@pytest.mark.parametrize(("given", "texts"), INPUTS)
def test_parts_are_one_message_and_texts_are_several(given: object, texts: list[str]) -> None:
    assert ModerationRequest.model_validate({"input": given}).texts() == texts
