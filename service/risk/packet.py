"""A stored conversation -> the packet for the person who takes it over: what to know before the first word.

Beside the flow: `GET /v1/conversations/{id}/handoff` calls it. Pure; its words are in the language of
that person, its quotes in the original, from the redacted texts alone. Where texts are not kept there
are no quotes, and the rest stays. Which sentences are promises is said by word lists (`packets/*.yaml`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, cast

from ..flow import Band, Score, Stage, Trend
from ..labels import SENTIMENTS, THREAT_KINDS
from .accumulate import kinds_of
from .handoff import HandoffStep
from .packet_quotes import Quote, StoredTurn, attempts, opening, promises, quote, strongest
from .packet_words import UNCLEAR, PacketWords
from .phrases import FALLBACK_LANGUAGE

GRAVEST_FIRST: Final = (
    "self_harm",
    "violence",
    *(k for k in THREAT_KINDS if k not in ("self_harm", "violence")),
    UNCLEAR,
)
MAX_CURVE: Final = 200
MAX_REASONS: Final = 8
MAX_THREAT_QUOTES: Final = 2


class Explains(Protocol):
    """The policy, as far as the packet needs it."""

    def explain(self, rule: str, language: str) -> str | None:
        """Return the sentence of a rule in a language."""


@dataclass(frozen=True, slots=True)
class Threat:
    """A kind of threat that was made, where, and what to find out about it."""

    kind: str
    name: str
    turn_ids: tuple[str, ...]
    quotes: tuple[Quote, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """The risk after a turn of the customer."""

    turn_id: str
    at: float
    level: float
    band: Band


@dataclass(frozen=True, slots=True)
class RiskCurve:
    """Where the conversation stands, and how it came there; the latest turns, oldest first."""

    level: float
    band: Band
    trend: Trend
    stage: Stage
    curve: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired: how often, and at which turn last."""

    rule: str
    because: str
    times: int
    last_turn_id: str


@dataclass(frozen=True, slots=True)
class Mood:
    """The sentiment of one of the customer's turns."""

    turn_id: str
    sentiment: str
    word: str


@dataclass(frozen=True, slots=True)
class Packet:
    """All that is told; see `api/wire_handoff.py` for how it is sent."""

    language: str
    conversation_language: str | None
    titles: Mapping[str, str]
    summary: tuple[str, ...]
    issue: tuple[Quote, ...]
    tried: tuple[Quote, ...]
    promised: tuple[Quote, ...]
    threats: tuple[Threat, ...]
    risk: RiskCurve | None
    quotes: tuple[Quote, ...]
    reasons: tuple[Fired, ...]
    waiting_since: float | None
    waiting_s: float
    sentiment_at_start: Mood | None
    sentiment_now: Mood | None


@dataclass(frozen=True, slots=True)
class Told:
    """A conversation as the store keeps it."""

    turns: Sequence[StoredTurn]
    handoffs: Sequence[HandoffStep]
    language: str | None
    waiting_since: float | None


def build_packet(
    told: Told, policy: Explains, words: Mapping[str, PacketWords], *, language: str, now: float
) -> Packet:
    """Return the packet in the language of who takes over; `words` are those of every language."""
    own = words[language]
    theirs = words.get(told.language or "", words[FALLBACK_LANGUAGE])
    scored = [turn for turn in told.turns if turn.score is not None and turn.score.status == "scored"]
    threats = _threats(scored, own)
    risk = _risk(told.turns)
    moods = [_mood(turn, own) for turn in (*scored[:1], *scored[-1:])]
    waiting_s = 0.0 if told.waiting_since is None else max(now - told.waiting_since, 0.0)
    return Packet(
        language=language,
        conversation_language=told.language,
        titles=own.titles,
        summary=tuple(_summary(told, own, scored, threats, risk, moods, waiting_s)),
        issue=opening(told.turns),
        tried=attempts(told.turns, theirs),
        promised=promises(told.turns, theirs),
        threats=threats,
        risk=risk,
        quotes=strongest(scored),
        reasons=_reasons(told.turns, policy, language),
        waiting_since=told.waiting_since,
        waiting_s=waiting_s,
        sentiment_at_start=moods[0] if moods else None,
        sentiment_now=moods[-1] if moods else None,
    )


def _summary(
    told: Told,
    own: PacketWords,
    scored: Sequence[StoredTurn],
    threats: Sequence[Threat],
    risk: RiskCurve | None,
    moods: Sequence[Mood],
    waiting_s: float,
) -> list[str]:
    """What to know in one look; a line that has nothing to say is left out."""
    line = own.lines
    asked = sum(turn.score is not None and turn.score.asks_human_flag for turn in scored)
    taken = sum(step.action == "return" for step in told.handoffs)
    said = [line["answered"] if told.waiting_since is None else line["waiting"].format(minutes=int(waiting_s // 60))]
    if risk is not None:
        said.append(line["risk"].format(band=own.bands[risk.band], trend=own.trends[risk.trend]))
    if moods:
        said.append(line["sentiment"].format(start=moods[0].word, now=moods[-1].word))
    if threats:
        said.append(line["threats"].format(kinds=", ".join(threat.name for threat in threats)))
    if asked:
        said.append(line["asks_human"].format(times=asked))
    if taken:
        said.append(line["taken_before"].format(times=taken))
    return said


def _threats(scored: Sequence[StoredTurn], own: PacketWords) -> tuple[Threat, ...]:
    made: dict[str, list[StoredTurn]] = {}
    for turn in scored:
        for kind in _kinds(turn.score):
            made.setdefault(kind, []).append(turn)
    return tuple(
        Threat(
            kind=kind,
            name=own.kinds[kind],
            turn_ids=tuple(turn.turn_id for turn in made[kind]),
            quotes=tuple(quote(turn) for turn in made[kind] if turn.text)[-MAX_THREAT_QUOTES:],
            facts=own.facts[kind],
        )
        for kind in GRAVEST_FIRST
        if kind in made
    )


def _kinds(score: Score | None) -> tuple[str, ...]:
    if score is None or not score.flags.get("threat", False):
        return ()
    return kinds_of(score) or (UNCLEAR,)


def _risk(turns: Sequence[StoredTurn]) -> RiskCurve | None:
    """Read the risk from what was answered; only customers move it."""
    answered = [(turn, _part(turn, "risk")) for turn in turns if turn.role == "customer"]
    if not answered:
        return None
    curve = tuple(
        Point(turn.turn_id, turn.sent_at, cast(float, risk["level"]), cast(Band, risk["band"]))
        for turn, risk in answered
    )
    last = answered[-1][1]
    trend, stage = cast(Trend, last["trend"]), cast(Stage, last["stage"])
    return RiskCurve(curve[-1].level, curve[-1].band, trend, stage, curve[-MAX_CURVE:])


def _reasons(turns: Sequence[StoredTurn], policy: Explains, language: str) -> tuple[Fired, ...]:
    """Return the rules that fired, those of the latest turn first, each turn's in the order of the matrix."""
    fired: dict[str, Fired] = {}
    for turn in turns:
        of_turn: dict[str, Fired] = {}
        for reason in cast(Sequence[Mapping[str, str]], _part(turn, "recommendation")["reasons"]):
            rule, before = reason["rule"], fired.pop(reason["rule"], None)
            # A rule that the policy no longer has is told in the words in which it was answered.
            because = policy.explain(rule, language) or reason["because"]
            of_turn[rule] = Fired(rule, because, 1 if before is None else before.times + 1, turn.turn_id)
        fired = of_turn | fired
    return tuple(fired.values())[:MAX_REASONS]


def _mood(turn: StoredTurn, own: PacketWords) -> Mood:
    assert turn.score is not None
    sentiment = turn.score.sentiment
    likeliest = max(SENTIMENTS, key=lambda name: sentiment.get(name, 0.0))
    return Mood(turn.turn_id, likeliest, own.sentiments[likeliest])


def _part(turn: StoredTurn, name: str) -> Mapping[str, object]:
    return cast(Mapping[str, object], turn.assessment[name])
