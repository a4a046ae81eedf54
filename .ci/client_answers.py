"""The OpenAPI document -> `service/client/answers.py`: what the Python client's calls return, as TypedDicts.

Used by `write_docs.py`, so a test fails when the file and the API differ.
"""

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from service.api.app import create_app  # noqa: E402
from service.settings import load_settings  # noqa: E402

FILE: Final = ROOT / "service" / "client" / "answers.py"
CALLS: Final = ROOT / "service" / "client" / "calls.py"
WIDTH: Final = 120
_HEAD: Final = '''"""The service's answers as types. Written from the OpenAPI document by `make docs`; do not edit."""

from typing import Literal, TypedDict

# fmt: off
'''
_SIMPLE: Final = {"string": "str", "number": "float", "integer": "int", "boolean": "bool", "null": "None"}


def client_answers() -> str:
    """Return the whole file: every type that a call returns, each after the types that it is made of."""
    schemas: dict[str, Any] = create_app(load_settings({}, {})).openapi()["components"]["schemas"]
    wanted = re.findall(r"Call\[answers\.(\w+)\]", CALLS.read_text(encoding="utf-8"))
    ordered: dict[str, None] = {}
    for name in wanted:
        _place(schemas, f"{name}Out", ordered)
    return _HEAD + "".join(f"\n\n{_typed_dict(name, schemas[name])}" for name in ordered)


def _place(schemas: dict[str, Any], name: str, ordered: dict[str, None]) -> None:
    """Put a schema behind those that it refers to, each once."""
    if name not in ordered:
        for inner in _references(schemas[name]):
            _place(schemas, inner, ordered)
        ordered[name] = None


def _references(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        for part in schema.values():
            yield from _references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _references(part)


def _short(name: str) -> str:
    return name.removesuffix("Out")


def _typed_dict(name: str, schema: dict[str, Any]) -> str:
    lines = [f"class {_short(name)}(TypedDict):"]
    if text := schema.get("description"):
        lines += _docstring(text)
        lines.append("")
    for field, of in schema["properties"].items():
        # What has a default is always there too: defaults are for answers that were stored by older releases.
        lines.append(f"    {field}: {_type(of)}")
        if text := of.get("description"):
            lines += _docstring(text)
    return "\n".join(lines) + "\n"


def _docstring(text: str) -> list[str]:
    text = " ".join(text.split())
    if len(text) + 10 <= WIDTH:
        return [f'    """{text}"""']
    indented = textwrap.wrap(text, WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 4)
    return ['    """', *indented, '    """']


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _short(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(part) for part in schema["anyOf"]))
    if "const" in schema:
        return f"Literal[{_quoted(schema['const'])}]"
    if "enum" in schema:
        return f"Literal[{', '.join(map(_quoted, schema['enum']))}]"
    if schema.get("type") == "array":
        return f"list[{_type(schema['items'])}]"
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        return f"dict[str, {_type(inner) if isinstance(inner, dict) else 'Any'}]"
    return _SIMPLE[schema["type"]] if "type" in schema else "Any"


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)
