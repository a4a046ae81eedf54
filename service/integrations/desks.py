"""Every desk by its kind, and the check of a connection's secrets and options against what the desk asks for."""

import json
import secrets as randomness
from collections.abc import Mapping
from typing import Final

from ..outgoing import RefusedWhy, Target, read_target
from ..risk.loader import PolicyError
from .chatwoot import CHATWOOT
from .generic import GENERIC
from .intercom import INTERCOM
from .liveagent import LIVEAGENT
from .mapping import parse_mapping
from .rocketchat import ROCKETCHAT
from .seam import Desk, Field, Input, Json
from .zendesk import ZENDESK

DESKS: Final[Mapping[str, Desk]] = {
    desk.kind: desk for desk in (CHATWOOT, ZENDESK, INTERCOM, ROCKETCHAT, LIVEAGENT, GENERIC)
}
MAX_SECRET_CHARS: Final = 500
MIN_SECRET_CHARS: Final = 8
MAX_INTEGER: Final = 2**53
_MAX_CHARS: Final = 300
_WHY_NOT: Final[Mapping[RefusedWhy, str]] = {
    "url": "must be an address such as https://desk.example",
    "scheme": "must begin with https:// (OUTGOING_PRIVATE allows http at private addresses)",
    "credentials": "must not hold a user or a password",
    "address": "is an address that may not be called (OUTGOING_PRIVATE allows private ones)",
}


class OptionRefused(ValueError):
    """A secret or an option of a connection is not what its desk asks for; the message holds no secret."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field} {why}")
        self.field, self.why = field, why


def checked_secrets(desk: Desk, given: Mapping[str, str | None], kept: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets after a change: null takes one away; a missing one that we may make is made. Raises `OptionRefused`."""
    _refuse_unknown("secrets", desk.secrets, given)
    values = {**kept, **{name: value for name, value in given.items() if value is not None}}
    for name, value in given.items():
        if value is None:
            values.pop(name, None)
        elif not MIN_SECRET_CHARS <= len(value) <= MAX_SECRET_CHARS or not all("!" <= c <= "~" for c in value):
            raise OptionRefused(f"secrets.{name}", f"must be {MIN_SECRET_CHARS} or more visible ASCII characters")
    for field in desk.secrets:
        if field.required and field.name not in values:
            if not field.generated:
                raise OptionRefused(f"secrets.{field.name}", "is required")
            values[field.name] = randomness.token_hex(32)
    return values


def checked_options(
    desk: Desk, given: Mapping[str, str | int | None], *, allow_private: bool = False
) -> dict[str, str | int]:
    """Return the options with defaults in the place of what is missing. Raises `OptionRefused`."""
    _refuse_unknown("options", desk.options, given)
    values: dict[str, str | int] = {}
    for field in desk.options:
        value = given.get(field.name)
        if value is None or value == "":
            if field.required:
                raise OptionRefused(f"options.{field.name}", "is required")
            if field.default is not None:
                values[field.name] = field.default
            continue
        values[field.name] = _checked(field, value, allow_private)
    return values


def read_payload(desk: Desk, body: bytes, options: Mapping[str, str | int]) -> tuple[Input, ...] | None:
    """Read a verified body; None when it is no JSON object."""
    try:
        payload: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return desk.read(_object(payload), options) if isinstance(payload, dict) else None


def _object(payload: dict[str, object]) -> Json:
    return payload


def _refuse_unknown(where: str, known: tuple[Field, ...], given: Mapping[str, object]) -> None:
    names = [field.name for field in known]
    for name in given:
        if name not in names:
            raise OptionRefused(where, f"may hold {', '.join(names)}" if names else "has no fields for this desk")


def _checked(field: Field, value: str | int, allow_private: bool) -> str | int:
    name = f"options.{field.name}"
    match field.kind:
        case "integer":
            if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MAX_INTEGER:
                raise OptionRefused(name, "must be a whole number greater than 0")
        case "choice":
            if value not in field.choices:
                raise OptionRefused(name, f"must be one of {', '.join(field.choices)}")
        case "url":
            return _address(name, value, allow_private)
        case "long":
            _check_mapping(name, value)
        case _:
            if not isinstance(value, str) or len(value) > _MAX_CHARS or not value.isprintable():
                raise OptionRefused(name, f"must be a text of at most {_MAX_CHARS} characters")
    return value


def _address(name: str, value: str | int, allow_private: bool) -> str:
    target = read_target(str(value), allow_private=allow_private)
    if not isinstance(target, Target) or target.url.query:
        raise OptionRefused(name, _WHY_NOT.get("url" if isinstance(target, Target) else target, _WHY_NOT["url"]))
    return str(value).rstrip("/")


def _check_mapping(name: str, value: str | int) -> None:
    if not isinstance(value, str):
        raise OptionRefused(name, "must be a text in YAML")
    try:
        parse_mapping(value)
    except PolicyError as error:
        raise OptionRefused(name, f"line {error.line}, {error.field}: expected {error.expected}") from None
