"""ConversationState <-> the JSON object that the store keeps beside a conversation.

Exact both ways: `state_from_json(state_to_json(s)) == s`. Strict when reading, because a state that
is silently half-read would answer differently from its replay.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, fields
from typing import Final, Literal, Union, cast, get_args, get_origin, get_type_hints

from ..flow import ConversationState

_TYPES: Final = get_type_hints(ConversationState)
_REQUIRED: Final = frozenset(f.name for f in fields(ConversationState) if f.default is f.default_factory is MISSING)


def state_to_json(state: ConversationState) -> dict[str, object]:
    """Return the state as a JSON object (mappings to dicts, tuples to lists)."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(state).items()}


def state_from_json(document: Mapping[str, object]) -> ConversationState:
    """Return the state that `state_to_json` wrote.

    A field that is absent has its default, so that states written before a field existed stay
    readable. Raises ValueError naming the field for an unknown field, a missing required one, or
    a value of the wrong type.
    """
    unknown = sorted(set(document) - set(_TYPES))
    if unknown:
        raise ValueError(f"conversation state: unknown field {unknown[0]!r}; known are {', '.join(_TYPES)}")
    missing = sorted(_REQUIRED - set(document))
    if missing:
        raise ValueError(f"conversation state: field {missing[0]!r} is missing")
    values = {name: _read(name, value, _TYPES[name]) for name, value in document.items()}
    return cast(Callable[..., ConversationState], ConversationState)(**values)


def _read(name: str, value: object, expected: object) -> object:
    """Check `value` against the annotation of its field; lists become tuples."""
    origin, arguments = get_origin(expected), get_args(expected)
    if origin in (types.UnionType, Union):
        inner = next(a for a in arguments if a is not types.NoneType)
        return None if value is None else _read(name, value, inner)
    if origin is Literal:
        return value if value in arguments else _wrong(name, f"one of {', '.join(arguments)}")
    if origin is tuple:
        items = value if isinstance(value, list | tuple) else _wrong(name, "a list")
        return tuple(_read(name, item, arguments[0]) for item in cast(list[object], items))
    if origin is Mapping:
        entries = value if isinstance(value, Mapping) else _wrong(name, "an object")
        return {
            _read(name, k, arguments[0]): _read(name, v, arguments[1])
            for k, v in cast(dict[str, object], entries).items()
        }
    return _scalar(name, value, expected)


def _scalar(name: str, value: object, expected: object) -> object:
    if expected is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    # bool is an int to isinstance, but a count of True is a mistake.
    if type(value) is expected:
        return value
    return _wrong(name, f"a {getattr(expected, '__name__', expected)}")


def _wrong(name: str, expected: str) -> object:
    raise ValueError(f"conversation state: field {name!r} must be {expected}")
