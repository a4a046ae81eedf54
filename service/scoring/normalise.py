"""Stage 1: raw turn text -> normalised text, with the way back to every raw character.

Pure, idempotent, never raises, whatever the string holds. The same function runs over every text
in training, so what the tokenizer learnt is what it meets. Lower-cased, NFKC, invisible characters
dropped, addresses and numbers masked, runs of one character cut to three.
Try: `evenkeel score --show normalise "Trờiiiiii ơi!!!!!!"`
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MAX_RUN: Final = 3
"""Longest run of one character kept: "sooooo" and "soooooooooo" mean the same, "soo" may not."""

MAX_CLUSTER: Final = 32
"""Most characters composed at once: composing sorts accents in quadratic time, and no language stacks this many."""

MASKS: Final = ("<url>", "<email>", "<phone>", "@user")
"""What the public training sets were masked with before we got them; the tokenizer keeps each whole."""

# Alternatives are tried in this order. Every quantifier is bounded or followed by a disjoint class,
# so matching stays linear in the length of the text.
_MASKED: Final = re.compile(
    r"(?P<keep><url>|<email>|<phone>|@user\b)"
    r"|(?P<url>(?:https?://|www\.)\S{1,500})"
    r"|(?P<email>[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4})"
    r"|(?P<user>(?<![\w@])@[a-z0-9_.]{2,40})"
    r"|(?P<phone>(?<![\w+])\+?\d(?:[ .()-]{0,2}\d){8,14}(?!\w))"
)
_MASK_OF: Final = {"url": "<url>", "email": "<email>", "user": "@user", "phone": "<phone>"}


@dataclass(frozen=True, slots=True)
class Normalised:
    """Normalised text; character `i` of it stands for `raw[starts[i]:ends[i]]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Map a non-empty span of the normalised text to the raw characters that it stands for."""
        return self.starts[start], self.ends[end - 1]


def normalise(raw: str) -> Normalised:
    """Return `raw` normalised and aligned (see the module's docstring for the rules)."""
    characters = _fold(raw)
    return _shorten(_mask(characters))


_Aligned = tuple[list[str], list[int], list[int]]


def _fold(raw: str) -> _Aligned:
    """Compose, fold compatibility forms, lower-case, and drop what cannot be seen."""
    out: _Aligned = ([], [], [])
    position, length = 0, len(raw)
    while position < length:
        end = position + 1
        while end < length and end - position < MAX_CLUSTER and unicodedata.combining(raw[end]):
            end += 1
        for character in _fold_cluster(raw[position:end]):
            out[0].append(character)
            out[1].append(position)
            out[2].append(end)
        position = end
    return out


def _fold_cluster(cluster: str) -> str:
    if cluster.isascii():
        return cluster.lower() if cluster.isprintable() else " " if cluster.isspace() else ""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).lower())
    return "".join(" " if c.isspace() else c for c in folded if c.isspace() or not _invisible(c))


def _invisible(character: str) -> bool:
    """Controls, surrogates, zero-width marks, and accents that compose with nothing (zalgo)."""
    return (
        unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn", "Co")
        or unicodedata.combining(character) != 0
        or "\ufe00" <= character <= "\ufe0f"
    )


def _mask(aligned: _Aligned) -> _Aligned:
    """Replace addresses, handles and long numbers by the masks of the training data."""
    characters, starts, ends = aligned
    text = "".join(characters)
    out: _Aligned = ([], [], [])
    position = 0
    for match in _MASKED.finditer(text):
        if match.lastgroup == "keep" or match.lastgroup is None:
            continue
        _copy(aligned, position, match.start(), out)
        for character in _MASK_OF[match.lastgroup]:
            out[0].append(character)
            out[1].append(starts[match.start()])
            out[2].append(ends[match.end() - 1])
        position = match.end()
    _copy(aligned, position, len(characters), out)
    return out


def _copy(source: _Aligned, start: int, end: int, target: _Aligned) -> None:
    target[0].extend(source[0][start:end])
    target[1].extend(source[1][start:end])
    target[2].extend(source[2][start:end])


def _shorten(aligned: _Aligned) -> Normalised:
    """Collapse white space to single inner spaces and cut runs to `MAX_RUN`."""
    out: _Aligned = ([], [], [])
    run = 0
    for character, start, end in zip(*aligned, strict=True):
        previous = out[0][-1] if out[0] else " "
        run = run + 1 if character == previous else 1
        if run > (1 if character == " " else MAX_RUN) or (character == " " == previous):
            out[2][-1:] = [end] if out[2] else []
            continue
        out[0].append(character)
        out[1].append(start)
        out[2].append(end)
    length = len(out[0]) - 1 if out[0] and out[0][-1] == " " else len(out[0])
    return Normalised("".join(out[0][:length]), tuple(out[1][:length]), tuple(out[2][:length]))
