"""Text -> where personal numbers and addresses stand in it; the search behind `privacy.redact`.

Each finder yields findings from left to right, without overlap, in time linear in the text. Numbers
are looked for among groups of digits with little between them, because people write "0912 345 678",
"0912.345.678" and "(+84) 912-345-678"; what counts is in the tables of `identifiers.py`.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Final, NamedTuple

from .identifiers import (
    CARD,
    CURRENCY,
    DATE,
    EMAIL,
    FORMAT_GROUPS,
    FORMATS,
    IBAN_LENGTHS,
    MAX_DIGITS,
    NAMED,
    NAMED_DIGITS,
    NUMBER_DIGITS,
    SEQUENCES,
    iban,
    luhn,
)

_SEPARATORS: Final = r"[\s.()/+\-\u00ad\u200b-\u200f\u2010-\u2015\u2060\ufeff]"
_RUN: Final = re.compile(rf"[0-9]+(?:{_SEPARATORS}{{1,3}}[0-9]+)*")
_GROUP: Final = re.compile(r"[0-9]+")
_IBAN_START: Final = re.compile(r"(?<![^\W\d_])[A-Za-z]{2}[0-9]{2}")
_IBAN_REST: Final = re.compile(r"(?:[ -]?[A-Z0-9]){11,27}", re.ASCII | re.IGNORECASE)
_MARKS: Final = ("<email>", "<phone>", "<card>", "<iban>", "<id>")


class Found(NamedTuple):
    """`text[start:end]` is to be replaced by `mark`."""

    start: int
    end: int
    mark: str


def _emails(text: str) -> Iterator[Found]:
    for match in EMAIL.finditer(text) if "@" in text else ():
        yield Found(*match.span(), "<email>")


def _ibans(text: str) -> Iterator[Found]:
    digits, reached = _ascii_digits(text), 0
    for start in _IBAN_START.finditer(digits):
        free = start.start() >= reached and not text.endswith(_MARKS, 0, start.start())
        end = _iban_end(digits, start) if free else None
        if end is not None:
            reached = end
            yield Found(start.start(), end, "<iban>")


def _iban_end(text: str, start: re.Match[str]) -> int | None:
    """Take as many characters as the country's IBAN has; return where they end when they check."""
    rest = _IBAN_REST.match(text, start.end())
    missing = IBAN_LENGTHS.get(start[0][:2].upper(), 0) - 4
    places = [i for i in range(*rest.span()) if text[i] not in " -"] if rest else []
    if not 0 < missing <= len(places):
        return None
    end = places[missing - 1] + 1
    compact = start[0] + "".join(text[i] for i in places[:missing])
    return end if iban(compact.upper()) and not _continues(text, end) else None


class _Run(NamedTuple):
    """Groups of digits with little between them, in a text."""

    text: str
    groups: list[tuple[int, int]]
    digits: str
    """Of all groups."""


def _cards(text: str) -> Iterator[Found]:
    return _scan(_ascii_digits(text), _card)


def _numbers(text: str) -> Iterator[Found]:
    return _scan(_ascii_digits(text), _number)


def _scan(text: str, recognise: Callable[[_Run, int, int, str], Found | None]) -> Iterator[Found]:
    """Try, from every group of digits on, the longest candidate first; go on behind what was found.

    Whether a candidate counts depends on itself and on text that no redaction changes, which is
    what makes a second `redact` find nothing.
    """
    for span in _RUN.finditer(text):
        run = _Run(text, [group.span() for group in _GROUP.finditer(text, *span.span())], _only_digits(span[0]))
        offsets = [0, *accumulate(end - start for start, end in run.groups)]
        first = 0
        while first < len(run.groups):
            if recognise is _number and DATE.match(text, run.groups[first][0]):
                first += 3
                continue
            # All candidates that begin here and are short enough.
            last = bisect_right(offsets, offsets[first] + MAX_DIGITS) - 1
            found = None
            while last > first and found is None:
                found = recognise(run, first, last, run.digits[offsets[first] : offsets[last]])
                last -= 1
            if found is not None:
                yield found
            first = last + 1 if found is not None else first + 1


def _card(run: _Run, first: int, last: int, digits: str) -> Found | None:
    """Recognise groups first..last-1 as a card, also when it touches letters."""
    if len(digits) > 12 and CARD.fullmatch(digits) and luhn(digits):
        return Found(run.groups[first][0], run.groups[last - 1][1], "<card>")
    return None


def _number(run: _Run, first: int, last: int, digits: str) -> Found | None:
    """Recognise groups first..last-1 as a phone or an identity number."""
    if len(digits) not in NUMBER_DIGITS:
        return None
    end = run.groups[last - 1][1]
    start = _with_sign(run.text, run.groups[first][0], end)
    written = run.text[start:end]
    mark = _mark_of_format(run, written, end, digits) if last - first <= FORMAT_GROUPS else None
    if mark is None and not _is_followed_by_count(run, first, last):
        mark = _mark_of_digits(run, written, start, end, digits)
    return Found(start, end, mark) if mark and not _begins_inside_word(run.text, start) else None


def _mark_of_format(run: _Run, written: str, end: int, digits: str) -> str | None:
    for rule in FORMATS:
        if rule.matches(written, digits):
            return None if rule.maybe_money and CURRENCY.match(run.text, end) else rule.mark
    return None


def _mark_of_digits(run: _Run, written: str, start: int, end: int, digits: str) -> str | None:
    signed = "+" + digits if "+" in written[:2] else digits
    if "/" in written or "+" in written[2:]:
        return None
    for rule in SEQUENCES:
        if rule.matches(signed, digits):
            return None if rule.maybe_money and CURRENCY.match(run.text, end) else rule.mark
    is_named = (
        len(digits) in NAMED_DIGITS and start <= run.groups[0][0] and NAMED.search(run.text, max(0, start - 40), start)
    )
    return "<id>" if is_named else None


def _is_followed_by_count(run: _Run, first: int, last: int) -> bool:
    """Whether the last group is a number of its own: "0912345678 2 cái"."""
    lengths = [end - start for start, end in run.groups[first:last]]
    return lengths[-1] <= 2 and max(lengths) >= 5


def _with_sign(text: str, start: int, end: int) -> int:
    """Take in a plus sign, and an opening bracket that is closed inside the number."""
    for sign in ("+", "("):
        if text[max(0, start - 1) : start] == sign and (sign == "+" or ")" in text[start:end]):
            start -= 1
    return start


def _begins_inside_word(text: str, start: int) -> bool:
    """Whether a letter or a placeholder touches the number on its left: part of a code, not a phone."""
    before = text[max(0, start - 7) : start]
    return bool(before) and (before[-1].isalnum() or before[-1] == "_" or before.endswith(_MARKS))


def _continues(text: str, end: int) -> bool:
    return text[end : end + 1].isalnum() or text.startswith(_MARKS, end)


def _ascii_digits(text: str) -> str:
    """Write every decimal digit (full-width, Arabic, …) as 0-9; positions stay."""
    return re.sub(r"\d", lambda match: str(int(match[0])), text)


def _only_digits(text: str) -> str:
    return "".join(_GROUP.findall(text))


FINDERS: Final[tuple[Callable[[str], Iterator[Found]], ...]] = (_emails, _ibans, _cards, _numbers)
"""In the order in which they edit a text, each the outcome of the one before."""
