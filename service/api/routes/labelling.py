"""Labelling: which turns are worth a label, what the labels say of the model, and the labels as training rows."""

import json
import time
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import Query, Request
from starlette.responses import JSONResponse, StreamingResponse

from ...risk.training_rows import training_row
from ...risk.worth import Kind
from ...store import LabelExport, LabelFilter
from ..auth import Access, Caller, guarded_router
from ..errors import Busy, Invalid
from ..openapi import documented
from ..present_labels import queue_to_json, summary_to_json
from ..runtime import Runtime, runtime_of
from ..wire import Language, Person
from ..wire_labels import ExportedOut, LabelQueueOut, LabelSummaryOut

report = guarded_router(Access.REPORT, "labels")
admin = guarded_router(Access.ADMIN, "labels")
ROUTERS: Final = (report, admin)

JSON_LINES: Final = "application/jsonl"


@report.get("/v1/labels/queue", name="queueLabels", response_model=LabelQueueOut, responses=documented(Invalid, Busy))
async def queue_labels(
    request: Request,
    by: Annotated[
        Person | None, Query(description="Who labels; the signed-in person when left out. Theirs are left out.")
    ] = None,
    language: Annotated[Language | None, Query()] = None,
    reason: Annotated[Kind | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> JSONResponse:
    """List customers' turns that are worth a label, with the reasons; kinds of reasons and languages take turns.

    What somebody labelled is left out. It comes back when two people differ, and, for a person that is known by
    `by`, when one other person contradicts the model. Looked at are the latest turns, those that judged alerts and
    hand-offs point at, and samples of the last five weeks.
    """
    runtime = runtime_of(request)
    caller: Caller = request.state.caller
    person = by or (caller.name if caller.kind == "session" else None)
    wanted = LabelFilter(person, language, reason)
    found = await runtime.in_store(runtime.store.labels.queue, wanted, limit, cursor, now=time.time())
    return JSONResponse(queue_to_json(found))


@report.get(
    "/v1/labels/summary", name="summariseLabels", response_model=LabelSummaryOut, responses=documented(Invalid, Busy)
)
async def summarise_labels(request: Request, days: Annotated[int, Query(ge=1, le=365)] = 90) -> JSONResponse:
    """Return how many turns were labelled, by whom, how far people agree, and how often the model was right.

    The shares are of labelled turns, which are the doubtful ones, with Wilson's interval of 95 %; agreement is Cohen's
    kappa of two people over the turns that both labelled.
    """
    runtime = runtime_of(request)
    found = await runtime.in_store(runtime.store.labels.summary, time.time() - days * 86400.0)
    return JSONResponse(summary_to_json(found, days))


@admin.get(
    "/v1/labels/export",
    name="exportLabels",
    response_class=StreamingResponse,
    responses={
        200: {"model": ExportedOut, "description": "One JSON object a line.", "content": {JSON_LINES: {}}},
        **documented(Busy),
    },
)
async def export_labels(request: Request) -> StreamingResponse:
    """Stream the labelled turns as rows that `make train TRANSCRIPTS=file.jsonl` reads, a conversation a line."""
    runtime = runtime_of(request)
    # The first page is read before the answer begins: a database that is away is still a problem.
    first = await runtime.in_store(runtime.store.labels.export_page)
    return StreamingResponse(_lines(runtime, first), media_type=JSON_LINES)


async def _lines(runtime: Runtime, page: LabelExport) -> AsyncIterator[str]:
    while True:
        for conversation in page.conversations:
            row = training_row(conversation)
            if row is not None:
                yield json.dumps(row, ensure_ascii=False) + "\n"
        if page.next_after is None:
            return
        page = await runtime.in_store(runtime.store.labels.export_page, page.next_after)
