"""The words of a rule's `when`: a small typed vocabulary over the state and the current turn.

Stage 6 in two steps: `observe` gathers the `Facts` of a turn once, and each parsed `Condition` is a
plain test on them. `CONDITIONS` is the whole vocabulary; a rule fires when *all* its conditions
hold. Nothing in a policy file is ever evaluated as code.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from ..flow import BANDS, Band, ConversationState, Score, Stage, Trend, Turn
from ..labels import ASKS_HUMAN, LANGUAGE_OUTPUTS, SENTIMENTS, SIGNALS, THREAT_KINDS
from .accumulate import kinds_of, trend
from .loader import STAGES, Field
from .text_facts import TOPICS, read_text

TRENDS: Final[tuple[Trend, ...]] = ("rising", "steady", "falling")
MAX_COUNT: Final = 1000
MAX_WAIT_S: Final = 30 * 24 * 3600
_MAX_QUEUE_CHARS: Final = 100

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may know: the state after this turn, and this turn. Probabilities in 0..1, waiting in seconds."""

    state: ConversationState
    scored: bool
    scores: Mapping[str, float]
    flags: Mapping[str, bool]
    sentiment: Mapping[str, float]
    threat_kinds: tuple[str, ...]
    asks_human: bool
    """The model's flag, unless the text itself says that nobody is wanted."""
    withdraws_human: bool
    says_repeat: bool
    shouting: bool
    language: str
    trend: Trend
    band: Band
    stage: Stage
    rise: float
    """Frustration of this turn above the customer's own opening."""
    jump: float
    """Risk level now above the level after the previous customer turn; 0 for the first."""
    after_reply: float
    """Risk level now above the one that the last reply met; 0 when nobody replied in between."""
    waiting_s: float


@dataclass(frozen=True, slots=True)
class Condition:
    """One parsed condition of a rule."""

    name: str
    signals: frozenset[str]
    """The signals that it looks at: their evidence belongs to the rule's reason."""
    holds: Callable[[Facts], bool]
    wanted: object = None
    """The value that stands in the file, as it was read; `seen.py` tells people about it."""


def _word(
    parse: Callable[[Field], T],
    test: Callable[[Facts, T], bool],
    signals: Callable[[T], tuple[str, ...]] = lambda value: (),
) -> Callable[[str, Field], Condition]:
    """One word of the vocabulary: how its value is read, what it tests, which signals it looks at."""

    def condition(name: str, field: Field) -> Condition:
        value = parse(field)
        return Condition(name, frozenset(signals(value)), lambda facts: test(facts, value), value)

    return condition


def observe(state: ConversationState, turn: Turn, score: Score | None, now: float) -> Facts:
    """Gather the facts of a customer turn; an abstained turn has no scores, flags or kinds of its own."""
    seen = score if score is not None and score.status == "scored" else None
    history = state.risk_history
    baseline = state.baseline_frustration
    frustration = seen.scores.get("frustration", 0.0) if seen else 0.0
    text = read_text(turn.text) if seen else None
    met = state.level_before_reply
    return Facts(
        state=state,
        scored=seen is not None,
        scores=seen.scores if seen else {},
        flags=seen.flags if seen else {},
        sentiment=seen.sentiment if seen else {},
        threat_kinds=kinds_of(seen) if seen else (),
        asks_human=seen is not None and seen.asks_human_flag and not (text and text.withdraws_human),
        withdraws_human=text is not None and text.withdraws_human,
        says_repeat=text is not None and text.repeats_contact,
        shouting=text is not None and text.shouts,
        language=state.language or "other",
        trend=trend(state),
        band=state.band,
        stage=state.stage,
        rise=frustration - (frustration if baseline is None else baseline),
        jump=history[-1] - history[-2] if len(history) > 1 else 0.0,
        after_reply=history[-1] - met if history and met is not None else 0.0,
        waiting_s=0.0 if state.waiting_since is None else max(now - state.waiting_since, 0.0),
    )


def _signals(field: Field) -> tuple[str, ...]:
    return field.each_of(SIGNALS)


def _kinds(field: Field) -> tuple[str, ...]:
    return field.each_of(THREAT_KINDS)


def _limits(names: tuple[str, ...]) -> Callable[[Field], dict[str, float]]:
    return lambda field: {key: value.number(0.0, 1.0) for key, value in _nonempty(field, names)}


def _counts(field: Field) -> dict[str, int]:
    return {key: value.whole(1, MAX_COUNT) for key, value in _nonempty(field, SIGNALS)}


def _nonempty(field: Field, names: tuple[str, ...]) -> list[tuple[str, Field]]:
    entries = list(field.mapping(optional=names).items())
    return entries or field.fail(f"at least one of {', '.join(names)}", found="an empty mapping")


def _share(field: Field) -> float:
    return field.number(0.0, 1.0)


def _number_of(field: Field) -> int:
    return field.whole(1, MAX_COUNT)


def _queue_names(field: Field) -> tuple[str, ...]:
    return tuple(item.text(max_chars=_MAX_QUEUE_CHARS).strip().casefold() for item in field.items())


def _seconds(field: Field) -> int:
    return field.whole(1, MAX_WAIT_S)


def _keys(value: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(value)


def _reach(have: Mapping[str, float], limits: Mapping[str, float]) -> bool:
    return all(have.get(name, 0.0) >= limit for name, limit in limits.items())


def _stay_below(have: Mapping[str, float], limits: Mapping[str, float]) -> bool:
    return all(have.get(name, 0.0) < limit for name, limit in limits.items())


def _threat(value: object) -> tuple[str, ...]:
    return ("threat",)


def _frustration(value: object) -> tuple[str, ...]:
    return ("frustration",)


# fmt: off
CONDITIONS: Final[Mapping[str, Callable[[str, Field], Condition]]] = {
    # this turn
    "scored": _word(Field.boolean, lambda f, v: f.scored is v),
    "flagged": _word(_signals, lambda f, v: all(f.flags.get(s, False) for s in v), lambda v: v),
    "not_flagged": _word(_signals, lambda f, v: not any(f.flags.get(s, False) for s in v)),
    "score_at_least": _word(_limits(SIGNALS), lambda f, v: _reach(f.scores, v), _keys),
    "score_below": _word(_limits(SIGNALS), lambda f, v: f.scored and _stay_below(f.scores, v)),
    "sentiment_at_least": _word(_limits(SENTIMENTS), lambda f, v: _reach(f.sentiment, v)),
    "threat_kind": _word(_kinds, lambda f, v: any(k in f.threat_kinds for k in v), _threat),
    "threat_unclear": _word(
        Field.boolean, lambda f, v: (f.flags.get("threat", False) and not f.threat_kinds) is v, _threat
    ),
    "asks_human": _word(Field.boolean, lambda f, v: f.asks_human is v, lambda v: (ASKS_HUMAN,) if v else ()),
    "withdraws_human": _word(Field.boolean, lambda f, v: f.withdraws_human is v),
    "says_repeat_contact": _word(Field.boolean, lambda f, v: f.says_repeat is v),
    "shouting": _word(Field.boolean, lambda f, v: f.shouting is v),
    "rise_at_least": _word(_share, lambda f, v: f.rise >= v, _frustration),
    "jump_at_least": _word(_share, lambda f, v: f.jump >= v, lambda v: SIGNALS),
    "worse_after_reply": _word(_share, lambda f, v: f.after_reply >= v, lambda v: SIGNALS),
    # the conversation so far, this turn included
    "level_at_least": _word(_limits(SIGNALS), lambda f, v: _reach(f.state.levels, v), _keys),
    "level_below": _word(_limits(SIGNALS), lambda f, v: _stay_below(f.state.levels, v)),
    "peak_at_least": _word(_limits(SIGNALS), lambda f, v: _reach(f.state.peaks, v), _keys),
    "streak_at_least": _word(_counts, lambda f, v: _reach(f.state.streaks, v), _keys),
    "count_at_least": _word(_counts, lambda f, v: _reach(f.state.flagged, v), _keys),
    "threat_kind_seen": _word(_kinds, lambda f, v: any(k in f.state.threat_kinds for k in v), _threat),
    "asks_human_at_least": _word(_number_of, lambda f, v: f.state.asks_human >= v, lambda v: (ASKS_HUMAN,)),
    "human_request_pending": _word(Field.boolean, lambda f, v: f.state.human_request_pending is v),
    "shouting_at_least": _word(_number_of, lambda f, v: f.state.shouting >= v),
    "repeat_contact": _word(Field.boolean, lambda f, v: f.state.repeat_contact is v),
    "earlier_conversations_at_least": _word(_number_of, lambda f, v: f.state.earlier_conversations >= v),
    "customer_repeats_at_least": _word(_number_of, lambda f, v: f.state.customer_repeats >= v),
    "bot_turns_at_least": _word(_number_of, lambda f, v: f.state.bot_turns >= v),
    "bot_repeats_at_least": _word(_number_of, lambda f, v: f.state.bot_repeats >= v),
    "topic": _word(lambda field: field.each_of(TOPICS), lambda f, v: any(name in f.state.topics for name in v)),
    "passed_around": _word(Field.boolean, lambda f, v: f.state.passed_around is v),
    "transfers_at_least": _word(_number_of, lambda f, v: f.state.transfers >= v),
    "queue": _word(_queue_names, lambda f, v: (f.state.queue or "").casefold() in v),
    "customer_turns_at_least": _word(_number_of, lambda f, v: f.state.customer_turns >= v),
    "customer_turns_at_most": _word(_number_of, lambda f, v: f.state.customer_turns <= v),
    "unanswered_at_least": _word(_number_of, lambda f, v: f.state.unanswered_turns >= v),
    "forecast_at_least": _word(_share, lambda f, v: (f.state.forecast or 0.0) >= v, lambda v: SIGNALS),
    "waiting_at_least_s": _word(_seconds, lambda f, v: f.waiting_s >= v),
    "handed_over": _word(Field.boolean, lambda f, v: f.state.handed_over is v),
    "stage": _word(lambda field: field.each_of(STAGES), lambda f, v: f.stage in v),
    "trend": _word(lambda field: field.each_of(TRENDS), lambda f, v: f.trend in v),
    "band": _word(lambda field: field.each_of(BANDS), lambda f, v: f.band in v),
    "language": _word(lambda field: field.each_of(LANGUAGE_OUTPUTS), lambda f, v: f.language in v),
}
# fmt: on


def parse_conditions(field: Field) -> tuple[Condition, ...]:
    """Return the conditions of a rule's `when`; an unknown word, a wrong type or no word at all is a PolicyError."""
    entries = _nonempty(field, tuple(CONDITIONS))
    return tuple(CONDITIONS[name](name, value) for name, value in entries)
