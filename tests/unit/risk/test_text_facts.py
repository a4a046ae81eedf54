"""What stands in the text itself, in four languages: shouting, "not the first time", "passed around", "no manager any more"."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.risk.fold import without_diacritics
from service.risk.text_facts import TOPICS, read_text

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
PASSED_AROUND = [
    "Đổi người liên tục thế này thì ai giải quyết cho tôi", "doi nguoi lien tuc, moi lan 1 nguoi khac tra loi",
    "Hết người này tới người khác, kể đi kể lại mệt lắm rồi", "bị đá qua đá lại giữa bảo hành với cửa hàng", "mấy bên cứ đùn đẩy nhau",
    "anh là người thứ 3 tôi nói chuyện hôm nay", "cứ chuyển qua chuyển lại hoài mà không ai xử lý",
    "nói chuyện với bạn thứ ba rồi vẫn câu đó", "chuyển máy 4 lần rồi mà chưa xong", "pinapasa-pasa nyo lang ako",
    "Pinagpapasahan na lang ako ng mga agent nyo", "pang-apat na agent na po kayo na nakausap ko", "pangatlong agent na to ah",
    "ilang agent na nakausap ko, wala pa ring nangyayari", "tatlong agent na po ang nakausap ko",
    "lipat nang lipat, walang sumasagot nang maayos", "kung kani-kanino nyo na lang ako pinapasa",
    "ibang agent na naman? uulitin ko na naman lahat", "Už třetí operátor a pořád nic", "uz ctvrty clovek, kteremu to vysvetluju",
    "Pořád mě jen přepojujete někam jinam", "přehazujete si mě mezi odděleními", "posíláte mě od jednoho k druhému", "každý mě posílá jinam",
    "pokaždé někdo jiný a nikdo nic neví", "you are the third person I talk to", "this is the 4th agent I've spoken with today",
    "I'm being passed around like a parcel", "I keep getting bounced between departments", "you keep transferring me",
    "a different person every time, nobody reads the notes", "I'm getting the runaround here", "been transferred three times already",
]
NOT_PASSED_AROUND = [
    "tôi chuyển tiền qua lại giữa hai tài khoản bị lỗi", "chuyển qua chuyển lại giữa hai tài khoản của em",
    "cho em đổi người nhận hàng giúp", "người thứ 3 trong danh sách là mẹ em", "Chuyển em qua bộ phận kỹ thuật giúp ạ",
    "em đã chuyển khoản lần thứ hai", "con tôi đá bóng bị đau chân", "ipapasa ko na po yung documents bukas", "pasa load po sana",
    "pumasa po ako sa requirements", "lumipat po kami ng bahay last week", "pakipasa po ako sa technical",
    "dalawang agent lang po ba kayo dyan", "third agent fee on the invoice?", "přepojte mě prosím na technické oddělení",
    "O2 je třetí operátor na trhu, že?", "posílám vám to znovu", "druhá operace mě čeká v pondělí", "pošlete mi to na jinou adresu",
    "can you transfer me to billing please", "I transferred the money twice by mistake", "please stop sending me the newsletter",
    "you keep sending me the same invoice", "the third person in the booking is my son", "passed the exam, thanks",
    "money was transferred again to my account", "we passed around the brochure at work", "Con Lan nhà em học giỏi nhất lớp",
    "pasado na po ako sa exam",
]
WITHDRAWN = [
    "Thôi không cần gặp quản lý nữa, em xử lý được rồi", "khong can gap quan ly nua dau em", "khỏi gọi sếp, em làm tiếp đi",
    "thôi khỏi chuyển cho quản lý, chị chờ em xử lý", "ko cần quản lý nữa đâu", "em không muốn gặp nhân viên nữa, bot trả lời được rồi",
    "đừng chuyển qua người khác nha em", "Di na kailangan ng supervisor, ok na po", "hindi na po kailangan ang manager",
    "di ko na po kailangan makausap ang supervisor", "wag na po sa manager, kayo na lang", "no need na po ng supervisor",
    "hindi ko naman po kailangan ng manager, gusto ko lang malaman ang status", "Už nikoho nepotřebuji, díky", "vedoucího už nepotřebuju",
    "není potřeba volat vedoucího", "nemusíte mě přepojovat", "s vedoucím už mluvit nemusím",
    "Nepotřebuji mluvit s vedoucím, jen chci vědět termín", "no need for a manager any more",
    "I don't need to speak to a manager, just tell me the date", "never mind the supervisor, you fixed it",
    "please don't transfer me, you're doing great", "no longer need a human, thanks", "You don't have to get your manager",
]
STILL_WANTED = [
    "không cần bot, cho tôi gặp người thật", "tôi không cần xin lỗi, cho gặp quản lý", "sao không cho tôi gặp quản lý",
    "không cần gặp nhân viên nữa, gọi quản lý ra đây", "cho tôi gặp quản lý", "không ai trả lời, tôi cần gặp quản lý ngay",
    "sao không có ai gọi cho tôi", "di ko kailangan ng bot, supervisor ang kailangan ko", "hindi nyo ba ako ikokonekta sa supervisor",
    "kailangan ko na ng supervisor", "wag na bot, tao po ang kausap ko dapat", "ayoko sa bot, gusto ko makausap ang tao",
    "nepotřebuji bota, chci vedoucího", "nikoho to nezajímá", "nepotřebuji omluvu, dejte mi vedoucího",
    "nikoho jiného než vedoucího nechci, spojte mě s vedoucím", "nikdo mi neodpovídá", "I don't need a bot, I need a human",
    "I don't need an apology, get me your manager", "why don't you get a manager", "don't you have a supervisor?",
    "don't transfer me to another agent, I want a manager", "I don't want to talk to a bot", "I don't need the extra insurance",
    "do you have someone who can help", "I don't want anyone fired, I want an apology", "toho tvého kolegu nechci",
]
MONEY = [
    "bị trừ 640k mà hàng không có", "hoàn tiền 1tr2 cho tôi", "app tru tien e 2 lan 1tr250 ma ve thi khong thay", "bi tru 2 lan 350.000d", "na-charge po ako ng 1,500 pesos pero walang load",
    "₱899 ang nakaltas sa akin", "kailan po marefund yung 2500 php", "strhli jste mi 1 290 Kč dvakrát", "vraťte mi těch 4500 korun",
    "you charged me $49.99 twice", "I want my 120 euro refunded",
]
TECHNICAL = [
    "Máy giặt báo lỗi E12 không xả nước", "báo lỗi 503 hoài", "app báo mã lỗi E12", "error code 1042 po lagi", "nag-error 500 yung app", "hlásí to chybu 0x80070005",
    "chyba č. 104", "it says ERR_CONNECTION_RESET", "HTTP 502 again", "I get error 0x8004",
]
NO_TOPIC = [
    "giá 640k đúng không shop", "ship 30k hả em", "magkano po, 500 pesos?", "kolik stojí doprava, 99 Kč?", "it costs $20, right?",
    "vrátím se v 10", "5 k run", "can I get a refund policy link", "5 lần rồi", "lỗi của bên em thôi", "lời 500 triệu", "lợi 20%",
    "my error, sorry", "chyba na mé straně", "trial and error 3 times", "lỗi 3 lần rồi", "OTP code 123456", "Tran Thi Loi 12/5/1958",
    "bot trả lời 20 câu y chang",
]
# fmt: on


@pytest.mark.parametrize("text", REPEATED)
def test_a_stated_repetition_is_found(text: str) -> None:
    assert read_text(text).repeats_contact
    assert read_text(text.upper()).repeats_contact


@pytest.mark.parametrize("text", NOT_REPEATED)
def test_other_counts_are_no_repeated_contact(text: str) -> None:
    assert not read_text(text).repeats_contact


@pytest.mark.parametrize("text", SHOUTED)
def test_shouting_is_heard_with_composed_and_decomposed_accents(text: str) -> None:
    assert read_text(text).shouts
    assert read_text(unicodedata.normalize("NFD", text)).shouts


@pytest.mark.parametrize("text", NOT_SHOUTED)
def test_acronyms_numbers_and_emphasis_are_no_shouting(text: str) -> None:
    assert not read_text(text).shouts


@pytest.mark.parametrize("text", PASSED_AROUND)
def test_being_passed_around_is_found_however_it_is_typed(text: str) -> None:
    assert read_text(text).passed_around
    assert read_text(without_diacritics(text).upper()).passed_around


@pytest.mark.parametrize("text", NOT_PASSED_AROUND)
def test_what_is_sent_on_is_not_always_the_customer(text: str) -> None:
    assert not read_text(text).passed_around


@pytest.mark.parametrize("text", WITHDRAWN)
def test_a_withdrawn_or_negated_wish_for_a_person_is_found_however_it_is_typed(text: str) -> None:
    assert read_text(text).withdraws_human
    assert read_text(without_diacritics(text).upper()).withdraws_human


@pytest.mark.parametrize("text", STILL_WANTED)
def test_a_negation_of_something_else_withdraws_nothing(text: str) -> None:
    assert not read_text(text).withdraws_human


@pytest.mark.parametrize(("text", "topic"), [*((t, "money") for t in MONEY), *((t, "technical") for t in TECHNICAL)])
def test_an_amount_in_dispute_and_an_error_with_its_code_are_topics(text: str, topic: str) -> None:
    assert read_text(text).topics == (topic,)
    assert topic in TOPICS


@pytest.mark.parametrize("text", NO_TOPIC)
def test_prices_dates_and_mistakes_are_no_topics(text: str) -> None:
    assert read_text(text).topics == ()


def test_both_topics_may_stand_in_one_text_and_an_amount_far_away_is_another_matter() -> None:
    assert read_text("refund my 20 euro, it said error 503").topics == ("money", "technical")
    assert read_text("refund please " + "and so on " * 20 + "20 euro").topics == ()


@given(st.text())
def test_facts_never_raise_and_do_not_depend_on_the_accents_composition(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert read_text(text).shouts == read_text(composed).shouts
    assert read_text(composed) == read_text(unicodedata.normalize("NFD", text))


def test_lone_surrogates_and_very_long_texts_are_harmless() -> None:
    assert not read_text("\ud800" * 10 + "goi " * 100_000).repeats_contact
    assert not read_text("\udfff a" * 100_000).shouts
    assert not read_text("\ud800 chuyen " * 100_000).passed_around
    assert not read_text("\ud800 khong can " * 100_000).withdraws_human
    assert read_text("9" * 100_000 + "\ud800").topics == ()
