"""A page's last row <-> the cursor that asks for the next page: (number, number, id), as text for an address."""

import base64
import binascii
import json
import math

from .errors import BadCursor


def make_cursor(first: float, second: float, row_id: str) -> str:
    """Return the cursor of a row by the three values that its list is ordered by."""
    # repr of a float, which JSON uses, reads back as the same float.
    return base64.urlsafe_b64encode(json.dumps([float(first), float(second), row_id]).encode()).decode()


def read_cursor(cursor: str) -> tuple[float, float, str]:
    """Undo `make_cursor`. Raises `BadCursor`."""
    try:
        first, second, row_id = json.loads(base64.b64decode(cursor.encode(), altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error):
        raise BadCursor("cursor: not one that this service made") from None
    numbers = all(isinstance(number, float) and math.isfinite(number) for number in (first, second))
    # Ids are printable; no database compares a NUL or a lone surrogate.
    if not numbers or not isinstance(row_id, str) or not row_id.isprintable():
        raise BadCursor("cursor: not one that this service made")
    return first, second, row_id
