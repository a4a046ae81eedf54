"""Where desks deliver: no key, the desk's own signature or token is the proof. Checked before anything is read."""

import time
from dataclasses import asdict
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from starlette.responses import JSONResponse

from ...integrations.desks import DESKS, read_payload
from ...integrations.seam import Delivery
from ...store import ConnectionRecord
from ..desk_inbox import receive
from ..errors import BadBody, BadSignature, BodyTooLarge, Busy, FieldError, Forbidden, Invalid, NotFound
from ..openapi import documented
from ..runtime import Runtime, runtime_of
from ..wire import Identifier
from ..wire_connections import ReceivedOut

inbound = APIRouter(tags=["integrations"])
ROUTERS: Final = (inbound,)

MAX_DELIVERY_BYTES: Final = 2 * 2**20
WRONG_PROOF: Final = "signature"
"""A connection's `last_error`; the board has words for it."""
_NOWHERE: Final = "There is no connection of this kind at this address."


@inbound.post(
    "/v1/integrations/{kind}/{connection_id}",
    name="receiveDelivery",
    response_model=ReceivedOut,
    responses=documented(BadBody, BadSignature, Forbidden, NotFound, BodyTooLarge, Invalid, Busy),
)
async def receive_delivery(
    request: Request, kind: Annotated[Identifier, Path()], connection_id: Annotated[Identifier, Path()]
) -> JSONResponse:
    """Take a desk's webhook; the answer says what was done with it. The same one again is no error."""
    runtime, received_at = runtime_of(request), time.time()
    connection = await runtime.in_store(runtime.store.connections.find, connection_id)
    if connection is None or connection.kind != kind or kind not in DESKS:
        raise NotFound(_NOWHERE)
    delivery = Delivery(dict(request.headers.items()), await request.body(), received_at)
    if len(delivery.body) > MAX_DELIVERY_BYTES:
        raise BodyTooLarge(f"A delivery may have {MAX_DELIVERY_BYTES} bytes.")
    await _check(runtime, connection, delivery)
    inputs = read_payload(DESKS[kind], delivery.body, connection.options)
    if inputs is None:
        raise BadBody("The body is no JSON object.", errors=[FieldError("body", "must be a JSON object")])
    done = await receive(runtime, connection, inputs, received_at)
    await runtime.in_store(runtime.store.connections.saw_delivery, connection.id, received_at, None)
    return JSONResponse({"received": [asdict(item) for item in done]})


async def _check(runtime: Runtime, connection: ConnectionRecord, delivery: Delivery) -> None:
    if not DESKS[connection.kind].verify(delivery, connection.secrets, connection.options):
        await runtime.in_store(runtime.store.connections.saw_delivery, connection.id, delivery.at, WRONG_PROOF)
        raise BadSignature("The signature or the token is not this connection's, or the delivery is too old.")
    if not connection.enabled:
        raise Forbidden("This connection is switched off.")
