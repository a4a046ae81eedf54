"""Redaction: what is personal goes, what is business stays, and the rest keeps its place."""

import re
import string
import sys
from types import FrameType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.identifiers import IBAN_LENGTHS, iban, luhn, rodne_cislo
from service.privacy import Redacted, redact

REPEATABLE = settings(deadline=None, derandomize=True)

# fmt: off
PERSONAL = [
    # vi
    ("gọi 0912345678 nhé", "gọi <phone> nhé"),
    ("sđt: 0912 345 678.", "sđt: <phone>."),
    ("091.234.5678 hoặc 0987-654-321", "<phone> hoặc <phone>"),
    ("(+84) 912 345 678", "<phone>"),
    ("0084912345678", "<phone>"),
    ("84912345678", "<phone>"),
    ("máy bàn 028 3822 1234", "máy bàn <phone>"),
    ("0 9 1 2 3 4 5 6 7 8", "<phone>"),
    ("đặt ngày 05.12.2024 0912345678", "đặt ngày 05.12.2024 <phone>"),
    ("CCCD 001099012345", "CCCD <id>"),
    ("số 079 199 012345 ạ", "số <id> ạ"),
    ("CMND của tôi: 012345678", "CMND của tôi: <id>"),
    ("thẻ 9704 0000 0000 0018", "thẻ <card>"),
    # tl
    ("text mo ko 0917 123 4567 ha", "text mo ko <phone> ha"),
    ("+63 917 123 4567", "<phone>"),
    ("(02) 8123 4567 o (032) 234-5678", "<phone> o <phone>"),
    ("TIN 123-456-789-000", "TIN <id>"),
    ("TIN: 123456789", "TIN: <id>"),
    ("SSS 34-1234567-8", "SSS <id>"),
    ("UMID CRN 0111-1234567-8", "UMID CRN <id>"),
    ("PhilHealth 12-345678901-2", "PhilHealth <id>"),
    ("PhilSys 1234-5678-9012-3456", "PhilSys <id>"),
    # cs
    ("volejte +420 777 123 456", "volejte <phone>"),
    ("tel. 777 123 456 prosím", "tel. <phone> prosím"),
    ("777123456", "<phone>"),
    ("rodné číslo 780123/3540", "rodné číslo <id>"),
    ("moje rč je 7801233540", "moje rč je <id>"),
    ("účet CZ65 0800 0000 1920 0014 5399 prosím", "účet <iban> prosím"),
    ("cz6508000000192000145399", "<iban>"),
    # en
    ("call 415-555-2671 or (415) 555-2672", "call <phone> or <phone>"),
    ("+1 415 555 2671", "<phone>"),
    ("+44 7911 123456", "<phone>"),
    ("07911 123456", "<phone>"),
    ("ssn 536-22-1234", "ssn <id>"),
    ("GB29 NWBK 6016 1331 9268 19", "<iban>"),
    ("card 4111 1111 1111 1111 exp 12/26", "card <card> exp 12/26"),
    ("4111-1111-1111-1111", "<card>"),
    ("mycard:4111111111111111x", "mycard:<card>x"),
    ("amex 378282246310005", "amex <card>"),
    ("５１０５１０５１０５１０５１００", "<card>"),
    ("write to Jan.Novak+shop@firma.example.cz!", "write to <email>!"),
    ("0912345678@zalo.example and 0912345678", "<email> and <phone>"),
]

BUSINESS = [
    "đơn hàng #123456789", "mã đơn DH0912345678", "ORD-2024-000123", "objednávka 2024112345", "order 20241122001",
    "giá 350.000.000đ", "1 250 000 đồng", "tổng 1.234.567.890 VND", "₱1,250,000.00", "250 300 400 Kč", "777 123 456 Kč",
    "12 500 Kč", "$1,299.99", "2.500.000", "05.12.2024 14:30", "2024-12-05 10:30:22", "12/05/2024", "1. 12. 2024 v 9:15",
    "tổng đài 1900 1234", "gọi 5 lần rồi", "100 200 300", "4111111111111112", "CZ6508000000192000145398",
    "780123/3541", "v1.2.3.4", "192.168.100.200", "24/7", "iPhone 15 256 GB", "a@b", "@user", "10 000 000 ₫", "",
    "IMEI không có", "kód 12345678", "2024-2025", "room 1204, floor 12", "mã thẻ 0738-221094",
    "tag number 0742-118830", "tracking 7004 1182 3391 po",
]

BIRTH_NUMBERS = [
    ("7801233540", True), ("7801233541", False), ("6853180001", False), ("530101001", True), ("540101001", False),
    ("530101000", False), ("7813233540", False), ("7800233540", False), ("7801003540", False),
]
# fmt: on

# fmt: off
PIECES = [
    "0912345678", "0912 345 678", "+84", "(02)", "4111111111111111", "4111 1111", "1111", "a@b.cz", "@c.com", "CMND ", "TIN ",
    "CZ6508000000192000145399", "780123/3540", "12.05.2024", "<phone>", "<email>", "+", "-", " ", ".", "/", "x", "_", "1", "23",
    "456-", "777 123 456", "Kč", "(", ")", "\u200b", "\u00a0", "１２", "\ud800", "\x00", "đ",
]
# fmt: on
TEXTS = st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@pytest.mark.parametrize(("text", "stored"), PERSONAL)
def test_what_is_personal_goes(text: str, stored: str) -> None:
    assert redact(text).text == stored


@pytest.mark.parametrize("text", BUSINESS)
def test_what_is_business_stays(text: str) -> None:
    assert redact(text) == Redacted(text)


@REPEATABLE
@given(TEXTS)
@example("0912345678x@y.co0912345678")
@example("1 4111 1111 1111 1111 0912 345 678")
def test_redacting_again_finds_nothing(text: str) -> None:
    once = redact(text)
    assert redact(once.text) == Redacted(once.text)


@REPEATABLE
@given(TEXTS)
def test_spans_stay_inside_and_in_order_and_untouched_words_keep_their_letters(text: str) -> None:
    redacted = redact(text)
    moved = [redacted.map_span(start, start + 1) for start in range(len(text))]
    assert all(0 <= start < end <= len(redacted.text) for start, end in moved)
    assert moved == sorted(moved)
    for (start, end), character in zip(moved, text, strict=True):
        if end - start == 1 and character.isalpha():
            assert redacted.text[start] == character


def test_a_span_over_a_number_becomes_the_whole_placeholder() -> None:
    redacted = redact("a 0912345678 b")
    assert redacted.text == "a <phone> b"
    assert redacted.map_span(2, 5) == redacted.map_span(2, 12) == redacted.map_span(6, 8) == (2, 9)
    assert redacted.map_span(0, 1) == (0, 1)
    assert redacted.map_span(13, 14) == (10, 11)
    assert redacted.map_span(0, 14) == (0, 11)


@REPEATABLE
@given(TEXTS)
def test_the_way_back_survives_being_stored(text: str) -> None:
    redacted = redact(text)
    assert Redacted.from_json(redacted.text, redacted.to_json()) == redacted


@REPEATABLE
@given(
    body=st.from_regex(
        r"4[0-9]{12}|4[0-9]{15}|4[0-9]{18}|5[1-5][0-9]{14}|3[47][0-9]{13}|62[0-9]{14,17}|35[0-9]{14}|36[0-9]{12}",
        fullmatch=True,
    ),
    separator=st.sampled_from(["", " ", "-", ".", "\u00a0", " - "]),
    every=st.sampled_from([1, 3, 4, 5, 19]),
    before=st.sampled_from(["", "a", "thẻ ", "12 ", "+", "x@y.cz "]),
    after=st.sampled_from(["", "a", " ok", " 12/26", ".", " 0912345678", "@"]),
)
def test_no_card_survives_however_it_is_written(body: str, separator: str, every: int, before: str, after: str) -> None:
    card = next(body[:-1] + last for last in string.digits if luhn(body[:-1] + last))
    written = separator.join(card[i : i + every] for i in range(0, len(card), every))
    stored = redact(before + written + after).text
    assert card not in re.sub(r"\D", "", stored)


@REPEATABLE
@given(country=st.sampled_from(sorted(IBAN_LENGTHS)), tail=st.text("ABCXYZ0123456789", min_size=40, max_size=40))
def test_every_valid_iban_goes(country: str, tail: str) -> None:
    rest = tail[: IBAN_LENGTHS[country] - 4]
    valid = [f"{country}{check:02}{rest}" for check in range(2, 99) if iban(f"{country}{check:02}{rest}")]
    assert len(valid) == 1
    assert redact(f"na {valid[0]}.").text == "na <iban>."


@pytest.mark.parametrize(("digits", "valid"), BIRTH_NUMBERS)
def test_a_czech_birth_number_needs_a_day_and_its_check_digit(digits: str, valid: bool) -> None:
    assert rodne_cislo(digits) is valid


@pytest.mark.parametrize(
    "piece", ["1 ", "1", "a@", "4111 ", "cz65", "+1", "0912345678 ", "a.b", "CZ65 ", "12-", "tin 1"]
)
def test_work_grows_with_the_length_alone(piece: str) -> None:
    """Four times the text, about four times the calls; a square law would make it sixteen."""
    short, long = (_calls(piece * (size // len(piece))) for size in (2500, 10000))
    assert long < 4.5 * short + 100


def _calls(text: str) -> int:
    """Count the calls that `redact` makes: unlike seconds, the same on every machine."""
    calls = 0

    def count(frame: FrameType, kind: str, argument: object) -> None:
        nonlocal calls
        calls += kind in ("call", "c_call")

    sys.setprofile(count)
    try:
        redact(text)
    finally:
        sys.setprofile(None)
    return calls
