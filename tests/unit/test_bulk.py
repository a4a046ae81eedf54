"""Files of texts: every row comes back as it stood, with its score beside it; what is wrong is named by line only."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.bulk import COLUMNS, BulkError, Format, Row, format_of, read_rows, write_rows
from tests.support import make_score

SECRET = "kanárek tajný"
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip)


def read(content: str, form: Format, **options: str | None) -> list[Row]:
    return list(read_rows(io.StringIO(content, newline=""), form, **{"column": "text", **options}))  # type: ignore[arg-type]


def written(rows: list[Row], form: Format) -> str:
    target = io.StringIO(newline="")
    assert write_rows(target, form, [(row, make_score(frustration=0.9)) for row in rows]) == len(rows)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "form"), [("a.csv", "csv"), ("A.CSV", "csv"), ("a.jsonl", "jsonl"), ("a.ndjson", "jsonl"), ("-", "text")]
)
def test_a_name_tells_the_format(name: str, form: Format) -> None:
    assert format_of(name) == form


@given(st.lists(st.tuples(texts, texts), max_size=5))
def test_a_csv_row_keeps_what_stood_in_it(rows: list[tuple[str, str]]) -> None:
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerows([("note", "text"), *rows])
    found = read(target.getvalue(), "csv")
    assert [(row.beside["note"], row.text) for row in found] == rows
    if found:
        back = list(csv.DictReader(io.StringIO(written(found, "csv"), newline="")))
        assert [(row["note"], row["text"], row["evenkeel_flagged"]) for row in back] == [
            (*row, "frustration") for row in rows
        ]
        assert list(back[0]) == ["note", "text", *(f"evenkeel_{name}" for name in COLUMNS)]


@given(st.lists(st.fixed_dictionaries({"text": texts, "id": st.integers(), "tags": st.lists(texts)}), max_size=5))
def test_a_json_line_keeps_what_stood_in_it(rows: list[dict[str, object]]) -> None:
    found = read("\n".join(map(json.dumps, rows)), "jsonl")
    back = [json.loads(line) for line in written(found, "jsonl").split("\n") if line]
    assert [line.pop("evenkeel")["scores"]["frustration"] for line in back] == [0.9] * len(rows)
    assert back == rows


def test_a_text_is_a_line_and_empty_lines_are_none() -> None:
    found = read("Ang tagal!\r\n\n  \nĐâu rồi?", "text")
    assert [row.text for row in found] == ["Ang tagal!", "Đâu rồi?"]
    assert json.loads(written(found, "jsonl").splitlines()[0])["text"] == "Ang tagal!"


def test_a_row_may_name_its_language() -> None:
    found = read('{"text": "Ahoj", "lang": "cs"}\n{"text": "Hi", "lang": ""}', "jsonl", language_column="lang")
    assert [row.language for row in found] == ["cs", None]


# fmt: off
@pytest.mark.parametrize(("form", "content", "says"), [
    ("csv", "", "line 1: the file is empty, expected a header with the column 'text'"),
    ("csv", f"body\n{SECRET}\n", "line 1: found the columns 'body', expected 'text'"),
    ("csv", f"text,lang\n{SECRET},,{SECRET}\n", "line 2: found more values than columns"),
    ("csv", f'text\n"{SECRET}\n', "this is no CSV"),
    ("csv", f"id,text\n{SECRET}\n", "line 2, 'text': found nothing"),
    ("jsonl", f'{{"text": "a"}}\n{SECRET}\n', "line 2: this is no JSON"),
    ("jsonl", f'["{SECRET}"]\n', "line 1: found list, expected an object"),
    ("jsonl", f'{{"body": "{SECRET}"}}\n', "line 1, 'text': found nothing"),
    ("jsonl", '{"text": 7}\n', "line 1, 'text': found int"),
    ("jsonl", f'{{"text": "a", "lang": "{SECRET}"}}\n', "line 1, 'lang': expected one of vi, tl, cs, en"),
])
def test_a_mistake_is_named_by_its_line_without_the_text(form: Format, content: str, says: str) -> None:
    with pytest.raises(BulkError) as failure:
        read(content, form, language_column="lang" if "lang" in content else None)
    assert says in str(failure.value)
    assert SECRET not in str(failure.value)
    assert SECRET not in repr(failure.value.__context__)


# fmt: off
@pytest.mark.parametrize(("form", "content", "says"), [
    ("csv",   f"text\n{SECRET}\n",                                  "line 1: there is no column 'lang'"),
    ("csv",   f"text,lang,evenkeel_abuse\n{SECRET},,de\n",          "line 1: 'evenkeel_abuse' is there already"),
    ("jsonl", f'{{"text": "a"}}\n{{"text": "{SECRET}", "evenkeel": 1}}', "line 2: 'evenkeel' is there already"),
])
def test_nothing_is_guessed_and_nothing_overwritten(form: Format, content: str, says: str) -> None:
    with pytest.raises(BulkError) as failure:
        read(content, form, language_column="lang")
    assert says in str(failure.value)
    assert SECRET not in str(failure.value)


def test_only_what_would_be_lost_is_refused_and_a_language_may_be_left_out() -> None:
    lines = read('{"text": "a", "evenkeel_status": 1}\n{"text": "b", "lang": "cs"}', "jsonl", language_column="lang")
    assert [row.language for row in lines] == [None, "cs"]
    assert [row.text for row in read("text,evenkeel\na,1\n", "csv")] == ["a"]


def test_a_row_keeps_its_text_out_of_what_is_printed() -> None:
    assert SECRET not in repr(Row(SECRET, None, {"text": SECRET}))
