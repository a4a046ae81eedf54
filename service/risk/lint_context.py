"""What only the conversation shows of a draft: repeated, no apology, a question left open, the wrong title.

Part of `lint`. Each check says nothing unless it is sure: without kept texts there is no context, and
then there are no findings of these kinds.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from .draft_rules import DraftRules, Group
from .lint_text import Finding, Prepared

MAX_TURNS: Final = 16
"""How far back is looked; a reply from before that is no robotic repetition."""
MAX_TURN_CHARS: Final = 1000
REPEATED_WORDS: Final = 5
"""Shorter sentences repeat by themselves: "I understand", "one moment please"."""
REPEATED_SHARE: Final = 0.8
"""Share of word pairs that two sentences have in common to count as the same."""


def repetition(draft: Prepared, replies: Sequence[Prepared], rules: DraftRules) -> Finding | None:
    """A sentence that was sent before, but for its numbers and a word or two."""
    common = rules.repetition.lists["common"]
    said = [set(_pairs(words)) for reply in replies for _, words in reply.sentence_words()]
    spans = [
        (start, end)
        for (start, end), words in draft.sentence_words()
        if len(words) >= REPEATED_WORDS and not draft.has(common, start, end) and _was_said(words, said)
    ]
    if not spans:
        return None
    return _found(draft, spans[0][0], spans[-1][1], rules)


def _found(draft: Prepared, start: int, end: int, rules: DraftRules) -> Finding:
    text = draft.folded.text[start:end]
    start, end = start + len(text) - len(text.lstrip()), start + len(text.rstrip())
    return Finding("repetition", *draft.folded.span(start, end), rules.repetition.why, rules.repetition.offer)


def _pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    return list(pairwise(words))


def _was_said(words: Sequence[str], said: Sequence[set[tuple[str, str]]]) -> bool:
    ours = set(_pairs(words))
    return any(2 * len(ours & theirs) >= REPEATED_SHARE * (len(ours) + len(theirs)) for theirs in said if theirs)


def missing_apology(
    draft: Prepared, complaints: Sequence[Prepared], replies: Sequence[Prepared], rules: DraftRules
) -> Finding | None:
    """The customer has just named a failure, and nobody has said a word about it yet."""
    failure, soothing = rules.apology.lists["failure"], rules.apology.lists["soothing"]
    if not any(complaint.has(failure) for complaint in complaints):
        return None
    if any(text.has(soothing) for text in (draft, *replies)):
        return None
    return Finding("missing_apology", None, None, rules.apology.why, rules.apology.offer)


def unanswered_question(draft: Prepared, asked: Sequence[Prepared], rules: DraftRules) -> Finding | None:
    """A question with a recognisable answer (when, how much) of which the draft holds nothing."""
    text = draft.folded.text
    if "?" in text or any(map(str.isdigit, text)) or draft.has(rules.put_off):
        return None
    for question in rules.questions:
        if any(turn.has(question.asked) for turn in asked) and not draft.has(question.answered):
            return Finding("unanswered_question", None, None, rules.question_why, question.offer)
    return None


def wrong_title(draft: Prepared, replies: Sequence[Prepared], rules: DraftRules) -> Finding | None:
    """The customer was addressed in one way so far, and now in another one."""
    before = {group for reply in replies for group, _ in _titles(reply, rules.titles)}
    now = _titles(draft, rules.titles)
    if len(before) != 1 or len(now) != 1 or now[0][0] in before:
        return None
    (established,) = before
    return Finding("address", *draft.folded.span(*now[0][1]), rules.title_why, rules.titles[established].offer)


def _titles(text: Prepared, titles: Sequence[Group]) -> list[tuple[int, tuple[int, int]]]:
    """The titles in a text, by their number, with where the first of each stands."""
    found = []
    for index, group in enumerate(titles):
        patterns = text.possible(group.patterns)
        for start, end in text.sentences if patterns else ():
            span = text.find(patterns, start, end)
            if span is not None and not text.has(group.unless, start, end):
                found.append((index, span))
                break
    return found
