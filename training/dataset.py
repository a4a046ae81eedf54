"""Steps 1-4 joined: every example of a split, from public sets, own transcripts and the user's own.

`train` examples may be learnt from; `dev` serves calibration and thresholds; `test` (own transcripts
held back by conversation) serves reports and the release check, `evaluation_sets()` reports alone.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from service.labels import LANGUAGES

from .corpus_labels import labelled_lines
from .examples import Example
from .fragments import fragments
from .labels import read_annotations
from .sources import evaluation_keys, text_key, training_sets
from .transcripts import Conversation, read_given, read_transcripts

OWN = "own_transcripts"
USER = "user_transcripts"
OWN_SHARE = 3.0
"""Own turns per epoch: they alone carry every label in every language."""
OTHER_SHARE = 6.0
"""Lines in other languages are few and teach only the language head."""
DEBATABLE_WEIGHT = 0.4
HELD_BACK = ("dev", "test")
WORD = re.compile(r"[^\W\d_]{2,}")
"""What a text needs for its language to be taught or measured: emoji, codes and numbers have none."""


def examples(split: str, *, extra: Path | None = None) -> list[Example]:
    """All examples of one split; `extra` is a user's own transcript file, or a folder of them, taken into `train`.

    Rows with the text of a held-back own turn never train, wherever they come from.
    """
    own = list(_own(read_transcripts(), split, OWN))
    others = [e for e in public_rows() if e.split == split]
    if split != "train":
        return own + others
    if extra is not None:
        others += _own(read_given(extra), split, USER)
    held = {text_key(e.text) for part in HELD_BACK for e in _own(read_transcripts(), part, OWN)} - {""}
    learnt = own + [e for e in others if text_key(e.text) not in held]
    unseen = held | evaluation_keys()
    return learnt + [e for e in fragments(learnt) if text_key(e.text) not in unseen]


def held_back_keys() -> frozenset[str]:
    """Texts that nothing may be learnt from, labels or not: dev, test, and the evaluation-only sets.

    Texts too short to tell ("ok") are nobody's and not among them.
    """
    return (evaluation_keys() | {text_key(row.text) for split in HELD_BACK for row in examples(split)}) - {""}


@cache
def public_rows() -> tuple[Example, ...]:
    """The public sets and the labelled lines of the corpora, read once."""
    return (*training_sets(), *labelled_lines(read_annotations(), evaluation_keys()))


def unlearnt(rows: list[Example], learnt: list[Example]) -> list[Example]:
    """The rows whose text was not trained on: some public sets repeat texts across their own splits."""
    keys = {text_key(e.text) for e in learnt} - {""}
    return [row for row in rows if text_key(row.text) not in keys]


def _own(conversations: Iterable[Conversation], split: str, source: str) -> Iterator[Example]:
    for conversation in conversations:
        if conversation.split == split:
            yield from conversation_examples(conversation, source)


def conversation_examples(conversation: Conversation, source: str = OWN) -> Iterator[Example]:
    """The customer turns of one conversation; debatable turns weigh less in training and are not scored."""
    other = conversation.language == "other"
    for number, turn in enumerate(conversation.turns):
        if turn.role != "customer" or (turn.debatable and conversation.split != "train"):
            continue
        # A turn in a language that we do not serve keeps its conversation's, by which its signals are calibrated.
        spoken = turn.language if turn.language in LANGUAGES else None
        yield Example(
            id=f"{conversation.id}#{number}",
            text=turn.text,
            language=spoken or conversation.language,
            source="other_languages" if other else source,
            split=conversation.split,
            binary=dict(turn.labels),
            threat_kinds=turn.threat_kinds,
            sentiment=turn.sentiment,
            weight=DEBATABLE_WEIGHT if turn.debatable else 1.0,
            share=OTHER_SHARE if other else OWN_SHARE,
            language_known=conversation.language_known
            and turn.language_told
            and (turn.language in (None, conversation.language) or spoken is not None)
            and WORD.search(turn.text) is not None,
        )
