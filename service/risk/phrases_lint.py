"""A phrase catalogue -> what a careful reader would object to: the lint of `evenkeel policy check`.

The loader refuses what cannot work (unknown slots, a missing technique); this finds what works and
still should not be said: "calm down", blame, promises that nobody can keep, a form of address that
is too familiar, shouting, the same sentence twice. Pure. Try: `evenkeel policy check FILE`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from .fold import LETTERS, fold
from .loader import STAGES
from .phrases import TECHNIQUES, Catalogue, Wording

MIN_CHARS: Final = 15
MAX_CHARS: Final = 200
"""More is not read while somebody is angry, less sounds brushed off."""

# fmt: off
FORBIDDEN: Final[Mapping[str, Mapping[str, str]]] = {
    "calming down": {
        "vi": r"bình tĩnh|nguôi giận|đừng (?:nóng|giận|bực)|hạ hỏa",
        "tl": r"kumalma|huminahon|relax|calm down|huwag (?:po )?(?:kayong )?magalit",
        "cs": r"uklidn|klid(?:ně|u)? prosím|nerozčilujte|zklidn",
        "en": r"calm down|relax|settle down|don'?t be (?:angry|upset|mad)|no need to (?:shout|yell|get upset)",
    },
    "blame or a rule to hide behind": {
        "vi": r"theo (?:quy định|chính sách)|quy định|không phải lỗi|lỗi (?:của|do) (?:anh|chị)|rất tiếc nhưng|lẽ ra anh/chị (?:phải|nên) ",
        "tl": r"unfortunately|policy|kasalanan n|dapat (?:po )?(?:ninyo|n'yo|kayo)(?: po)? (?:ay )?(?:nag|sinabi|binasa)",
        "cs": r"bohužel|\bale\b|(?:dle|podle) (?:směrnic|pravidel|podmínek)|vaše chyba|měl[ia]? jste|musíte si uvědomit",
        "en": r"unfortunately|policy|as i (?:already )?said|\bbut\b|you (?:should|must) have|you failed|your (?:fault|mistake)|terms and conditions",
    },
    "a stock phrase": {
        "vi": r"quý khách|mong (?:anh/chị|quý khách) thông cảm|xin lỗi vì sự bất tiện",
        "tl": r"valued customer|(?:sorry|paumanhin) (?:po )?(?:for|sa) (?:the|anumang) (?:inconvenience|abala)",
        "cs": r"vážený zákazní|děkujeme za pochopení|omlouváme se za (?:způsobené|případné)",
        "en": r"valued customer|sorry for (?:any|the) inconvenience|thank you for your (?:patience and )?understanding|rest assured",
    },
    "a promise that nobody can keep": {
        "vi": r"cam kết|đảm bảo|bảo đảm|em hứa|chắc chắn sẽ|100 ?%|không bao giờ (?:xảy ra|lặp lại)|(?:sẽ|được) hoàn tiền (?:ngay|hôm nay)",
        "tl": r"garantisado|pangako|ipinapangako|100 ?%|hinding-hindi na|siguradong (?:maaayos|mare-?refund|babalik)|guarantee|promise",
        "cs": r"garantuj|zaručuj|slibuj|100 ?%|určitě (?:vrát|vyřeš|dosta)|už se to (?:nikdy )?nestane|nikdy víc",
        "en": r"guarantee|promise|100 ?%|definitely|never happen again|will be (?:refunded|fixed|resolved) (?:today|tomorrow|by|within)",
    },
    "a form of address that is too familiar": {
        "vi": r"\bbạn\b(?! ấy| chuyên)|\b(?:mày|tao|tớ|cậu)\b",
        "tl": r"\b(?:ka|mo|ikaw|iyo|sa'yo|sayo)\b",
        "cs": r"\b(?:ty|tě|tebe|ti|tobě|tvůj|tvoje|tvé|tvou|jsi|bys|máš|chceš|můžeš|víš|čau|ahoj)\b",
        "en": r"\b(?:buddy|dude|mate|sweetie|honey|dear|guys)\b",
    },
}
REGISTER: Final[Mapping[str, tuple[str, str]]] = {
    "vi": (r"\b(?:dạ|ạ)\b", "'dạ' or 'ạ'"),
    "tl": (r"\b(?:po|opo)\b", "'po' or 'opo'"),
}
"""What polite speech cannot do without, where a single word shows it."""
GENDERED_CZECH: Final = (
    r"\b(?:jsem|bych|jste|byste)\s+(?:se\s+|si\s+)?\w+[^m]la?\b|\b\w{3,}l[ao]?\s+(?:jsem|jste|bych|byste)\b"
    r"|\b(?:rád|ráda|připraven|připravena)\b"
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong with one phrase; `str` is the line that a person reads."""

    phrase: str
    says: str

    def __str__(self) -> str:
        return f"phrase {self.phrase}: {self.says}"


def lint_phrases(catalogue: Catalogue) -> tuple[Objection, ...]:
    """Return the objections to a catalogue, file by file in its order; none for a good one."""
    found: list[Objection] = []
    for language, wordings in catalogue.wordings.items():
        first: dict[str, str] = {}
        for wording in wordings:
            for text in said(wording):
                found += (Objection(wording.id, says) for says in _of_text(language, text))
                found += (Objection(wording.id, says) for says in _of_repetition(first, wording.id, text))
        found += _of_coverage(language, wordings)
    return tuple(found)


def said(wording: Wording) -> tuple[str, ...]:
    """Return the texts that a customer may come to read."""
    return (wording.text,) if wording.plain is None else (wording.text, wording.plain)


def _of_text(language: str, text: str) -> Iterator[str]:
    if not MIN_CHARS <= len(text) <= MAX_CHARS:
        yield f"has {len(text)} characters, expected {MIN_CHARS} to {MAX_CHARS}"
    if not (text[0].isupper() or text[0] == "{") or text[-1] not in ".?":
        yield "expected a whole sentence: a capital first, '.' or '?' last"
    if "!" in text or text != " ".join(text.split()):
        yield "expected no exclamation mark and single spaces"
    for what, patterns in FORBIDDEN.items():
        match = re.search(patterns[language], text, re.IGNORECASE)
        if match:
            yield f"{match[0]!r} is {what}"
    pattern, expected = REGISTER.get(language, ("", ""))
    if not re.search(pattern, text, re.IGNORECASE):
        yield f"polite speech needs {expected}"
    if language == "cs" and (gendered := re.search(GENDERED_CZECH, text, re.IGNORECASE)):
        yield f"{gendered[0]!r} tells the gender of the agent or the customer"


def _of_repetition(first: dict[str, str], identifier: str, text: str) -> Iterator[str]:
    """Nobody sees a difference of capitals, accents and punctuation as another sentence."""
    words = " ".join(LETTERS.findall(fold(text).text))
    if words in first:
        yield f"says the same as {first[words]}"
    first.setdefault(words, identifier)


def _of_coverage(language: str, wordings: tuple[Wording, ...]) -> Iterator[Objection]:
    """Every technique in every stage, for any situation or a certain one: else the words of another stage are borrowed."""
    present = {(wording.stage, wording.technique) for wording in wordings}
    for stage in STAGES:
        for technique in TECHNIQUES:
            if (stage, technique) not in present:
                yield Objection(f"{language}-{stage}", f"no phrase of the technique {technique!r} in this stage")
