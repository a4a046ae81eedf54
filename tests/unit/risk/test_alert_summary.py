"""The summary of alerts: precision over what was judged, times over what was acknowledged, records by level."""

from hypothesis import given
from hypothesis import strategies as st

from service.flow import BANDS
from service.risk.alert_summary import AlertFacts, Precision, summarise
from service.risk.alerts import STATUSES
from service.risk.policy import QUEUES


def facts(**values: object) -> AlertFacts:
    base = {
        "queue": "senior", "status": "closed", "level": 0.7, "climbs": 0, "raised_at": 0.0,
        "acknowledged_at": None, "acknowledged_in_time": None, "justified": None,
    }  # fmt: skip
    return AlertFacts(**(base | values))  # type: ignore[arg-type]


alerts = st.builds(
    AlertFacts,
    queue=st.sampled_from(QUEUES),
    status=st.sampled_from(STATUSES),
    level=st.floats(0.0, 1.0),
    climbs=st.integers(0, 3),
    raised_at=st.none() | st.floats(0.0, 100.0),
    acknowledged_at=st.none() | st.floats(100.0, 5000.0),
    acknowledged_in_time=st.none() | st.booleans(),
    justified=st.none() | st.booleans(),
)


def test_precision_counts_what_was_judged() -> None:
    found = summarise([facts(justified=True), facts(justified=True), facts(justified=False), facts()])
    assert found.precision == Precision(2, 3, 2 / 3)
    assert {queue.queue: queue.opened for queue in found.queues} == {name: 4 * (name == "senior") for name in QUEUES}


def test_nothing_judged_has_no_share() -> None:
    found = summarise([])
    assert found.precision == Precision(0, 0, None)
    assert all(queue.acknowledged.median_s is None for queue in found.queues)
    assert [record.precision.share for record in found.track_record] == [None] * len(BANDS)


def test_the_track_record_has_a_bin_for_each_band() -> None:
    # fmt: off
    table = [  # level, justified -> bin
        (0.1, True, 0), (0.35, True, 1), (0.59, False, 1), (0.6, True, 2), (0.8, True, 3), (1.0, True, 3), (0.9, None, 3),
    ]
    # fmt: on
    found = summarise(facts(level=level, justified=justified) for level, justified, _ in table)
    assert [(r.from_level, r.to_level) for r in found.track_record] == [(0, 0.35), (0.35, 0.6), (0.6, 0.8), (0.8, 1)]
    assert [r.precision.judged for r in found.track_record] == [
        sum(place == bin_ and justified is not None for _, justified, place in table) for bin_ in range(4)
    ]
    assert found.track_record[1].precision == Precision(1, 2, 0.5)


def test_times_run_from_the_first_raise_and_a_climb_is_late_whoever_came_in_the_end() -> None:
    acknowledged = [
        facts(acknowledged_at=float(seconds), acknowledged_in_time=seconds <= 80, climbs=int(seconds > 80))
        for seconds in range(10, 110, 10)
    ]
    unanswered = [facts(climbs=3, status="raised"), facts(status="withdrawn"), facts(status="held", raised_at=None)]
    senior = next(queue for queue in summarise([*acknowledged, *unanswered]).queues if queue.queue == "senior")
    assert (senior.acknowledged.count, senior.acknowledged.median_s, senior.acknowledged.p90_s) == (10, 55.0, 90.0)
    assert senior.acknowledged.in_time_share == 8 / 11
    assert (senior.climbs, senior.withdrawn, senior.opened) == (5, 1, 13)


@given(st.lists(alerts, max_size=30))
def test_parts_add_up_to_the_whole(drawn: list[AlertFacts]) -> None:
    found = summarise(drawn)
    for parts in ([queue.precision for queue in found.queues], [record.precision for record in found.track_record]):
        assert sum(part.judged for part in parts) == found.precision.judged
        assert sum(part.justified for part in parts) == found.precision.justified
    assert sum(queue.opened for queue in found.queues) == len(drawn)
    for queue in found.queues:
        times = queue.acknowledged
        assert (times.median_s is None) == (times.p90_s is None) == (times.count == 0)
        if times.median_s is not None and times.p90_s is not None:
            assert times.median_s >= 0.0
            assert times.p90_s <= 5000.0
        assert times.in_time_share is None or 0.0 <= times.in_time_share <= 1.0
