"""Clean text -> the same text as people type it on a phone; label-preserving noise for fine-tuning.

Each function takes a random generator and returns a new string of the same meaning. `perturb`
applies one or two of those that fit the language; the behaviour tests use them one by one.
"""

import random
import re
from collections.abc import Callable

from service.risk.fold import without_diacritics
from service.scoring.normalise import MASKS

Perturbation = Callable[[str, random.Random], str]

_VI_TEENCODE = {
    "không": ("ko", "k", "hk", "hong", "kg"), "được": ("dc", "đc", "dk"), "rồi": ("r", "rùi", "roi"), "gì": ("j", "gi"),
    "với": ("vs", "zới"), "biết": ("bik", "bít"), "bây giờ": ("bh", "bi h"), "quá": ("wá", "qá"), "vậy": ("z", "v", "vầy"),
    "chị": ("c", "chj"), "anh": ("a",), "em": ("e",), "mình": ("mik", "mjh"), "người": ("ng", "ngừi"), "yêu": ("iu",),
    "nhưng": ("nhg", "nhma"), "tại sao": ("ts",), "sao": ("s",), "thích": ("thik",), "trả lời": ("rep", "tl"), "tiền": ("tìn",),
    "mà": ("m", "mak"), "cũng": ("cx", "cg"), "luôn": ("lun",), "ơi": ("uii", "oi"), "bao giờ": ("bg",), "nhé": ("nha", "nhá"),
}  # fmt: skip
_TL_TEXTSPEAK = {
    "dito": ("d2", "dto"), "na": ("n",), "ako": ("aq", "aku"), "ko": ("q", "k"), "ninyo": ("nyo",), "niyo": ("nyo",), "kayo": ("kau", "kyo"),
    "lang": ("lng",), "naman": ("nmn", "nman"), "talaga": ("tlga",), "hindi": ("hnd", "di", "d"), "wala": ("wla",), "pa": ("p",),
    "mga": ("mg", "m9a"), "ang": ("ung", "an"), "bakit": ("bkt", "bkit"), "kasi": ("ksi", "kc"), "po": ("pow", "p0"), "opo": ("opow",),
    "yung": ("ung", "yng"), "sana": ("sna"), "para": ("pra",), "kailan": ("kelan",), "ngayon": ("ngaun", "nw"), "dahil": ("dhil",),
}  # fmt: skip
_EN_TEXTSPEAK = {
    "you": ("u",), "your": ("ur",), "you're": ("ur", "youre"), "are": ("r",), "please": ("pls", "plz"), "because": ("bc", "cuz"),
    "people": ("ppl",), "don't": ("dont",), "can't": ("cant",), "i'm": ("im",), "what": ("wat", "wut"), "the": ("teh", "da"),
    "to": ("2",), "for": ("4",), "thanks": ("thx", "ty"), "message": ("msg",), "really": ("rly",), "and": ("n", "&"), "to be honest": ("tbh",),
}  # fmt: skip
_CS_COLLOQUIAL = {
    "jsem": ("sem",), "jsi": ("si",), "jste": ("ste",), "jestli": ("esli",), "protože": ("páč", "ptž"), "dobrý": ("dobrej",),
    "který": ("kterej",), "v pohodě": ("vpoho",), "není": ("neni",), "prosím": ("prosim", "pls"), "nebo": ("nebo", "anebo"),
    "děkuji": ("díky", "dík"), "něco": ("neco",), "když": ("dyž",), "vůbec": ("vubec",), "fakt": ("fakt", "fkt"), "už": ("uz",),
}  # fmt: skip
_TEXTSPEAK = {"vi": _VI_TEENCODE, "tl": _TL_TEXTSPEAK, "en": _EN_TEXTSPEAK, "cs": _CS_COLLOQUIAL}
_MASKS = re.compile("(" + "|".join(map(re.escape, MASKS)) + ")")
_LEET = str.maketrans({"a": "4", "e": "3", "i": "1", "o": "0", "s": "5"})
_NEIGHBOURS = {
    "a": "sq",
    "e": "wr",
    "i": "uo",
    "o": "ip",
    "n": "bm",
    "t": "ry",
    "s": "ad",
    "m": "n",
    "l": "k",
    "g": "fh",
    "h": "gj",
}


def strip_diacritics(text: str, _: random.Random | None = None) -> str:
    """ "đặt hàng" -> "dat hang", "příští" -> "pristi"."""
    return without_diacritics(text)


def textspeak(language: str) -> Perturbation:
    """Teencode, text-speak or colloquial spelling of common words, about half of those that occur."""
    table = _TEXTSPEAK[language]
    pattern = re.compile(
        r"\b(" + "|".join(sorted(map(re.escape, table), key=len, reverse=True)) + r")\b", re.IGNORECASE
    )

    def vary(match: re.Match[str], rng: random.Random) -> str:
        # "İ'm" and "jſem" match without regard to case, but their lower case is another word; they stay as they are.
        return rng.choice(table.get(match[0].lower(), (match[0],))) if rng.random() < 0.5 else match[0]

    def apply(text: str, rng: random.Random) -> str:
        return pattern.sub(lambda match: vary(match, rng), text)

    return apply


def elongate(text: str, rng: random.Random) -> str:
    """Stretch a vowel: "lâu quá" -> "lâu quáááá"."""
    vowels = [i for i, c in enumerate(text) if strip_diacritics(c).lower() in set("aeiouy")]
    if not vowels:
        return text
    at = rng.choice(vowels)
    return text[: at + 1] + text[at] * rng.randint(2, 5) + text[at + 1 :]


def shout(text: str, _: random.Random) -> str:
    """All capitals."""
    return text.upper()


def leetspeak(text: str, rng: random.Random) -> str:
    """Digits for letters in one word: "idiots" -> "1d10t5"."""
    words = text.split(" ")
    long_words = [i for i, w in enumerate(words) if len(w) > 3 and "<" not in w]
    if long_words:
        at = rng.choice(long_words)
        words[at] = words[at].translate(_LEET)
    return " ".join(words)


def mistype(text: str, rng: random.Random) -> str:
    """One or two slips of the thumb: swapped, dropped, doubled or neighbouring letters."""
    characters = list(text)
    for _ in range(1 + len(text) // 60):
        letters = [i for i, c in enumerate(characters[:-1]) if c.isalpha() and characters[i + 1].isalpha()]
        if not letters:
            break
        at, kind = rng.choice(letters), rng.randrange(4)
        if kind == 0:
            characters[at], characters[at + 1] = characters[at + 1], characters[at]
        elif kind == 1:
            del characters[at]
        elif kind == 2:
            characters.insert(at, characters[at])
        else:
            characters[at] = rng.choice(_NEIGHBOURS.get(characters[at], characters[at]))
    return "".join(characters)


def drop_punctuation(text: str, _: random.Random) -> str:
    """No commas, no full stops, no capitals: the usual chat."""
    return re.sub(r"[.,;!?]+(?=\s|$)", "", text).lower()


def perturbations(language: str) -> dict[str, Perturbation]:
    """The perturbations that keep the meaning in one language, by name."""
    common: dict[str, Perturbation] = {
        "elongation": elongate, "capitals": shout, "leetspeak": leetspeak, "typo": mistype, "no_punctuation": drop_punctuation
    }  # fmt: skip
    if language in _TEXTSPEAK:
        common["textspeak"] = textspeak(language)
    if language in ("vi", "cs"):
        common["no_diacritics"] = strip_diacritics
    return common


_WEIGHTS = {"no_diacritics": 4, "textspeak": 3, "typo": 2, "no_punctuation": 2, "elongation": 1, "leetspeak": 1}
_CHOICES = {
    language: [(p, _WEIGHTS[name]) for name, p in perturbations(language).items() if name in _WEIGHTS]
    for language in ("vi", "tl", "cs", "en", "other")
}


def perturb(text: str, language: str, rng: random.Random) -> str:
    """Apply one or two perturbations that fit the language (capitals are folded away before the model)."""
    functions, weights = zip(*_CHOICES[language], strict=True)
    chosen = rng.choices(functions, weights, k=1 + (rng.random() < 0.4))
    pieces = _MASKS.split(text)
    for index in range(0, len(pieces), 2):  # the odd ones are masks such as <phone>
        for function in chosen:
            pieces[index] = function(pieces[index], rng) if pieces[index].strip() else pieces[index]
    return "".join(pieces)
