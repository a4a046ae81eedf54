"""Whatever goes wrong -> one shape, `application/problem+json` (RFC 9457), made in this file alone.

    Problem                     type, title, status, detail, instance, errors
    |- BadBody             400  not UTF-8, not JSON
    |- Unauthorised        401  no key, unknown key, session over
    |- Forbidden           403  a key or session that may not do this
    |- NotFound            404  no such route, conversation, contact
    |- MethodNotAllowed    405
    |- Conflict            409  the same turn_id with a different body
    |- Taken               409  a conversation that somebody else has, or nobody
    |- AlertConflict       409  an alert that has ended, or cannot be treated so
    |- BodyTooLarge        413
    |- NotJson             415  another Content-Type than JSON
    |- Invalid             422  a field's value; `errors` names each field
    |- Broken              500  our fault; `instance` is in the log, nothing else is said
    |- Busy                503  too much to do, or shutting down; Retry-After says when
    `- NotReady            503  of /readyz, and of scoring by a model that is not right here; `errors` names the part

No message ever quotes a value that was sent: it may be a customer's words. A conversation's owner is named.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import ClassVar, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from ..risk.alert_actions import AlertRefused
from ..risk.handoff import Handoff, HandoffRefused
from ..scoring.batching import Overloaded
from ..store import BadCursor, StoreUnavailable, TurnConflict
from ..telemetry import log_failure

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:evenkeel:problem:"
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that was refused, by its path in the body or its name in the address."""

    field: str
    message: str


class Problem(HTTPException):
    """Base of everything that a caller is told; subclasses fix the status."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    slug: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "Bad request"

    def __init__(
        self, detail: str, *, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(self.status, detail, headers)
        self.errors = tuple(errors)


class BadBody(Problem):
    """The body cannot be read as JSON."""

    slug, title = "bad-body", "Unreadable body"


class Unauthorised(Problem):
    """Nobody that we know asks."""

    status, slug, title = HTTPStatus.UNAUTHORIZED, "unauthorised", "Not signed in"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer realm="evenkeel"'})


class Forbidden(Problem):
    """Somebody that we know asks for what they may not do."""

    status, slug, title = HTTPStatus.FORBIDDEN, "forbidden", "Not allowed"


class NotFound(Problem):
    """There is no such thing."""

    status, slug, title = HTTPStatus.NOT_FOUND, "not-found", "Not found"


class MethodNotAllowed(Problem):
    """The route exists, the method does not."""

    status, slug, title = HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed", "Method not allowed"


class Conflict(Problem):
    """The turn id was answered before, with another body."""

    status, slug, title = HTTPStatus.CONFLICT, "turn-conflict", "Turn answered before"


class Taken(Problem):
    """The conversation is not this person's to act on."""

    status, slug, title = HTTPStatus.CONFLICT, "handoff-conflict", "Not yours to act on"


class AlertConflict(Problem):
    """This cannot be done to the alert as it stands."""

    status, slug, title = HTTPStatus.CONFLICT, "alert-conflict", "Not possible with this alert"


class BodyTooLarge(Problem):
    """The body is longer than the service reads."""

    status, slug, title = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large", "Body too large"


class NotJson(Problem):
    """The body came under another media type."""

    status, slug, title = HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-json", "Not sent as JSON"


class Invalid(Problem):
    """Fields hold what they must not."""

    status, slug, title = HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "Invalid fields"


class Broken(Problem):
    """Our fault."""

    status, slug, title = HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "Internal error"


class Busy(Problem):
    """Too much to do right now."""

    status, slug, title = HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "Temporarily unavailable"

    def __init__(self, detail: str, *, retry_after_s: int) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_s)})


class NotReady(Problem):
    """A part of the service does not work."""

    status, slug, title = HTTPStatus.SERVICE_UNAVAILABLE, "not-ready", "Not ready"


PROBLEMS: Final[tuple[type[Problem], ...]] = tuple(Problem.__subclasses__())


def install(app: FastAPI) -> None:
    """Answer every exception of the application in the one shape."""
    app.add_exception_handler(HTTPException, _answer)
    app.add_exception_handler(RequestValidationError, _answer)
    for domain_error in (Overloaded, StoreUnavailable, TurnConflict, BadCursor, HandoffRefused, AlertRefused):
        app.add_exception_handler(domain_error, _answer)


async def _answer(request: Request, failure: Exception) -> JSONResponse:
    if isinstance(failure, StoreUnavailable):
        log_failure("store.unavailable", failure, request_id=str(request.scope.get("request_id", "")))
    return respond(as_problem(failure), request_id=str(request.scope.get("request_id", "")))


def as_problem(failure: Exception) -> Problem:
    """Translate: the one place where an exception becomes a status."""
    if isinstance(failure, Problem):
        return failure
    if isinstance(failure, RequestValidationError):
        return _from_validation(failure)
    if isinstance(failure, Overloaded):
        return Busy(str(failure), retry_after_s=failure.retry_after_s)
    if isinstance(failure, StoreUnavailable):
        return Busy("The database does not answer. Try again: the same turn_id counts once.", retry_after_s=5)
    if isinstance(failure, TurnConflict):
        error = FieldError("turn_id", "was answered before, with another role or text")
        return Conflict("This turn_id belongs to another turn of the conversation.", errors=[error])
    if isinstance(failure, HandoffRefused):
        return _from_handoff(failure.standing)
    if isinstance(failure, AlertRefused):
        return AlertConflict(str(failure))
    if isinstance(failure, BadCursor):
        return Invalid("cursor is not one of ours", errors=[FieldError("cursor", "is not one of ours")])
    if isinstance(failure, HTTPException):
        return _from_http(failure)
    return Broken(
        "The service failed. Its log names the place under the id in `instance`, and repeats nothing that was sent."
    )


def respond(problem: Problem, *, request_id: str) -> JSONResponse:
    """Write the problem down as RFC 9457 asks."""
    content: dict[str, object] = {
        "type": TYPE_PREFIX + problem.slug,
        "title": problem.title,
        "status": problem.status_code,
        "detail": problem.detail,
        "instance": f"urn:uuid:{request_id}",
        "errors": [{"field": error.field, "message": error.message} for error in problem.errors],
    }
    return JSONResponse(content, problem.status_code, headers=problem.headers, media_type=MEDIA_TYPE)


def _from_handoff(standing: Handoff) -> Problem:
    """Name who has the conversation, and until when."""
    if standing.owner is None:
        error = FieldError("action", f"needs an owner, and the conversation is {standing.status}")
        return Taken("Nobody has taken this conversation over, so there is nothing to return.", errors=[error])
    until = "" if standing.deadline is None else f" until {_utc(standing.deadline)}"
    error = FieldError("by", f"must be the owner, {standing.owner}{until}")
    return Taken(f"The conversation is {standing.status} by {standing.owner}{until}.", errors=[error])


def _utc(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _from_http(failure: HTTPException) -> Problem:
    """Problems that the framework found: no route, wrong method, unreadable body."""
    if failure.status_code == HTTPStatus.BAD_REQUEST:
        error = FieldError("body", "must be JSON in UTF-8")
        return BadBody("The body cannot be read as JSON in UTF-8.", errors=[error])
    if failure.status_code == HTTPStatus.NOT_FOUND:
        return NotFound("There is nothing at this address.")
    if failure.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return MethodNotAllowed("This address has other methods.", headers=failure.headers)
    return Broken("The service could not answer this request.")


def _from_validation(failure: RequestValidationError) -> Problem:
    if isinstance(failure.body, bytes):
        # The framework parses what is announced as JSON, and leaves everything else as bytes.
        error = FieldError("body", "must be announced by `Content-Type: application/json`")
        return NotJson("Send JSON, with `Content-Type: application/json`.", errors=[error])
    found = failure.errors()
    if any(error["type"] == "json_invalid" for error in found):
        where = found[0]["loc"][-1]
        message = f"is not JSON from character {where} on" if isinstance(where, int) else "is not JSON"
        return BadBody("The body is not JSON.", errors=[FieldError("body", message)])
    errors = [FieldError(_path(error["loc"], error["type"]), _message(error["type"], error["msg"])) for error in found]
    return Invalid("; ".join(f"{error.field} {error.message}" for error in errors[:3]), errors=errors)


def _path(loc: Sequence[str | int], kind: str) -> str:
    """Write `("body", "turns", 3, "text")` as `turns[3].text`."""
    parts = list(loc[1:])
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        elif kind == "extra_forbidden" and part == parts[-1] and not _PLAIN_NAME.fullmatch(part):
            # A key that is no plain name may be anything, even a sentence: it is not repeated.
            path += f"{'.' if path else ''}(unknown)"
        else:
            path += f"{'.' if path else ''}{part}"
    return path or "body"


_OWN_WORDS: Final = {
    "missing": "is required",
    "extra_forbidden": "is not a field of this call",
    "string_unicode": "must be valid Unicode; it holds a lone surrogate",
}


def _message(kind: str, words: str) -> str:
    """Say what is wrong without the value; pydantic's messages name only what was expected."""
    if kind in _OWN_WORDS:
        return _OWN_WORDS[kind]
    words = words.removeprefix("Value error, ")
    return words[:1].lower() + words[1:].replace("Input should", "should") if words else "is not valid"
