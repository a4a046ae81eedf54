"""People of the board: who they are, what they may, and a link that signs one of them in."""

from typing import Annotated, Final

from fastapi import Body, Path, Request
from starlette.responses import JSONResponse

from ...store import Change, PersonRecord
from ..auth import Access, guarded_router
from ..errors import BadBody, BodyTooLarge, Busy, Invalid, NotFound, NotJson, PersonConflict
from ..examples import PERSON_CHANGE_EXAMPLES, PERSON_EXAMPLES
from ..openapi import documented
from ..runtime import runtime_of
from ..wire_people import NewPersonRequest, PeopleOut, PersonChangeRequest, PersonName, PersonOut, SignInLinkOut

admin = guarded_router(Access.ADMIN, "people")
ROUTERS: Final = (admin,)

NOBODY: Final = "There is nobody of this name."
Named = Annotated[PersonName, Path()]
_BODY_PROBLEMS: Final = (BadBody, BodyTooLarge, NotJson, Invalid, Busy)


@admin.get("/v1/people", name="listPeople", response_model=PeopleOut, responses=documented(Busy))
async def list_people(request: Request) -> JSONResponse:
    """List everybody who works, or has worked, at the board."""
    runtime = runtime_of(request)
    found = await runtime.in_store(runtime.store.people.list)
    return JSONResponse({"people": [_shown(person) for person in found]})


@admin.post(
    "/v1/people",
    name="addPerson",
    status_code=201,
    response_model=PersonOut,
    responses=documented(*_BODY_PROBLEMS, PersonConflict),
)
async def add_person(
    request: Request, body: Annotated[NewPersonRequest, Body(openapi_examples=PERSON_EXAMPLES)]
) -> JSONResponse:
    """Add somebody. They sign in by a link, which is asked for apart."""
    runtime, caller = runtime_of(request), request.state.caller
    added = await runtime.in_store(
        runtime.store.people.add, body.name, body.role, body.display_name, actor=caller.name, via=caller.kind
    )
    return JSONResponse(_shown(added), 201)


@admin.patch(
    "/v1/people/{name}",
    name="changePerson",
    response_model=PersonOut,
    responses=documented(*_BODY_PROBLEMS, NotFound, PersonConflict),
)
async def change_person(
    request: Request, name: Named, body: Annotated[PersonChangeRequest, Body(openapi_examples=PERSON_CHANGE_EXAMPLES)]
) -> JSONResponse:
    """Change somebody's name, display name or role, deactivate or reactivate them; it counts from now on.

    Who is deactivated is signed out, and what they have is returned. The last administrator stays one.
    """
    runtime, caller = runtime_of(request), request.state.caller
    change = Change(body.name, body.display_name, body.role, body.deactivated)
    changed = await runtime.in_store(runtime.store.people.change, name, change, actor=caller.name, via=caller.kind)
    if changed is None:
        raise NotFound(NOBODY)
    runtime.bus.notify()
    return JSONResponse(_shown(changed))


@admin.post(
    "/v1/people/{name}/sign-in-link",
    name="makeSignInLink",
    status_code=201,
    response_model=SignInLinkOut,
    responses=documented(Invalid, NotFound, PersonConflict, Busy),
)
async def make_sign_in_link(request: Request, name: Named) -> JSONResponse:
    """Make a link that signs this person in, once and within a day. Whoever opens it is that person: send it safely."""
    runtime, caller = runtime_of(request), request.state.caller
    link = await runtime.in_store(runtime.store.sessions.mint, name, actor=caller.name, via=caller.kind)
    if link is None:
        raise NotFound(NOBODY)
    return JSONResponse({"path": f"/?token={link.token_once}", "expires_at": link.expires_at}, 201)


def _shown(person: PersonRecord) -> dict[str, object]:
    return {
        "name": person.name,
        "display_name": person.display_name,
        "role": person.role,
        "created_at": person.created_at,
        "deactivated_at": person.deactivated_at,
    }
