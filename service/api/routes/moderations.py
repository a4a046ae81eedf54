"""OpenAI's moderation call, answered by our model: for clients that only change the address. Stores nothing."""

import uuid
from typing import Annotated, Final

from fastapi import Body, Request
from starlette.responses import JSONResponse

from ...integrations.moderations import check_texts, moderation
from ..auth import Access, guarded_router
from ..errors import BadBody, BodyTooLarge, Busy, Invalid, NotJson, Refused
from ..examples import MODERATION_EXAMPLES
from ..openapi import documented
from ..runtime import runtime_of
from ..shapes import OPENAI
from ..wire_moderations import ModerationRequest, ModerationsOut

scoring = guarded_router(Access.SCORE, "drop-in", shape=OPENAI)
ROUTERS: Final = (scoring,)


@scoring.post(
    "/v1/moderations",
    name="moderate",
    response_model=ModerationsOut,
    responses=documented(BadBody, Refused, Invalid, NotJson, BodyTooLarge, Busy, shape=OPENAI),
)
async def moderate(
    request: Request, body: Annotated[ModerationRequest, Body(openapi_examples=MODERATION_EXAMPLES)]
) -> JSONResponse:
    """Judge texts in the shape of OpenAI's moderations: harassment, violence and self-harm; the rest is not scored."""
    runtime = runtime_of(request)
    texts = body.texts()
    check_texts(texts, max_texts=runtime.settings.max_batch, max_chars=runtime.settings.max_turn_chars)
    scores = await runtime.score(texts)
    for score in scores:
        runtime.metrics.saw_score(score)
    identifier = uuid.UUID(request.scope["request_id"]).hex
    return JSONResponse(moderation(scores, runtime.engine.scorer.model, identifier=identifier))
