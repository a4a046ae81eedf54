"""Two policies -> what was changed: rules added, removed, moved, and rewritten, word by word, and keys of the file itself. Pure.

A comparison of alerts says what a change does; this says what the change is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Final, Protocol

from ..risk.policy import Rule
from ..risk.seen import wanted_text

_COMPARED_APART: Final = frozenset({"id", "conditions", "because"})
_SETTINGS: Final = ("reason_language", "read_replies")


class Matrix(Protocol):
    """What is compared of a policy."""

    @property
    def rules(self) -> Sequence[Rule]:
        """In their order."""

    @property
    def reason_language(self) -> str:
        """In which language reasons are given where none is asked for."""

    @property
    def read_replies(self) -> bool:
        """Whether the forecast may read how the agents' replies read."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A place that reads otherwise; None where it does not stand."""

    rule: str | None
    """None for a key of the file itself."""
    what: str
    """A word of `when`, or a key of the rule."""
    before: str | None
    after: str | None
    """Both None for `because`, whose words need no comparing."""


@dataclass(frozen=True, slots=True)
class PolicyChanges:
    """How one policy differs from another."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[str, ...]
    """Rules that stand in another order; order decides which rule decides."""
    edits: tuple[Edit, ...]


def policy_changes(before: Matrix, after: Matrix) -> PolicyChanges:
    """Return what was changed from one policy to the other."""
    old, new = {rule.id: rule for rule in before.rules}, {rule.id: rule for rule in after.rules}
    shared = [name for name in new if name in old]
    return PolicyChanges(
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        moved=_moved([name for name in old if name in new], shared),
        edits=(*_settings(before, after), *(edit for name in shared for edit in _edits(old[name], new[name]))),
    )


def _moved(before: list[str], after: list[str]) -> tuple[str, ...]:
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    kept = {name for block in blocks for name in after[block.b : block.b + block.size]}
    return tuple(name for name in after if name not in kept)


def _settings(before: Matrix, after: Matrix) -> Iterator[Edit]:
    for key in _SETTINGS:
        old, new = getattr(before, key), getattr(after, key)
        if old != new:
            yield Edit(None, key, _shown(old), _shown(new))


def _edits(before: Rule, after: Rule) -> Iterator[Edit]:
    old, new = _readable(before), _readable(after)
    for what in dict.fromkeys((*old, *new)):
        if old.get(what) != new.get(what):
            yield Edit(before.id, what, old.get(what), new.get(what))
    if before.because != after.because:
        yield Edit(before.id, "because", None, None)


def _readable(rule: Rule) -> Mapping[str, str]:
    """What stands in a rule, by the words of the file."""
    words = {condition.name: wanted_text(condition) for condition in rule.conditions}
    keys = {f.name: getattr(rule, f.name) for f in fields(rule) if f.name not in _COMPARED_APART}
    return words | {name: _shown(value) for name, value in keys.items() if value not in (None, ())}


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()  # as YAML writes it
    if isinstance(value, tuple):
        return "; ".join(_shown(item) for item in value)
    if hasattr(value, "technique") and hasattr(value, "situation"):
        return f"{value.technique} ({value.situation})"
    return str(value)
