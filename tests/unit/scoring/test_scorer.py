"""Laws of stages 1-4 on the released model: same text, same score; spans lie in the text; it abstains."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.labels import BINARY, LANGUAGE_OUTPUTS, THREAT_KINDS
from service.scoring.normalise import normalise
from service.scoring.onnx import KIND_FROM, OnnxScorer, likeliest_kind, load_scorer
from service.scoring.tokenise import TurnTokenizer

SCORER: OnnxScorer = load_scorer(Path(__file__).parents[3] / "models")


def test_this_machine_answers_the_golden_vectors() -> None:
    report = SCORER.verify()
    assert report.ok, report
    assert report.count >= 20


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_a_whole_score(text: str) -> None:
    score = SCORER.score([text])[0]
    assert set(score.scores) == set(score.flags) == {"frustration", "abuse", "threat"}
    assert all(0.0 <= p <= 1.0 for p in (*score.scores.values(), score.asks_human, score.language_probability))
    assert sum(score.sentiment.values()) == pytest.approx(1.0)
    assert score.language in LANGUAGE_OUTPUTS
    assert all(0 <= e.start < e.end <= len(text) and e.signal in BINARY for e in score.evidence)
    assert (score.status == "abstained") == (score.abstain_reason is not None)
    if score.status == "abstained":
        assert not any(score.flags.values())
        assert not score.asks_human_flag


def test_a_text_scores_the_same_alone_and_in_company() -> None:
    texts = ["Nhận hàng rồi, cảm ơn shop", "You people are useless idiots", "ok", "Kde je moje objednávka?" * 20]
    assert SCORER.score(texts) == [SCORER.score([text])[0] for text in texts]


# fmt: off
@pytest.mark.parametrize(("text", "reason"), [
    ("",                                                    "no_words"),
    ("😡😡😡",                                                "no_words"),
    ("?!... 123",                                           "no_words"),
    ("https://example.org/order/1",                         "no_words"),
    ("@nguyen_van_a 0912345678",                            "no_words"),
    ("k",                                                   "too_short"),
    ("Пожалуйста, верните деньги, я жду уже две недели",    "other_language"),
    ("荷物がまだ届いていません。いつ届きますか？",                "other_language"),
    ("the parcel is late " * 1_000,                         "too_long"),
])
def test_abstains_and_says_why(text: str, reason: str) -> None:
    score = SCORER.score([text])[0]
    assert (score.status, score.abstain_reason) == ("abstained", reason)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"legal": 0.9, "publicity": 0.4}, "legal"),
        ({"regulator": KIND_FROM}, "regulator"),
        ({"violence": KIND_FROM / 2}, None),
        ({"self_harm": KIND_FROM / 2}, "self_harm"),
        ({"self_harm": KIND_FROM / 4, "violence": KIND_FROM / 2}, None),
    ],
)
def test_a_kind_of_threat_is_named_where_one_is_likely_and_self_harm_always(
    told: dict[str, float], kind: str | None
) -> None:
    assert likeliest_kind({**dict.fromkeys(THREAT_KINDS, 0.0), **told}) == kind


def test_a_lawsuit_beside_an_insult_is_no_violence() -> None:
    score = SCORER.score(["You idiots lost my parcel again, I will sue you"])[0]
    assert score.flags["threat"]
    assert score.threat_kind in (None, "legal")


def test_a_language_hint_overrides_detection() -> None:
    text = "Пожалуйста, верните деньги, я жду уже две недели"
    assert SCORER.score([text], ["cs"])[0].language == "cs"
    assert SCORER.score([text], ["cs"])[0].status == "scored"


def test_evidence_marks_the_insult_behind_an_emoji() -> None:
    text = "😡 you are useless idiots"
    marked = {text[e.start : e.end] for e in SCORER.score([text])[0].evidence if e.signal == "abuse"}
    assert marked & {"idiots", "useless"}


def test_a_threat_at_the_end_of_a_very_long_turn_is_still_read() -> None:
    """Past the first window; how much it weighs among calm sentences is the model's affair (tests/behaviour)."""
    threat = "I will come to your office and kill you all."
    calm = "I ordered a blue jacket in size medium and would like to know when it arrives. "
    assert SCORER.score([calm * 15 + threat])[0].scores["threat"] > SCORER.score([calm * 16])[0].scores["threat"] + 0.005


def test_windows_of_a_long_text_are_about_equal() -> None:
    tokenizer = TurnTokenizer(SCORER.artefact.folder / "tokenizer.json", max_tokens=20)
    windows = tokenizer.tokenise(normalise("one two three four five six seven " * 3)).windows
    sizes = [len(window.tokens) for window in windows]
    assert len(sizes) > 1
    assert max(sizes) - min(sizes) <= len(sizes)
