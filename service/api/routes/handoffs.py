"""Hand-offs: somebody takes a conversation, gives it back or closes it; and the packet for who takes it over."""

import time
from dataclasses import asdict
from typing import Annotated, Final

from fastapi import Body, Header, Path, Query, Request
from starlette.responses import JSONResponse

from ...risk.handoff import Handoff, Limits
from ...risk.packet import Told, build_packet
from ...risk.packet_words import load_packet_words
from ...store import ConversationRecord
from ..auth import Access, Caller, guarded_router, may_take, signed_by
from ..errors import BadBody, BodyTooLarge, Busy, Invalid, NotFound, NotJson, Taken
from ..examples import HANDOFF_EXAMPLES, HANDOFF_NOTE_EXAMPLES
from ..languages import first_supported
from ..openapi import documented
from ..runtime import Runtime, runtime_of
from ..wire import Identifier, Language
from ..wire_handoff import HandoffDetailOut, HandoffOut, HandoffRequest

act = guarded_router(Access.ASSIST, "handoffs")
read = guarded_router(Access.READ, "handoffs")
ROUTERS: Final = (act, read)

_PATH: Final = "/v1/conversations/{conversation_id}/handoff"
ConversationId = Annotated[Identifier, Path()]


@act.post(
    _PATH,
    name="handOver",
    response_model=HandoffOut,
    responses=documented(BadBody, NotFound, Taken, BodyTooLarge, NotJson, Invalid, Busy),
)
async def hand_over(
    request: Request,
    conversation_id: ConversationId,
    body: Annotated[HandoffRequest, Body(openapi_examples={**HANDOFF_EXAMPLES, **HANDOFF_NOTE_EXAMPLES})],
) -> JSONResponse:
    """Claim a conversation, accept it, join it, return it to the agent or bot, or resolve it.

    One owner at a time: 409 names who has it and until when. A claim that is not accepted in time, and
    an acceptance that is not joined in time, lapse. The same action again by the same person changes nothing.
    An agent at the board may claim, and return or resolve what is theirs.
    """
    runtime = runtime_of(request)
    caller: Caller = request.state.caller
    may_take(caller, body.action)
    taken = await runtime.in_store(
        runtime.store.hand_over,
        conversation_id,
        body.action,
        signed_by(caller, body.by),
        now=time.time(),
        note=body.note,
        outcome=body.outcome,
        limits=Limits(runtime.settings.handoff_accept_s, runtime.settings.handoff_join_s),
        via=caller.kind,
        owner_only=body.action != "claim" and not caller.has("supervisor"),
    )
    if taken is None:
        raise NotFound("There is no conversation with this id.")
    if taken.changed:
        runtime.bus.notify()
    return JSONResponse(_standing(conversation_id, taken.handoff))


@read.get(_PATH, name="getHandoff", response_model=HandoffDetailOut, responses=documented(NotFound, Invalid, Busy))
async def get_handoff(
    request: Request,
    conversation_id: ConversationId,
    language: Annotated[Language | None, Query(description="Of the packet's words; else by Accept-Language.")] = None,
    accept_language: Annotated[str | None, Header(max_length=500)] = None,
) -> JSONResponse:
    """Return who has the conversation, its log, and a packet for the person who takes it over.

    The packet's words are in that person's language, its quotes in the original.
    """
    runtime = runtime_of(request)
    wanted = language or first_supported(accept_language)
    return JSONResponse(await runtime.in_store(_detail, runtime, conversation_id, wanted, time.time()))


def _detail(runtime: Runtime, conversation_id: str, language: Language, now: float) -> dict[str, object]:
    """Read and build in one job beside the event loop."""
    found: ConversationRecord | None = runtime.store.conversation(conversation_id, now=now)
    if found is None:
        raise NotFound("There is no conversation with this id.")
    told = Told(found.turns, found.handoffs, found.summary.language, found.summary.waiting_since)
    packet = build_packet(told, runtime.engine.policy, load_packet_words(), language=language, now=now)
    return {
        **_standing(conversation_id, found.handoff),
        "log": [asdict(step) for step in found.handoffs],
        "packet": asdict(packet),
    }


def _standing(conversation_id: str, handoff: Handoff) -> dict[str, object]:
    return {"conversation_id": conversation_id, **asdict(handoff), "bot_muted": handoff.bot_muted}
