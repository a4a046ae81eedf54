"""A file of texts -> rows, and rows with their scores -> a file: text, CSV or JSON lines. Pure but for the streams given.

Beside the flow: `evenkeel score --file` reads with it, and so does whoever has texts in a file. A row keeps everything
that stood in it; an error names the line and the column, never what a customer wrote.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final, Literal, TextIO, get_args

from .flow import Score
from .labels import LANGUAGES, SENTIMENTS, SIGNALS
from .store import score_to_json

Format = Literal["text", "csv", "jsonl"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
_SUFFIXES: Final[dict[str, Format]] = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
RESULT: Final = "evenkeel"
"""The key that a JSON line gets."""
COLUMNS: Final = (
    "status",
    "abstain_reason",
    "language",
    *SIGNALS,
    "asks_human",
    *SENTIMENTS,
    "threat_kind",
    "flagged",
)
"""What a CSV row gets, each name with `evenkeel_` before it."""


class BulkError(ValueError):
    """A file cannot be read as what it is said to be; the message is one line without any text of the file."""


@dataclass(frozen=True, slots=True)
class Row:
    """A text of the file, and what stood beside it."""

    text: str = field(repr=False)
    language: str | None
    beside: Mapping[str, Any] = field(repr=False)


def format_of(name: str) -> Format:
    """Return the format that a file's name tells; one text per line where it tells none."""
    return _SUFFIXES.get(PurePath(name).suffix.lower(), "text")


def read_rows(stream: TextIO, form: Format, *, column: str, language_column: str | None = None) -> Iterator[Row]:
    """Yield the rows of an open file. Raises `BulkError`; open a CSV file with `newline=""`."""
    if form == "text":
        lines = (line.rstrip("\r\n") for line in stream)
        yield from (Row(line, None, {column: line}) for line in lines if line.strip())
        return
    for number, values in _csv(stream, column, language_column) if form == "csv" else _json_lines(stream):
        text = values.get(column)
        if not isinstance(text, str):
            found = "nothing" if text is None else type(text).__name__
            raise BulkError(f"line {number}, {column!r}: found {found}, expected a text; --column names another one")
        yield Row(text, _language(values, language_column, number), values)


def write_rows(stream: TextIO, form: Format, scored: Iterable[tuple[Row, Score]]) -> int:
    """Write each row as it stood with its score beside it; return how many. Text becomes JSON lines."""
    return _write_csv(stream, scored) if form == "csv" else _write_json_lines(stream, scored)


def _csv(stream: TextIO, column: str, language_column: str | None) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(stream, strict=True)
    try:
        if reader.fieldnames is None:
            raise BulkError(f"line 1: the file is empty, expected a header with the column {column!r}")
        if column not in reader.fieldnames:
            found = ", ".join(map(repr, reader.fieldnames))
            raise BulkError(f"line 1: found the columns {found}, expected {column!r}; --column names another one")
        if language_column not in (None, *reader.fieldnames):
            raise BulkError(f"line 1: there is no column {language_column!r}, where languages are said to stand")
        _refuse_taken({f"{RESULT}_{name}" for name in COLUMNS} & set(reader.fieldnames), 1)
        for values in reader:
            if None in values:
                raise BulkError(f"line {reader.line_num}: found more values than columns in the header")
            yield reader.line_num, values
    except csv.Error:
        raise BulkError(f"line {reader.line_num}: this is no CSV (a quote that is not closed?)") from None


def _json_lines(stream: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except ValueError:
            raise BulkError(f"line {number}: this is no JSON; expected one object per line") from None
        if not isinstance(values, dict):
            raise BulkError(f"line {number}: found {type(values).__name__}, expected an object")
        _refuse_taken({RESULT} & values.keys(), number)
        yield number, values


def _refuse_taken(names: Set[str], number: int) -> None:
    """Results go under names of their own: what stands there already would be lost."""
    for name in sorted(names):
        raise BulkError(f"line {number}: {name!r} is there already, and results go there; rename it or take it out")


def _language(values: Mapping[str, Any], column: str | None, number: int) -> str | None:
    found = None if column is None else values.get(column) or None
    if found is not None and found not in LANGUAGES:
        raise BulkError(f"line {number}, {column!r}: expected one of {', '.join(LANGUAGES)}, or nothing")
    return found


def _write_json_lines(stream: TextIO, scored: Iterable[tuple[Row, Score]]) -> int:
    count = 0
    for row, score in scored:
        stream.write(json.dumps({**row.beside, RESULT: score_to_json(score)}, ensure_ascii=False) + "\n")
        count += 1
    return count


def _write_csv(stream: TextIO, scored: Iterable[tuple[Row, Score]]) -> int:
    count, writer = 0, None
    for row, score in scored:
        if writer is None:
            writer = csv.DictWriter(stream, [*row.beside, *(f"{RESULT}_{name}" for name in COLUMNS)])
            writer.writeheader()
        writer.writerow({**row.beside, **{f"{RESULT}_{name}": value for name, value in _flat(score).items()}})
        count += 1
    return count


def _flat(score: Score) -> dict[str, object]:
    """One value per column; what is flagged in one, `frustration abuse`."""
    flagged = [signal for signal in SIGNALS if score.flags[signal]] + ["asks_human"] * score.asks_human_flag
    return {
        "status": score.status,
        "abstain_reason": score.abstain_reason or "",
        "language": score.language,
        **{name: round(p, 4) for name, p in {**score.scores, "asks_human": score.asks_human}.items()},
        **{name: round(p, 4) for name, p in score.sentiment.items()},
        "threat_kind": score.threat_kind or "",
        "flagged": " ".join(flagged),
    }
