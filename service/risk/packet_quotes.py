"""Stored turns -> the passages that a hand-off packet quotes, in the language they were written in. Pure.

Part of `packet`. A turn whose text is not kept has no passages. Every span counts characters of the
stored, redacted text; positions of evidence count characters of the quote.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from ..flow import Evidence, Role, Score
from ..labels import ASKS_HUMAN, SIGNALS
from .fold import WORD
from .lint_text import Prepared
from .packet_words import PacketWords, Sayings

MAX_QUOTE_CHARS: Final = 400
MAX_READ_CHARS: Final = 4000
"""Of an agent's turn; what is beyond is read by nobody in a hurry, and this bounds the time."""
MAX_READ_TURNS: Final = 200
"""The latest turns of agents and bots that are searched."""
MAX_LISTED: Final = 8
"""The latest promises, and attempts."""
MAX_STRONGEST: Final = 3
GREETING_WORDS: Final = 3
"""A first message of so few words says hello, not what is the matter."""
ENOUGH_WORDS: Final = 12
"""So many words tell what is the matter."""
MAX_OPENING_TURNS: Final = 3
_LEAD_CHARS: Final = 120
"""How much of a long text is shown before its strongest word."""


class StoredTurn(Protocol):
    """A turn as the store keeps it; its text is redacted, or None where texts are not kept."""

    @property
    def turn_id(self) -> str:
        """The caller's id of it."""

    @property
    def role(self) -> Role:
        """Who wrote it."""

    @property
    def text(self) -> str | None:
        """What was written."""

    @property
    def sent_at(self) -> float:
        """When, in epoch seconds."""

    @property
    def score(self) -> Score | None:
        """What the model said of it; customers only."""

    @property
    def assessment(self) -> Mapping[str, object]:
        """What was answered to it, as JSON."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage of a turn: `text` is what stands at `start:end` of it."""

    turn_id: str
    role: Role
    at: float
    text: str
    start: int
    end: int
    signals: tuple[str, ...] = ()
    """What was flagged in the turn, for quotes of customers."""
    evidence: tuple[Evidence, ...] = ()


def opening(turns: Sequence[StoredTurn]) -> tuple[Quote, ...]:
    """Return what the customer came with: the first messages that say something, until they say enough."""
    told = [turn for turn in turns if turn.role == "customer" and turn.text]
    found: list[StoredTurn] = []
    words = 0
    for turn in told:
        if words >= ENOUGH_WORDS or len(found) == MAX_OPENING_TURNS:
            break
        if _words(turn) > GREETING_WORDS:
            found.append(turn)
            words += _words(turn)
    return tuple(quote(turn) for turn in found or told[:1])


def promises(turns: Sequence[StoredTurn], words: PacketWords) -> tuple[Quote, ...]:
    """Return the latest sentences of agents and bots that bind the company to something, oldest first."""
    found = [
        _passage(turn, *span) for turn in _said_by_us(turns) for span in _sentences(turn, words.promised, words.marks)
    ]
    return tuple(found[-MAX_LISTED:])


def attempts(turns: Sequence[StoredTurn], words: PacketWords) -> tuple[Quote, ...]:
    """Return from the latest turns of agents and bots what they did or offered, oldest first."""
    found = []
    for turn in _said_by_us(turns):
        spans = _sentences(turn, words.tried, words.marks)
        if spans:
            found.append(_passage(turn, spans[0][0], spans[-1][1]))
    return tuple(found[-MAX_LISTED:])


def strongest(turns: Sequence[StoredTurn]) -> tuple[Quote, ...]:
    """Return the customer's strongest messages, in the order in which they were written."""
    flagged = [turn for turn in turns if turn.text and _flagged(turn.score)]
    ranked = sorted(flagged, key=_strength, reverse=True)[:MAX_STRONGEST]
    return tuple(quote(turn) for turn in sorted(ranked, key=flagged.index))


def quote(turn: StoredTurn) -> Quote:
    """Quote a customer's turn; of a long one, the part around the word that weighs most."""
    text = turn.text or ""
    evidence = () if turn.score is None else turn.score.evidence
    heaviest = max(evidence, key=lambda word: word.weight, default=None)
    start = 0
    if len(text) > MAX_QUOTE_CHARS and heaviest is not None:
        start = max(0, min(heaviest.start - _LEAD_CHARS, len(text) - MAX_QUOTE_CHARS))
    end = min(len(text), start + MAX_QUOTE_CHARS)
    inside = (word for word in evidence if start <= word.start and word.end <= end)
    moved = tuple(Evidence(word.signal, word.start - start, word.end - start, word.weight) for word in inside)
    return Quote(turn.turn_id, turn.role, turn.sent_at, text[start:end], start, end, _flagged(turn.score), moved)


def _said_by_us(turns: Sequence[StoredTurn]) -> list[StoredTurn]:
    return [turn for turn in turns if turn.role != "customer" and turn.text][-MAX_READ_TURNS:]


def _sentences(turn: StoredTurn, sayings: Sayings, marks: bool) -> list[tuple[int, int]]:
    """Return the spans, in the turn's text, of its sentences of this sort."""
    said = Prepared.of((turn.text or "")[:MAX_READ_CHARS], marks=marks)
    possible = said.possible(sayings.patterns)
    return [
        said.folded.span(start, end)
        for start, end in (said.sentences if possible else ())
        if said.has(possible, start, end) and not said.has(sayings.unless, start, end)
    ]


def _passage(turn: StoredTurn, start: int, end: int) -> Quote:
    """Cut a passage out, without the blanks around it."""
    passage = (turn.text or "")[start : min(end, start + MAX_QUOTE_CHARS)]
    start += len(passage) - len(passage.lstrip())
    passage = passage.strip()
    return Quote(turn.turn_id, turn.role, turn.sent_at, passage, start, start + len(passage))


def _flagged(score: Score | None) -> tuple[str, ...]:
    if score is None:
        return ()
    asks = (ASKS_HUMAN,) if score.asks_human_flag else ()
    return (*(signal for signal in SIGNALS if score.flags.get(signal, False)), *asks)


def _strength(turn: StoredTurn) -> float:
    """How much a message matters: threats before insults before annoyance, then by probability."""
    assert turn.score is not None
    grave = {"frustration": 1.0, "abuse": 2.0, "threat": 3.0}
    scores = turn.score.scores
    return max((grave[s] + scores[s] for s in SIGNALS if turn.score.flags.get(s, False)), default=turn.score.asks_human)


def _words(turn: StoredTurn) -> int:
    return len(WORD.findall(turn.text or ""))
