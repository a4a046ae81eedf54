"""An encoder under another vocabulary: its embeddings are those of what its tokens stand for, its layers the teacher's."""

import numpy as np
import pytest
import torch
from scipy import sparse
from transformers import BertConfig, BertModel

from training.transfer import SEEN, assemble, best_of, transferred, without

VECTORS = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
SPACE = np.array([[1.0, 0.1], [1.0, 0.0], [0.0, 1.0], [0.9, 0.1]] + [[-1.0, -1.0]] * 12)
"""What our present encoder has for sixteen tokens; the last of the first four is nearest to the first two."""


def counts(*rows: list[float]) -> sparse.csr_matrix:
    known = np.zeros((len(SPACE), 3))
    known[: len(rows)] = rows
    known[4:] = [0.0, 0.0, 2 * SEEN]
    return sparse.csr_matrix(known)


EVENLY = np.full(len(SPACE), 1 / len(SPACE))
ENGLISH_ALONE = {"en": EVENLY}


def test_a_token_is_the_mean_of_what_it_stands_for_and_as_long() -> None:
    embeddings, seen = transferred({"en": counts([2 * SEEN, 0, 0], [SEEN, SEEN, 0])}, ENGLISH_ALONE, VECTORS, SPACE)
    assert embeddings[0].tolist() == [1.0, 0.0]
    assert embeddings[1].tolist() == pytest.approx([0.5**0.5, 0.5**0.5])
    assert seen.tolist() == [True, True, False, False] + [True] * 12


def test_what_no_text_shows_is_as_its_neighbours_are() -> None:
    embeddings, seen = transferred({"en": counts([2 * SEEN, 0, 0], [2 * SEEN, 0, 0])}, ENGLISH_ALONE, VECTORS, SPACE)
    assert not seen[3]
    assert embeddings[3, 0] > 0.9


def test_what_stands_for_the_unknown_token_alone_is_not_seen() -> None:
    known = counts([0, 2 * SEEN, 0], [2 * SEEN, 0, 0])
    embeddings, seen = transferred({"en": without(known, 1)}, ENGLISH_ALONE, VECTORS, SPACE)
    assert seen.tolist()[:2] == [False, True]
    assert embeddings[0, 0] > 0.9, "as its neighbours are"


def test_a_word_of_two_languages_is_what_it_is_where_it_is_used_more() -> None:
    here, there = counts([SEEN, 0, 0]), counts([0, 90.0, 0])
    embeddings, _ = transferred({"en": here, "cs": there}, {"en": 3 * EVENLY, "cs": EVENLY}, VECTORS, SPACE)
    assert embeddings[0, 0] > embeddings[0, 1] > 0


def test_a_word_at_home_where_nothing_shows_its_meaning_is_not_known_by_its_spelling() -> None:
    spelt, nothing = counts([0, 2 * SEEN, 0], [2 * SEEN, 0, 0]), counts([0, 0, 0])
    tagalog = EVENLY.copy()
    tagalog[0] = 30 * EVENLY[0]
    embeddings, seen = transferred({"en": spelt, "tl": nothing}, {"en": EVENLY, "tl": tagalog}, VECTORS, SPACE)
    assert seen.tolist()[:2] == [False, True]
    assert embeddings[0, 0] > 0.9, "as its neighbours are"


def test_shares_of_the_best_sum_to_one() -> None:
    shares = best_of(sparse.csr_matrix(np.array([[0.0, 1.0, 3.0], [0.0, 0.0, 0.0]]))).toarray()
    assert shares.tolist() == [[0.0, 0.25, 0.75], [0.0, 0.0, 0.0]]


def test_chosen_layers_answer_as_they_do_in_the_teacher() -> None:
    torch.manual_seed(0)
    config = BertConfig(vocab_size=20, hidden_size=8, num_hidden_layers=3, num_attention_heads=2, intermediate_size=16)
    teacher = BertModel(config).eval()
    model = assemble(teacher, np.random.default_rng(0).normal(size=(30, 8)).astype(np.float32), [0, 2]).eval()
    assert model.config.num_hidden_layers == 2
    assert model.config.vocab_size == 30
    hidden = torch.randn(1, 5, 8)
    expected = teacher.encoder.layer[2](teacher.encoder.layer[0](hidden))
    found = model.encoder.layer[1](model.encoder.layer[0](hidden))
    first = [each[0] if isinstance(each, tuple) else each for each in (expected, found)]
    assert torch.allclose(first[0], first[1], atol=1e-6)
    own = torch.tensor([[4, 5]])
    known = teacher.embeddings(inputs_embeds=model.embeddings.word_embeddings(own))
    assert torch.allclose(model.embeddings(own), known, atol=1e-6)
