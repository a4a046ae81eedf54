"""POST /v1/replays: what another policy would have done with conversations that are over; changes nothing."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Final

from fastapi import Body, Header, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from ...telemetry import log_failure
from ..accept import prefers
from ..auth import Access, guarded_router
from ..errors import BadBody, BodyTooLarge, Broken, Busy, Invalid, NotJson
from ..examples import REPLAY_EXAMPLES
from ..failures import as_problem
from ..openapi import documented
from ..replay_limits import check_replay
from ..replaying import Progress, replay
from ..runtime import runtime_of
from ..shapes import problem_to_json
from ..wire_replay import ReplayOut, ReplayRequest

report = guarded_router(Access.REPORT, "replays")
ROUTERS: Final = (report,)

LINES: Final = "application/x-ndjson"
_ANSWER: Final = {
    "description": "The report. With `Accept: application/x-ndjson` a line for each step, `{replayed, of}`, and in the "
    "last one also `result`, which is the report, or `problem`, which is what went wrong on the way.",
    "content": {LINES: {}},
}


@report.post(
    "/v1/replays",
    name="replayConversations",
    response_model=ReplayOut,
    responses={200: _ANSWER, **documented(BadBody, BodyTooLarge, NotJson, Invalid, Busy)},
)
async def replay_conversations(
    request: Request,
    body: Annotated[ReplayRequest, Body(openapi_examples=REPLAY_EXAMPLES)],
    accept: Annotated[str | None, Header(max_length=500)] = None,
) -> Response:
    """Replay conversations under a policy: its alerts against outcomes, and what changes against today's policy.

    At most 2,000 stored conversations, or 200 given ones with 2,000 turns in all. Stored turns keep the
    scores that they got; given turns are scored now. Nothing is stored, and no text is answered.
    """
    runtime = runtime_of(request)
    check_replay(body, runtime.settings)
    steps = replay(runtime, body)
    if prefers(accept, LINES, "application/json"):
        # What is refused is refused with its status: the answer begins when the replay can.
        return StreamingResponse(_lines(request, await anext(steps), steps), media_type=LINES)
    async with aclosing(steps):
        async for step in steps:
            last = step
    return JSONResponse(last.result)


async def _lines(request: Request, first: Progress, steps: AsyncGenerator[Progress]) -> AsyncIterator[str]:
    """Write a line for each step. Who goes away in the middle ends the replay, and frees its seat."""
    step = first
    async with aclosing(steps):
        try:
            yield _line(step)
            async for step in steps:
                yield _line(step)
        except Exception as failure:  # the status is out already, so the last line says it
            problem, request_id = as_problem(failure), request.scope["request_id"]
            if isinstance(problem, Broken):
                log_failure("http.failed", failure, request_id=request_id, route=request.scope["route"].path)
            yield _line(step, problem=problem_to_json(problem, request_id=request_id))


def _line(step: Progress, **more: object) -> str:
    said = {"replayed": step.replayed, "of": step.of, **more}
    return json.dumps(said if step.result is None else {**said, "result": step.result}, ensure_ascii=False) + "\n"
