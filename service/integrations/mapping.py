"""A mapping in YAML -> which value of a foreign JSON is what: checked strictly at load, with key and line in every error.

Values are found by JMESPath (https://jmespath.org): paths, filters and a fixed set of functions, no regular expressions and
no code. Example: the README, "Any other desk".
"""

from dataclasses import dataclass
from typing import Final, Literal

import jmespath
from jmespath.exceptions import JMESPathError, UnknownFunctionError
from jmespath.parser import ParsedResult

from ..flow import Role
from ..risk.loader import Field, PolicyError, open_yaml

ROLES: Final[tuple[Role, ...]] = ("customer", "agent", "bot")
MAX_EXPRESSION_CHARS: Final = 300
MAX_MAPPING_BYTES: Final = 16 * 1024
MAX_ROLES: Final = 50
_REQUIRED: Final = ("conversation", "message", "text", "role")
_OPTIONAL: Final = ("messages", "sent_at", "contact", "queue", "channel", "ignore_when", "closed_when", "html")


class Expression:
    """A path into JSON."""

    __slots__ = ("_compiled",)

    def __init__(self, compiled: ParsedResult) -> None:
        self._compiled = compiled

    def find(self, value: object) -> object:
        """Return what stands there; None for nothing, and where the JSON does not fit the expression."""
        try:
            return self._compiled.search(value)
        except (JMESPathError, TypeError, ValueError, ArithmeticError, RecursionError):
            return None

    def holds(self, value: object) -> bool:
        """Tell whether a condition is met: true, or anything that is not empty."""
        found = self.find(value)
        return found is not None and found not in (False, "", [], {})


@dataclass(frozen=True, slots=True)
class Roles:
    """Who wrote: a value, and what each means; others are ignored unless `otherwise` says who they are."""

    found_at: Expression
    values: dict[str, Role]
    otherwise: Role | None


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a mapping file says. `conversation` and the rest are looked for in each of `messages`."""

    messages: Expression | None
    conversation: Expression
    message: Expression
    text: Expression
    role: Roles
    sent_at: Expression | None
    contact: Expression | None
    queue: Expression | None
    channel: Expression | None
    ignore_when: Expression | None
    closed_when: Expression | None
    html: bool


def parse_mapping(text: str) -> Mapping:
    """Read a mapping. Raises PolicyError, which names line and key."""
    content = text.encode("utf-8", "surrogatepass")
    if len(content) > MAX_MAPPING_BYTES:
        raise PolicyError("mapping", 1, "(file)", f"{len(content)} bytes", f"at most {MAX_MAPPING_BYTES}")
    entries = open_yaml("mapping", content).mapping(required=_REQUIRED, optional=_OPTIONAL)

    def optional(name: str) -> Expression | None:
        return _expression(entries[name]) if name in entries else None

    return Mapping(
        messages=optional("messages"),
        conversation=_expression(entries["conversation"]),
        message=_expression(entries["message"]),
        text=_expression(entries["text"]),
        role=_roles(entries["role"]),
        sent_at=optional("sent_at"),
        contact=optional("contact"),
        queue=optional("queue"),
        channel=optional("channel"),
        ignore_when=optional("ignore_when"),
        closed_when=optional("closed_when"),
        html=entries["html"].boolean() if "html" in entries else False,
    )


def _expression(field: Field) -> Expression:
    text = field.text(MAX_EXPRESSION_CHARS)
    try:
        compiled = jmespath.compile(text)
    except (JMESPathError, RecursionError):
        field.fail("a JMESPath expression such as ticket.id or events[0].body")
    try:
        compiled.search({})  # a function that does not exist is found out only when it is called
    except UnknownFunctionError:
        field.fail("functions that JMESPath has", found="another one")
    except JMESPathError:
        pass  # an empty object is not what it is for
    return Expression(compiled)


def _roles(field: Field) -> Roles:
    entries = field.mapping(required=("from", "values"), optional=("otherwise",))
    values = {name: value.one_of(ROLES) for name, value in entries["values"].entries()}
    if not values or len(values) > MAX_ROLES:
        entries["values"].fail(f"1 to {MAX_ROLES} values, each customer, agent or bot")
    choices: tuple[Role | Literal["ignore"], ...] = (*ROLES, "ignore")
    otherwise = entries["otherwise"].one_of(choices) if "otherwise" in entries else "ignore"
    return Roles(_expression(entries["from"]), values, None if otherwise == "ignore" else otherwise)
