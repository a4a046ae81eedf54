"""RESULTS.md says what the result files hold, in whole sentences of the machine they were measured on."""

from benchmarks.evidence import character_f1, positions
from benchmarks.parts import (
    evidence_part,
    footprint_part,
    language_part,
    latency_part,
    quality_part,
    quantisation_part,
    reliability_part,
    robustness_part,
)
from benchmarks.rivals import Lexicon

MACHINE = {
    "machine": {"cpu": "Some CPU (no VNNI)", "cores": 2, "python": "3.11.7"},
    "commit": "abc1234",
    "date": "2026-11-22",
}
METRIC = {"auc": [0.9, 0.85, 0.95], "macro_f1": [0.8, 0.7, 0.9], "recall": [0.5, 0.4, 0.6]}


def test_footprint_and_latency_name_number_unit_and_machine() -> None:
    goals = {"install_mb": 400, "first_answer_s": 3, "idle_memory_mb": 300}
    measured = {"install_mb": 211, "first_answer_s": 1.4, "idle_memory_mb": 170, "goals": goals}
    page = footprint_part({"measured": measured, **MACHINE})
    assert "| runtime install | 211 MB | under 400 MB |" in page
    assert "Some CPU (no VNNI)" in page
    times = {"p50_ms": 1.1, "p95_ms": 1.9}
    page = latency_part({"measured": {"model": "m", "32_tokens": {"score": times, "model_alone": times}}, **MACHINE})
    assert "| 32 tokens | 1.1 | 1.9 | 1.1 | – | – |" in page
    beside = {
        "score": times,
        "model_alone": times,
        "xlmr_base_fp32": {"p50_ms": 33.0, "p95_ms": 40.0},
        "times_faster": 30.0,
    }
    page = latency_part({"measured": {"model": "m", "32_tokens": beside}, **MACHINE})
    assert "| 32 tokens | 1.1 | 1.9 | 1.1 | 33.0 | 30.0 |" in page


def test_the_best_system_of_a_row_is_bold_and_a_missing_recall_is_a_dash() -> None:
    worse = METRIC | {"auc": [0.7, 0.6, 0.8]}
    sets = {"own_test.vi": {"abuse": {"rows": 50, "positives": 12, "ours": METRIC, "lexicon": worse}}}
    measured = {"systems": ["ours", "lexicon"], "precision_goal": {"abuse": 0.85}, "sets": sets}
    page = quality_part({"measured": measured, **MACHINE})
    assert "| own_test.vi | abuse | 50 | **0.900** (0.85–0.95) | 0.700 (0.60–0.80) | 0.500 (0.40–0.60) | – |" in page


def test_the_lexicon_reads_every_language_and_does_not_match_inside_words() -> None:
    binary, sentiment = Lexicon().predict(
        ["Đồ lừa đảo", "ang bobo nyo", "jste idioti", "you moron", "assessment", "thanks"]
    )
    assert (binary["abuse"][:4] > 0).all()
    assert (binary["abuse"][4:] == 0).all()
    assert sentiment.argmax(axis=1)[5] == 2


def test_evidence_is_measured_in_characters() -> None:
    assert character_f1(positions([(0, 3)]), frozenset({0, 1, 2})) == 1.0
    assert character_f1(positions([(0, 2)]), frozenset({1, 2})) == 0.5
    assert character_f1(set(), frozenset({1})) == 0.0
    method = {"f1": [0.5, 0.4, 0.6], "ms_per_row": 1.5}
    found = {name: method for name in ("ours", "occlusion", "every_word", "half_of_the_words")}
    page = evidence_part({"measured": {"model": "m", "vihos": {"rows": 10, **found}}, **MACHINE})
    assert "| vihos | 10 | occlusion | 0.500 (0.40–0.60) | 1.5 |" in page


def test_a_perturbation_shows_its_cost_and_languages_their_rival() -> None:
    signals = ("frustration", "abuse", "threat")
    costs = {
        "clean": {name: {"auc": 0.9} for name in signals},
        "no_diacritics": {name: {"auc": 0.88, "change": -0.02, "flipped": 0.031} for name in signals},
    }
    page = robustness_part({"measured": {"model": "m", "vi": {"rows": 10, **costs}}, **MACHINE})
    assert "| vi | no diacritics | 0.880 (-0.020), 3.1 % |" in page
    found = {"model": "m", "tl, 3 or 4 words": {"rows": 62, "ours": 0.81, "py3langid": 0.7}}
    assert "| tl, 3 or 4 words | 62 | 0.810 | 0.700 |" in language_part({"measured": found, **MACHINE})


def test_reliability_and_quantisation_print_what_was_measured() -> None:
    found = {"error_dev": 0.021, "error_test": 0.034, "bins": [[0.1, 0.12, 30]]}
    page = reliability_part({"measured": {"model": "m", "vi": {"abuse": found}}, **MACHINE})
    assert "| vi | 0.021 / 0.034 |" in page
    whole, small = (
        {"megabytes": 44.1, "tokens": 32, "p50_ms": 4.0, "auc": 0.93},
        {"megabytes": 11.1, "tokens": 32, "p50_ms": 2.0, "auc": 0.93},
    )
    page = quantisation_part(
        {"measured": {"model": "m", "fp32": whole, "int8": small | {"worst_change": -0.001}}, **MACHINE}
    )
    assert "| fp32 | 44.1 | 32 | 4.0 | 0.9300 | – |" in page
    assert "| int8 | 11.1 | 32 | 2.0 | 0.9300 | -0.0010 |" in page
