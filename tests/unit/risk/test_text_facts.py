"""What stands in the text itself: shouting, and "this is not the first time", in four languages."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.risk.text_facts import says_repeat_contact, shouts

# fmt: off
REPEATED = [
    "Tôi gọi 5 lần rồi mà không ai giải quyết, các anh làm ăn kiểu gì vậy?",
    "lần thứ 3 rồi đấy", "lan thu 3 roi day", "Cứ hỏi lại hoài. Đây là lần thứ tư anh phải gửi tấm hình này rồi",
    "Chị gọi lễ tân 4 lần rồi đó, không ai bắt máy", "nhắn mấy lần rồi k ai rep", "báo hỏng nhiều lần mà chưa ai tới",
    "Pangatlong beses ko na po itong tawag", "Pang-apat na beses na yan na sagot sakin.", "pang-9 na chat ko na to para sa refund",
    "limang beses na po akong tumawag", "Ika-6 na chat ko na rin po.", "paulit-ulit na lang po", "5th time ko na po to",
    "Píšu vám popáté a pokaždé začínám od Adama.", "potreti se ptam co je s mou skodou", "volal jsem vám už pětkrát",
    "psali jsme to uz 9x", "Ptám se po 4. a pořád nic", "kolikrát to mám ještě psát",
    "this is the 4th time i'm explaining it", "This is my third chat today.", "I have called five times about this",
    "third week of \"next week\"", "How many times do I have to say it", "I keep asking and nobody answers",
]
NOT_REPEATED = [
    "Dạ em ơi cho chị hỏi về hóa đơn", "giờ coi app thấy trừ 2 lần 640 ngàn luôn", "Cảm ơn, lần này làm được việc", "lần đầu tôi liên hệ",
    "hẹn thứ hai tuần sau nhé", "first time namin makakita ng kabute", "isang beses lang sa isang taon yun", "pang-24 na yung nasa loob ngayon",
    "dalawang beses po akong na-charge", "objednala jsem omylem dvakrát", "poprvé u vás nakupuji", "V přehledu vidím tu platbu dvakrát",
    "my card was charged twice", "What time do you open?", "moving on the 30th", "", "5", "!!!",
]
SHOUTED = [
    "INTERNET IS DOWN AGAIN. THIRD TIME THIS WEEK.", "TÔI ĐÃ GỬI ẢNH 3 LẦN, KÉO LÊN LÀ THẤY", "TATLONG ARAW NA WALANG INTERNET",
    "PŘÍŠERNÉ SLUŽBY, ŘEŠTE TO", "haló???", "Trả lời đi!!!", "WHAT?!? is this?!!", "TRẢ LỜI NGAY ĐI",
]
NOT_SHOUTED = [
    "Send the OTP by SMS please", "gửi OTP qua SMS", "OK", "Thanks!!", "HN-DN-00781", "IMEI 358240051111110", "ahoj", "", "123 456",
    "Je to VELMI důležité", "I am ok",
]
# fmt: on


@pytest.mark.parametrize("text", REPEATED)
def test_a_stated_repetition_is_found(text: str) -> None:
    assert says_repeat_contact(text)
    assert says_repeat_contact(text.upper())


@pytest.mark.parametrize("text", NOT_REPEATED)
def test_other_counts_are_no_repeated_contact(text: str) -> None:
    assert not says_repeat_contact(text)


@pytest.mark.parametrize("text", SHOUTED)
def test_shouting_is_heard_with_composed_and_decomposed_accents(text: str) -> None:
    assert shouts(text)
    assert shouts(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize("text", NOT_SHOUTED)
def test_acronyms_numbers_and_emphasis_are_no_shouting(text: str) -> None:
    assert not shouts(text)


@given(st.text())
def test_facts_never_raise_and_do_not_depend_on_the_accents_composition(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert shouts(text) == shouts(composed)
    assert says_repeat_contact(composed) == says_repeat_contact(unicodedata.normalize("NFD", text))


def test_lone_surrogates_and_very_long_texts_are_harmless() -> None:
    assert not says_repeat_contact("\ud800" * 10 + "goi " * 100_000)
    assert not shouts("\udfff a" * 100_000)
