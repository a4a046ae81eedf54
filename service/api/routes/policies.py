"""The policy in force, and what a changed one would be; nothing here puts a policy into force."""

from typing import Annotated, Final

from fastapi import Body, Header, Query, Request
from starlette.responses import JSONResponse

from ..auth import Access, guarded_router
from ..errors import BadBody, BodyTooLarge, Busy, Invalid, NotJson
from ..examples import CHECK_EXAMPLES
from ..languages import first_supported
from ..openapi import documented
from ..runtime import runtime_of
from ..trying import check_policy, policy_to_json
from ..wire import Language
from ..wire_policy import PolicyCheckOut, PolicyEdits, TodaysPolicyOut

read = guarded_router(Access.READ, "policy")
report = guarded_router(Access.REPORT, "policy")
ROUTERS: Final = (read, report)


@read.get("/v1/policy", name="getPolicy", response_model=TodaysPolicyOut, responses=documented(Invalid, Busy))
async def get_policy(
    request: Request,
    language: Annotated[Language | None, Query(description="Of the explanations; else by Accept-Language.")] = None,
    accept_language: Annotated[str | None, Header(max_length=500)] = None,
) -> JSONResponse:
    """Show the rules of the policy in force in their order, with every number in their conditions."""
    spoken = language or first_supported(accept_language)
    return JSONResponse(policy_to_json(runtime_of(request).engine.policy, spoken), headers={"Vary": "Accept-Language"})


@report.post(
    "/v1/policy/check",
    name="checkPolicy",
    response_model=PolicyCheckOut,
    responses=documented(BadBody, BodyTooLarge, NotJson, Invalid, Busy),
)
async def check(request: Request, body: Annotated[PolicyEdits, Body(openapi_examples=CHECK_EXAMPLES)]) -> JSONResponse:
    """Make changes to a policy's text and say how it differs from today's, or where its first mistake is.

    Comments and order stay as they are; the lines of a rule that is switched off become comments. Nothing is
    stored or put into force: save the text, and serve it with `--policy`.
    """
    runtime = runtime_of(request)
    return JSONResponse(await runtime.replays.run(check_policy, runtime.engine.policy, body))
