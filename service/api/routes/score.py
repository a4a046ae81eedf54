"""POST /v1/score: turns -> scores, each alone; stores nothing."""

from typing import Annotated, Final

from fastapi import Body, Request
from starlette.responses import JSONResponse

from ...flow import Score
from ...store import score_to_json
from ..auth import Access, guarded_router
from ..errors import BadBody, BodyTooLarge, Busy, Invalid, NotJson
from ..examples import SCORE_EXAMPLES
from ..limits import check_batch
from ..openapi import documented
from ..runtime import Runtime, runtime_of
from ..wire import ScoreRequest, ScoresOut

scoring = guarded_router(Access.SCORE, "score")
ROUTERS: Final = (scoring,)


@scoring.post(
    "/v1/score",
    name="scoreTurns",
    response_model=ScoresOut,
    responses=documented(BadBody, BodyTooLarge, NotJson, Invalid, Busy),
)
async def score_turns(
    request: Request, body: Annotated[ScoreRequest, Body(openapi_examples=SCORE_EXAMPLES)]
) -> JSONResponse:
    """Score up to 256 turns, each alone, order kept; agents' and bots' turns get null.

    A publishable key with `answers: none` may not ask.
    """
    runtime = runtime_of(request)
    check_batch(body, runtime.settings)
    results = await _score_customers(runtime, body)
    model = runtime.engine.scorer.model
    return JSONResponse(
        {
            "model": {"version": model.version, "digest": model.digest, "precision": model.precision},
            "policy": {"version": runtime.engine.policy.version},
            "results": [None if score is None else score_to_json(score) for score in results],
        }
    )


async def _score_customers(runtime: Runtime, body: ScoreRequest) -> list[Score | None]:
    turns = [turn for turn in body.turns if turn.role == "customer"]
    scores = iter(
        await runtime.score([turn.text for turn in turns], [turn.language for turn in turns]) if turns else ()
    )
    results = [next(scores) if turn.role == "customer" else None for turn in body.turns]
    for score in results:
        runtime.metrics.saw_score(score)
    return results
