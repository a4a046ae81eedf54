"""Who speaks, who waits, where the conversation lies, and whether a bot or the customer says the same again.

The half of stage 5 that needs no score: `accumulate` calls it for every turn. Nothing here judges an
agent: a reply leaves behind when it came, which risk it met, and how it reads for the forecast. Of texts only a 16-bit fingerprint
of their words is kept, without digits: 65,536 values tell a repetition, but not which text it was.
"""

import zlib
from dataclasses import dataclass, replace
from typing import Final

from ..flow import ConversationState, Turn
from .fold import LETTERS, fold
from .tuning import FINGERPRINT_WORDS, FINGERPRINTS_KEPT, MAX_SCANNED_CHARS, USUALLY_FAULTY

_FINGERPRINT_BITS: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class Judgement:
    """How an agent's reply reads, from 0 to 1: as a `good` one, and as one that is `faulty` in any way."""

    good: float
    faulty: float


def after_routing(state: ConversationState, turn: Turn) -> ConversationState:
    """Notice the queue of a turn; a real change counts as a transfer and answers the wish for another person."""
    queue = (turn.queue or "").strip()
    if not queue:
        return state
    if state.queue is None or state.queue.casefold() == queue.casefold():
        return replace(state, queue=queue)
    return replace(state, queue=queue, transfers=state.transfers + 1, human_request_pending=False)


def after_reply(
    state: ConversationState, turn: Turn, at: float, judgement: Judgement | None = None
) -> ConversationState:
    """An agent or a bot wrote: now we wait, and the next customer turn shows what the reply did."""
    met = state.risk_history[-1] if state.risk_history else None
    following = replace(
        state,
        waiting_since=None,
        we_wait_since=at if state.we_wait_since is None else state.we_wait_since,
        last_turn_at=at,
        unanswered_turns=0,
        level_before_reply=met if state.unanswered_turns else state.level_before_reply,
    )
    if turn.role == "agent":
        answered = replace(following, bot_turns=0, bot_repeats=0, bot_fingerprints=())
        return answered if judgement is None else _read(answered, judgement)
    print_ = fingerprint(turn.text)
    return replace(
        following,
        bot_turns=state.bot_turns + 1,
        bot_repeats=state.bot_repeats + (print_ in state.bot_fingerprints),
        bot_fingerprints=_kept(state.bot_fingerprints, print_),
    )


def _read(state: ConversationState, judgement: Judgement) -> ConversationState:
    return replace(
        state, reply_care=judgement.good, reply_strain=state.reply_strain + judgement.faulty - USUALLY_FAULTY
    )


def after_message(state: ConversationState, at: float) -> ConversationState:
    """The customer wrote: now the customer waits."""
    return replace(
        state,
        customer_turns=state.customer_turns + 1,
        waiting_since=at if state.waiting_since is None else state.waiting_since,
        we_wait_since=None,
        last_turn_at=at,
        unanswered_turns=state.unanswered_turns + 1,
        level_before_reply=None if state.unanswered_turns else state.level_before_reply,
    )


def after_saying(state: ConversationState, turn: Turn) -> ConversationState:
    """Notice whether a scored customer turn repeats an earlier one."""
    print_ = fingerprint(turn.text)
    return replace(
        state,
        customer_repeats=state.customer_repeats + (print_ in state.customer_fingerprints),
        customer_fingerprints=_kept(state.customer_fingerprints, print_),
    )


def fingerprint(text: str) -> str | None:
    """Return 16 bits over the words of a text, folded, numbers left out; None for a text of a few words."""
    words = LETTERS.findall(fold(text[:MAX_SCANNED_CHARS]).text)
    if len(words) < FINGERPRINT_WORDS:
        return None
    return f"{zlib.crc32(' '.join(words).encode('utf-8', 'surrogatepass')) & _FINGERPRINT_BITS:04x}"


def _kept(before: tuple[str, ...], print_: str | None) -> tuple[str, ...]:
    return before if print_ is None else (*before, print_)[-FINGERPRINTS_KEPT:]
