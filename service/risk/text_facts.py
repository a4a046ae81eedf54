"""Facts that stand in a customer's text itself: it shouts, "not the first time", "no manager any more"…

Used by stages 5 and 6. Not the model's job: capitals are gone after `normalise`, and a stated count
is a fact, not a mood. Pure, never raises; bounded quantifiers and capped input keep it linear.
Repetition is spelled out here, the other facts in `text_patterns.py`.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .fold import without_diacritics
from .text_patterns import MONEY_AMOUNT, MONEY_WORD, PASSED_AROUND, STILL_ASKED, TECHNICAL, WITHDRAWN
from .tuning import MAX_SCANNED_CHARS, SHOUTED_LETTERS, SHOUTED_SHARE, SHOUTED_WORD_LETTERS, SHOUTED_WORDS

TOPICS: Final = ("money", "technical")
"""What an agent alone seldom decides: an amount in dispute, an error with a code."""

_WORD: Final = re.compile(r"[^\W\d_]+")
_ROW_OF_MARKS: Final = re.compile(r"[!?！？]{3}")

_MANY: Final = r"(?:[2-9]|[1-9]\d)"

# All patterns meet text without diacritics, since half of the customers type without them.
# A bare "twice" is no repeat contact ("charged twice"): a count needs a verb of contact near it.
_VI_COUNT: Final = rf"(?:{_MANY}|hai|ba|bon|tu|nam|sau|bay|tam|chin|muoi)"
_VI: Final = (
    rf"\blan\s+thu\s+{_VI_COUNT}\b",
    rf"\b(?:tuan|thang)\s+thu\s+{_VI_COUNT}\s+(?:roi|lien|ma)\b",
    r"\b(?:goi|nhan|chat|hoi|bao|gui|khieu nai|lien he|lien lac|phan anh|ib|inbox|mail|email|nop|noi|rep)\b"
    rf".{{0,25}}?\b(?:{_VI_COUNT}|may|nhieu|hang chuc|chuc)\s*(?:lan|cuoc|luot)\b",
    rf"\b(?:{_VI_COUNT}|may|nhieu|bao nhieu|khong biet may|k biet may)\s+lan\s+(?:roi|lien)\b",
    r"\bbao nhieu lan nua\b",
)
_TL_COUNT: Final = rf"(?:{_MANY}|dalawa|tatlo|apat|lima|anim|pito|walo|siyam|sampu|ilan|marami)"
_TL_CONTACT: Final = (
    r"(?:tawag|tumatawag|tumawag|natawag|chat|message|msg|email|follow|reklamo|report|balik|bumalik|bumabalik|"
    r"punta|pumunta|tanong|sabi|sinabi|request|paliwanag|explain|kontak|contact|kausap|hingi|ulit|ayos|sagot)"
)
_TL: Final = (
    rf"\b(?:pang|ika)[- ]?(?:{_MANY}|alawa|atlo|tatlo|apat|lima|anim|pito|walo|siyam|sampu|ilan)(?:ng)?\s+"
    rf"(?:(?:na|ko|po|nang)\s+){{0,3}}(?:beses|{_TL_CONTACT})",
    rf"{_TL_CONTACT}\w{{0,4}}\b.{{0,40}}?\b{_TL_COUNT}(?:ng)?\s+(?:na\s+)?beses\b",
    rf"\b{_TL_COUNT}(?:ng)?\s+(?:na\s+)?beses\b.{{0,40}}?{_TL_CONTACT}",
    r"\bilang beses\s+(?:na|ba|pa|ko)\b",
    rf"\b{_MANY}\s?x\s+na\b.{{0,30}}?{_TL_CONTACT}|{_TL_CONTACT}\w{{0,4}}\b.{{0,30}}?\b{_MANY}\s?x\b",
    r"\bpaulit[- ]ulit\b",
)
_CS_CONTACT: Final = (
    r"(?:vola|psa|napsa|pis[ui]|pta|rika|rekl|resi|reklam|urgo|urguj|kontakt|zkous|vysvetl|mluv|zad[ao]|pros|"
    r"posil|poslal|hlas)"
)
_CS_TIMES: Final = (
    rf"(?:{_MANY}\s?(?:x|krat)|dvakrat|trikrat|ctyrikrat|petkrat|sestkrat|sedmkrat|osmkrat|devetkrat|desetkrat|"
    r"nekolikrat|mockrat|stokrat)"
)
_CS: Final = (
    r"\bpo(?:druhe|treti|ctvrte|pate|seste|sedme|osme|devate|desate)\b",
    rf"\b(?:uz\s+)?po\s+{_MANY}\.",
    rf"\b{_CS_CONTACT}\w{{0,8}}\b.{{0,40}}?\b{_CS_TIMES}\b",
    rf"\b{_CS_TIMES}\b.{{0,40}}?\b{_CS_CONTACT}",
    r"\bkolikrat\s+(?:uz|jeste|vam|to|mam)\b",
)
_EN_CONTACT: Final = (
    r"(?:call|phon|rang|email|e-mail|wr[io]t|messag|chat|contact|ask|told|tell|said|explain|report|complain|"
    r"request|repeat|been\s+through)"
)
_EN_COUNT: Final = (
    rf"(?:{_MANY}|two|three|four|five|six|seven|eight|nine|ten|several|multiple|many|countless|a\s+dozen|a\s+hundred)"
)
_EN: Final = (
    r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|umpteenth|nth|2nd|3rd|[4-9]th|1\dth|[2-9]\dth)\s+"
    r"(?:time|call|email|message|chat|ticket|attempt|occasion|complaint|request|contact|week|month)\b",
    rf"\b{_EN_CONTACT}\w{{0,6}}\b.{{0,40}}?\b{_EN_COUNT}\s?(?:times|x)\b",
    rf"\b{_EN_COUNT}\s?(?:times|x)\b.{{0,40}}?\b{_EN_CONTACT}",
    r"\bhow many (?:more )?times\b",
    rf"\bkeep (?:on )?{_EN_CONTACT}\w{{0,6}}ing\b|\b{_EN_CONTACT}\w{{0,6}} again and again\b",
)
_REPEAT_CONTACT: Final = re.compile("|".join((*_VI, *_TL, *_CS, *_EN)))
_PASSED_AROUND: Final = re.compile("|".join(PASSED_AROUND))
_WITHDRAWN: Final = re.compile("|".join(WITHDRAWN))
_STILL_ASKED: Final = re.compile("|".join(STILL_ASKED))
_AMOUNT, _MONEY, _TECHNICAL = re.compile(MONEY_AMOUNT), re.compile(MONEY_WORD), re.compile("|".join(TECHNICAL))
_MONEY_REACH: Final = 80
"""Characters between an amount and the refund or charge that it belongs to."""


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What a customer says in so many words; `topics` are those of `TOPICS` that the text names."""

    shouts: bool
    repeats_contact: bool
    """Not the first time: "5th time", "potřetí"."""
    passed_around: bool
    """Sent from person to person: "you are the third agent"."""
    withdraws_human: bool
    """No other person is wanted ("no need for a manager"), and none is asked for beside that."""
    topics: tuple[str, ...]
    """"money" for an amount with a refund or charge, "technical" for an error with its code."""


def read_text(text: str) -> TextFacts:
    """Return what the text says; only its first `MAX_SCANNED_CHARS` characters are read."""
    return _read(text[:MAX_SCANNED_CHARS])


# Both stages read the same turn, one right after the other; replays come back to short texts.
@lru_cache(maxsize=16)
def _read(text: str) -> TextFacts:
    plain = _plain(text)
    topics = (_disputes_money(plain), _TECHNICAL.search(plain) is not None)
    return TextFacts(
        shouts=_shouts(text),
        repeats_contact=_REPEAT_CONTACT.search(plain) is not None,
        passed_around=_PASSED_AROUND.search(plain) is not None,
        withdraws_human=_withdraws_human(plain),
        topics=tuple(name for name, holds in zip(TOPICS, topics, strict=True) if holds),
    )


def _shouts(text: str) -> bool:
    """Mostly capitals over several words, or a row of `!` or `?`."""
    seen = unicodedata.normalize("NFC", text)
    if _ROW_OF_MARKS.search(seen):
        return True
    words: list[str] = [word for word in _WORD.findall(seen) if len(word) >= SHOUTED_WORD_LETTERS]
    capitals = [word for word in words if word.isupper()]
    loud = len(capitals) >= SHOUTED_WORDS and sum(map(len, capitals)) >= SHOUTED_LETTERS
    return loud and len(capitals) >= SHOUTED_SHARE * len(words)


def _withdraws_human(plain: str) -> bool:
    rest, found = _WITHDRAWN.subn(" , ", plain)
    return found > 0 and _STILL_ASKED.search(rest) is None


def _disputes_money(plain: str) -> bool:
    words = [match.span() for match in _MONEY.finditer(plain)]
    if not words:
        return False
    amounts = [match.span() for match in _AMOUNT.finditer(plain)]
    return any(max(a, w) - min(b, e) <= _MONEY_REACH for a, b in amounts for w, e in words)


def _plain(text: str) -> str:
    """Lower case without diacritics, the way many people type anyway; white space to single spaces."""
    return " ".join(without_diacritics(text.lower()).split())
