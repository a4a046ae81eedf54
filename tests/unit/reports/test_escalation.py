"""Laws of the report: a total is the sum of its periods and of its groups, a rate over nothing is no rate."""

from collections.abc import Iterable
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reports.escalation import ask, build_report
from service.reports.figures import COME_BACK_S, Case, Figures, ReasonCount, Tally
from service.reports.periods import SHOWN, By
from tests.unit.reports.cases import DAY_S, NOW, a_case, cases


def figures(*found: Case, now: float = NOW) -> Figures:
    tally = Tally()
    for case in found:
        tally.add(case, now)
    return tally.figures()


def counts(found: Figures) -> dict[str, int]:
    """Every number that may be summed."""
    flat = asdict(found) | {
        f"{part}.{k}": v for part, inner in asdict(found).items() if isinstance(inner, dict) for k, v in inner.items()
    }
    return {name: value for name, value in flat.items() if isinstance(value, int)}


def summed(parts: Iterable[Figures]) -> dict[str, int]:
    total = counts(figures())
    for part in parts:
        total = {name: total[name] + value for name, value in counts(part).items()}
    return total


@given(found=st.lists(cases(), max_size=30), by=st.sampled_from(list(SHOWN)))
def test_a_total_is_the_sum_of_its_periods(found: list[Case], by: By) -> None:
    question = ask(by, now=NOW, since="1970-01-01")
    report = build_report(question, (case._replace(group=None) for case in found), NOW)
    assert [row.period for row in report.rows] == list(question.periods)
    assert report.groups == ()
    assert counts(report.total) == summed(row.figures for row in report.rows)
    assert report.total == figures(*found)


@given(found=st.lists(cases(), max_size=30), by=st.sampled_from(list(SHOWN)))
def test_a_total_is_the_sum_of_its_groups_and_so_is_each_period(found: list[Case], by: By) -> None:
    question = ask(by, now=NOW, since="1970-01-01", group="language")
    report = build_report(question, found, NOW)
    assert counts(report.total) == summed(group.figures for group in report.groups)
    assert {group.group for group in report.groups} == {case.group for case in found}
    for group in report.groups:
        assert counts(group.figures) == summed(row.figures for row in report.rows if row.group == group.group)
    assert all(row.figures.conversations > 0 for row in report.rows)


@given(st.lists(cases(), max_size=30))
def test_rates_and_times_stay_within_bounds(found: list[Case]) -> None:
    got = figures(*found)
    for rate in (got.escalation_rate, got.first_contact_resolution.rate, got.alert_precision.rate):
        assert rate is None or 0.0 <= rate <= 1.0
    for median_s, p90_s in (
        (got.first_response.median_s, got.first_response.p90_s),
        (got.resolution.median_s, got.resolution.p90_s),
    ):
        assert median_s is None or (p90_s is not None and 0.0 <= median_s <= p90_s)


def test_over_nothing_there_is_no_rate_and_no_time() -> None:
    got = figures()
    assert counts(got) == dict.fromkeys(counts(got), 0)
    assert got.escalation_rate is got.first_contact_resolution.rate is got.alert_precision.rate is None
    assert got.first_response.median_s is got.resolution.p90_s is None
    assert got.reasons == ()


def test_median_and_ninth_decile_of_answers_and_who_was_never_answered() -> None:
    waits = [10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 1000.0]
    answered = [a_case(5.0, first_reply_at=5.0 + wait) for wait in waits]
    silent = a_case(5.0, first_customer_at=None)
    got = figures(*answered, a_case(), silent).first_response
    assert (got.answered, got.unanswered, got.median_s, got.p90_s) == (10, 1, 55.0, 90.0)


def test_an_answer_before_its_question_took_no_time() -> None:
    assert figures(a_case(5.0, first_reply_at=4.0)).first_response.median_s == 0.0


# fmt: off
CONTACTS = [
    # case                                                          held  measured  too recent  unknown
    (a_case(),                                                       0,    0,        0,          0),
    (a_case(resolved_at=NOW - COME_BACK_S),                          1,    1,        0,          0),
    (a_case(resolved_at=NOW - COME_BACK_S, came_back=True),          0,    1,        0,          0),
    (a_case(resolved_at=NOW - COME_BACK_S + 1),                      0,    0,        1,          0),
    (a_case(resolved_at=NOW - COME_BACK_S + 1, came_back=True),      0,    0,        1,          0),
    (a_case(resolved_at=NOW - COME_BACK_S, has_contact=False),       0,    0,        0,          1),
]
# fmt: on


@pytest.mark.parametrize(("case", "held", "measured", "too_recent", "unknown"), CONTACTS)
def test_first_contact_resolution_waits_seven_days(
    case: Case, held: int, measured: int, too_recent: int, unknown: int
) -> None:
    got = figures(case).first_contact_resolution
    assert (got.held, got.measured, got.too_recent, got.unknown_contact) == (held, measured, too_recent, unknown)
    assert got.rate == (held / measured if measured else None)


def test_outcomes_are_those_of_what_was_resolved() -> None:
    outcomes = ["solved", "solved", "unsolved", "false_alarm", None]
    got = figures(*(a_case(resolved_at=1.0, outcome=outcome) for outcome in outcomes), a_case())
    assert asdict(got.handoffs) == {"solved": 2, "unsolved": 1, "false_alarm": 1, "not_stated": 1}
    assert got.resolution.resolved == 5


def test_precision_is_over_what_was_judged() -> None:
    got = figures(a_case(alerts_right=3), a_case(alerts_wrong=1), a_case(alerts_unjudged=5)).alert_precision
    assert (got.rate, got.right, got.wrong, got.unjudged) == (0.75, 3, 1, 5)


def test_reasons_are_counted_once_a_conversation_and_the_most_frequent_come_first() -> None:
    got = figures(*(a_case(deciding_rules=rules) for rules in (" b ", " a b ", " c a ", " b ", "")))
    assert got.reasons == (ReasonCount("b", 3), ReasonCount("a", 2), ReasonCount("c", 1))


def test_a_conversation_belongs_to_the_period_in_which_it_began() -> None:
    question = ask("day", now=NOW, since="1970-01-01", until="1970-01-04")
    found = [a_case(0.0), a_case(DAY_S - 1, resolved_at=50 * DAY_S), a_case(2 * DAY_S)]
    rows = build_report(question, found, NOW).rows
    assert [row.figures.conversations for row in rows] == [2, 0, 1]
    assert [row.figures.resolution.resolved for row in rows] == [1, 0, 0]
