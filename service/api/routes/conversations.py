"""Conversations: a turn in, an assessment out; the board's list; one conversation with everything."""

import time
from typing import Annotated, Final

from fastapi import Body, Path, Query, Request
from pydantic import AwareDatetime
from starlette.responses import JSONResponse

from ...flow import Band, Turn
from ...store import ConversationFilter, ConversationStatus
from ..auth import Access, guarded_router, require_role
from ..errors import BadBody, BodyTooLarge, Busy, Conflict, Invalid, NotFound, NotJson
from ..examples import TURN_EXAMPLES
from ..ingest import take_turn
from ..limits import check_text
from ..openapi import documented
from ..present import Wording, conversation_to_json, summary_to_json
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
from ..wire_doors import ReceiptOut

ingest = guarded_router(Access.INGEST, "conversations")
read = guarded_router(Access.READ, "conversations")
ROUTERS: Final = (ingest, read)

ConversationId = Annotated[Identifier, Path()]
MAX_IDS: Final = 50
"""Most conversations that are asked for by name at once: the address must stay short enough for every proxy."""


@ingest.post(
    "/v1/conversations/{conversation_id}/turns",
    name="addTurn",
    status_code=201,
    response_model=AssessmentOut,
    responses={
        200: {"model": AssessmentOut, "description": "The turn was stored before; this is its first answer."},
        202: {"model": ReceiptOut, "description": "Stored; all that a publishable key with `answers: none` is told."},
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
    A publishable key may only send turns of the role `customer`. It stands in a page, where anybody can read how they
    are judged; made with `answers: none` it is told no more than that a turn arrived (202).
    """
    runtime = runtime_of(request)
    require_role(request, body.role)
    check_text(body, runtime.settings)
    received_at = time.time()
    turn = _turn(body, received_at)
    recorded = await take_turn(runtime, conversation_id, turn, received_at)
    if request.state.caller.answers == "none":
        return JSONResponse({"conversation_id": conversation_id, "turn_id": turn.turn_id}, 202)
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
    resolved: Annotated[bool | None, Query(description="False leaves out what is resolved.")] = None,
    owner: Annotated[Person | None, Query()] = None,
    active_since: Annotated[AwareDatetime | None, Query(description="ISO 8601 with a zone, or epoch seconds.")] = None,
    id: Annotated[list[Identifier] | None, Query(max_length=MAX_IDS, description="These alone; repeat it.")] = None,
    id_contains: Annotated[Identifier | None, Query(description="A part of the id, in any case.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> JSONResponse:
    """List conversations, riskiest first."""
    runtime = runtime_of(request)
    wanted = ConversationFilter(
        band=band,
        language=language,
        queue=queue,
        status=status,
        resolved=resolved,
        owner=owner,
        active_since=None if active_since is None else active_since.timestamp(),
        ids=None if id is None else tuple(id),
        id_contains=id_contains,
    )
    page = await runtime.in_store(runtime.store.list_conversations, wanted, limit, cursor)
    rows = [summary_to_json(summary) for summary in page.items]
    return JSONResponse({"conversations": rows, "next_cursor": page.next_cursor})


@read.get(
    "/v1/conversations/{conversation_id}",
    name="getConversation",
    response_model=ConversationDetailOut,
    responses=documented(NotFound, Invalid, Busy),
)
async def get_conversation(
    request: Request,
    conversation_id: ConversationId,
    language: Annotated[
        Language | None, Query(description="Of the reasons and their facts; else as they were answered.")
    ] = None,
) -> JSONResponse:
    """Return one conversation with every turn, score, span and recommendation."""
    runtime: Runtime = runtime_of(request)
    found = await runtime.in_store(runtime.store.conversation, conversation_id)
    if found is None:
        raise NotFound("There is no conversation with this id.")
    wording = None if language is None else Wording(runtime.engine.policy, language)
    return JSONResponse(conversation_to_json(found, wording))
