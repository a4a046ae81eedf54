"""Values out of JSON that somebody else made: of the wanted kind, or None; never raises."""

import math
import re
from datetime import UTC, datetime
from html import unescape
from typing import Final

from .seam import Json

MAX_EPOCH_S: Final = 1e11
"""Greater numbers are milliseconds: in seconds, this is the year 5138."""
_BLOCKS: Final = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote"})
_HIDDEN: Final = frozenset({"script", "style", "head", "title"})
_TAG: Final = re.compile(r"<(?P<closing>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)[^<>]*>|<![^<>]*>")
_RUBY: Final = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) UTC")


def part(value: object, *path: str | int) -> object:
    """Follow keys and positions; None where one is missing."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and -len(value) <= step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def record(value: object, *path: str | int) -> Json:
    """Return an object, {} where there is none."""
    found = part(value, *path)
    return found if isinstance(found, dict) else {}


def records(value: object, *path: str | int) -> list[Json]:
    """Return the objects of a list, [] where there is none."""
    found = part(value, *path)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def words(value: object, *path: str | int) -> str | None:
    """Return a text that is not blank."""
    found = part(value, *path)
    return found if isinstance(found, str) and found.strip() else None


def ident(value: object, *path: str | int) -> str | None:
    """Return an id: a text, or a whole number as text."""
    found = part(value, *path)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found.strip() if isinstance(found, str) and found.strip() else None


def moment(value: object, *path: str | int) -> float | None:
    """Return a time in seconds since the epoch: of seconds, milliseconds, ISO 8601, or `2026-11-01 10:00:00 UTC`."""
    found = part(value, *path)
    if isinstance(found, bool):
        return None
    if isinstance(found, int | float):
        return _epoch(float(found)) if abs(found) < 1e18 else None
    if not isinstance(found, str):
        return None
    try:
        return _epoch(float(found)) if re.fullmatch(r"\d{9,14}(\.\d+)?", found) else _written(found)
    except (ValueError, OverflowError):
        return None


def _written(text: str) -> float:
    read = datetime.fromisoformat(_RUBY.sub(r"\1T\2+00:00", text.strip()))
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def _epoch(number: float) -> float | None:
    if not math.isfinite(number) or number <= 0:
        return None
    return number / 1000 if number > MAX_EPOCH_S else number


def text_of_html(html: str) -> str:
    """Return what a reader sees, a line for each block. In linear time, which no parser of broken HTML promises."""
    pieces: list[str] = []
    hidden, end = "", 0
    for tag in _TAG.finditer(html):
        if not hidden:
            pieces.append(html[end : tag.start()])
        name, end = (tag["name"] or "").lower(), tag.end()
        if hidden:
            hidden = "" if tag["closing"] and name == hidden else hidden
        elif name in _HIDDEN and not tag["closing"]:
            hidden = name
        if name in _BLOCKS:
            pieces.append("\n")
    pieces.append("" if hidden else html[end:])
    lines = (" ".join(line.split()) for line in unescape("".join(pieces)).split("\n"))
    return "\n".join(line for line in lines if line)
