"""The OpenAPI document: what the framework cannot say itself, and what every generated client wants to read.

Errors are written in other shapes than answers (`shapes.py`); every operation gets a title from its id, and every
field and parameter without words of its own those of `glossary.yaml`. Laws: tests/api/test_openapi.py.
"""

import re
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any, Final

import yaml
from fastapi import FastAPI
from pydantic import BaseModel

from .errors import Broken, Problem
from .shapes import PROBLEM, ErrorShape, shape_of
from .wire_moderations import OpenAIErrorOut
from .wire_perspective import GoogleErrorOut

_REFERENCE = "#/components/schemas/{model}"
_METHODS: Final = frozenset({"get", "put", "post", "delete", "patch"})
TAGS: Final = {
    "score": "Texts without a conversation.",
    "conversations": "Turns in, recommendations out; the board's list.",
    "handoffs": "Who has a conversation, and what to know when taking it over.",
    "labels": "What people say of the model's answers.",
    "alerts": "What asks for somebody.",
    "reports": "How conversations went, by period.",
    "resolutions": "What solved earlier conversations.",
    "policy": "The rules in force, and changes to try.",
    "replays": "Other rules over conversations that are over.",
    "events": "What happens, as it happens.",
    "webhooks": "What happens, sent to other programs.",
    "connections": "Chat desks that are connected.",
    "integrations": "Where connected desks deliver; their own signature is the proof.",
    "panel": "The panel for agents inside another desk.",
    "contacts": "Erasing what is kept of a customer.",
    "people": "Who works at the board.",
    "keys": "Keys for programs.",
    "settings": "What the service runs with.",
    "audit": "Who changed what.",
    "drop-in": "The shapes of Perspective and of OpenAI's moderations, with their errors.",
    "health": "For whatever watches the service.",
}


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


def documented(*problems: type[Problem], shape: ErrorShape = PROBLEM) -> dict[int | str, dict[str, object]]:
    """Return these problems as the `responses` of a route, for /docs, in the shape in which they are answered."""
    titles: dict[int, list[str]] = {}
    for problem in problems:
        titles.setdefault(shape.status(problem.status), []).append(problem.title)
    return {
        status: {
            "description": ", or: ".join(dict.fromkeys(said)),
            "content": {shape.media_type: {"schema": {"$ref": _REFERENCE.format(model=shape.schema)}}},
        }
        for status, said in titles.items()
    }


def install(app: FastAPI) -> None:
    """Complete the application's document, when it is first asked for."""
    made_by_framework = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(made_by_framework())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    words = glossary()
    for name, schema in _with_errors(document["components"]["schemas"]).items():
        _explain(schema.get("properties", {}), name, words)
    used = set()
    for path, operation in operations(document):
        operation["summary"] = spoken(operation["operationId"])
        failed = {str(status): found for status, found in documented(Broken, shape=shape_of(path)).items()}
        operation["responses"] = dict(sorted({**failed, **dict(_answers(operation))}.items()))
        _explain({p["name"]: p for p in operation.get("parameters", [])}, operation["operationId"], words)
        used.update(operation["tags"])
    document["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    document["servers"] = [{"url": "/", "description": "This service."}]
    document["tags"] = [{"name": tag, "description": TAGS[tag]} for tag in TAGS if tag in used]
    return document


def _with_errors(schemas: dict[str, Any]) -> dict[str, Any]:
    for model in (ProblemOut, GoogleErrorOut, OpenAIErrorOut):
        schema = model.model_json_schema(ref_template=_REFERENCE)
        schemas.update(schema.pop("$defs"), **{model.__name__: schema})
    for of_framework in ("HTTPValidationError", "ValidationError"):
        schemas.pop(of_framework, None)
    return schemas


def _answers(operation: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for status, response in operation["responses"].items():
        for content in response.get("content", {}).values():
            # A word of OpenAPI 3.2; in this document's version it is a mistake.
            content.pop("itemSchema", None)
        # Where a drop-in shape says 400, the framework adds a 422 of its own.
        if "HTTPValidationError" not in str(response):
            yield status, response


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every operation of a document, with its address."""
    for path, methods in document["paths"].items():
        yield from ((path, operation) for method, operation in methods.items() if method in _METHODS)


def spoken(operation_id: str) -> str:
    """Write `makeSignInLink` as `Make sign in link`."""
    words = re.sub(r"(?<=[a-z])([A-Z])", lambda found: f" {found[1]}", operation_id).split()
    return " ".join([words[0].capitalize(), *(word if word == "I" else word.lower() for word in words[1:])])


def glossary() -> dict[str, str]:
    """Read what the words of the API mean."""
    text = resources.files("service.api").joinpath("glossary.yaml").read_text(encoding="utf-8")
    return {str(name): str(meaning) for name, meaning in yaml.safe_load(text).items()}


def _explain(found: Mapping[str, dict[str, Any]], owner: str, words: Mapping[str, str]) -> None:
    for name, described in found.items():
        if "description" not in described:
            meaning = words.get(f"{owner}.{name}", words.get(name))
            if meaning is not None:
                described["description"] = meaning
