"""Laws of stage 1: idempotent, aligned with the raw text, never raises; and its rules as a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.scoring.normalise import MAX_CLUSTER, normalise

MESSY = st.text(alphabet="abă đĐ 1234567890+-.@<>urlheps:/!?\u0301Iİw\u200b\ud800\U0001f621", max_size=60)


PILED = st.lists(st.sampled_from(["a", "ư", " ", *(mark * 33 for mark in "\u0301\u0323\u031b\u0327")]), max_size=9).map(
    "".join
)


@given(st.one_of(st.text(max_size=80), MESSY, PILED))
def test_normalising_twice_is_normalising_once(raw: str) -> None:
    once = normalise(raw).text
    assert normalise(once).text == once


@given(st.one_of(st.text(max_size=80), MESSY, PILED))
def test_every_normalised_character_points_into_the_raw_text(raw: str) -> None:
    result = normalise(raw)
    assert len(result.text) == len(result.starts) == len(result.ends)
    assert all(0 <= start < end <= len(raw) for start, end in zip(result.starts, result.ends, strict=True))
    assert list(result.starts) == sorted(result.starts)


# fmt: off
@pytest.mark.parametrize(("raw", "expected"), [
    ("Trờiiiiiii ơi!!!!!!",                      "trờiii ơi!!!"),
    ("ĐẶT HÀNG",                                 "đặt hàng"),
    ("Tru\u031bo\u031b\u0300ng",                 "trưường"[:3] + "ờng"),  # decomposed Vietnamese composes
    ("  nhiều \t\n khoảng   trắng  ",            "nhiều khoảng trắng"),
    ("𝓾𝓼𝓮𝓵𝓮𝓼𝓼 ｆｕｌｌ",                           "useless full"),
    ("a\u200bb\u00adc",                          "abc"),
    ("gọi 0912 345 678 nha",                     "gọi <phone> nha"),
    ("viết cho a.b+c@mail.example.vn",           "viết cho <email>"),
    ("xem https://example.org/a?b=c đi",         "xem <url> đi"),
    ("@nguyen_van_a ơi",                         "@user ơi"),
    ("<url> <email> <phone> @user",              "<url> <email> <phone> @user"),
    ("đơn 12345 giá 250.000đ",                   "đơn 12345 giá 250.000đ"),
    ("\ud83d lone surrogate",                    "lone surrogate"),
    ("z\u0351\u0352a\u0363lgo",                  "zalgo"),
    ("",                                         ""),
])
def test_rules(raw: str, expected: str) -> None:
    assert normalise(raw).text == expected


def test_a_pile_of_accents_is_composed_in_pieces_of_bounded_length() -> None:
    result = normalise("a" + "\u0301\u0323" * 5000 + "b")
    assert result.text == "ạb"
    assert all(end - start <= MAX_CLUSTER for start, end in zip(result.starts, result.ends, strict=True))


def test_a_span_leads_back_to_the_characters_that_it_came_from() -> None:
    raw = "😡😡 Tệẹẹẹẹẹ QUÁÁÁÁ, gọi 0912345678"
    result = normalise(raw)
    at = result.text.index("quááá")
    start, end = result.raw_span(at, at + len("quááá"))
    assert raw[start:end] == "QUÁÁÁÁ"
    at = result.text.index("<phone>")
    start, end = result.raw_span(at, at + len("<phone>"))
    assert raw[start:end] == "0912345678"
