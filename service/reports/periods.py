"""Two moments and a time zone -> the days, ISO weeks or months between them. Pure.

A period begins at midnight by the clocks of its zone, so a day has 23 or 25 hours when they are changed.
The first and the last period are cut at the two moments: every instant lies in exactly one.
Try: `periods("week", read_zone("Europe/Prague"), 0.0, 1e6)`
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

By = Literal["day", "week", "month"]

MAX_PERIODS: Final = 1000
"""Most periods of a report; more are a mistake in a date."""
SHOWN: Final[dict[By, int]] = {"day": 30, "week": 12, "month": 12}
"""How many periods are reported when nobody says since when."""
_YEARS: Final = range(1970, 9000)


class RangeError(ValueError):
    """A question about time cannot be answered; `field` names the part that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field} {message}")
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, `begins` included, `ends` not; `name` is 2026-11-22, 2026-W47 or 2026-11."""

    name: str
    begins: float
    ends: float


def read_zone(name: str) -> tzinfo:
    """Return the time zone of this IANA name; raises RangeError."""
    if name == "UTC":
        return UTC  # also where no time-zone data are installed
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RangeError("tz", "must be an IANA time zone such as Europe/Prague or Asia/Manila") from None


def read_moment(field: str, text: str, zone: tzinfo) -> float:
    """Return when `2026-11-22` begins in the zone, or the moment `2026-11-22T08:00:00+01:00`; raises RangeError."""
    try:
        moment = datetime.fromisoformat(text)
        if len(text) == len("2026-11-22"):
            moment = moment.replace(tzinfo=zone)
        if moment.tzinfo is not None and moment.year in _YEARS:
            return moment.timestamp()
    except (ValueError, OverflowError):
        pass
    raise RangeError(field, "must be a date such as 2026-11-22, or a time with its offset from UTC")


def default_since(by: By, zone: tzinfo, until: float) -> float:
    """Return when the first of the usual number of periods begins, the one before `until` being the last."""
    # The instant before: at midnight the day that just ended is the last one.
    first = _first_day(by, datetime.fromtimestamp(until - 1e-3, zone).date())
    for _ in range(SHOWN[by] - 1):
        first = _first_day(by, first - timedelta(days=1))
    return _midnight(first, zone)


def periods(by: By, zone: tzinfo, since: float, until: float) -> tuple[Period, ...]:
    """Return the periods from `since` to `until`, in order, without a gap; raises RangeError."""
    if since >= until:
        raise RangeError("since", "must lie before until")
    first, found = _first_day(by, datetime.fromtimestamp(since, zone).date()), list[Period]()
    begins = since
    while begins < until:
        following = _next(by, first)
        ends = min(until, _midnight(following, zone))
        # A zone that moved across the date line had a day without a single moment.
        if begins < ends:
            found.append(Period(_name(by, first), begins, ends))
        if len(found) > MAX_PERIODS:
            raise RangeError("since", f"asks for more than {MAX_PERIODS} periods; take longer ones, or a later since")
        first, begins = following, max(begins, ends)
    return tuple(found)


def _first_day(by: By, day: date) -> date:
    if by == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by == "month" else day


def _next(by: By, first: date) -> date:
    if by == "month":
        return (first + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=7 if by == "week" else 1)


def _midnight(day: date, zone: tzinfo) -> float:
    """Return when a day begins: at the first of two midnights, or where there is none, when clocks jumped over it."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()


def _name(by: By, first: date) -> str:
    if by == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    return first.isoformat()[: 7 if by == "month" else 10]
