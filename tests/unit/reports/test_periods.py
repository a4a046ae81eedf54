"""Laws of periods: every instant lies in one, named as the calendar on that wall would; clocks may jump."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reports.periods import (
    MAX_PERIODS,
    SHOWN,
    By,
    RangeError,
    default_since,
    periods,
    read_moment,
    read_zone,
)

ZONES = (
    "UTC",
    "Europe/Prague",
    "Asia/Ho_Chi_Minh",
    "Asia/Manila",
    "America/New_York",
    "Africa/Cairo",
    "Asia/Kathmandu",
)
DAY_S = 86400.0


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def named(by: By, zone: str, since: str, until: str) -> list[tuple[str, float]]:
    """The periods between two moments, each with its hours."""
    tz = read_zone(zone)
    found = periods(by, tz, read_moment("since", since, tz), read_moment("until", until, tz))
    return [(period.name, (period.ends - period.begins) / 3600) for period in found]


# fmt: off
TABLE = [
    # by       zone                since         until         names and hours
    ("day",   "UTC",              "2026-02-28", "2026-03-02", [("2026-02-28", 24), ("2026-03-01", 24)]),
    ("day",   "UTC",              "2028-02-28", "2028-03-01", [("2028-02-28", 24), ("2028-02-29", 24)]),
    # Clocks go forward on 2026-03-29 and back on 2026-10-25 in Prague; in Manila and Ho Chi Minh City never.
    ("day",   "Europe/Prague",    "2026-03-28", "2026-03-31", [("2026-03-28", 24), ("2026-03-29", 23), ("2026-03-30", 24)]),
    ("day",   "Europe/Prague",    "2026-10-25", "2026-10-26", [("2026-10-25", 25)]),
    ("day",   "Asia/Manila",      "2026-03-29", "2026-03-30", [("2026-03-29", 24)]),
    # In Cairo the hour that is skipped is the one after midnight: the day begins at one o'clock.
    ("day",   "Africa/Cairo",     "2026-04-23", "2026-04-25", [("2026-04-23", 24), ("2026-04-24", 23)]),
    # Samoa moved across the date line and had no 30 December 2011.
    ("day",   "Pacific/Apia",     "2011-12-29", "2012-01-01", [("2011-12-29", 24), ("2011-12-31", 24)]),
    ("week",  "Europe/Prague",    "2026-03-23", "2026-04-06", [("2026-W13", 167), ("2026-W14", 168)]),
    # ISO weeks: 2026 has 53, and the first days of 2027 belong to the last of them; 1 January 2024 is a Monday.
    ("week",  "UTC",              "2026-12-28", "2027-01-11", [("2026-W53", 168), ("2027-W01", 168)]),
    ("week",  "UTC",              "2023-12-25", "2024-01-08", [("2023-W52", 168), ("2024-W01", 168)]),
    ("week",  "UTC",              "2021-01-01", "2021-01-05", [("2020-W53", 72), ("2021-W01", 24)]),
    ("month", "Europe/Prague",    "2026-02-01", "2026-04-01", [("2026-02", 672), ("2026-03", 743)]),
    ("month", "UTC",              "2028-02-10", "2028-03-02", [("2028-02", 480), ("2028-03", 24)]),
    ("month", "America/New_York", "2026-11-01", "2026-12-01", [("2026-11", 721)]),
]
# fmt: on


@pytest.mark.parametrize(("by", "zone", "since", "until", "expected"), TABLE)
def test_a_period_is_as_long_as_the_clocks_of_its_zone_make_it(
    by: By, zone: str, since: str, until: str, expected: list[tuple[str, float]]
) -> None:
    assert named(by, zone, since, until) == expected


@given(
    by=st.sampled_from(list(SHOWN)),
    zone=st.sampled_from(ZONES),
    since=st.integers(int(at("2015-01-01T00:00Z")), int(at("2035-01-01T00:00Z"))),
    length_s=st.integers(1, 100 * 86400),
    share=st.floats(0.0, 1.0),
)
def test_every_instant_lies_in_the_one_period_of_its_date(
    by: By, zone: str, since: int, length_s: int, share: float
) -> None:
    tz = read_zone(zone)
    found = periods(by, tz, since, since + length_s)
    assert (found[0].begins, found[-1].ends) == (since, since + length_s)
    assert all(a.ends == b.begins for a, b in pairwise(found))
    assert all(period.begins < period.ends for period in found)
    instant = since + int(share * (length_s - 1))
    (home,) = [period for period in found if period.begins <= instant < period.ends]
    day = datetime.fromtimestamp(instant, tz).date()
    year, week, _ = day.isocalendar()
    assert home.name == {"day": f"{day}", "week": f"{year}-W{week:02}", "month": f"{day:%Y-%m}"}[by]


@given(by=st.sampled_from(list(SHOWN)), zone=st.sampled_from(ZONES), until=st.floats(at("2015-01-01T00:00Z"), 2e9))
def test_by_default_the_usual_number_of_periods_ends_now(by: By, zone: str, until: float) -> None:
    tz = read_zone(zone)
    found = periods(by, tz, default_since(by, tz, until), until)
    assert len(found) == SHOWN[by]


def test_a_date_is_a_midnight_of_the_zone_and_an_offset_wins() -> None:
    prague = read_zone("Europe/Prague")
    assert read_moment("since", "2026-11-22", prague) == at("2026-11-21T23:00+00:00")
    assert read_moment("since", "2026-11-22T08:00:00+07:00", prague) == at("2026-11-22T01:00+00:00")
    assert read_moment("since", "2026-11-22T08:00:00Z", prague) == at("2026-11-22T08:00+00:00")


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-13-01", "2026-02-30", "2026-11-22T08:00:00", "0001-01-01", "9999-12-31", "22.11.2026"],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(RangeError) as caught:
        read_moment("since", text, UTC)
    assert caught.value.field == "since"


@pytest.mark.parametrize("name", ["", "Prague", "Europe", "../etc/passwd", "/etc/localtime", "Europe/Prague\0", "a b"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(RangeError) as caught:
        read_zone(name)
    assert caught.value.field == "tz"


@pytest.mark.parametrize(("since", "until"), [(5.0, 5.0), (6.0, 5.0), (0.0, (MAX_PERIODS + 1) * DAY_S)])
def test_no_time_and_too_much_time_are_refused(since: float, until: float) -> None:
    with pytest.raises(RangeError) as caught:
        periods("day", UTC, since, until)
    assert caught.value.field == "since"


def test_as_many_periods_as_are_allowed_are_answered() -> None:
    assert len(periods("day", UTC, 0.0, MAX_PERIODS * DAY_S)) == MAX_PERIODS
