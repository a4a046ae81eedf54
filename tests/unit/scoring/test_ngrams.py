"""Which n-grams a text has, what a fitted part adds to the logits, and that its parts add up to it."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.labels import BINARY, COLUMNS
from service.scoring.artefact import ArtefactError
from service.scoring.ngrams import ARRAYS, MAX_CHARS, NgramModel, occurrences
from service.scoring.normalise import normalise

texts = st.text(max_size=60).map(lambda raw: normalise(raw).text)


def spelled_out(text: str) -> tuple[list[str], list[str]]:
    """The n-grams of characters and of words, in the plainest way."""
    padded = f" {text} "
    characters = [
        padded[i : i + n]
        for n in (2, 3, 4, 5)
        for i in range(len(padded) - n + 1)
        if " " not in padded[i + 1 : i + n - 1] and padded[i : i + n].strip(" ")
    ]
    words = text.split(" ") if text else []
    return characters, [*words, *(" ".join(pair) for pair in pairwise(words))]


def model_of(text: str, seed: int = 0) -> NgramModel:
    """A part that knows the n-grams of `text`, with weights by chance."""
    rng, hashes = np.random.default_rng(seed), np.unique(occurrences(text).hashes)
    weights = rng.integers(-127, 128, (len(hashes), len(COLUMNS)), dtype=np.int8)
    scale, bias = (rng.normal(size=len(COLUMNS)).astype(np.float32) for _ in range(2))
    return NgramModel(hashes, rng.uniform(1, 9, len(hashes)).astype(np.float32), weights, scale, bias)


@given(texts)
def test_the_ngrams_are_those_that_one_would_spell_out(text: str) -> None:
    found = occurrences(text)
    characters, words = spelled_out(text)
    assert (found.characters, len(found.hashes)) == (len(characters), len(characters) + len(words))
    by_name: dict[str, set[int]] = {}
    for kind, names, hashes in (
        ("c", characters, found.hashes[: found.characters]),
        ("w", words, found.hashes[found.characters :]),
    ):
        for name, value in zip(names, hashes.tolist(), strict=True):
            by_name.setdefault(kind + name, set()).add(value)
    assert all(len(values) == 1 for values in by_name.values()), "one name, one hash"
    assert len({next(iter(values)) for values in by_name.values()}) == len(by_name), "two names, two hashes"


@given(texts, texts)
def test_an_ngram_has_the_same_hash_wherever_it_stands(text: str, before: str) -> None:
    alone = set(occurrences(text).hashes.tolist())
    assert alone <= set(occurrences(f"{before} {text}".strip(" ")).hashes.tolist())


@given(texts.filter(bool), st.integers(0, 9))
def test_the_parts_of_the_characters_add_up_to_the_logits(text: str, seed: int) -> None:
    model = model_of(text, seed)
    reading = model.read(text)
    assert reading.parts.shape == (len(text), len(BINARY))
    bias = model.read("").logits
    whole = (reading.logits - bias)[: len(BINARY)]
    np.testing.assert_allclose(reading.parts.sum(axis=0), whole, atol=2e-3)


def test_what_is_unknown_adds_the_bias_alone() -> None:
    model = model_of("volal jsem pětkrát")
    np.testing.assert_array_equal(model.read("QQQ XXX").logits, model.read("").logits)


def test_a_word_and_the_same_letters_within_a_word_differ() -> None:
    assert set(occurrences("slow").hashes[-1:].tolist()).isdisjoint(occurrences("slowly").hashes.tolist())


def test_only_so_much_of_a_text_is_read() -> None:
    long = "chậm quá " * MAX_CHARS
    assert occurrences(long).ends.max() <= MAX_CHARS
    assert model_of("chậm quá").read(long).parts.shape[0] == len(long)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"x" * 100])
def test_a_damaged_file_stops_the_start_with_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ngrams.npz"
    path.write_bytes(content)
    with pytest.raises(ArtefactError, match=r"ngrams\.npz: cannot be read"):
        NgramModel.load(path)


def test_a_file_of_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ngrams.npz"
    np.savez(path, **{name: np.zeros((2, 3), np.float32) for name in ARRAYS})
    with pytest.raises(ArtefactError, match="expected weights of"):
        NgramModel.load(path)
