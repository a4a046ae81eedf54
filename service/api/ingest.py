"""A turn of any origin -> scored, taken into its conversation, on disk, told to the streams: the one way in.

`POST /v1/conversations/{id}/turns` and the desks both come through here.
"""

from dataclasses import replace

from ..engine import Step
from ..flow import ConversationState, Turn
from ..privacy import redact
from ..store import RecordedTurn
from .runtime import Runtime


async def take_turn(runtime: Runtime, conversation_id: str, turn: Turn, received_at: float) -> RecordedTurn:
    """Take the conversation one turn further. Raises `TurnConflict`, `Overloaded`, `StoreError`, `NotReady`."""
    score = (await runtime.score([turn.text]))[0] if turn.role == "customer" else None
    heard = replace(turn, text=redact(turn.text).text)  # what is stored, so that a replay reads the same facts in it

    def step(state: ConversationState) -> Step:
        with runtime.metrics.time_stage("advance"):
            made = runtime.engine.advance(state, heard, score, received_at)
        runtime.metrics.saw_assessment(made.assessment)
        return made

    with runtime.metrics.time_stage("record"):
        recorded = await runtime.in_store(runtime.store.record_turn, turn, conversation_id, received_at, step)
    runtime.metrics.saw_events(recorded.events)
    runtime.bus.notify()
    return recorded
