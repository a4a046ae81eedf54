"""Perspective's calls, answered by our model: for clients that only change the address. Stores nothing."""

import json
from importlib import resources
from typing import Annotated, Final

from fastapi import APIRouter, Body, Query, Request
from starlette.responses import JSONResponse

from ...integrations.perspective import analysis
from ..auth import Access, guarded_router
from ..errors import BadBody, BodyTooLarge, Busy, Invalid, NotFound, NotJson, NotOffered, Refused
from ..examples import PERSPECTIVE_EXAMPLES
from ..openapi import documented
from ..runtime import runtime_of
from ..shapes import GOOGLE, google_key
from ..wire_perspective import AnalyzeCommentOut, AnalyzeCommentRequest

scoring = guarded_router(Access.SCORE, "drop-in", shape=GOOGLE, keys_elsewhere=google_key)
router = APIRouter(tags=["drop-in"])
ROUTERS: Final = (scoring, router)

_DISCOVERY: Final = json.loads(resources.files("service.integrations").joinpath("discovery.json").read_bytes())
_CORRECT_INSTEAD: Final = (
    "Suggested scores are not taken: nothing is stored by these calls. Correct a stored turn with "
    "PUT /v1/conversations/{conversation_id}/turns/{turn_id}/labels, which retraining reads."
)


@scoring.post(
    "/v1alpha1/comments:analyze",
    name="analyzeComment",
    response_model=AnalyzeCommentOut,
    responses=documented(BadBody, Refused, Invalid, NotJson, BodyTooLarge, Busy, shape=GOOGLE),
)
async def analyze_comment(
    request: Request, body: Annotated[AnalyzeCommentRequest, Body(openapi_examples=PERSPECTIVE_EXAMPLES)]
) -> JSONResponse:
    """Score a comment in Perspective's shape: TOXICITY, INSULT, THREAT, and our own EVENKEEL_ attributes.

    The key may also come as `?key=` or in `X-Goog-Api-Key`. Attributes that the model has no meaning for are
    refused as not supported in the comment's language, or left out with `dropUnsupportedAttributes`.
    """
    runtime = runtime_of(request)
    comment = body.read(max_chars=runtime.settings.max_turn_chars)
    [score] = await runtime.score([comment.text], [comment.hint])
    answer = analysis(comment, score, runtime.engine.scorer.model)
    runtime.metrics.saw_score(score)
    return JSONResponse(answer if body.client_token is None else {**answer, "clientToken": body.client_token})


@scoring.post(
    "/v1alpha1/comments:suggestscore",
    name="suggestCommentScore",
    status_code=501,
    response_model=None,
    responses=documented(NotOffered, shape=GOOGLE),
)
async def suggest_comment_score() -> JSONResponse:
    """Refuse a suggested score, and say where a correction is taken: this call has no turn that it could be kept with."""
    raise NotOffered(_CORRECT_INSTEAD)


@router.get("/$discovery/rest", name="getDiscovery", responses=documented(NotFound, Invalid, shape=GOOGLE))
async def get_discovery(
    request: Request,
    version: Annotated[str, Query(max_length=32, description="Of the API; there is `v1alpha1`.")] = "v1alpha1",
) -> JSONResponse:
    """Return the discovery document that `google-api-python-client` builds its client from; open to everybody."""
    if version != _DISCOVERY["version"]:
        raise NotFound("There is only version v1alpha1.")
    address = str(request.base_url)
    return JSONResponse({**_DISCOVERY, "rootUrl": address, "baseUrl": address})
