"""The words of a pattern file -> a compiled pattern: a small language that anybody can write, and nothing slow.

    please calm down     these words, in any spelling that `fold` evens out; punctuation between them does not matter
    (you|they) lied      one of these            [please] wait      perhaps            {you}   a list of the file
    calm*                any ending              *calm              any beginning
    you .. lied          up to 3 words between   you ... lied       up to 8
    < wait               at the start of a sentence                 wait >             at its end
    ?                    alone: a question mark

A pattern never crosses the end of a sentence. Before its expression runs, `needs` says whether it can
match at all, so that hundreds of patterns cost next to nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from .fold import Folded, fold_token

MAX_PATTERN_CHARS: Final = 1000
_GAP: Final = r"[^\w.!?\n]*"
_ANY_WORD: Final = rf"\w++{_GAP}"
_TOKEN: Final = re.compile(r"\s*(\.\.\.|\.\.|[()\[\]|<>]|\{\w+\}|\*?[^\s()\[\]|<>{}.*]+\*?)")
_SIGNS: Final = frozenset(("...", "..", "(", ")", "[", "]", "|", "<", ">"))
_START: Final = rf"(?:\A|(?<=[.!?\n])){_GAP}"
_END: Final = r"(?=[.!?\n]|\Z)"


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Need:
    """A text can match only when it has one of these words, or one that begins with one of these stems."""

    words: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()

    def met(self, words: frozenset[str]) -> bool:
        """Return whether a text of these words meets it."""
        if not words.isdisjoint(self.words):
            return True
        return bool(self.stems) and any(word.startswith(self.stems) for word in words)


@dataclass(frozen=True, slots=True)
class Form:
    """A pattern's expression for one way of folding."""

    expression: str
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; `marked` is for texts whose diacritics were kept."""

    source: str
    plain: Form
    marked: Form

    def possible(self, folded: Folded, words: frozenset[str]) -> bool:
        """Return whether a text of these words can hold it at all: much faster than to search."""
        return all(need.met(words) for need in (self.marked if folded.marks else self.plain).needs)

    def search(self, folded: Folded, words: frozenset[str], start: int, end: int) -> tuple[int, int] | None:
        """Return the span of the first match in `folded.text[start:end]`; `words` are those of the text."""
        if not self.possible(folded, words):
            return None
        form = self.marked if folded.marks else self.plain
        match = _compiled(form.expression).search(folded.text, start, end)
        if match is None:
            return None
        found = match[0].strip(" .!?\n") or match[0]
        first = match.start() + match[0].index(found)
        return first, first + len(found)


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    """Compile at the first use: most patterns are never needed, and all of them would take a second."""
    return re.compile(expression)


@dataclass(frozen=True, slots=True)
class _Part:
    expression: str
    needs: tuple[Need, ...] = ()


def compile_pattern(source: str, lists: Mapping[str, str]) -> Pattern:
    """Return the pattern; `lists` are the file's lists by name, as alternatives. Raises PatternError."""
    if source.strip() == "?":
        return Pattern(source, *(Form(r"\?", ()),) * 2)
    tokens = _tokens(source, lists)
    return Pattern(source, _form(tokens, marks=False), _form(tokens, marks=True))


def _form(tokens: list[str], *, marks: bool) -> Form:
    words = [token if token in _SIGNS else _folded(token, marks) for token in tokens]
    part, _ = _sequence(words, depth=0)
    if not part.needs:
        raise PatternError("at least one word that every match has")
    return Form(rf"(?<!\w){part.expression}", part.needs)


def _folded(token: str, marks: bool) -> str:
    folded = fold_token(token.strip("*"), marks=marks).strip()
    if not folded:
        raise PatternError(f"letters or digits in {token!r}")
    return ("*" if token.startswith("*") else "") + folded + ("*" if token.endswith("*") else "")


def _tokens(source: str, lists: Mapping[str, str]) -> list[str]:
    tokens: list[str] = []
    position = 0
    source = source.strip()
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise PatternError(f"a word, a list or one of ( ) [ ] | < > .. ... at character {position + 1}")
        token, position = match[1], match.end()
        if token.startswith("{"):
            if token[1:-1] not in lists:
                raise PatternError(f"a list of this file; {token} is none of {', '.join(lists) or 'its lists'}")
            tokens += ["(", *_tokens(lists[token[1:-1]], {}), ")"]
        else:
            tokens.append(token)
    return tokens


def _sequence(tokens: list[str], depth: int) -> tuple[_Part, list[str]]:
    """Read until the end, a `|` or a closing bracket."""
    expressions: list[str] = []
    needs: list[Need] = []
    while tokens and tokens[0] not in ("|", ")", "]"):
        token, tokens = tokens[0], tokens[1:]
        if token in ("(", "["):
            part, tokens = _alternatives(tokens, ")" if token == "(" else "]", depth + 1)
        else:
            part = _single(token)
        expressions.append(part.expression)
        needs += part.needs
    if not expressions:
        raise PatternError("a word between the brackets and bars")
    if tokens and not depth:
        raise PatternError(f"brackets around alternatives, and no {tokens[0]!r} without them")
    return _Part("".join(expressions), tuple(needs)), tokens


def _alternatives(tokens: list[str], closing: str, depth: int) -> tuple[_Part, list[str]]:
    parts: list[_Part] = []
    while True:
        part, tokens = _sequence(tokens, depth)
        parts.append(part)
        if not tokens or tokens[0] not in ("|", closing):
            raise PatternError(f"a closing {closing!r}")
        token, tokens = tokens[0], tokens[1:]
        if token == closing:
            break
    joined = f"(?:{'|'.join(part.expression for part in parts)})"
    if closing == "]":
        return _Part(f"{joined}?"), tokens
    if not all(part.needs for part in parts):
        return _Part(joined), tokens
    firsts = [part.needs[0] for part in parts]
    stems = tuple(stem for need in firsts for stem in need.stems)
    return _Part(joined, (Need(frozenset().union(*(need.words for need in firsts)), stems),)), tokens


def _single(token: str) -> _Part:
    if token == "<":
        return _Part(_START)
    if token == ">":
        return _Part(_END)
    if token in ("..", "..."):
        return _Part(rf"(?:{_ANY_WORD}){{0,{3 if token == '..' else 8}}}?")
    return _word(token)


def _word(token: str) -> _Part:
    words = token.strip("*").split()  # several where other signs stand inside, as in "na-release"
    before, after = (r"\w*" if token.startswith("*") else ""), (r"\w*+" if token.endswith("*") else "")
    expression = "".join(rf"{re.escape(word)}(?!\w){_GAP}" for word in words[:-1])
    expression += rf"{re.escape(words[-1])}{after}(?!\w){_GAP}"
    if before:
        return _Part(before + expression)
    last = Need(stems=(words[-1],)) if after else Need(frozenset((words[-1],)))
    return _Part(expression, (*(Need(frozenset((word,))) for word in words[:-1]), last))
