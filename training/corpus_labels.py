"""Step 1b: our own labels on informal lines of the pretraining corpora -> examples.

The sets of the catalogue that train hold few Czech posts, Tagalog comments or Vietnamese chat, the
corpora many, without labels. `data/annotations/` names a line by language and by the hash of its
letters and digits, so no text is committed; a line that the corpora at hand lack has no effect.
"""

import hashlib
from collections.abc import Iterator, Mapping, Set

from service.labels import LANGUAGES

from .corpora import informal_lines
from .examples import Example
from .labels import Annotation
from .sources import text_key

SOURCE = "corpus_lines"
ID_DIGITS = 12
DEV_BELOW = 26
"""Of 256: lines whose id's last byte is below this are dev rows, about one in ten."""


def line_id(language: str, text: str) -> str:
    """How annotations name a line, the same for lines that differ in case, spaces or punctuation alone."""
    return f"{_prefix(language)}{hashlib.sha256(text_key(text).encode('utf-8')).hexdigest()[:ID_DIGITS]}"


def _prefix(language: str) -> str:
    return f"{language}.informal-"


def labelled_lines(annotations: Mapping[str, Annotation], unseen: Set[str]) -> Iterator[Example]:
    """The labelled lines that are here, each once, none whose key is in `unseen`."""
    for language in LANGUAGES:
        wanted = {name for name in annotations if name.startswith(_prefix(language))}
        for line in informal_lines(language) if wanted else ():
            name = line_id(language, line)
            if name in wanted and text_key(line) not in unseen:
                wanted.remove(name)
                yield annotations[name].over(_unlabelled(name, line, language))


def _unlabelled(name: str, line: str, language: str) -> Example:
    """The corpora were sorted by language with a heuristic, so that the language is not taught."""
    return Example(
        id=name,
        text=line,
        language=language,
        source=SOURCE,
        split="dev" if int(name[-2:], 16) < DEV_BELOW else "train",
        binary={},
        language_known=False,
    )
