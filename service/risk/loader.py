"""YAML file -> typed values, strictly: the base of the policy's and the phrases' loaders.

Support staff edit these files, so a mistake is answered with the file, the line, the field, what was
found there and what was expected. Works on the YAML *nodes*, which know their lines; nothing in a
file can construct an object or run code.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NoReturn, TypeVar, cast

import yaml

from ..flow import Stage

LiteralT = TypeVar("LiteralT", bound=str)
STAGES: Final[tuple[Stage, ...]] = ("venting", "receptive", "connected")
"""In the order in which a conversation gets better."""

MAX_FILE_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 20
"""Lists and mappings inside each other. The parser recurses in C, where a deep file ends the process."""
_MAX_DIGITS: Final = 18
_PLAIN_KINDS: Final = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true/false",
    "null": "nothing",
}


class PolicyError(ValueError):
    """A policy or phrase file is wrong. The message says where, what was found and what was expected."""

    def __init__(self, file: str, line: int, field: str, found: str, expected: str) -> None:
        super().__init__(f"{file}, line {line}, field {field!r}: found {found}, expected {expected}")
        self.file, self.line, self.field, self.found, self.expected = file, line, field, found, expected


@dataclass(frozen=True, slots=True)
class Field:
    """A YAML node with its place: `file`, and the `path` to it such as `rules[2].when.streak_at_least`."""

    file: str
    path: str
    node: yaml.Node
    line: int
    """Counted from 1; of its key where it has one, which is where people look."""

    def fail(self, expected: str, found: str | None = None) -> NoReturn:
        """Raise the PolicyError for this field."""
        raise PolicyError(self.file, self.line, self.path or "(file)", found or self._shown(), expected)

    def mapping(self, required: Sequence[str] = (), optional: Sequence[str] = ()) -> dict[str, "Field"]:
        """Return the entries of a mapping whose keys are exactly known."""
        known = (*required, *optional)
        entries = dict(self.entries())
        for key, field in entries.items():
            if key not in known:
                field.fail(f"one of the keys {', '.join(known)}", found=f"the unknown key {key!r}")
        for key in required:
            if key not in entries:
                self._child(key, self.node, self.line).fail("a value", found="nothing: the key is missing")
        return entries

    def entries(self) -> Iterator[tuple[str, "Field"]]:
        """Yield (key, value) of a mapping, in order; a key that stands twice is an error."""
        if not isinstance(self.node, yaml.MappingNode):
            self.fail("a mapping (key: value)")
        seen: set[str] = set()
        for key_node, value_node in self.node.value:
            line = _line(key_node)
            key = Field(self.file, self.path, key_node, line).text()
            value = self._child(key, value_node, line)
            if key in seen:
                value.fail("each key once", found=f"the key {key!r} a second time")
            seen.add(key)
            yield key, value

    def items(self) -> list["Field"]:
        """Return the items of a list that is not empty."""
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            self.fail("a list with at least one item")
        return [Field(self.file, f"{self.path}[{i}]", node, _line(node)) for i, node in enumerate(self.node.value)]

    def text(self, max_chars: int = 500) -> str:
        """Return a text that is not blank."""
        value = self._scalar("str")
        if value is None or not value.strip() or len(value) > max_chars:
            self.fail(f"a text of 1 to {max_chars} characters")
        return value

    def number(self, low: float, high: float) -> float:
        """Return a number in low..high."""
        value = self._scalar("int", "float")
        try:
            number = math.nan if value is None else float(value)
        except ValueError:  # YAML's own spellings, such as 0x1f, 1:30 and .inf
            number = math.nan
        if not low <= number <= high:
            self.fail(f"a number from {low:g} to {high:g}")
        return number

    def whole(self, low: int, high: int) -> int:
        """Return a whole number in low..high."""
        value = self._scalar("int")
        if value is None or not _is_whole(value) or not low <= int(value) <= high:
            self.fail(f"a whole number from {low} to {high}")
        return int(value)

    def boolean(self) -> bool:
        """Return true or false; YAML's yes/no/on/off are refused, since people mean words by them."""
        value = self._scalar("bool")
        if value is None or value.lower() not in ("true", "false"):
            self.fail("true or false")
        return value.lower() == "true"

    def one_of(self, choices: Sequence[LiteralT]) -> LiteralT:
        """Return a text that is one of `choices`."""
        value = self._scalar("str")
        if value not in choices:
            self.fail(f"one of {', '.join(choices)}")
        return cast(LiteralT, value)

    def each_of(self, choices: Sequence[LiteralT]) -> tuple[LiteralT, ...]:
        """Return a list of texts out of `choices`, none twice."""
        values = tuple(item.one_of(choices) for item in self.items())
        if len(set(values)) < len(values):
            self.fail("each item once", found="an item twice")
        return values

    def _child(self, key: str, node: yaml.Node, line: int) -> "Field":
        return Field(self.file, f"{self.path}.{key}" if self.path else key, node, line)

    def _kind(self) -> str:
        return str(self.node.tag).removeprefix("tag:yaml.org,2002:")

    def _scalar(self, *kinds: Literal["str", "int", "float", "bool"]) -> str | None:
        return str(self.node.value) if isinstance(self.node, yaml.ScalarNode) and self._kind() in kinds else None

    def _shown(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode):
            return "a list" if isinstance(self.node, yaml.SequenceNode) else "a mapping"
        return f"{self.node.value[:60]!r} ({_PLAIN_KINDS.get(self._kind(), self._kind())})"


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _is_whole(value: str) -> bool:
    # Python refuses to convert thousands of digits, with an error of its own.
    return value.isdecimal() and len(value) <= _MAX_DIGITS


_OPENING: Final = (
    yaml.FlowSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.BlockMappingStartToken,
)
_CLOSING: Final = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken, yaml.BlockEndToken)


def _refused(text: str, loader: type) -> tuple[yaml.Token, str, str] | None:
    """The first token that none of our files needs, what it is and what is expected; read lazily, so a bomb stays cheap."""
    depth = 0
    for token in yaml.scan(text, Loader=loader):
        if isinstance(token, yaml.AliasToken):
            return token, "an alias (*)", "the value itself"
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if depth > MAX_DEPTH:
            return token, f"more than {MAX_DEPTH} lists and mappings inside each other", "a flat file"
    return None


def _compose(text: str) -> tuple[tuple[yaml.Token, str, str] | None, yaml.Node | None]:
    """What is refused, else the root node: by libyaml, ten times as fast; by Python where it is absent or finds a mistake.

    What the Python parser says of a mistake is the clearer half.
    """
    for loader in (getattr(yaml, "CSafeLoader", yaml.SafeLoader), yaml.SafeLoader):
        try:
            refused = _refused(text, loader)
            return refused, None if refused else yaml.compose(text, Loader=loader)
        except yaml.YAMLError:
            if loader is yaml.SafeLoader:
                raise
    raise AssertionError("the last loader returns or raises")


def open_yaml(file: str, content: bytes) -> Field:
    """Return the root of the YAML document in `content`; `file` is the name used in errors.

    Raises PolicyError when it is no UTF-8, no YAML, empty, larger than a megabyte, nested
    deeper than `MAX_DEPTH`, or repeats itself by reference (`*alias`), which none of our files needs.
    """
    if len(content) > MAX_FILE_BYTES:
        raise PolicyError(file, 1, "(file)", f"{len(content)} bytes", f"at most {MAX_FILE_BYTES}")
    try:
        text = content.decode("utf-8-sig")  # Windows editors put a mark in front
        refused, node = _compose(text)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise PolicyError(file, line, "(file)", "bytes that are no UTF-8", "UTF-8 text") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise PolicyError(file, line, "(file)", error.problem or "broken YAML", "valid YAML") from error
    except yaml.YAMLError as error:
        raise PolicyError(file, 1, "(file)", "a character that YAML forbids", "valid YAML") from error
    if refused is not None:
        token, found, expected = refused
        raise PolicyError(file, token.start_mark.line + 1, "(file)", found, expected)
    if node is None:
        raise PolicyError(file, 1, "(file)", "an empty file", "a mapping (key: value)")
    return Field(file, "", node, _line(node))
