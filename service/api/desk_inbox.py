"""A verified delivery of a desk -> turns, resolved conversations, or why it was ignored; the answer says which.

Once it is answered, it is on disk. The same message again, under whatever delivery id, changes nothing: it is known by its
own id. A message that was edited at the desk keeps its first words here, because somebody may have acted on them.
"""

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal

from ..integrations.seam import Closed, Ignored, Input, Opened, Said, conversation_id, turn_of
from ..risk.handoff import HandoffRefused, Limits
from ..store import ConnectionRecord, TurnConflict
from .in_order import Key
from .ingest import take_turn
from .runtime import Runtime

Did = Literal["stored", "known", "resolved", "noted", "ignored"]
VIA: Final = "desk"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one input."""

    did: Did
    why: str | None = None
    conversation_id: str | None = None
    turn_id: str | None = None


async def receive(
    runtime: Runtime, connection: ConnectionRecord, inputs: tuple[Input, ...], received_at: float
) -> list[Done]:
    """Take the inputs of a delivery, those of a conversation in order. Raises what `take_turn` raises, so that the desk retries."""
    jobs = [_take(runtime, connection, item, number, received_at) for number, item in enumerate(inputs)]
    done: list[Done] = []
    for outcome in await asyncio.gather(*jobs, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome
        done.append(outcome)
    return done


async def _take(runtime: Runtime, connection: ConnectionRecord, item: Input, number: int, received_at: float) -> Done:
    if isinstance(item, Ignored):
        return Done("ignored", item.why)
    ours = conversation_id(connection.kind, connection.id, item.conversation)
    if isinstance(item, Said):
        job = partial(_say, runtime, connection, ours, item, received_at)
        return await runtime.desk_order.run(ours, _key(item.sent_at, 0, item.message, received_at), job)
    change = partial(_change_status, runtime, connection, ours, item, received_at)
    return await runtime.desk_order.run(ours, _key(item.at, 1, str(number), received_at), change)


def _key(at: float | None, rank: int, name: str, received_at: float) -> Key:
    """Order by the desk's time; within the same instant by the message's number, the status last."""
    return (received_at if at is None else at, rank, int(name) if name.isdecimal() and len(name) < 20 else 0, name)


async def _say(runtime: Runtime, connection: ConnectionRecord, ours: str, said: Said, received_at: float) -> Done:
    turn = turn_of(said, connection.kind, connection.id, received_at)
    turn = replace(turn, text=turn.text[: runtime.settings.max_turn_chars])
    try:
        recorded = await take_turn(runtime, ours, turn, received_at)
    except TurnConflict:
        return Done("ignored", "it was edited: what was said first stays", ours, turn.turn_id)
    closed_at = await runtime.in_store(runtime.store.desk_effects.closed_at, ours) if recorded.created else None
    if closed_at is not None and turn.sent_at <= closed_at:
        # It came after the news that the conversation is over, and opened it again.
        await _resolve(runtime, connection, ours, received_at)
    return Done("stored" if recorded.created else "known", None, ours, turn.turn_id)


async def _change_status(
    runtime: Runtime, connection: ConnectionRecord, ours: str, item: Closed | Opened, received_at: float
) -> Done:
    closed, at = isinstance(item, Closed), received_at if item.at is None else item.at
    if not await runtime.in_store(runtime.store.desk_effects.status_said, ours, closed, at):
        return Done("ignored", "nothing was said in it yet, or it is older than what is known", ours)
    if not closed:
        return Done("noted", None, ours)
    return await _resolve(runtime, connection, ours, received_at)


async def _resolve(runtime: Runtime, connection: ConnectionRecord, ours: str, now: float) -> Done:
    """Resolve it here as well: in the name of who has it, else of the connection."""
    by = connection.name
    for _ in range(3):  # somebody else may take it at the same moment
        try:
            done = await runtime.in_store(
                runtime.store.hand_over, ours, "resolve", by, now=now, limits=Limits(), via=VIA
            )
        except HandoffRefused as refused:
            by = refused.standing.owner or connection.name
            continue
        if done is not None:
            runtime.metrics.saw_events(done.events)
            runtime.bus.notify()
        return Done("resolved" if done is not None else "ignored", None, ours)
    return Done("ignored", "somebody else took the conversation meanwhile", ours)
