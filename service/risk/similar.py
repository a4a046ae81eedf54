"""A conversation that begins, and resolved ones -> those that are like it, each with what they have in common. Pure.

Alike are conversations in which the same rules fired, the same was threatened, or customers came with the
same words. The words do most to tell what would help; queue and language only put the nearer one first.
Where texts are not kept, rules and threats do it alone.
Try: `rank_similar(case, resolved, limit=5)`
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .search import searchable, words_of

MAX_ISSUE_TURNS: Final = 3
ENOUGH_WORDS: Final = 40
GREETING_WORDS: Final = 3
"""A message of so few words says hello, not what is the matter."""
LEAST_WORDS: Final = 2
LEAST_SHARE: Final = 0.04
"""Fewer words in common, or a smaller share of them, are chance."""
STEM_CHARS: Final = 5
"""Words are the same when they begin the same: Czech and English endings change, Vietnamese syllables are short."""
_WEIGHTS: Final = {"words": 8.0, "threat_kinds": 2.0, "rules": 1.0}
"""Of the shares in common, each 0 to 1. Issues that people would file under one name share a tenth to a third of their words."""
_NEARER: Final = 0.2
"""For the same queue, and for the same language."""
_CAME_BACK: Final = -0.5
"""What did not last is the weaker advice."""

# Folded, of all four languages. Vietnamese syllables are few here: without diacritics most of them are also content.
_COMMON_WORDS: Final = """
a ad ai anh ba bac ban bi cac cai chao chi cho co con cua da dang do duoc em gi gio ha hay het k khong ko la lai
luon ma minh moi mot nao nay neu nha nhe no nua o oi ra rang roi sao sau se shop thi toi tui u va vay voi vua xin
ah akin ako akong alam am ang ano anong at ay ayan bakit bang daw di din dito ganun gusto haha hello hi hindi i ito
ka kami kaming kasi kaya kayo kong kung lahat lang maam mag may mga mo na nag naka naman namin nang nasa natin ng
nga ngayon ni nila nito niyo nung nya nyo ok okay opo pa pag pala para pero po pong pwede rin sa salamat sana si
sige sila sir siya sya talaga tapos wala walang yan yun yung
ahoj ale ani asi az bez bude by bych byl byla bylo byt ci dekuji dekuju den diky dnes dobre dobry ho hned ja jak
jako je jeho jeji jen jeste jestli ji jim jo jsem jsi jsme jsou jste kde kdo kdy kdyz ke ktera ktery mam mame mate
me mel mela mi mne muj mu nam nas ne nebo neni nez nic od on ona oni pak pod podle porad pred pres pri pro proc
prosim s se so snad ta tady tak take taky takze tam te ted tedy ten to toho tom tomu tu ty uz v vam vas vase ve
vsak vy z za zas zase ze
about again all already also an and any are as be been but can cant could day did does doesnt dont for from get go
good got had has have he her hey him his how id if ill im in is isnt it its ive just know like my need not now of
off one only or our out please pls said says she still thank thanks that thats the them then there theres they
this time told up us want was we what when which who why will with would yes yet you your youre
"""
COMMON: Final = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True, slots=True)
class Traits:
    """By what conversations are compared."""

    conversation_id: str
    rules: tuple[str, ...]
    threat_kinds: tuple[str, ...]
    queue: str | None
    language: str | None
    issue: str = ""
    """What the customer came with, as `issue_of` returns it; empty where texts are not kept."""
    came_back: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A resolved conversation, and what it has in common with the one that is asked about."""

    conversation_id: str
    score: float
    rules: tuple[str, ...]
    threat_kinds: tuple[str, ...]
    words: tuple[str, ...]
    same_queue: bool
    same_language: bool


def issue_of(texts: Iterable[str]) -> str:
    """Return in searchable words what a customer came with: the first messages that say something, else the first."""
    said = [searchable(text) for text in texts]
    telling = [words for words in said if words.count(" ") > GREETING_WORDS]
    found: list[str] = []
    for words in telling or said:
        found.append(words)
        if len(found) == MAX_ISSUE_TURNS or sum(part.count(" ") for part in found) >= ENOUGH_WORDS:
            break
    return "".join(found)


def telling_words(issue: str) -> tuple[str, ...]:
    """Return the words of an issue that say what it is about, in order, none twice."""
    return tuple(word for word in words_of(issue) if _tells(word))


def stem(word: str) -> str:
    """Return the part of a word that is compared."""
    return word[:STEM_CHARS]


def rank_similar(case: Traits, resolved: Sequence[Traits], *, limit: int) -> tuple[Match, ...]:
    """Return the most similar ones, best first; of equals those that come first in `resolved`."""
    features = [_features(other.issue) for other in resolved]
    weigh = _Weigher(features)
    ours = _features(case.issue)
    matches = [_match(case, other, weigh, ours, theirs) for other, theirs in zip(resolved, features, strict=True)]
    alike = (match for match in matches if match.rules or match.threat_kinds or match.words)
    return tuple(sorted(alike, key=lambda match: -match.score)[:limit])


class _Weigher:
    """Weighs words by how few of the conversations have them."""

    def __init__(self, of_all: Sequence[frozenset[str]]) -> None:
        self._having = Counter(word for words in of_all for word in words)
        self._all = len(of_all)

    def weigh(self, words: Iterable[str]) -> float:
        return sum(math.log1p((self._all + 1) / (self._having[word] + 1)) for word in words)

    def share(self, ours: frozenset[str], theirs: frozenset[str]) -> float:
        """How much two sets have in common, 0 to 1."""
        whole = math.sqrt(self.weigh(ours) * self.weigh(theirs))
        return self.weigh(ours & theirs) / whole if whole else 0.0


def _match(case: Traits, other: Traits, weigher: _Weigher, ours: frozenset[str], theirs: frozenset[str]) -> Match:
    share = weigher.share(ours, theirs)
    words = tuple(word for word in telling_words(case.issue) if stem(word) in theirs)
    if len(words) < LEAST_WORDS or share < LEAST_SHARE:
        share, words = 0.0, ()
    rules = tuple(rule for rule in case.rules if rule in other.rules)
    kinds = tuple(kind for kind in case.threat_kinds if kind in other.threat_kinds)
    same_queue = case.queue is not None and case.queue == other.queue
    same_language = case.language is not None and case.language == other.language
    score = (
        _WEIGHTS["words"] * share
        + _WEIGHTS["rules"] * _jaccard(case.rules, other.rules)
        + _WEIGHTS["threat_kinds"] * _jaccard(case.threat_kinds, other.threat_kinds)
        + _NEARER * (same_queue + same_language)
        + _CAME_BACK * other.came_back
    )
    return Match(other.conversation_id, score, rules, kinds, words, same_queue, same_language)


def _features(issue: str) -> frozenset[str]:
    """Its telling words, and pairs of neighbours: in Vietnamese two syllables make the word."""
    words = issue.split()
    pairs = (f"{stem(a)} {stem(b)}" for a, b in pairwise(words) if _tells(a) or _tells(b))
    return frozenset((*(stem(word) for word in words if _tells(word)), *pairs))


def _tells(word: str) -> bool:
    return len(word) > 1 and word not in COMMON and not word.isdigit()


def _jaccard(ours: Sequence[str], theirs: Sequence[str]) -> float:
    union = {*ours, *theirs}
    return len({*ours} & {*theirs}) / len(union) if union else 0.0
