"""POST /v1/replays: what another policy would have done with conversations that are over; changes nothing."""

from typing import Annotated, Final

from fastapi import Body, Request
from starlette.responses import JSONResponse

from ..auth import Access, guarded_router
from ..errors import BadBody, BodyTooLarge, Busy, Invalid, NotJson
from ..examples import REPLAY_EXAMPLES
from ..openapi import documented
from ..replay_limits import check_replay
from ..replaying import replay
from ..runtime import runtime_of
from ..wire_replay import ReplayOut, ReplayRequest

admin = guarded_router(Access.ADMIN, "replays")
ROUTERS: Final = (admin,)


@admin.post(
    "/v1/replays",
    name="replayConversations",
    response_model=ReplayOut,
    responses=documented(BadBody, BodyTooLarge, NotJson, Invalid, Busy),
)
async def replay_conversations(
    request: Request, body: Annotated[ReplayRequest, Body(openapi_examples=REPLAY_EXAMPLES)]
) -> JSONResponse:
    """Replay conversations under a policy: its alerts against outcomes, and what changes against today's policy.

    At most 2,000 stored conversations, or 200 given ones with 2,000 turns in all. Stored turns keep the
    scores that they got; given turns are scored now. Nothing is stored, and no text is answered.
    """
    runtime = runtime_of(request)
    check_replay(body, runtime.settings)
    return JSONResponse(await replay(runtime, body))
