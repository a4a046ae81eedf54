"""The pattern lists of a YAML file -> compiled patterns; a mistake is answered with file, line and field.

Part of the loaders of the draft check and of the hand-off packet, whose files are edited by support staff.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .loader import Field, PolicyError
from .patterns import MAX_PATTERN_CHARS, Pattern, PatternError, compile_pattern


def read_lists(field: Field) -> dict[str, str]:
    """Return the file's lists by name, each as alternatives that a pattern names in braces."""
    return {name: " | ".join(item.text(60) for item in value.items()) for name, value in field.entries()}


@dataclass(frozen=True, slots=True)
class PatternReader:
    """Reads patterns, with the lists of the file at hand."""

    lists: Mapping[str, str]

    def patterns(self, field: Field) -> tuple[Pattern, ...]:
        """Return the patterns of a list that is not empty; raises PolicyError."""
        return tuple(self._pattern(item) for item in field.items())

    def _pattern(self, item: Field) -> Pattern:
        try:
            return compile_pattern(item.text(MAX_PATTERN_CHARS), self.lists)
        except PatternError as error:
            raise PolicyError(item.file, item.line, item.path, repr(item.text())[:80], str(error)) from error
