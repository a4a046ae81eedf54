"""A condition and the facts of a turn -> what it found and what it wanted, in words. For people; `decide` never asks.

Beside stage 6: `conditions.py` says when a word holds, this table what the word looks at. A test holds
the two together. Try: `see(condition, facts).found` -> "frustration 2".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from .conditions import Condition, Facts

_UNSCORED: Final = "not scored"

# fmt: off
LOOKS_AT: Final[Mapping[str, Callable[[Facts], object]]] = {
    # this turn
    "scored": lambda f: f.scored,
    "flagged": lambda f: _flagged(f),
    "not_flagged": lambda f: _flagged(f),
    "score_at_least": lambda f: f.scores if f.scored else _UNSCORED,
    "score_below": lambda f: f.scores if f.scored else _UNSCORED,
    "sentiment_at_least": lambda f: f.sentiment if f.scored else _UNSCORED,
    "threat_kind": lambda f: f.threat_kinds,
    "threat_unclear": lambda f: f.flags.get("threat", False) and not f.threat_kinds,
    "asks_human": lambda f: f.asks_human,
    "withdraws_human": lambda f: f.withdraws_human,
    "says_repeat_contact": lambda f: f.says_repeat,
    "shouting": lambda f: f.shouting,
    "rise_at_least": lambda f: f.rise,
    "jump_at_least": lambda f: f.jump,
    "worse_after_reply": lambda f: f.after_reply,
    # the conversation so far, this turn included
    "level_at_least": lambda f: f.state.levels,
    "level_below": lambda f: f.state.levels,
    "peak_at_least": lambda f: f.state.peaks,
    "streak_at_least": lambda f: f.state.streaks,
    "count_at_least": lambda f: f.state.flagged,
    "threat_kind_seen": lambda f: f.state.threat_kinds,
    "asks_human_at_least": lambda f: f.state.asks_human,
    "human_request_pending": lambda f: f.state.human_request_pending,
    "shouting_at_least": lambda f: f.state.shouting,
    "repeat_contact": lambda f: f.state.repeat_contact,
    "earlier_conversations_at_least": lambda f: f.state.earlier_conversations,
    "customer_repeats_at_least": lambda f: f.state.customer_repeats,
    "bot_turns_at_least": lambda f: f.state.bot_turns,
    "bot_repeats_at_least": lambda f: f.state.bot_repeats,
    "topic": lambda f: f.state.topics,
    "passed_around": lambda f: f.state.passed_around,
    "transfers_at_least": lambda f: f.state.transfers,
    "queue": lambda f: (f.state.queue or "none").casefold(),
    "customer_turns_at_least": lambda f: f.state.customer_turns,
    "customer_turns_at_most": lambda f: f.state.customer_turns,
    "unanswered_at_least": lambda f: f.state.unanswered_turns,
    "forecast_at_least": lambda f: f.state.forecast or 0.0,
    "waiting_at_least_s": lambda f: f.waiting_s,
    "handed_over": lambda f: f.state.handed_over,
    "stage": lambda f: f.stage,
    "trend": lambda f: f.trend,
    "band": lambda f: f.band,
    "language": lambda f: f.language,
}
"""Word -> what it looks at: a truth, a number, a name, names, or a number per name."""
# fmt: on

_COMPARED: Final = {"_at_least": "at least ", "_at_least_s": "at least ", "_at_most": "at most ", "_below": "under "}
_LISTED: Final = {"flagged": "all of ", "not_flagged": "none of "}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a condition found and wanted on a turn."""

    word: str
    found: str
    wanted: str
    holds: bool
    share: float
    """How far it got, 0..1: 0.8 for four flagged turns where five are wanted. 1 when it holds."""


def see(condition: Condition, facts: Facts) -> Seen:
    """Return what the condition found."""
    looked, holds = LOOKS_AT[condition.name](facts), condition.holds(facts)
    share = 1.0 if holds else _share(condition.name, looked, condition.wanted)
    return Seen(condition.name, _shown(looked, condition.wanted), wanted_text(condition), holds, share)


def wanted_text(condition: Condition) -> str:
    """Return the value that stands in the file, as a person says it."""
    wanted, word = condition.wanted, condition.name
    compared = next((text for ending, text in _COMPARED.items() if word.endswith(ending)), "")
    if isinstance(wanted, Mapping):
        return ", ".join(f"{name} {compared}{_plain(limit)}" for name, limit in wanted.items())
    if isinstance(wanted, tuple):
        listed = _LISTED.get(word, "one of ") if len(wanted) > 1 or word == "not_flagged" else ""
        return listed + _plain(wanted)
    return compared + _plain(wanted)


def _flagged(facts: Facts) -> tuple[str, ...] | str:
    return tuple(signal for signal, raised in facts.flags.items() if raised) if facts.scored else _UNSCORED


def _shown(looked: object, wanted: object) -> str:
    if isinstance(looked, Mapping) and isinstance(wanted, Mapping):
        return ", ".join(f"{name} {_plain(looked.get(name, 0))}" for name in wanted)
    return _plain(looked)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def _share(word: str, looked: object, wanted: object) -> float:
    if "_at_least" not in word:
        return 0.0
    if isinstance(looked, Mapping) and isinstance(wanted, Mapping):
        return min(_part(looked.get(name, 0), limit) for name, limit in wanted.items())
    return _part(looked, wanted)


def _part(have: object, limit: object) -> float:
    if not isinstance(have, int | float) or not isinstance(limit, int | float) or limit <= 0:
        return 0.0
    return min(max(have / limit, 0.0), 1.0)
