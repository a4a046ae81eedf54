"""Labels: what people say of a customer's turn, to measure the model by and to train the next one on."""

import time
from collections.abc import Callable
from functools import partial
from typing import Annotated, Final

from fastapi import Body, Path, Query, Request
from starlette.responses import JSONResponse

from ...risk.corrections import LABELS
from ...store import Corrected, NotACustomersTurn
from ..auth import Access, Caller, guarded_router, signed_by
from ..errors import BadBody, BodyTooLarge, Busy, FieldError, Invalid, NotFound, NotJson
from ..examples import LABEL_EXAMPLES
from ..openapi import documented
from ..present_labels import turn_labels_to_json
from ..runtime import runtime_of
from ..wire import Identifier, Person
from ..wire_labels import LabelsRequest, TurnLabelsOut

act = guarded_router(Access.ACT, "labels")
read = guarded_router(Access.READ, "labels")
ROUTERS: Final = (act, read)

_PATH: Final = "/v1/conversations/{conversation_id}/turns/{turn_id}/labels"
ConversationId = Annotated[Identifier, Path()]
TurnId = Annotated[Identifier, Path()]


@act.put(
    _PATH,
    name="labelTurn",
    response_model=TurnLabelsOut,
    responses=documented(BadBody, NotFound, BodyTooLarge, NotJson, Invalid, Busy),
)
async def label_turn(
    request: Request,
    conversation_id: ConversationId,
    turn_id: TurnId,
    body: Annotated[LabelsRequest, Body(openapi_examples=LABEL_EXAMPLES)],
) -> JSONResponse:
    """Correct what the model said of a customer's turn, or confirm it: these are all labels of this person.

    A label that is left out is not said, which is not 0. The same labels again change nothing. The first
    answer to the turn and the conversation's risk stay as they are: labels serve the summary and the next model.
    """
    _refuse_nothing_said(body)
    by = signed_by(request.state.caller, body.by)
    correct = partial(runtime_of(request).store.labels.correct, conversation_id, turn_id, by, body.labels())
    return await _change(request, correct)


@act.delete(_PATH, name="withdrawLabels", response_model=TurnLabelsOut, responses=documented(NotFound, Invalid, Busy))
async def withdraw_labels(
    request: Request,
    conversation_id: ConversationId,
    turn_id: TurnId,
    by: Annotated[Person | None, Query(description="Whose labels; who is signed in takes back their own.")] = None,
) -> JSONResponse:
    """Take back what this person said of a turn; the history keeps it. Again changes nothing."""
    withdraw = partial(runtime_of(request).store.labels.withdraw, conversation_id, turn_id)
    return await _change(request, partial(withdraw, signed_by(request.state.caller, by)))


@read.get(_PATH, name="getLabels", response_model=TurnLabelsOut, responses=documented(NotFound, Invalid, Busy))
async def get_labels(request: Request, conversation_id: ConversationId, turn_id: TurnId) -> JSONResponse:
    """Return what people say of a turn, and what they had said before."""
    runtime = runtime_of(request)
    found = await runtime.in_store(runtime.store.labels.of_turn, conversation_id, turn_id)
    if found is None:
        raise _unknown()
    return JSONResponse(turn_labels_to_json(found))


async def _change(request: Request, change: Callable[..., Corrected | None]) -> JSONResponse:
    runtime = runtime_of(request)
    caller: Caller = request.state.caller
    try:
        done = await runtime.in_store(change, now=time.time(), via=caller.kind)
    except NotACustomersTurn:
        raise _refused("turn_id", "names a turn of an agent or a bot; only customers' turns can be labelled") from None
    if done is None:
        raise _unknown()
    if done.changed:
        runtime.bus.notify()
    return JSONResponse(turn_labels_to_json(done.turn))


def _refuse_nothing_said(body: LabelsRequest) -> None:
    if body.threat_kind is not None and body.threat != 1:
        raise _refused("threat_kind", "belongs to threat 1 only")
    if body.labels().is_empty:
        raise _refused(LABELS[0], f"or another label is required, one of {', '.join(LABELS)}")


def _refused(field: str, message: str) -> Invalid:
    return Invalid(f"{field} {message}", errors=[FieldError(field, message)])


def _unknown() -> NotFound:
    return NotFound("There is no such turn in a conversation with this id.")
