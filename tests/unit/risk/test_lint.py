"""The draft check: what each language must find and must let pass, and laws that hold for any text."""

import io
import json
import time
from dataclasses import asdict, dataclass

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from service.__main__ import main
from service.labels import LANGUAGES
from service.risk.decide import load_policy
from service.risk.draft_rules import KINDS, load_draft_rules
from service.risk.lint import MAX_DRAFT_CHARS, MAX_OF_A_KIND, check_draft
from service.risk.lint_text import Finding
from training.noise import strip_diacritics

RULES = load_draft_rules()
SLOW_MS = 100
"""Twenty times and more what it takes: a guard against patterns that explode, not a benchmark."""


@dataclass(frozen=True)
class Said:
    role: str
    text: str | None


def customer(text: str) -> Said:
    return Said("customer", text)


def agent(text: str) -> Said:
    return Said("agent", text)


def check(language: str, draft: str, *turns: Said) -> tuple[Finding, ...]:
    return check_draft(draft, turns, RULES[language])


def kinds(language: str, draft: str, *turns: Said) -> set[str]:
    return {finding.kind for finding in check(language, draft, *turns)}


# fmt: off
FOUND = [  # language, kind, draft, the words that are marked
    ("vi", "calm_down", "Anh bình tĩnh giúp em ạ.", "Anh bình tĩnh"),
    ("vi", "calm_down", "Dạ chị bớt nóng, mai em báo quản lý ạ.", "bớt nóng"),
    ("vi", "blame", "Cái này do bạn thao tác thiếu nên mới vậy ạ.", "do bạn thao tác"),
    ("vi", "blame", "Anh đến muộn thì anh phải tự chịu ạ.", None),
    ("vi", "dismissal", "Dạ việc này chị hỏi chi nhánh ạ.", "chị hỏi chi nhánh"),
    ("vi", "dismissal", "Tùy anh.", "Tùy anh"),
    ("vi", "negative_wording", "Dạ quy định là vậy ạ.", "quy định là vậy"),
    ("vi", "negative_wording", "Em không có quyền.", "Em không có quyền"),
    ("vi", "jargon", "Dạ case đang pending ở khâu tái bảo hiểm facultative ạ.", None),
    ("vi", "address", "Mày gửi mã đơn đây.", "Mày"),
    ("tl", "calm_down", "Sir kalma lang po, darating din yan.", "kalma lang"),
    ("tl", "calm_down", "Huminahon po muna kayo bago kami sumagot.", "Huminahon po"),
    ("tl", "blame", "Hindi ninyo po kasi pinindot.", "Hindi ninyo po kasi pinindot"),
    ("tl", "blame", "Dapat po tinest nyo muna bago sinend.", None),
    ("tl", "dismissal", "Ganun po talaga pag may maintenance Ma'am.", "Ganun po talaga"),
    ("tl", "dismissal", "Courier lang po kami sir, seller po ang kausapin nyo.", None),
    ("tl", "negative_wording", "Wala po kaming magagawa without receipt.", None),
    ("tl", "negative_wording", "Hindi na po pwede once credited.", None),
    ("tl", "jargon", "Sir, pending po ang adjudication ng SOA nyo.", None),
    ("tl", "address", "Ibigay mo na ang order number.", None),
    ("cs", "calm_down", "Uklidněte se, prosím.", "Uklidněte se"),
    ("cs", "calm_down", "Nekřičte na mě prosím.", "Nekřičte"),
    ("cs", "blame", "Zřejmě jste špatně nastavili skupiny.", None),
    ("cs", "blame", "Tak to je vaše chyba.", "Tak to je vaše chyba"),
    ("cs", "dismissal", "To řeší jiné oddělení.", "řeší jiné oddělení"),
    ("cs", "dismissal", "Stížnost podejte písemně.", "Stížnost podejte písemně"),
    ("cs", "negative_wording", "S tím bohužel nic neudělám.", None),
    ("cs", "negative_wording", "Lhůtu nelze zkrátit.", "nelze"),
    ("cs", "jargon", "Nárok se posuzuje dle § 24 ZSSP, vyčkejte na správní úkon.", None),
    ("cs", "address", "Pošli mi číslo objednávky.", "Pošli"),
    ("en", "calm_down", "Sir, please calm down.", "calm down"),
    ("en", "calm_down", "Please lower your tone.", "lower your tone"),
    ("en", "blame", "You should have reported it at the counter.", "You should have reported"),
    ("en", "blame", "Maybe you selected the wrong size.", None),
    ("en", "dismissal", "That's a different department.", "That's a different department"),
    ("en", "dismissal", "As I already said, they'll tell you the same.", None),
    ("en", "negative_wording", "We can't refund completed trips.", None),
    ("en", "negative_wording", "Nothing can be done from our end.", "Nothing can be done"),
    ("en", "jargon", "It's pending at the intermediary FI under a 59F mismatch.", None),
    ("en", "jargon", "The RBAC scope of your IDP expired.", "RBAC scope of your IDP"),
    ("en", "address", "Just wait.", "Just wait"),
]
PASSED = [  # language, draft
    ("vi", "Dạ em xin lỗi anh/chị ạ. Em kiểm tra đơn rồi báo lại mình trong 10 phút ạ."),
    ("vi", "Dạ em nói câu \"anh tự bấm\" là sai, em xin lỗi ạ."),
    ("vi", "Dạ em không hoàn tiền mặt được ạ, nhưng em đổi sang voucher cho chị được."),
    ("vi", "Dạ anh bị gắn chữ gian lận thì ai cũng nóng ạ."),
    ("vi", "Dạ bé mấy tuổi rồi chị, máy còn chạy không ạ?"),
    ("vi", "Dạ đúng là bên em sai ạ, em đã đào tạo lại nhân viên."),
    ("vi", "Dạ mã OTP gửi qua SMS, chị nhập mã PIN của thẻ ATM nhé ạ."),
    ("tl", "Pasensya na po sa nangyari. Ichecheck ko po agad at babalikan kayo."),
    ("tl", "Hindi na po pwede ang cash refund, pero pwede po kayong pumili ng voucher."),
    ("tl", "Tama po kayo, dapat sinabi po namin bago. Ibabalik ko po ang 2,100."),
    ("tl", "Saan po kayo ngayon? Papunta na po ang rider."),
    ("tl", "Ano po ang order number ninyo?"),
    ("tl", "Naiintindihan ko po ang galit ninyo. Ako na po ang tatawag sa seller."),
    ("tl", "Isulat po ang OTP na natanggap sa SMS, hindi po ang PIN ng ATM."),
    ("cs", "Mrzí mě to. Objednávku hned prověřím a do hodiny vám napíšu."),
    ("cs", "Refundaci bohužel nelze poslat dnes, ale v pondělí ji máte na účtu."),
    ("cs", "Neměl jste na to čekat, je to naše chyba."),
    ("cs", "Předávám to kolegovi z účtárny a zítra se vám ozvu."),
    ("cs", "Můžete mi prosím poslat číslo objednávky?"),
    ("cs", "Kód z SMS zadejte v aplikaci, PIN od karty ne."),
    ("cs", "Podívejte se prosím do e-mailu, posílám vám fakturu v PDF."),
    ("en", "I'm sorry. I've asked the warehouse and will write to you by 5 pm."),
    ("en", "We can't refund it in cash, but I can send you a voucher today."),
    ("en", "You shouldn't have had to wait, that was our mistake."),
    ("en", "You may have heard already: your parcel arrives tomorrow."),
    ("en", "Could you send me the order number, please?"),
    ("en", "My colleague from billing takes over; I'm passing on everything you told me."),
    ("en", "Enter the OTP from the SMS, not the PIN of your ATM card."),
    ("en", "You should have received an email by now. I'll send it again."),
]
# fmt: on


@pytest.mark.parametrize(("language", "kind", "draft", "words"), FOUND)
def test_what_makes_it_worse_is_found_where_it_stands(language: str, kind: str, draft: str, words: str | None) -> None:
    (finding,) = (found for found in check(language, draft) if found.kind == kind)
    assert finding.why
    assert finding.offer
    if words is not None:
        assert draft[finding.start : finding.end] == words


@pytest.mark.parametrize(("language", "kind", "draft", "words"), FOUND)
def test_it_is_found_without_diacritics_and_with_sloppy_capitals(
    language: str, kind: str, draft: str, words: str | None
) -> None:
    assert kind in kinds(language, strip_diacritics(draft))
    if kind != "jargon":  # capitals are what tells an abbreviation
        assert kind in kinds(language, strip_diacritics(draft).swapcase())
        assert kind in kinds(language, draft.upper())


@pytest.mark.parametrize(("language", "draft"), PASSED)
def test_a_good_answer_passes(language: str, draft: str) -> None:
    assert check(language, draft) == ()


# --- the shipped wordings pass their own check --------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_phrase_catalogue_passes(language: str) -> None:
    for wording in load_policy().catalogue.wordings[language]:
        for text in (wording.text, wording.plain or ""):
            assert check(language, text) == (), wording.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_offer_passes(language: str) -> None:
    rules = RULES[language]
    offers = [group.offer for rule in rules.rules for group in rule.groups] + [group.offer for group in rules.titles]
    advice = [a.offer for a in (rules.acronyms, rules.repetition, rules.apology, rules.courtesy) if a]
    for offer in [*offers, *advice, *(question.offer for question in rules.questions)]:
        assert check(language, offer) == (), offer


# --- the conversation ---------------------------------------------------------------------------

# fmt: off
REPLIES = {
    "vi": "Dạ em đã chuyển yêu cầu của chị cho bộ phận kho và đang chờ họ phản hồi ạ.",
    "tl": "Ipinasa ko na po ang request ninyo sa warehouse at hinihintay ko po ang sagot.",
    "cs": "Váš požadavek jsem předala do skladu a čekám na jejich odpověď.",
    "en": "I have passed your request on to the warehouse and am waiting for their answer.",
}
FAILURES = {  # what the customer names, a cold answer, a warm one
    "vi": ("đợi 3 ngày rồi mà vẫn chưa nhận được hàng", "Mã đơn là số trên hóa đơn ạ.", "Dạ em xin lỗi chị ạ, mã đơn là số trên hóa đơn ạ."),
    "tl": ["hindi pa rin po dumarating yung order ko", "Nasa resibo po ang number ninyo.", "Pasensya na po. Nasa resibo po ang number ninyo."],
    "cs": ["Pořád mi nepřišla zásilka", "Číslo zásilky je na účtence.", "Mrzí mě to. Číslo zásilky je na účtence."],
    "en": ["my parcel has still not arrived", "The number is on your receipt.", "I'm sorry. The number is on your receipt."],
}
QUESTIONS = {  # a question, an answer that leaves it open, one that does not
    "vi": ["bao giờ mới giao hàng vậy", "Dạ cảm ơn anh đã nhắn ạ.", "Dạ chiều nay giao tới ạ."],
    "tl": ["Kailan po darating yung parcel", "Salamat po sa mensahe ninyo.", "Bukas po ng hapon."],
    "cs": ["Kdy to přijde?", "Děkuji za zprávu.", "V pondělí dopoledne."],
    "en": ["When will it arrive?", "Thank you for the message.", "Tomorrow before noon."],
}
ADDRESSES = [  # language, earlier turns, draft in the wrong form, draft in the right one
    ("vi", [customer("cho chị hỏi"), agent("Dạ chị ơi em nghe ạ.")], "Dạ anh ơi em xem rồi ạ.", "Dạ chị ơi em xem rồi ạ."),
    ("vi", [agent("Dạ em nghe ạ."), agent("Dạ em xem ạ.")], "Bác ra chi nhánh lấy lại thẻ sau 3 ngày.", "Dạ thẻ có sau 3 ngày ạ."),
    ("tl", [agent("Good morning po Sir.")], "Ma'am, nasa rider na po.", "Sir, nasa rider na po."),
    ("tl", [agent("Opo."), agent("Sandali po.")], "Nakita mo ba ang link na nasa email mo.", "Nasa email po ninyo ang link."),
    ("cs", [customer("Dobrý den, mohla byste mi pomoct?")], "Máš číslo objednávky?", "Máte číslo objednávky?"),
]
# fmt: on


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_reply_again_is_robotic_also_with_another_number(language: str) -> None:
    reply = REPLIES[language]
    found = check(language, f"{reply} 12345", customer("?"), agent(reply), customer("?"))
    assert [finding.kind for finding in found] == ["repetition"]
    assert kinds(language, reply, customer(reply)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_named_failure_asks_for_a_word_about_it(language: str) -> None:
    failure, cold, warm = FAILURES[language]
    (finding,) = check(language, cold, customer(failure))
    assert (finding.kind, finding.start, finding.end) == ("missing_apology", None, None)
    assert check(language, warm, customer(failure)) == ()
    assert "missing_apology" not in kinds(language, cold, customer(failure), agent(warm), customer("ok"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_wants_its_answer(language: str) -> None:
    question, open_answer, answer = QUESTIONS[language]
    (finding,) = check(language, open_answer, customer(question))
    assert (finding.kind, finding.start) == ("unanswered_question", None)
    assert check(language, answer, customer(question)) == ()


@pytest.mark.parametrize(("language", "turns", "wrong", "right"), ADDRESSES)
def test_the_form_of_address_stays(language: str, turns: list[Said], wrong: str, right: str) -> None:
    assert "address" in kinds(language, wrong, *turns)
    assert "address" not in kinds(language, right, *turns)


def test_who_is_on_first_name_terms_may_stay_so() -> None:
    assert kinds("cs", "Pošli mi číslo objednávky.", customer("ahoj, kde máš můj balík")) == set()


# --- laws ---------------------------------------------------------------------------------------

odd_texts = st.text(st.characters(codec=None), max_size=200)
mixed = st.lists(st.sampled_from([row[2] for row in FOUND]) | odd_texts, max_size=6).map(" ".join)
turns = st.lists(st.builds(Said, st.sampled_from(["customer", "agent", "bot"]), st.none() | mixed), max_size=5)


@hypothesis_settings(max_examples=60)
@given(st.sampled_from(LANGUAGES), mixed, turns)
def test_spans_lie_inside_the_text_and_nothing_crashes(language: str, draft: str, said: list[Said]) -> None:
    found = check_draft(draft, said, RULES[language])
    assert found == check_draft(draft, said, RULES[language])
    for finding in found:
        assert finding.kind in KINDS
        assert (finding.start is None) == (finding.end is None)
        if finding.start is not None and finding.end is not None:
            assert 0 <= finding.start < finding.end <= len(draft)
            assert draft[finding.start : finding.end].strip() == draft[finding.start : finding.end]
    for kind in KINDS:
        assert sum(finding.kind == kind for finding in found) <= MAX_OF_A_KIND + 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_draft_takes_no_time(language: str) -> None:
    text = " ".join(row[2] for row in FOUND if row[0] == language)
    long = (text * 20)[: MAX_DRAFT_CHARS * 2]
    check(language, long)
    start = time.process_time()
    check(language, long[:500])
    assert (time.process_time() - start) * 1000 < SLOW_MS


def test_without_words_there_is_nothing_to_say() -> None:
    for text in ("", "   ", "!!!", "🙂"):
        assert check("en", text, customer("my parcel has still not arrived")) == ()


# --- the command --------------------------------------------------------------------------------


def test_the_command_prints_the_same_findings(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["draft", "--language", "cs", "Uklidněte se, prosím."]) == 0
    given = json.loads(capsys.readouterr().out)
    assert given["findings"] == [asdict(finding) for finding in check("cs", "Uklidněte se, prosím.")]
    monkeypatch.setattr("sys.stdin", io.StringIO("Uklidněte se, prosím.\n"))
    assert main(["draft", "--language", "cs"]) == 0
    assert json.loads(capsys.readouterr().out) == given
    assert main(["draft", " "]) == 1
    assert "no reply to check" in capsys.readouterr().err
