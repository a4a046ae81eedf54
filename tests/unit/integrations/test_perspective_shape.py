"""Laws of the Perspective shape: what each attribute is computed from, how spans are counted, what is left out."""

import json
from importlib import resources
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api.wire_perspective import AnalyzeCommentOut, AnalyzeCommentRequest
from service.flow import Evidence, Score
from service.integrations.perspective import ATTRIBUTES, UNSUPPORTED, Comment, analysis, read_comment, utf16
from service.integrations.refusal import Refusal
from tests.support import FIXED_MODEL, make_score

ALL: Final = dict.fromkeys(ATTRIBUTES)
KINDS: Final = {"violence": 0.7, "self_harm": 0.2, "legal": 0.9}
SCORE: Final = make_score(abuse=0.3, threat=0.8, frustration=0.6, asks_human=0.1, threat_kinds=KINDS)


def values(comment: Comment, score: Score) -> dict[str, float]:
    scores: Any = analysis(comment, score, FIXED_MODEL)["attributeScores"]
    return {name: found["summaryScore"]["value"] for name, found in scores.items()}


def test_each_attribute_is_what_the_documentation_says() -> None:
    assert values(Comment("text", ALL), SCORE) == {
        "TOXICITY": 0.7,
        "INSULT": 0.3,
        "THREAT": 0.7,
        "EVENKEEL_FRUSTRATION": 0.6,
        "EVENKEEL_THREAT": 0.8,
        "EVENKEEL_SELF_HARM": 0.2,
        "EVENKEEL_ASKS_HUMAN": 0.1,
    }


def test_a_lawyer_is_no_threat_in_perspectives_sense() -> None:
    legal = make_score(threat=0.95, threat_kinds={"legal": 0.99, "violence": 0.02})
    assert values(Comment("text", ALL), legal)["THREAT"] == 0.02


PROBABILITY: Final = st.floats(0.0, 1.0)


@given(abuse=PROBABILITY, threat=PROBABILITY, violence=PROBABILITY, least=PROBABILITY)
def test_scores_are_probabilities_and_a_threshold_leaves_out_what_is_lower(
    abuse: float, threat: float, violence: float, least: float
) -> None:
    score = make_score(abuse=abuse, threat=threat, threat_kinds={"violence": violence})
    every = values(Comment("text", ALL), score)
    assert all(0.0 <= value <= 1.0 for value in every.values())
    assert every["TOXICITY"] >= max(every["INSULT"], every["THREAT"])
    assert every["THREAT"] <= every["EVENKEEL_THREAT"]
    shown = values(Comment("text", dict.fromkeys(ATTRIBUTES, least)), score)
    assert shown == {name: value for name, value in every.items() if value >= least}


@given(st.text(max_size=40), st.data())
def test_positions_count_utf16_code_units(text: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(text)))
    assert utf16(text, position) == len(text[:position].encode("utf-16-le", "surrogatepass")) // 2


def test_spans_are_the_words_that_raised_the_attributes_own_signal() -> None:
    text = "😡 you idiots, I will kill you"
    evidence = (Evidence("abuse", 6, 12, 2.0), Evidence("abuse", 2, 5, -0.4), Evidence("threat", 21, 25, 3.0))
    score = make_score(abuse=0.6, threat=0.9, threat_kinds={"violence": 0.8}, evidence=evidence)
    answer: Any = analysis(Comment(text, ALL, spans=True), score, FIXED_MODEL)

    def words(attribute: str) -> list[str]:
        units = text.encode("utf-16-le")
        spans = answer["attributeScores"][attribute]["spanScores"]
        return [units[2 * span["begin"] : 2 * span["end"]].decode("utf-16-le") for span in spans]

    assert words("INSULT") == ["idiots"]
    assert words("THREAT") == words("TOXICITY") == ["kill"]
    assert words("EVENKEEL_FRUSTRATION") == [text], "nothing stands out: the whole comment"
    unasked: Any = analysis(Comment(text, ALL), score, FIXED_MODEL)
    assert unasked["attributeScores"]["INSULT"]["spanScores"][0]["end"] == len(text) + 1


# fmt: off
LANGUAGES: Final = [
    # named          hint    answered as      detected
    ((),             None,   ["cs"],          ["cs"]),
    (("cs",),        "cs",   ["cs"],          None),
    (("fil",),       "tl",   ["fil"],         None),
    (("vi-VN",),     "vi",   ["vi-VN"],       None),
    (("tl", "FIL"),  "tl",   ["tl", "FIL"],   None),
    (("en", "vi"),   None,   ["en", "vi"],    ["cs"]),
]
# fmt: on


@pytest.mark.parametrize(("named", "hint", "answered", "detected"), LANGUAGES)
def test_languages_are_repeated_or_detected(
    named: tuple[str, ...], hint: str | None, answered: list[str], detected: list[str] | None
) -> None:
    comment = read_comment("text", {"TOXICITY": None}, named, max_chars=100)
    assert comment.hint == hint
    answer = analysis(comment, make_score(language="cs"), FIXED_MODEL)
    assert answer["languages"] == answered
    assert answer.get("detectedLanguages") == detected


@pytest.mark.parametrize("attribute", sorted(UNSUPPORTED))
def test_what_was_never_taught_is_refused_by_name_or_dropped(attribute: str) -> None:
    asked = {attribute: None, "INSULT": None}
    with pytest.raises(Refusal, match=f"^Attribute {attribute} does not support request languages: en$") as refused:
        read_comment("text", asked, ("en",), max_chars=100)
    detail = refused.value.details["languageNotSupportedByAttributeError"]
    assert detail == {"attribute": attribute, "requestedLanguages": ["en"]}
    assert set(read_comment("text", asked, ("en",), drop_unsupported=True, max_chars=100).attributes) == {"INSULT"}


def test_another_language_is_refused_by_attribute_or_answered_without_scores() -> None:
    other = make_score(language="other", abstain_reason="other_language")
    with pytest.raises(Refusal, match="does not support request languages: und"):
        analysis(Comment("text", ALL), other, FIXED_MODEL)
    dropped = analysis(Comment("text", ALL, drop_unsupported=True), other, FIXED_MODEL)
    assert (dropped["attributeScores"], dropped["detectedLanguages"]) == ({}, ["und"])
    assert read_comment("text", ALL, ("de",), drop_unsupported=True, max_chars=9).attributes == {}


def test_a_text_that_was_read_in_part_is_refused_and_one_without_words_only_when_no_language_is_known() -> None:
    with pytest.raises(Refusal, match="too long"):
        analysis(Comment("text", ALL, ("en",)), make_score(abstain_reason="too_long"), FIXED_MODEL)
    wordless = make_score(abstain_reason="no_words")
    with pytest.raises(Refusal, match="Unable to detect language"):
        analysis(Comment("👍", ALL), wordless, FIXED_MODEL)
    answer: Any = analysis(Comment("👍", ALL, ("en",)), wordless, FIXED_MODEL)
    assert set(answer["attributeScores"]) == set(ALL)
    assert answer["evenkeel"]["abstain_reason"] == "no_words"


def test_a_body_may_be_written_as_googles_clients_write_it() -> None:
    camel = {"comment": {"text": "a"}, "requestedAttributes": {"INSULT": {"scoreThreshold": 0.5}}, "doNotStore": True}
    snake = {"comment": {"text": "a"}, "requested_attributes": {"INSULT": {"score_threshold": 0.5}}, "context": None}
    read = [AnalyzeCommentRequest.model_validate(body).read(max_chars=9) for body in (camel, snake)]
    assert read[0] == read[1] == Comment("a", {"INSULT": 0.5})


def test_the_discovery_document_names_the_fields_that_are_read_and_answered() -> None:
    document = json.loads(resources.files("service.integrations").joinpath("discovery.json").read_bytes())
    schemas = document["schemas"]
    asked = {field.alias for field in AnalyzeCommentRequest.model_fields.values()}
    assert set(schemas["AnalyzeCommentRequest"]["properties"]) == asked
    assert set(schemas["AnalyzeCommentResponse"]["properties"]) == set(AnalyzeCommentOut.model_fields)
    for reference in set(json.dumps(document).split('"$ref": "')[1:]):
        assert reference.partition('"')[0] in schemas
