"""The escalation report, as JSON for programs and as CSV for spreadsheets."""

import time
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import Header, Query, Request
from starlette.responses import JSONResponse, Response

from ...reports.escalation import Group, Question, Report, ask
from ...reports.periods import By, RangeError
from ...reports.present import report_to_csv, report_to_json
from ..accept import prefers
from ..auth import Access, guarded_router
from ..errors import Busy, FieldError, Invalid
from ..languages import first_supported
from ..openapi import documented
from ..runtime import runtime_of
from ..wire import Language, Name
from ..wire_reports import EscalationReportOut

read = guarded_router(Access.REPORT, "reports")
ROUTERS: Final = (read,)

CSV: Final = "text/csv"
_MOMENT: Final = "A date in the zone, or a time with its offset from UTC; a `+` in it is written `%2B`."
Moment = Annotated[str | None, Query(max_length=40, description=_MOMENT)]
_CSV_ANSWER: Final = {
    "description": "The report; as a table with a header when CSV is asked for.",
    "content": {CSV: {}},
}


@dataclass(frozen=True, slots=True)
class _Form:
    """How the answer is to look."""

    as_csv: bool
    language: Language


@read.get(
    "/v1/reports/escalation",
    name="reportEscalation",
    response_model=EscalationReportOut,
    responses={200: _CSV_ANSWER, **documented(Invalid, Busy)},
)
async def report_escalation(
    request: Request,
    by: By,
    since: Moment = None,
    until: Moment = None,
    tz: Annotated[str, Query(max_length=64, description="An IANA time zone.", examples=["Europe/Prague"])] = "UTC",
    language: Annotated[Language | None, Query()] = None,
    queue: Annotated[Name | None, Query()] = None,
    group: Annotated[Group | None, Query(description="Splits every period, and the total.")] = None,
    reason_language: Annotated[
        Language | None, Query(description="Of the explanations; else by Accept-Language.")
    ] = None,
    format: Annotated[Literal["json", "csv"] | None, Query(description="Overrides Accept.")] = None,
    accept: Annotated[str | None, Header(max_length=500)] = None,
    accept_language: Annotated[str | None, Header(max_length=500)] = None,
) -> Response:
    """Report how many conversations escalated, how fast they were answered and resolved, and whether that lasted.

    A conversation counts in the period in which it began, with all that came of it later.
    Without `since`: the last 30 days, 12 weeks or 12 months, the present one included.
    """
    now = time.time()
    try:
        question = ask(by, now=now, since=since, until=until, tz=tz, language=language, queue=queue, group=group)
    except RangeError as failure:
        raise Invalid(str(failure), errors=[FieldError(failure.field, failure.message)]) from None
    as_csv = format == "csv" or (format is None and prefers(accept, CSV, "application/json"))
    form = _Form(as_csv, reason_language or first_supported(accept_language))
    answer = await runtime_of(request).in_store(_answer, request, question, form, now)
    answer.headers["Vary"] = "Accept, Accept-Language"
    return answer


def _answer(request: Request, question: Question, form: _Form, now: float) -> Response:
    """Read, count and write in one job beside the event loop: a report may be long."""
    runtime = runtime_of(request)
    report: Report = runtime.store.escalation_report(question, now=now)
    if form.as_csv:
        name = f"escalation-by-{question.by}-{question.periods[0].name}.csv"
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(report_to_csv(report), media_type=CSV, headers=disposition)
    policy = runtime.engine.policy
    answer = report_to_json(report, lambda rule: policy.explain(rule, form.language))
    return JSONResponse({**answer, "policy": {"version": policy.version}})
