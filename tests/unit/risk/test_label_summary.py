"""Laws of the summary: agreement beyond chance, intervals that hold their share, and what counts for precision."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from service.risk.corrections import Correction, Labels
from service.risk.label_summary import JudgedTurn, cohen_kappa, summarise, wilson

bits = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40)


def said(by: str, **labels: object) -> Correction:
    return Correction(by, 1.0, Labels(**labels), "m1")  # type: ignore[arg-type]


@given(bits)
def test_kappa_is_the_one_of_the_text_book(pairs: list[tuple[object, object]]) -> None:
    found = cohen_kappa(pairs)
    one, other = zip(*pairs, strict=True)
    if found is None:
        assert len({*one, *other}) == 1
    else:
        assert found == pytest.approx(cohen_kappa_score(one, other))
        assert found == pytest.approx(cohen_kappa([(b, a) for a, b in pairs]))
        assert -1.0 <= found <= 1.0


@given(st.integers(0, 300), st.integers(0, 300))
def test_an_interval_holds_its_share_and_shrinks_with_more(one: int, other: int) -> None:
    confirmed, of = min(one, other), max(one, other)
    found = wilson(confirmed, of)
    if of == 0:
        assert (found.share, found.low, found.high) == (None, None, None)
        return
    assert found.share is not None
    assert found.low is not None
    assert found.high is not None
    assert 0.0 <= found.low <= found.share <= found.high <= 1.0
    ten = wilson(confirmed * 10, of * 10)
    assert ten.high is not None
    assert ten.low is not None
    assert ten.high - ten.low < found.high - found.low


def test_an_interval_of_the_text_book() -> None:
    found = wilson(8, 10)
    assert (found.low, found.high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


def test_what_is_counted() -> None:
    flagged, quiet = Labels(1, 0, 0, 0, None, "negative"), Labels(0, 0, 0, 0, None, "neutral")
    turns = [
        JudgedTurn("vi", flagged, (said("mai", frustration=1, sentiment="negative"),)),
        JudgedTurn("vi", flagged, (said("mai", frustration=0), said("jan", frustration=0))),
        JudgedTurn("cs", quiet, (said("jan", frustration=1, sentiment="negative"),)),
        JudgedTurn("cs", quiet, (said("mai", frustration=1), said("jan", frustration=0))),  # undecided
        JudgedTurn("cs", Labels(), (said("mai", frustration=1),)),  # the model abstained
        JudgedTurn("cs", flagged, ()),  # taken back
    ]
    found = summarise(turns)
    assert found.turns == 5
    assert [(count.name, count.turns) for count in found.people] == [("mai", 4), ("jan", 3)]
    assert [(count.name, count.turns) for count in found.languages] == [("cs", 3), ("vi", 2)]
    frustration = found.signals[0]
    assert (frustration.label, frustration.labelled, frustration.raised) == ("frustration", 4, 3)
    assert (frustration.confirmed.confirmed, frustration.confirmed.of) == (1, 3)
    assert frustration.precision is not None
    assert (frustration.precision.confirmed, frustration.precision.of) == (1, 2)
    sentiment = found.signals[-1]
    assert (sentiment.label, sentiment.raised, sentiment.confirmed.confirmed, sentiment.precision) == (
        "sentiment", 2, 1, None,
    )  # fmt: skip
    (pair,) = found.agreement
    assert (pair.people, pair.label, pair.turns, pair.agreed, pair.kappa) == (("jan", "mai"), "frustration", 2, 1, 0.0)
