"""Step 6, a part: a training text -> the same text among calm sentences, with the same labels.

People put one angry sentence into a long, polite message; a mean over tokens learns from short rows
that the rest may outvote it. The company comes from our own turns of the training split in which
nothing is raised and the mood is neutral, so every label of the row still holds.
"""

import random
from collections import defaultdict
from collections.abc import Iterable

from service.labels import BINARY

from .dataset import OWN
from .examples import Example

COMPANY_SHARE = 0.2
"""Share of the rows, raised and calm ones alike, so that length itself says nothing."""
LONGEST_CHARS = 320
"""A joined text must fit the training window, or the part that carries the label would be cut off."""
_ENDS = (".", "!", "?", "…", ")")


def calm_texts(rows: Iterable[Example]) -> dict[str, list[str]]:
    """Texts per language that raise nothing and are neutral, every signal labelled."""
    texts: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        silent = all(row.binary.get(name) == 0 for name in BINARY) and row.sentiment == "neutral"
        if row.source == OWN and silent and len(row.text) < LONGEST_CHARS // 2:
            texts[row.language].append(row.text)
    return dict(texts)


def join_company(text: str, calm: list[str], rng: random.Random) -> str:
    """Put one to three calm texts before or after `text`, as far as they fit."""
    for _ in range(rng.randint(1, 3)):
        other = rng.choice(calm)
        if len(text) + len(other) >= LONGEST_CHARS:
            break
        first, second = (other, text) if rng.random() < 0.6 else (text, other)
        text = first + (" " if first.endswith(_ENDS) else rng.choice((". ", ", ", "\n", " "))) + second
    return text
