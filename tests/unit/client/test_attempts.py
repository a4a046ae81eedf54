"""When a call is tried again: after a refusal for now always, after a broken line only what may be repeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.client.attempts import FIRST_PAUSE_S, LONGEST_PAUSE_S, Received, pause_s

chances = st.floats(0.0, 1.0)
REFUSED = Received(503, {"retry-after": "7"})


# fmt: off
@pytest.mark.parametrize(("received", "repeatable", "again"), [
    (None, True, True),
    (None, False, False),
    (Received(503, {}), False, True),
    (Received(429, {}), False, True),
    (Received(500, {}), True, False),
    (Received(200, {}), True, False),
    (Received(409, {}), True, False),
    (Received(422, {}), True, False),
])
def test_what_is_tried_again(received: Received | None, repeatable: bool, again: bool) -> None:
    pause = pause_s(received, repeatable=repeatable, attempt=1, attempts=2, chance=0.5)
    assert (pause is not None) is again
    assert pause_s(received, repeatable=repeatable, attempt=2, attempts=2, chance=0.5) is None


@given(st.integers(1, 60), chances)
def test_a_pause_is_never_longer_than_the_longest(attempt: int, chance: float) -> None:
    pause = pause_s(None, repeatable=True, attempt=attempt, attempts=61, chance=chance)
    assert pause is not None
    assert 0.0 < pause <= LONGEST_PAUSE_S


@given(st.integers(1, 5), chances, chances)
def test_each_pause_is_at_least_as_long_as_the_one_before(attempt: int, earlier: float, later: float) -> None:
    first, second = (
        pause_s(None, repeatable=True, attempt=number, attempts=9, chance=chance)
        for number, chance in ((attempt, earlier), (attempt + 1, later))
    )
    assert first is not None
    assert second is not None
    assert first <= second


@given(chances)
def test_nobody_comes_back_sooner_than_asked(chance: float) -> None:
    pause = pause_s(REFUSED, repeatable=True, attempt=1, attempts=2, chance=chance)
    assert pause is not None
    assert 7.0 <= pause <= 7.0 + FIRST_PAUSE_S


@pytest.mark.parametrize("header", ["soon", "", "-3", "Wed, 21 Oct 2026 07:28:00 GMT", "²"])
def test_a_retry_after_that_is_no_number_of_seconds_counts_as_none(header: str) -> None:
    received = Received(503, {"retry-after": header})
    kept = pause_s(received, repeatable=True, attempt=1, attempts=2, chance=1.0)
    assert kept == pause_s(Received(503, {}), repeatable=True, attempt=1, attempts=2, chance=1.0)
