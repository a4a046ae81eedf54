"""What the released model must get right, per language: minimum functionality (MFT), invariance (INV), direction (DIR).

Texts are the project's own. A failing line is a finding about the model, not about this file.
"""

from pathlib import Path

import pytest

from service.scoring.onnx import load_scorer

SCORER = load_scorer(Path(__file__).parents[2] / "models")

ESCALATING = {
    "vi": "Tôi gọi 5 lần rồi mà không ai giải quyết, các anh làm ăn kiểu gì vậy?",
    "tl": "Ang tagal nyo sumagot, nakakainis na talaga, gusto ko makausap ang manager nyo",
    "cs": "Jestli mi to do zítra nevrátíte, dávám to právníkovi a na ČOI",
    "en": "You people are useless idiots, I know where your office is",
}
# fmt: off
MFT = [
    ("vi", ESCALATING["vi"],                                        {"frustration"}),
    ("tl", ESCALATING["tl"],                                        {"frustration", "asks_human"}),
    ("cs", ESCALATING["cs"],                                        {"threat"}),
    ("en", ESCALATING["en"],                                        {"frustration", "abuse"}),
    ("vi", "Dạ em cảm ơn shop nhiều, hàng đẹp lắm ạ",               set()),
    ("tl", "Salamat po, natanggap ko na yung order ko",             set()),
    ("cs", "Děkuji, balík dorazil v pořádku",                       set()),
    ("en", "Thanks, the parcel arrived today",                      set()),
    ("vi", "Cho mình hỏi phí giao hàng về Đà Nẵng bao nhiêu ạ?",    set()),
    ("tl", "Magkano po ang shipping papuntang Cebu?",               set()),
    ("cs", "Dobrý den, kolik stojí doprava do Brna?",               set()),
    ("en", "Hi, how much is shipping to Leeds?",                    set()),
]
# fmt: on


@pytest.mark.parametrize(("language", "text", "flags"), MFT)
def test_mft_the_flags_of_plain_cases(language: str, text: str, flags: set[str]) -> None:
    score = SCORER.score([text])[0]
    raised = {name for name, on in score.flags.items() if on} | ({"asks_human"} if score.asks_human_flag else set())
    assert score.language == language
    assert flags <= raised
    assert flags or not raised


@pytest.mark.parametrize("language", ESCALATING)
def test_inv_capitals_and_white_space_change_nothing(language: str) -> None:
    text = ESCALATING[language]
    plain, loud = SCORER.score([text, f"  {text.upper()}\n"])
    assert loud.scores == plain.scores


# fmt: off
@pytest.mark.parametrize(("signal", "mild", "strong"), [
    ("frustration", "Hàng chưa tới ạ",                   "Hàng chưa tới, đợi cả tháng trời, quá thất vọng luôn"),
    ("frustration", "Hindi pa po dumating yung order",   "Hindi pa rin dumating yung order, sobrang nakakainis na kayo"),
    pytest.param(
     "frustration", "Balík ještě nedorazil",             "Balík pořád nedorazil, už toho mám fakt dost, je to ostuda"),
    ("frustration", "The parcel has not arrived yet",    "The parcel STILL has not arrived, this is a joke, I am fed up"),
    ("abuse",       "Nhân viên chưa trả lời em",         "Nhân viên toàn lũ ngu, đồ khốn nạn"),
    ("abuse",       "Hindi pa sumasagot ang agent",      "Tanga talaga yang agent nyo, mga bobo kayo"),
    ("abuse",       "Operátor mi neodpověděl",           "Operátor je úplný idiot, jste banda kreténů"),
    ("abuse",       "The agent did not answer",          "The agent is a stupid moron, you are all idiots"),
    ("threat",      "Em đã đọc điều khoản",              "Không hoàn tiền thì tôi kiện ra tòa và báo công an"),
    ("threat",      "Nabasa ko na yung terms",           "Pag hindi nyo binalik pera ko, idedemanda ko kayo sa DTI"),
    ("threat",      "Přečetl jsem si podmínky",          "Jestli peníze nevrátíte, podám na vás žalobu"),
    ("threat",      "I have read the terms",             "If you do not refund me I will sue you and go to the press"),
])
def test_dir_stronger_words_score_higher(signal: str, mild: str, strong: str) -> None:
    low, high = SCORER.score([mild, strong])
    assert high.scores[signal] > low.scores[signal] + 0.1
