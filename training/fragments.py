"""Step 4, a part: training texts -> two to four words of them, which teach the language and nothing else.

Chat turns are often a few words long, and public sets hold few such rows. What a fragment says of
the other outputs is unknown, so it carries no other label. Tagalog is full of English words: a fragment counts
as Tagalog only with a Tagalog function word in it, and sets that mix the two give no English ones.
"""

import random
import re
from collections.abc import Iterable, Sequence

from service.labels import LANGUAGES

from .examples import Example

SOURCE = "fragments"
PER_LANGUAGE = 4_000
MIXED = frozenset({"ph_election2022_hate", "firecs_reviews"})
"""Sets whose rows marked English are often Tagalog in part."""
SHORTEST, LONGEST = 2, 4
UNMASKED = frozenset("@#<>")
"""Characters of masks, names and tags, which show no language."""
TAGALOG = re.compile(
    r"\b(ang|ng|sa|na|po|ko|mo|ba|pa|lang|hindi|yung|ako|kayo|naman|wala|din|daw|nyo|niyo|ninyo|mga|kasi|dito|siya|nila|kung|bakit|paano)\b"
)


def fragments(rows: Sequence[Example], *, per_language: int = PER_LANGUAGE, seed: int = 0) -> list[Example]:
    """Up to `per_language` fragments of each language's rows, and as many of the other languages' as there are rows."""
    rng, made = random.Random(seed), []
    for language in (*LANGUAGES, "other"):
        known = [row for row in rows if row.language == language and row.language_known]
        if language == "en":
            known = [row for row in known if row.source not in MIXED]
        chosen = rng.sample(known, min(per_language, len(known)))
        made += _cut(chosen, rng)
    return made


def _cut(rows: Iterable[Example], rng: random.Random) -> list[Example]:
    made = []
    for row in rows:
        words, length = row.text.split(), rng.randint(SHORTEST, LONGEST)
        if len(words) <= length:
            continue
        start = rng.randint(0, len(words) - length)
        text = " ".join(words[start : start + length])
        letters = sum(map(str.isalpha, text))
        if (
            letters < 2 * length
            or not UNMASKED.isdisjoint(text)
            or (row.language == "tl" and TAGALOG.search(text.casefold()) is None)
        ):
            continue
        made.append(
            Example(
                id=f"{SOURCE}-{row.id}",
                text=text,
                language=row.language,
                source=SOURCE,
                split="train",
                binary={},
                share=2.0,
            )
        )
    return made
