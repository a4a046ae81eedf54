"""Laws of search: capitals, diacritics and punctuation do not matter, personal data are no words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.risk.fold import without_diacritics
from service.risk.search import MAX_KEPT_CHARS, hits, searchable, words_of

# fmt: off
TABLE = [
    ("Vrátili jsme peníze, 100 %",       ("vratili", "jsme", "penize", "100")),
    ("Đã hoàn tiền cho khách. ĐÃ HOÀN!", ("da", "hoan", "tien", "cho", "khach")),
    ("na-refund po, hindi_nasira",       ("na", "refund", "po", "hindi", "nasira")),
    ("we couldn’t / couldn't",           ("we", "couldnt")),
    ("zavolat <phone> nebo <email>",     ("zavolat", "nebo")),
    ("%_\\ *?!",                         ()),
    ("",                                 ()),
]
# fmt: on


@pytest.mark.parametrize(("text", "words"), TABLE)
def test_the_words_of_a_text(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize("text", ["Đã hoàn tiền cho khách", "Příliš žluťoučký kůň", "Señor, niño"])
def test_a_word_without_diacritics_is_the_same_word(text: str) -> None:
    assert words_of(text) == words_of(without_diacritics(text)) == words_of(text.upper())


@given(st.text(max_size=300))
def test_every_word_of_a_text_is_found_in_it(text: str) -> None:
    kept = searchable(text)
    assert len(kept) <= MAX_KEPT_CHARS
    assert searchable(kept) == kept
    assert all(hits((word,), kept, "") > 0 for word in words_of(text))


def test_a_word_is_found_by_its_beginning_and_not_by_its_end() -> None:
    note = searchable("Uznali jsme reklamaci")
    assert hits(("reklam",), note, "") > 0
    assert hits(("klamaci",), note, "") == 0


def test_a_word_in_the_note_counts_more_and_repetition_only_so_far() -> None:
    refund = searchable("refund")
    assert hits(("refund",), refund, "") > hits(("refund",), "", refund) > 0
    assert hits(("refund",), refund * 3, "") == hits(("refund",), refund * 300, "")
