"""What a human agent is about to send, and the conversation so far -> findings, each with a better wording.

Beside the flow, not in it: `POST /v1/conversations/{id}/draft` and `evenkeel draft` call it. Pure and
deterministic; it says something of a text and keeps nothing of who wrote it. A wrong hint costs more
than a missed one, so patterns are narrow, and what is missing is said only when sure. Beside the
patterns a small fitted model (`reply_model.py`) sees what many words suggest together.
Try: `check_draft("You should have read the terms.", (), load_draft_rules()["en"])`
"""

import re
from collections.abc import Sequence
from typing import Final

from .draft_rules import DraftRules, Rule
from .lint_context import (
    MAX_TURN_CHARS,
    MAX_TURNS,
    missing_apology,
    repetition,
    unanswered_question,
    wrong_title,
)
from .lint_text import Finding, Prepared, Said
from .reply_model import ReplyModel

MAX_DRAFT_CHARS: Final = 4000
"""Longer drafts are read from their beginning only, which bounds the time."""
MAX_OF_A_KIND: Final = 2
"""More hints of one kind say nothing new."""
ACRONYMS: Final = 2
"""One unknown abbreviation may be a name; two are a language of our own."""
COURTESY_WORDS: Final = 6
"""Shorter replies do without a courtesy: "Dạ" alone, "Đã gửi", "Nasa website na"."""
REPLIES: Final = 2
"""So many courteous replies are a habit, from which a draft without courtesy departs."""
_QUOTED: Final = re.compile(r'"[^"\n]{1,200}"|“[^”\n]{1,200}”|„[^“”\n]{1,200}[“”]|«[^»\n]{1,200}»')
"""What somebody else said is not the agent's own wording; blanked in place, so that positions stay."""
_ACRONYM: Final = re.compile(r"(?<![\w-])(?=[A-Z0-9]*[A-Z][A-Z0-9]*[A-Z])[A-Z][A-Z0-9]{1,6}(?![\w-])")


def check_draft(
    text: str, turns: Sequence[Said], rules: DraftRules, model: ReplyModel | None = None
) -> tuple[Finding, ...]:
    """Return what to reconsider in the draft `text`, in its order; missing things come last.

    `turns` are the conversation's, oldest first; `rules` are those of the draft's language; `model` joins the patterns.
    """
    own_words = _QUOTED.sub(lambda match: " " * len(match[0]), text[:MAX_DRAFT_CHARS])
    draft = Prepared.of(own_words, marks=rules.marks)
    if not draft.words:
        return ()
    recent = [turn for turn in turns[-MAX_TURNS:] if turn.text]
    said = [Prepared.of((turn.text or "")[:MAX_TURN_CHARS], marks=rules.marks) for turn in recent]
    replies = [text for turn, text in zip(recent, said, strict=True) if turn.role == "agent"]
    asked = said[len(recent) - _unanswered(recent) :]
    worded = _apart([found for rule in rules.rules for found in _worded(draft, rule, said)])
    kinds = {finding.kind for finding in worded}
    others = (
        None if "jargon" in kinds else _acronyms(draft, rules),
        repetition(draft, replies, rules),
        wrong_title(draft, replies, rules),
        missing_apology(draft, asked, replies, rules),
        unanswered_question(draft, asked, rules),
        None if "address" in kinds else _discourteous(draft, said, replies, rules),
    )
    found = [*worded, *(finding for finding in others if finding is not None)]
    if model is not None:
        found += _learnt(own_words, draft, rules, model, found)
    return tuple(sorted(found, key=lambda f: (f.start is None, f.start or 0)))


def _unanswered(turns: Sequence[Said]) -> int:
    """How many turns the customer has written since the last reply."""
    return next((count for count, turn in enumerate(reversed(turns)) if turn.role != "customer"), len(turns))


def _applies(rule: Rule, said: Sequence[Prepared]) -> bool:
    """Whether the conversation so far lets this kind be found at all."""
    if any(text.has(rule.unless_said) for text in said):
        return False
    return not (rule.when_said and said) or any(text.has(rule.when_said) for text in said)


def _worded(draft: Prepared, rule: Rule, said: Sequence[Prepared]) -> list[Finding]:
    """At most one finding a sentence, from the first group that holds."""
    possible = [(group, draft.possible(group.patterns)) for group in rule.groups]
    found: list[Finding] = []
    for start, end in draft.sentences:
        for group, patterns in possible:
            span = draft.find(patterns, start, end)
            if span is not None and not draft.has(group.unless, start, end):
                found.append(Finding(rule.kind, *draft.folded.span(*span), rule.why, group.offer))
                break
    if not found or draft.has(rule.unless_draft) or not _applies(rule, said):
        return []
    return found[:MAX_OF_A_KIND]


def _learnt(text: str, draft: Prepared, rules: DraftRules, model: ReplyModel, told: Sequence[Finding]) -> list[Finding]:
    """What the model finds and nothing else did; that a reply is canned is worth saying only where nothing worse is."""
    spans = model.read(text, [_trimmed(text, *draft.folded.span(*sentence)) for sentence in draft.sentences])
    found = [
        Finding(kind, start, end, rules.learnt[kind].why, rules.learnt[kind].offer)
        for kind, (start, end) in spans.items()
        if kind not in {finding.kind for finding in told}
    ]
    apart = _apart([*(finding for finding in told if finding.start is not None), *found])
    new = [finding for finding in found if finding in apart]
    alone = len(told) + len(new) == 1
    return [finding for finding in new if alone or finding.kind != "canned"]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


def _apart(findings: Sequence[Finding]) -> list[Finding]:
    """Drop a finding that overlaps an earlier one: one hint for the same words is enough."""
    kept: list[Finding] = []
    for finding in findings:
        if not any(_overlap(finding, other) for other in kept):
            kept.append(finding)
    return kept


def _overlap(one: Finding, other: Finding) -> bool:
    return (one.start or 0) < (other.end or 0) and (other.start or 0) < (one.end or 0)


def _acronyms(draft: Prepared, rules: DraftRules) -> Finding | None:
    """Two abbreviations that no customer knows; says nothing of a text that is written in capitals."""
    raw = draft.folded.raw
    if sum(map(str.isupper, raw)) > sum(map(str.islower, raw)):
        return None
    found = [match for match in _ACRONYM.finditer(raw) if match[0] not in rules.known_acronyms]
    if len({match[0] for match in found}) < ACRONYMS:
        return None
    return Finding("jargon", found[0].start(), found[-1].end(), rules.acronyms.why, rules.acronyms.offer)


def _discourteous(
    draft: Prepared, said: Sequence[Prepared], replies: Sequence[Prepared], rules: DraftRules
) -> Finding | None:
    """Nothing courteous in a text where the language asks for it, and where each earlier reply had it."""
    courtesy = rules.courtesy
    if courtesy is None or sum(len(words) for _, words in draft.sentence_words()) < COURTESY_WORDS:
        return None
    if draft.has(courtesy.lists["heard"]) or not draft.has(courtesy.lists["only_with"]):
        return None
    courteous = len(replies) >= REPLIES and all(reply.has(courtesy.lists["markers"]) for reply in replies)
    if said and not courteous:
        return None
    return Finding("address", None, None, courtesy.why, courtesy.offer)
