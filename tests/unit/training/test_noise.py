"""Laws of the noise: never raises, never empties a text, deterministic for a seed, and a table of what it does."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.noise import elongate, leetspeak, perturb, perturbations, strip_diacritics, textspeak

LANGUAGES = st.sampled_from(["vi", "tl", "cs", "en", "other"])


@given(st.text(max_size=80), LANGUAGES, st.integers(0, 100))
def test_the_same_seed_gives_the_same_noise(text: str, language: str, seed: int) -> None:
    assert perturb(text, language, random.Random(seed)) == perturb(text, language, random.Random(seed))


@given(st.from_regex(r"[a-zčđướẹ]{2,8}( [a-zčđướẹ]{2,8}){2,8}", fullmatch=True), LANGUAGES, st.integers(0, 100))
def test_noise_never_empties_a_text(text: str, language: str, seed: int) -> None:
    for function in perturbations(language).values():
        assert function(text, random.Random(seed)).strip()


@pytest.mark.parametrize(("language", "text"), [("en", "İ'm here"), ("vi", "ſao"), ("tl", "hİndi"), ("cs", "jſem")])
@pytest.mark.parametrize("seed", range(8))
def test_a_letter_that_only_looks_the_same_without_regard_to_case_breaks_nothing(
    language: str, text: str, seed: int
) -> None:
    assert textspeak(language)(text, random.Random(seed)) == text


@pytest.mark.parametrize(
    ("text", "expected"), [("Đặt hàng", "Dat hang"), ("příští týden", "pristi tyden"), ("ok", "ok")]
)
def test_strip_diacritics(text: str, expected: str) -> None:
    assert strip_diacritics(text) == expected


def test_each_kind_of_noise_does_what_it_says() -> None:
    rng = random.Random(1)
    assert any(textspeak("vi")("không được rồi", rng) != "không được rồi" for _ in range(5))
    assert len(elongate("lâu quá", rng)) > len("lâu quá")
    assert leetspeak("you are idiots", rng) == "you are 1d10t5"
