"""How an error is written: our own problem, or what the clients of a drop-in route expect. The address decides.

    everything else                       application/problem+json (RFC 9457)
    /v1alpha1/...  /$discovery/...        google.rpc.Status, as Google's clients read it
    /v1/moderations                       {"error": {...}}, as OpenAI's clients read it

`failures.py` asks `shape_of`, routes say in `documented(..., shape=...)` what /docs shall show.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from .errors import MEDIA_TYPE, TYPE_PREFIX, Problem, Refused

JSON: Final = "application/json"
_GOOGLE_CODES: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}
_OPENAI_CODES: Final = {401: "invalid_api_key", 403: "insufficient_permissions", 404: "not_found"}
_WHICH_INPUT: Final = re.compile(r"^input\.\w+(\[\d+\])?.*")
"""Which of the ways to send texts was tried is no part of the caller's body."""
_ONE_STATUS: Final = {413: 400, 415: 400, 422: 400}
"""What these APIs answer to a request that cannot be understood, whatever is wrong with it."""


@dataclass(frozen=True, slots=True)
class ErrorShape:
    """A way to write errors down."""

    media_type: str
    schema: str
    """Its name among the schemas of the OpenAPI document."""
    write: Callable[[Problem, int, str], dict[str, object]]
    statuses: Mapping[int, int]
    """Statuses that it has not, and what it says in their place."""

    def status(self, status: int) -> int:
        """Return the status under which this shape answers."""
        return self.statuses.get(status, status)


def problem_to_json(problem: Problem, *, request_id: str) -> dict[str, object]:
    """Write the problem down as RFC 9457 asks."""
    return {
        "type": TYPE_PREFIX + problem.slug,
        "title": problem.title,
        "status": problem.status_code,
        "detail": problem.detail,
        "instance": f"urn:uuid:{request_id}",
        "errors": [{"field": error.field, "message": error.message} for error in problem.errors],
    }


def _google(problem: Problem, status: int, request_id: str) -> dict[str, object]:
    found: dict[str, object] = {
        "code": status,
        "message": problem.detail,
        "status": _GOOGLE_CODES.get(status, "INTERNAL"),
    }
    details = _google_details(problem, status)
    return {"error": {**found, "details": details} if details else found}


def _google_details(problem: Problem, status: int) -> list[Mapping[str, object]]:
    if isinstance(problem, Refused):
        return [problem.details]
    if status != 400:
        return []
    violations = [{"field": error.field, "description": error.message} for error in problem.errors]
    return [
        {
            "@type": "type.googleapis.com/google.commentanalyzer.v1alpha1.Error",
            "errorType": "INVALID_REQUEST",
        },
        {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations},
    ]


def _openai(problem: Problem, status: int, request_id: str) -> dict[str, object]:
    found: dict[str, object] = {"message": problem.detail, "param": None, "code": _OPENAI_CODES.get(status)}
    if isinstance(problem, Refused):
        found |= problem.details
    elif problem.errors:
        param = _WHICH_INPUT.sub(r"input\1", problem.errors[0].field)
        found |= {"message": f"{param} {problem.errors[0].message}", "param": param}
    return {"error": {**found, "type": "server_error" if status >= 500 else "invalid_request_error"}}


PROBLEM: Final = ErrorShape(
    MEDIA_TYPE, "ProblemOut", lambda problem, _, request_id: problem_to_json(problem, request_id=request_id), {}
)
GOOGLE: Final = ErrorShape(JSON, "GoogleErrorOut", _google, _ONE_STATUS)
OPENAI: Final = ErrorShape(JSON, "OpenAIErrorOut", _openai, _ONE_STATUS)

_BY_PREFIX: Final = {"/v1alpha1/": GOOGLE, "/$discovery/": GOOGLE, "/v1/moderations": OPENAI}


def shape_of(path: str) -> ErrorShape:
    """Return how errors of this address are written."""
    return next((shape for prefix, shape in _BY_PREFIX.items() if path.startswith(prefix)), PROBLEM)


def google_key(request: Request) -> str | None:
    """Return the key where Google's clients put it: in a header of their own, or in the query."""
    return request.headers.get("x-goog-api-key") or request.query_params.get("key")
