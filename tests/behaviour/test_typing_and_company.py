"""The released model on the same meaning typed differently: perturbed as on a phone, or inside a long polite message.

Texts are the project's own. INV: the strong text stays above the calm one, however both are typed.
"""

import random
from pathlib import Path

import pytest

from service.labels import LANGUAGES, SIGNALS
from service.scoring.onnx import load_scorer
from training.noise import perturbations

SCORER = load_scorer(Path(__file__).parents[2] / "models")

# fmt: off
CALM = {
    "vi": "Cho mình hỏi đơn hàng của mình giao ngày nào vậy shop?",
    "tl": "Good day po, itatanong ko lang kung kailan ang delivery ng order ko",
    "cs": "Dobrý den, chtěla bych se zeptat, kdy přijde moje objednávka",
    "en": "Hello, could you tell me when my order will be delivered please",
}
STRONG = {
    ("vi", "frustration"): "Chờ hai tuần rồi vẫn chưa giao, làm ăn quá tệ, tôi rất thất vọng về dịch vụ này",
    ("vi", "abuse"):       "Mày là đồ ngu, cả công ty chúng mày là một lũ lừa đảo khốn nạn",
    ("vi", "threat"):      "Nếu không trả lại tiền tôi sẽ kiện ra tòa và báo công an bắt hết",
    ("tl", "frustration"): "Ilang linggo na akong naghihintay, nakakainis na talaga ang serbisyo ninyo",
    ("tl", "abuse"):       "Ang bobo mo, mga tanga kayong lahat diyan, mga gago",
    ("tl", "threat"):      "Kapag hindi ninyo ibinalik ang pera ko, idedemanda ko kayo at isusumbong sa DTI",
    ("cs", "frustration"): "Čekám už dva týdny a pořád nic, takhle otřesný přístup jsem ještě nezažila",
    ("cs", "abuse"):       "Jste banda idiotů a zlodějů, ty kreténe jeden",
    ("cs", "threat"):      "Pokud mi peníze nevrátíte, podám na vás žalobu a trestní oznámení na policii",
    ("en", "frustration"): "I have been waiting for two weeks and still nothing, this is ridiculous and I am fed up",
    ("en", "abuse"):       "You are a bunch of idiots and thieves, you stupid moron",
    ("en", "threat"):      "If you do not refund me I will sue you and report you to the police",
}
POLITE = {
    "vi": ("Em chào shop ạ, em có đặt một bộ ấm trà men xanh để biếu mẹ nhân dịp mừng thọ.", "Địa chỉ nhận hàng là nhà số 12, ngõ 5, cạnh trường mẫu giáo.", "Em gửi kèm ảnh hóa đơn và mã đơn để shop tiện kiểm tra nhé."),
    "tl": ("Magandang umaga po, umorder po ako ng isang set ng kaldero para sa kasal ng pinsan ko.", "Sa may tapat po ng barangay hall ang bahay namin, kulay dilaw ang gate.", "Naka-attach na po yung resibo at yung order number para mas madali ninyong makita."),
    "cs": ("Dobrý den, objednala jsem u vás čajovou soupravu jako dárek mamince k narozeninám.", "Doručit se měla na adresu do práce, recepce je v přízemí vlevo.", "V příloze posílám účtenku a číslo objednávky, ať to snadno dohledáte."),
    "en": ("Good morning, I ordered a blue tea set from you as a present for my mother's birthday.", "It was to be delivered to my office, the reception is on the ground floor.", "I attach the receipt and the order number so that you can find it easily."),
}
# fmt: on
CASES = [(language, signal, kind) for language in LANGUAGES for signal in SIGNALS for kind in perturbations(language)]


@pytest.mark.parametrize(("language", "signal", "kind"), CASES)
def test_inv_typing_does_not_hide_a_signal(language: str, signal: str, kind: str) -> None:
    function = perturbations(language)[kind]
    strong, calm = (function(text, random.Random(7)) for text in (STRONG[language, signal], CALM[language]))
    high, low = SCORER.score([strong, calm])
    assert high.scores[signal] > low.scores[signal] + 0.3
    assert not any(low.flags.values())


@pytest.mark.parametrize(("language", "signal"), STRONG)
def test_dir_one_sentence_of_a_long_polite_message_still_counts(language: str, signal: str) -> None:
    opening, middle, end = POLITE[language]
    strong = STRONG[language, signal]
    quiet = SCORER.score([f"{opening} {middle} {end}"])[0]
    placed = SCORER.score([f"{strong}. {opening} {end}", f"{opening} {strong}. {end}", f"{opening} {end} {strong}."])
    assert min(score.scores[signal] for score in placed) > quiet.scores[signal] + 0.2
    assert all(score.flags[signal] for score in placed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_mft_a_long_polite_message_raises_nothing(language: str) -> None:
    assert not any(SCORER.score([" ".join(POLITE[language])])[0].flags.values())


@pytest.mark.xfail(strict=True, reason="five calm sentences in one window still outvote a threat; see training/LOG.md")
def test_dir_a_threat_after_fifteen_calm_sentences_is_flagged() -> None:
    calm = "I ordered a blue jacket in size medium and would like to know when it arrives. "
    assert SCORER.score([calm * 15 + "I will come to your office and kill you all."])[0].flags["threat"]
