"""A policy file's text and a few changes -> the changed text, everything else as it stood, comments too. Pure.

For the what-if page and `POST /v1/replays`: a number, an action or a queue of a rule reads otherwise, or a
rule is switched off (its lines become comments, so that it can be switched on again). The text is edited at
the places of its YAML nodes and is not written anew. Whether the result is a policy is for `policy.py` to say.
Try: `amend(text, [Change("forecast-high", "when.forecast_at_least", 0.6)])`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import yaml

from .loader import open_yaml

ENABLED: Final = "enabled"
"""The path of no key: `false` switches the rule off."""


@dataclass(frozen=True, slots=True)
class Change:
    """One place of one rule, and what is to stand there."""

    rule: str
    path: str
    """From the rule on: `when.streak_at_least.abuse`, `queue`; or `ENABLED`."""
    value: bool | int | float | str


class ChangeRefused(ValueError):
    """A change cannot be made: `index` is its place, `part` which half of it is wrong."""

    def __init__(self, index: int, part: str, message: str) -> None:
        super().__init__(f"change {index}: {part} {message}")
        self.index, self.part, self.message = index, part, message


@dataclass(frozen=True, slots=True)
class _Edit:
    """Characters `start` to `end` are replaced."""

    start: int
    end: int
    text: str


def amend(text: str, changes: Sequence[Change]) -> str:
    """Return the text with every change made. Raises `ChangeRefused`, and PolicyError for what is no YAML."""
    if not changes:
        return text
    rules = _rules(text)
    edits: list[_Edit] = []
    off = {change.rule for change in changes if change.path == ENABLED and change.value is False}
    for index, change in enumerate(changes):
        if any((above.rule, above.path) == (change.rule, change.path) for above in changes[:index]):
            raise ChangeRefused(index, "path", "was changed above already")
        if change.rule not in rules:
            raise ChangeRefused(index, "rule", "must be the id of a rule of the policy")
        if change.path == ENABLED:
            edits += _switched(text, rules[change.rule], index, change)
        else:
            edit = _replaced(rules[change.rule], index, change)
            edits += [] if change.rule in off else [edit]  # what is switched off keeps its words
    for edit in sorted(edits, key=lambda edit: -edit.start):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _rules(text: str) -> dict[str, yaml.MappingNode]:
    """The rules by id, as far as they can be told: what else is wrong is told when the policy is read."""
    root = open_yaml("policy", text.encode("utf-8")).node
    found = _entries(root).get("rules")
    items = found.value if isinstance(found, yaml.SequenceNode) else []
    rules = [item for item in items if isinstance(item, yaml.MappingNode)]
    return {str(name.value): rule for rule in rules if isinstance(name := _entries(rule).get("id"), yaml.ScalarNode)}


def _entries(node: yaml.Node | None) -> Mapping[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _replaced(rule: yaml.MappingNode, index: int, change: Change) -> _Edit:
    node: yaml.Node | None = rule
    for key in change.path.split("."):
        node = _entries(node).get(key)
    # The id is what the other changes go by, and `because` is prose.
    if not isinstance(node, yaml.ScalarNode) or change.path.split(".")[0] in ("id", "because", "collect"):
        raise ChangeRefused(index, "path", "must lead to one value in the rule, such as when.forecast_at_least")
    return _Edit(node.start_mark.index, node.end_mark.index, _written(change.value))


def _written(value: bool | int | float | str) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _switched(text: str, rule: yaml.MappingNode, index: int, change: Change) -> Iterator[_Edit]:
    """Turn the lines of a rule into comments, from its dash on."""
    if change.value is not False:
        raise ChangeRefused(index, "value", "must be false; a rule that stands in the policy is on")
    if text[: rule.start_mark.index].rpartition("\n")[2].strip() != "-":
        raise ChangeRefused(index, "path", "cannot be used here: the rule does not begin on a line of its own")
    start = text.rfind("\n", 0, rule.start_mark.index) + 1
    lines = text[start : rule.end_mark.index].splitlines(keepends=True)
    # The node ends where the next one begins: blank lines and comments before that belong to the next one.
    while not lines[-1].strip(" \r\n-") or lines[-1].lstrip().startswith("#"):
        lines.pop()
    indent = len(lines[0]) - len(lines[0].lstrip())
    for line in lines:
        at = start + min(indent, len(line) - len(line.lstrip()))
        if line.strip():
            yield _Edit(at, at, "# ")
        start += len(line)
