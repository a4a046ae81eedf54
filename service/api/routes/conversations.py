"""Conversations: a turn in, an assessment out; the board's list; one conversation with everything."""

import time
from dataclasses import replace
from typing import Annotated, Final

from fastapi import Body, Path, Query, Request
from starlette.responses import JSONResponse

from ...engine import Step
from ...flow import Band, ConversationState, Turn
from ...privacy import redact
from ...store import ConversationFilter, ConversationStatus
from ..auth import Access, guarded_router, require_role
from ..errors import BadBody, BodyTooLarge, Busy, Conflict, Invalid, NotFound, NotJson
from ..examples import TURN_EXAMPLES
from ..limits import check_text
from ..openapi import documented
from ..present import conversation_to_json, summary_to_json
from ..runtime import Runtime, runtime_of
from ..wire import (
    AssessmentOut,
    ConversationDetailOut,
    ConversationsOut,
    Identifier,
    Language,
    Name,
    Person,
    TurnRequest,
)

ingest = guarded_router(Access.INGEST, "conversations")
read = guarded_router(Access.READ, "conversations")
ROUTERS: Final = (ingest, read)

ConversationId = Annotated[Identifier, Path()]


@ingest.post(
    "/v1/conversations/{conversation_id}/turns",
    name="addTurn",
    status_code=201,
    response_model=AssessmentOut,
    responses={
        200: {"model": AssessmentOut, "description": "The turn was stored before; this is its first answer."},
        **documented(BadBody, Conflict, BodyTooLarge, NotJson, Invalid, Busy),
    },
)
async def add_turn(
    request: Request,
    conversation_id: ConversationId,
    body: Annotated[TurnRequest, Body(openapi_examples=TURN_EXAMPLES)],
) -> JSONResponse:
    """Score a turn, take the conversation one turn further, and answer what to do.

    Once this is answered, it is stored. Sending the same `turn_id` again gets the first answer (200).
    A publishable key may only send turns of the role `customer`.
    """
    runtime = runtime_of(request)
    require_role(request, body.role)
    check_text(body, runtime.settings)
    received_at = time.time()
    turn = _turn(body, received_at)
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
    return JSONResponse(recorded.assessment, 201 if recorded.created else 200)


def _turn(body: TurnRequest, received_at: float) -> Turn:
    sent_at = body.sent_at_s()
    return Turn(
        turn_id=body.turn_id,
        role=body.role,
        text=body.text,
        sent_at=received_at if sent_at is None else sent_at,
        contact_id=body.contact_id,
        queue=body.queue,
        channel=body.channel,
    )


@read.get(
    "/v1/conversations",
    name="listConversations",
    response_model=ConversationsOut,
    responses=documented(Invalid, Busy),
)
async def list_conversations(
    request: Request,
    band: Annotated[Band | None, Query()] = None,
    language: Annotated[Language | None, Query()] = None,
    queue: Annotated[Name | None, Query()] = None,
    status: Annotated[ConversationStatus | None, Query()] = None,
    owner: Annotated[Person | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> JSONResponse:
    """List conversations, riskiest first."""
    runtime = runtime_of(request)
    wanted = ConversationFilter(band=band, language=language, queue=queue, status=status, owner=owner)
    page = await runtime.in_store(runtime.store.list_conversations, wanted, limit, cursor)
    rows = [summary_to_json(summary) for summary in page.items]
    return JSONResponse({"conversations": rows, "next_cursor": page.next_cursor})


@read.get(
    "/v1/conversations/{conversation_id}",
    name="getConversation",
    response_model=ConversationDetailOut,
    responses=documented(NotFound, Invalid, Busy),
)
async def get_conversation(request: Request, conversation_id: ConversationId) -> JSONResponse:
    """Return one conversation with every turn, score, span and recommendation."""
    runtime: Runtime = runtime_of(request)
    found = await runtime.in_store(runtime.store.conversation, conversation_id)
    if found is None:
        raise NotFound("There is no conversation with this id.")
    return JSONResponse(conversation_to_json(found))
