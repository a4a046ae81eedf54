"""The OpenAPI document, with the one thing that the framework cannot say: errors are `application/problem+json`."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from .errors import MEDIA_TYPE, Problem

_REFERENCE = "#/components/schemas/{model}"


class FieldErrorOut(BaseModel):
    """One refused field."""

    field: str
    message: str


class ProblemOut(BaseModel):
    """Every error has this shape (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldErrorOut]


def documented(*problems: type[Problem]) -> dict[int | str, dict[str, object]]:
    """Return these problems as the `responses` of a route, for /docs."""
    return {
        int(problem.status): {
            "description": problem.title,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
        }
        for problem in problems
    }


def install(app: FastAPI) -> None:
    """Add the problem's schema, which `documented` refers to, to the application's document."""
    made_by_framework = app.openapi

    def openapi() -> dict[str, Any]:
        document = made_by_framework()
        problem = ProblemOut.model_json_schema(ref_template=_REFERENCE)
        document["components"]["schemas"].update(problem.pop("$defs"), ProblemOut=problem)
        return document

    app.openapi = openapi  # type: ignore[method-assign]
