"""Exceptions, whoever raised them -> problems of `errors.py` -> answers. The one place where an exception becomes a status."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import Scope

from ..integrations.refusal import Refusal
from ..risk.alert_actions import AlertRefused
from ..risk.handoff import Handoff, HandoffRefused
from ..scoring.batching import Overloaded
from ..store import BadCursor, PersonRefused, StoreUnavailable, TurnConflict, WebhookRefused
from ..telemetry import log_failure
from .errors import (
    AlertConflict,
    BadBody,
    Broken,
    Busy,
    Conflict,
    FieldError,
    Invalid,
    MethodNotAllowed,
    NotFound,
    NotJson,
    PersonConflict,
    Problem,
    Refused,
    Taken,
    WebhookConflict,
)
from .shapes import shape_of

_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,31}")


def install(app: FastAPI) -> None:
    """Answer every exception of the application in the one shape."""
    app.add_exception_handler(HTTPException, _answer)
    app.add_exception_handler(RequestValidationError, _answer)
    for domain_error in (
        Overloaded,
        StoreUnavailable,
        TurnConflict,
        BadCursor,
        HandoffRefused,
        AlertRefused,
        PersonRefused,
        WebhookRefused,
        Refusal,
    ):
        app.add_exception_handler(domain_error, _answer)


async def _answer(request: Request, failure: Exception) -> JSONResponse:
    if isinstance(failure, StoreUnavailable):
        log_failure("store.unavailable", failure, request_id=str(request.scope.get("request_id", "")))
    return respond(as_problem(failure), request.scope)


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
    if isinstance(failure, PersonRefused):
        return PersonConflict(f"{failure}.", errors=[FieldError(failure.field, failure.why)])
    if isinstance(failure, WebhookRefused):
        return WebhookConflict(f"{failure}.", errors=[FieldError(failure.field, failure.why)])
    if isinstance(failure, Refusal):
        return Refused(str(failure), field=failure.field, details=failure.details)
    if isinstance(failure, BadCursor):
        return Invalid("cursor is not one of ours", errors=[FieldError("cursor", "is not one of ours")])
    if isinstance(failure, HTTPException):
        return _from_http(failure)
    return Broken(
        "The service failed. Its log names the place under the id in `instance`, and repeats nothing that was sent."
    )


def respond(problem: Problem, scope: Scope) -> JSONResponse:
    """Answer with the problem, in the shape that the address's clients read."""
    shape = shape_of(scope["path"])
    status = shape.status(problem.status_code)
    content = shape.write(problem, status, str(scope.get("request_id", "")))
    return JSONResponse(content, status, headers=problem.headers, media_type=shape.media_type)


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
    errors = [FieldError(_path(error["loc"]), _message(error["type"], error["msg"])) for error in found]
    return Invalid("; ".join(f"{error.field} {error.message}" for error in errors[:3]), errors=errors)


def _path(loc: Sequence[str | int]) -> str:
    """Write `("body", "turns", 3, "text")` as `turns[3].text`."""
    path = ""
    for part in loc[1:]:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            # A key that is no plain name may be anything, even a sentence: it is not repeated.
            path += f"{'.' if path else ''}{part if _PLAIN_NAME.fullmatch(part) else '(unknown)'}"
    return path or "body"


_OWN_WORDS: Final = {
    "missing": "is required",
    "extra_forbidden": "is not a field of this call",
    "union_tag_invalid": "is of an unknown kind",  # pydantic's own words quote what was sent
    "string_unicode": "must be valid Unicode; it holds a lone surrogate",
}


def _message(kind: str, words: str) -> str:
    """Say what is wrong without the value; pydantic's messages name only what was expected."""
    if kind in _OWN_WORDS:
        return _OWN_WORDS[kind]
    words = words.removeprefix("Value error, ")
    return words[:1].lower() + words[1:].replace("Input should", "should") if words else "is not valid"
