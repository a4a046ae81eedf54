"""Laws of the pure modules behind the reports and what-if pages: shares, axes, the address, changes. No service runs here."""

from itertools import pairwise
from math import sqrt
from typing import Any

import pytest
from playwright.sync_api import Page

CALL = "async ([file, name, values]) => (await import(`/assets/${file}.js`))[name](...values)"


def call(page: Page, file: str, name: str, *values: Any) -> Any:
    return page.evaluate(CALL, [file, name, list(values)])


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Wilson's interval from its definition: where (p - share)² = z² p (1 - p) / n."""
    a, b, c = whole + 1.96**2, -(2 * part + 1.96**2), part * part / whole
    root = sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


@pytest.mark.parametrize(("part", "whole"), [(0, 1), (1, 1), (3, 7), (3, 12), (50, 100), (0, 400), (999, 1000)])
def test_the_interval_is_wilsons(modules: Page, part: int, whole: int) -> None:
    found = call(modules, "shares", "interval", part, whole)
    low, high = wilson(part, whole)
    assert found["share"] == part / whole
    assert found["low"] == pytest.approx(max(0, low), abs=1e-9)
    assert found["high"] == pytest.approx(min(1, high), abs=1e-9)


def test_nothing_has_no_interval(modules: Page) -> None:
    assert call(modules, "shares", "interval", 0, 0) is None


# fmt: off
MOVES = [
    ((50, 100), (20, 100), "higher"),
    ((20, 100), (50, 100), "lower"),
    ((3, 12),   (1, 12),   "unclear"),
    ((5, 10),   (5, 10),   "unclear"),
    ((3, 12),   (0, 0),    None),
    ((0, 0),    (3, 12),   None),
]
# fmt: on


@pytest.mark.parametrize(("now", "before", "expected"), MOVES)
def test_two_shares_differ_only_where_the_numbers_can_tell(
    modules: Page, now: tuple[int, int], before: tuple[int, int], expected: str | None
) -> None:
    counted = [{"part": part, "whole": whole} for part, whole in (now, before)]
    assert call(modules, "shares", "moved", *counted) == expected


@pytest.mark.parametrize("largest", [0.003, 0.04, 0.11, 0.3, 0.53, 0.97, 1])
def test_marks_of_shares_reach_the_largest_and_never_more_than_all(modules: Page, largest: float) -> None:
    marks = call(modules, "axes", "shareMarks", largest)
    assert marks[0] == 0
    assert largest <= marks[-1] <= 1
    assert 2 <= len(marks) <= 5


@pytest.mark.parametrize("largest", [1, 59, 61, 1800, 5000, 90_000, 40 * 86_400])
def test_marks_of_times_are_round_and_reach_the_largest(modules: Page, largest: int) -> None:
    marks = call(modules, "axes", "timeMarks", largest)
    assert marks[0] == 0
    assert marks[-1] >= largest
    assert len({b - a for a, b in pairwise(marks)}) == 1
    assert len(marks) <= 5


HERE = {"today": "2026-11-22", "tz": "Asia/Manila"}


# fmt: off
ADDRESSES = [
    (None,                              "day",   "2026-10-24", "2026-11-22"),
    ("by=week",                         "week",  "2026-08-31", "2026-11-22"),
    ("by=month",                        "month", "2025-12-01", "2026-11-22"),
    ("by=day&since=2026-01-01",         "day",   "2026-01-01", "2026-11-22"),
    ("by=fortnight&since=yesterday",    "day",   "2026-10-24", "2026-11-22"),
]
# fmt: on


@pytest.mark.parametrize(("text", "by", "since", "to"), ADDRESSES)
def test_an_address_is_a_question_and_back(modules: Page, text: str | None, by: str, since: str, to: str) -> None:
    question = call(modules, "report_question", "readQuestion", text, HERE)
    assert (question["by"], question["since"], question["to"], question["tz"]) == (by, since, to, "Asia/Manila")
    written = call(modules, "report_question", "writeQuestion", question)
    assert "/" not in written, "the address is split at slashes"
    assert call(modules, "report_question", "readQuestion", written, HERE) == question


def test_the_span_before_ends_where_the_span_begins(modules: Page) -> None:
    question = call(modules, "report_question", "readQuestion", "since=2026-03-01&to=2026-03-31", HERE)
    before = call(modules, "report_question", "before", question)
    assert (before["since"], before["to"]) == ("2026-01-29", "2026-02-28")
    asked = call(modules, "report_question", "callFor", question, {})
    assert "since=2026-03-01&until=2026-04-01" in asked


LIMIT = {"unit": "share", "low": 0, "high": 1}
COUNT = {"unit": "count", "low": 1, "high": 1000}


@pytest.mark.parametrize(
    ("text", "limit", "value"),
    [
        ("70", LIMIT, 0.7), ("48.5", LIMIT, 0.485), ("48,5", LIMIT, 0.485), ("100", LIMIT, 1), ("101", LIMIT, None),
        ("", LIMIT, None), ("x", LIMIT, None), ("3", COUNT, 3), ("2.5", COUNT, None), ("0", COUNT, None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_type_it(
    modules: Page, text: str, limit: dict[str, Any], value: float | None
) -> None:
    assert call(modules, "whatif_changes", "readNumber", text, limit) == value


def test_a_change_that_is_set_back_is_none(modules: Page) -> None:
    left = modules.evaluate("""async () => {
        const { withChange, withoutRule, isChanged } = await import("/assets/whatif_changes.js");
        const rule = { id: "r", queue: "senior", conditions: [{ limits: [{ path: "when.x", value: 3 }] }] };
        const one = withChange(new Map(), rule, "when.x", 4);
        const two = withChange(one, rule, "queue", "agent");
        const back = withChange(two, rule, "when.x", 3);
        return [one.size, two.size, [...back.values()], withoutRule(two, "r").size, isChanged(back, "r"), isChanged(new Map(), "r")];
    }""")
    assert left == [1, 2, [{"rule": "r", "path": "queue", "value": "agent"}], 0, True, False]


def test_a_search_does_not_mind_accents(modules: Page) -> None:
    assert call(modules, "whatif_changes", "folded", "Đe dọa PRÁVNÍK") == "de doa pravnik"
