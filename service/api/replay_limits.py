"""What one call of `POST /v1/replays` may ask: how much, of which conversations, in which order. Else it is a 422."""

from collections import Counter
from collections.abc import Iterator

from ..replay.read import TurnsOutOfOrder, heard_at
from ..settings import Settings
from .errors import FieldError, Invalid
from .wire_replay import MAX_INLINE, MAX_INLINE_TURNS, ReplayRequest, ReplayTurn

FILTERS = ("since", "until", "language", "limit")
"""Fields that choose among stored conversations."""
_MAX_TOLD = 20
"""Errors that an answer lists; a caller who got everything wrong needs no thousand of them."""


def check_replay(body: ReplayRequest, settings: Settings) -> None:
    """Raise `Invalid`, naming every field."""
    if body.conversations is None:
        return
    errors = [*_filters(body), *_ids(body), *_amount(body), *_turns(body, settings.max_turn_chars)][:_MAX_TOLD]
    if errors:
        raise Invalid(f"{errors[0].field} {errors[0].message}", errors=errors)


def _filters(body: ReplayRequest) -> Iterator[FieldError]:
    for name in FILTERS:
        if name in body.model_fields_set:
            yield FieldError(name, "chooses among stored conversations; leave it out beside `conversations`")


def _ids(body: ReplayRequest) -> Iterator[FieldError]:
    ids = [conversation.id for conversation in body.conversations or ()]
    often = Counter(ids)
    for index, name in enumerate(ids):
        if often[name] > 1:
            yield FieldError(f"conversations[{index}].id", "stands here more than once")


def _amount(body: ReplayRequest) -> Iterator[FieldError]:
    given = dict(_given(body))
    if len(given) > MAX_INLINE:
        yield FieldError("conversations", f"should give turns to at most {MAX_INLINE} conversations")
    if sum(map(len, given.values())) > MAX_INLINE_TURNS:
        yield FieldError("conversations", f"should give at most {MAX_INLINE_TURNS} turns in all")


def _turns(body: ReplayRequest, max_turn_chars: int) -> Iterator[FieldError]:
    for place, turns in _given(body):
        for index, turn in enumerate(turns):
            if len(turn.text) > max_turn_chars:
                yield FieldError(f"{place}.turns[{index}].text", f"should have at most {max_turn_chars} characters")
        try:
            heard_at([None if turn.sent_at is None else turn.sent_at.timestamp() for turn in turns])
        except TurnsOutOfOrder as failure:
            yield FieldError(f"{place}.turns[{failure.index}].sent_at", "is before that of the turn above")


def _given(body: ReplayRequest) -> Iterator[tuple[str, list[ReplayTurn]]]:
    for index, conversation in enumerate(body.conversations or ()):
        if conversation.turns is not None:
            yield f"conversations[{index}]", conversation.turns
