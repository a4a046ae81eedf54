"""`POST /v1/replays`: a checked request -> a report, beside live scoring and never before it.

Stored conversations come page by page with their scores; given ones are scored through the batcher, a
few turns at a time, so that a customer's turn never waits behind a whole replay. The replay itself has
a thread of its own (`ReplayDesk`), in jobs of one page, and steps aside between conversations.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from ..flow import Score, Turn
from ..privacy import redact
from ..replay.play import Conversation, Moment, Outcome, Trace
from ..replay.present import report_to_json
from ..replay.read import heard_at
from ..replay.report import Played, Side, report, trace_sides
from ..replay.stored import StoredScores, as_conversation, pages
from ..scoring.batching import Overloaded
from ..store import Window
from .errors import FieldError, Invalid
from .trying import todays_policy, tried_policy
from .wire_replay import ReplayConversation, ReplayRequest

if TYPE_CHECKING:  # `Runtime` owns a desk
    from .runtime import Runtime

MAX_REPLAYS: Final = 2
"""Replays under way; more are refused, since each holds its traces in memory."""
TURNS_AT_ONCE: Final = 4
"""Given turns that stand in the model's queue at a time: what a customer's turn may have to wait for."""

P = ParamSpec("P")
R = TypeVar("R")


class ReplaysOverloaded(Overloaded):
    """As many replays as may run are under way."""

    why = "other replays are under way"


@dataclass(slots=True)
class ReplayDesk:
    """The thread that replays, and how many requests may share it."""

    executor: ThreadPoolExecutor
    _taken: int = 0

    @contextmanager
    def seat(self) -> Iterator[None]:
        """Count a replay; raises `ReplaysOverloaded`."""
        if self._taken >= MAX_REPLAYS:
            raise ReplaysOverloaded(retry_after_s=10)
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1

    async def run(self, job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a job of one page beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, lambda: job(*args, **kwargs))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The stored conversations to replay, and whether there are more of them."""

    ids: Sequence[str]
    more: bool
    named: bool
    """By the caller, who is told when one is not there."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a replay is; `result` is the report, with the last one."""

    replayed: int
    of: int
    result: dict[str, object] | None = None


async def replay(runtime: "Runtime", body: ReplayRequest) -> AsyncGenerator[Progress]:
    """Replay, and tell of each page; in the end comes the report as JSON.

    The first one is yielded before anything is replayed. Raises `Invalid`, `Overloaded`, and what scoring raises.
    """
    with runtime.replays.seat():
        sides = await runtime.replays.run(_sides, runtime, body)
        chosen = await _chosen(runtime, body)
        total = len(chosen.ids) + sum(given.turns is not None for given in body.conversations or ())
        columns: list[tuple[Trace, ...]] = []
        yield Progress(0, total)
        async for page in _pages(runtime, chosen, body):
            columns += await runtime.replays.run(_trace_page, page, sides)
            yield Progress(len(columns), total)
        found = await runtime.replays.run(_report, columns, sides)
    model = runtime.engine.scorer.model
    named = {"version": model.version, "digest": model.digest, "precision": model.precision}
    yield Progress(len(columns), total, {"model": named, "more": chosen.more, **found})


def _sides(runtime: "Runtime", body: ReplayRequest) -> tuple[Side, ...]:
    """Today's policy, and after it the one to try; every score is there by the time they play."""
    today, tried = todays_policy(runtime.engine.policy), tried_policy(runtime.engine.policy, body)
    return tuple(Side(policy, StoredScores()) for policy in ([today] if tried is None else [today, tried]))


async def _chosen(runtime: "Runtime", body: ReplayRequest) -> _Chosen:
    if body.conversations is not None:
        return _Chosen([c.id for c in body.conversations if c.turns is None], more=False, named=True)
    window = Window(_seconds(body.since), _seconds(body.until), body.language)
    ids = await runtime.in_store(runtime.store.ids_within, window, body.limit + 1)
    return _Chosen(ids[: body.limit], more=len(ids) > body.limit, named=False)


async def _pages(runtime: "Runtime", chosen: _Chosen, body: ReplayRequest) -> AsyncIterator[list[Conversation]]:
    for ids in pages(chosen.ids):
        heard = await runtime.in_store(runtime.store.heard, ids)
        if chosen.named:
            _refuse_unknown(body, {name for name in ids} - {found.conversation_id for found in heard})
        yield [as_conversation(found) for found in heard]
    for given in body.conversations or ():
        if given.turns is not None:
            yield [_given(given, await _scores(runtime, given))]


def _refuse_unknown(body: ReplayRequest, unknown: set[str]) -> None:
    places = [index for index, given in enumerate(body.conversations or ()) if given.id in unknown]
    if places:
        errors = [FieldError(f"conversations[{index}]", "is not stored, and has no turns") for index in places]
        raise Invalid(f"{errors[0].field} {errors[0].message}", errors=errors)


async def _scores(runtime: "Runtime", given: ReplayConversation) -> list[Score]:
    texts = [turn.text for turn in given.turns or () if turn.role == "customer"]
    scores: list[Score] = []
    for start in range(0, len(texts), TURNS_AT_ONCE):
        scores += await runtime.score(texts[start : start + TURNS_AT_ONCE])
    return scores


def _given(given: ReplayConversation, scores: Sequence[Score]) -> Conversation:
    """Join turns and scores; the facts are read from the redacted text, as in the live service."""
    turns, waiting = given.turns or [], iter(scores)
    times = heard_at([_seconds(turn.sent_at) for turn in turns])
    moments = (
        Moment(
            Turn(str(number), turn.role, redact(turn.text).text, at),
            at,
            next(waiting) if turn.role == "customer" else None,
        )
        for number, (turn, at) in enumerate(zip(turns, times, strict=True), 1)
    )
    outcome = None if given.escalated is None else Outcome(given.escalated)
    return Conversation(given.id, given.language, tuple(moments), outcome)


def _trace_page(page: Sequence[Conversation], sides: Sequence[Side]) -> list[tuple[Trace, ...]]:
    columns = []
    for conversation in page:
        columns.append(trace_sides(conversation, sides))
        time.sleep(0)  # lets the threads of live turns have the interpreter
    return columns


def _report(columns: Sequence[tuple[Trace, ...]], sides: Sequence[Side]) -> dict[str, object]:
    played = [Played(side, [traces[index] for traces in columns]) for index, side in enumerate(sides)]
    return report_to_json(report(played[-1], played[0] if len(played) > 1 else None))


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
