"""A file of paired scores (CSV or JSON lines) -> rows, and rows + our scores -> what `thresholds.py` compares.

A row says what the other service said of one text under one of its attributes, and holds the text or our score of
it. Nothing is kept, and no error quotes what stands in the file. Try: `evenkeel thresholds pairs.csv`
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..flow import Score
from . import moderations, perspective
from .readings import Reading

COLUMNS: Final = ("attribute", "language", "theirs", "decision", "text", "ours")
_DECISIONS: Final[Mapping[object, bool]] = {
    **dict.fromkeys(("true", "yes", "1", True, 1), True),
    **dict.fromkeys(("false", "no", "0", False, 0), False),
}
READERS: Final[Mapping[str, Callable[[Score], Reading]]] = {
    **perspective.ATTRIBUTES,
    **{name: category.read for name, category in moderations.SCORED.items()},
}
"""How each attribute or category is read from a score of ours."""
ANY_LANGUAGE: Final = "all"


class PairsError(Exception):
    """The file cannot be used; the message names line and column."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What the other service said of a text, and the text or our score of it."""

    attribute: str
    language: str | None
    alert: bool
    text: str | None = None
    ours: float | None = None


def read_pairs(path: Path, thresholds: Mapping[str, float]) -> list[Pair]:
    """Read every row. `thresholds` say from which of their scores on they alert, by attribute; under "" for all."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = _json_rows(file, path.name) if path.suffix.lower() in (".jsonl", ".ndjson") else _csv_rows(file)
            pairs = [_pair(row, thresholds, f"{path.name}, line {line}") for line, row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as failure:
        raise PairsError(f"{path} cannot be read as UTF-8 text ({type(failure).__name__})") from failure
    if not pairs:
        raise PairsError(f"{path.name} holds no rows; expected the columns {', '.join(COLUMNS)}")
    return pairs


def _csv_rows(file: Iterable[str]) -> Iterator[tuple[int, Mapping[str, object]]]:
    reader = csv.DictReader(file)
    for row in reader:
        yield reader.line_num, {name: value for name, value in row.items() if value not in (None, "")}


def _json_rows(file: Iterable[str], name: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    for line, text in enumerate(file, 1):
        if text.strip():
            try:
                row = json.loads(text)
            except ValueError:
                row = None
            if not isinstance(row, dict):
                raise PairsError(f"{name}, line {line}: expected a JSON object")
            yield line, {name: value for name, value in row.items() if value is not None}


def _pair(row: Mapping[str, object], thresholds: Mapping[str, float], where: str) -> Pair:
    attribute = row.get("attribute")
    if not isinstance(attribute, str) or attribute not in READERS:
        raise PairsError(f"{where}, column attribute: expected one of {', '.join(READERS)}")
    text, ours = row.get("text"), _probability(row, "ours", where)
    if not isinstance(text, str) and ours is None:
        raise PairsError(f"{where}: expected a text to score, or our score in the column ours")
    named = row.get("language")
    return Pair(
        attribute,
        perspective.our_language(named) or named if isinstance(named, str) else None,
        _alert(row, attribute, thresholds, where),
        text if isinstance(text, str) and ours is None else None,
        ours,
    )


def _alert(row: Mapping[str, object], attribute: str, thresholds: Mapping[str, float], where: str) -> bool:
    decision = row.get("decision")
    if decision is not None:
        key = decision.strip().lower() if isinstance(decision, str) else decision
        if not isinstance(key, str | bool | int) or key not in _DECISIONS:
            raise PairsError(f"{where}, column decision: expected true or false")
        return _DECISIONS[key]
    theirs, threshold = _probability(row, "theirs", where), thresholds.get(attribute, thresholds.get(""))
    if theirs is None:
        raise PairsError(f"{where}: expected their score in the column theirs, or their decision")
    if threshold is None:
        raise PairsError(f"{where}: say from which score on they alert, with --their-threshold {attribute}=0.8")
    return theirs >= threshold


def _probability(row: Mapping[str, object], column: str, where: str) -> float | None:
    if column not in row:
        return None
    value = row[column]
    try:
        found = float(value) if isinstance(value, str | int | float) else float("nan")
    except ValueError:
        found = float("nan")
    if not 0.0 <= found <= 1.0:
        raise PairsError(f"{where}, column {column}: expected a number from 0 to 1")
    return found


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one language and attribute."""

    language: str
    attribute: str
    ours: tuple[float, ...]
    alerts: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """Every group, and how many rows could not be judged, by reason."""

    groups: tuple[Group, ...]
    left_out: Mapping[str, int]


def texts_of(pairs: Iterable[Pair]) -> list[tuple[str, str | None]]:
    """Return each text with its language once: a text has a row for each attribute."""
    return list(dict.fromkeys((pair.text, hint(pair)) for pair in pairs if pair.text is not None))


def hint(pair: Pair) -> str | None:
    """Return the language to score a row in, where it names one of ours."""
    return None if pair.language is None else perspective.our_language(pair.language)


def grouped(pairs: Iterable[Pair], scores: Mapping[tuple[str, str | None], Score]) -> Grouped:
    """Put rows together by language and attribute; leave out what the model abstained from."""
    found: dict[tuple[str, str], list[tuple[float, bool]]] = {}
    left_out: dict[str, int] = {}
    for pair in pairs:
        score = None if pair.text is None else scores[pair.text, hint(pair)]
        why_not = score.abstain_reason if score is not None else None
        if pair.language is not None and hint(pair) is None:
            why_not = "other_language"
        if why_not is not None:
            left_out[why_not] = left_out.get(why_not, 0) + 1
            continue
        ours = pair.ours if score is None else READERS[pair.attribute](score).value
        assert ours is not None, "a row has a text or our score"
        language = pair.language or (ANY_LANGUAGE if score is None else score.language)
        found.setdefault((language, pair.attribute), []).append((ours, pair.alert))
    groups = tuple(
        Group(language, attribute, tuple(ours for ours, _ in rows), tuple(alert for _, alert in rows))
        for (language, attribute), rows in sorted(found.items())
    )
    return Grouped(groups, left_out)
