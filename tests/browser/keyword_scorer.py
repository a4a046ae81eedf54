"""A scorer that reads a short word list: known words -> known scores and spans, the same on every machine.

Satisfies `flow.Scorer`. The browser tests are about what the board shows, so what the model would
say must be written down here and nowhere else.
"""

import re
from typing import Final

from service.flow import Evidence, ModelInfo, Score
from service.labels import SIGNALS, THREAT_KINDS

# fmt: off
WORDS: Final[dict[str, tuple[str, float]]] = {
    # word           signal          probability
    "slow":         ("frustration", 0.62),
    "waiting":      ("frustration", 0.58),
    "again":        ("frustration", 0.66),
    "ridiculous":   ("frustration", 0.88),
    "useless":      ("frustration", 0.93),
    "idiots":       ("abuse",       0.96),
    "lawyer":       ("threat",      0.94),
    "manager":      ("asks_human",  0.97),
    "bực":          ("frustration", 0.91),
    "lần":          ("frustration", 0.72),
    "gì":           ("frustration", 0.64),
    "phốt":         ("threat",      0.86),
    "nakakainis":   ("frustration", 0.90),
    "tagal":        ("frustration", 0.71),
    "bastos":       ("abuse",       0.88),
    "dti":          ("threat",      0.90),
    "hrozné":       ("frustration", 0.89),
    "pořád":        ("frustration", 0.68),
    "reklamace":    ("frustration", 0.55),
    "právník":      ("threat",      0.92),
    "čoi":          ("threat",      0.91),
    "vedoucího":    ("asks_human",  0.95),
}
KINDS: Final = {"lawyer": "legal", "právník": "legal", "čoi": "regulator", "dti": "regulator", "phốt": "publicity"}
LETTERS: Final = {"vi": "ăđơưạảấầẩẫậắằẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ", "cs": "ěščřžůťďň"}
TAGALOG: Final = frozenset(["ang", "ng", "po", "na", "sa", "ako", "niyo", "nyo", "ba", "ko", "yung", "lang"])
# fmt: on
QUIET: Final = 0.04
FLAGGED_FROM: Final = 0.5


class KeywordScorer:
    """Scores by the word list above."""

    @property
    def model(self) -> ModelInfo:
        """A model that nobody takes for a real one."""
        return ModelInfo(version="keywords-1", digest="sha256:" + "0" * 64, precision="exact")

    def score(self, texts: list[str], languages: list[str | None] | None = None) -> list[Score]:
        """Score each text alone."""
        return [_score(text) for text in texts]


def _score(text: str) -> Score:
    words = [(match, match[0].lower()) for match in re.finditer(r"\w+", text)]
    found = [(match, word, *WORDS[word]) for match, word in words if word in WORDS]
    p = {signal: max([QUIET, *(q for _, _, s, q in found if s == signal)]) for signal in (*SIGNALS, "asks_human")}
    kinds = {kind: 0.9 if any(KINDS.get(word) == kind for _, word in words) else 0.01 for kind in THREAT_KINDS}
    is_empty = not words
    flags = {signal: p[signal] >= FLAGGED_FROM and not is_empty for signal in SIGNALS}
    negative = max(p[signal] for signal in SIGNALS)
    return Score(
        status="abstained" if is_empty else "scored",
        abstain_reason="no_words" if is_empty else None,
        language=_language(text, [word for _, word in words]),
        language_probability=0.97,
        scores={signal: p[signal] for signal in SIGNALS},
        flags=flags,
        asks_human=p["asks_human"],
        asks_human_flag=p["asks_human"] >= FLAGGED_FROM,
        threat_kind=max(kinds, key=kinds.__getitem__) if flags["threat"] else None,
        threat_kinds=kinds,
        sentiment={"negative": negative, "neutral": 0.9 - 0.9 * negative, "positive": 0.1 - 0.1 * negative},
        evidence=tuple(Evidence(signal, match.start(), match.end(), 2.0 * q) for match, _, signal, q in found),
    )


def _language(text: str, words: list[str]) -> str:
    for language, letters in LETTERS.items():
        if any(letter in letters for letter in text.lower()):
            return language
    return "tl" if len(TAGALOG.intersection(words)) > 1 else "en"
