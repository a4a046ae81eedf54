"""Laws of corrections: whose labels stand, what the majority decides, and when two people differ."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.labels import BINARY, SENTIMENTS, THREAT_KINDS
from service.risk.corrections import (
    LABELS,
    Correction,
    Labels,
    answer_of,
    contested,
    contradicts,
    decided,
    labels_from,
    standing,
)
from service.store.serialise import score_to_json
from tests.support import make_score

bits = st.sampled_from([None, 0, 1])
labels = st.builds(
    Labels,
    frustration=bits,
    abuse=bits,
    threat=bits,
    asks_human=bits,
    threat_kind=st.sampled_from([None, *THREAT_KINDS]),
    sentiment=st.sampled_from([None, *SENTIMENTS]),
)
corrections = st.builds(
    Correction,
    by=st.sampled_from(["mai", "jan", "ana"]),
    at=st.floats(0, 9),
    labels=st.none() | labels,
    model_version=st.just("m1"),
)


@given(st.lists(corrections, max_size=12))
def test_the_last_word_of_each_person_stands(history: list[Correction]) -> None:
    stands = standing(history)
    assert len({said.by for said in stands}) == len(stands)
    for by in {said.by for said in history}:
        last = [said for said in history if said.by == by][-1]
        assert [said for said in stands if said.by == by] == ([] if last.labels is None else [last])


@given(st.lists(labels, max_size=6), st.randoms())
def test_a_decision_does_not_depend_on_the_order(said: list[Labels], random) -> None:  # type: ignore[no-untyped-def]
    shuffled = random.sample(said, len(said))
    assert decided(shuffled) == decided(said)
    assert contested(shuffled) == contested(said)


@given(st.lists(labels, max_size=6))
def test_only_what_somebody_said_is_decided_and_only_by_more_than_any_other_answer(said: list[Labels]) -> None:
    result = decided(said)
    for label in LABELS:
        answer = result.of(label)
        if answer is not None:
            votes = [one.of(label) for one in said]
            assert all(votes.count(answer) > votes.count(other) for other in set(votes) - {None, answer})


@given(labels)
def test_one_person_decides_what_they_said(said: Labels) -> None:
    expected = said if said.threat == 1 else replace(said, threat_kind=None)
    assert decided([said]) == expected
    assert contested([said]) == ()
    assert contradicts(said, said) == ()
    assert labels_from({name: said.of(name) for name in LABELS}) == said


# fmt: off
VOTES = [
    # threat of each           decided  contested
    ((1, 1, 0),                1,       False),
    ((1, 0),                   None,    True),
    ((1, None),                1,       False),
    ((None, None),             None,    False),
    ((1, 0, None, 0),          0,       False),
    ((1, 0, 0, 1),             None,    True),
]
# fmt: on


@pytest.mark.parametrize(("votes", "decision", "is_contested"), VOTES)
def test_the_majority_decides_and_a_tie_does_not(
    votes: tuple[int | None, ...], decision: int | None, is_contested: bool
) -> None:
    said = [Labels(threat=vote) for vote in votes]
    assert decided(said).threat == decision
    assert ("threat" in contested(said)) is is_contested


def test_a_kind_counts_only_with_a_threat() -> None:
    legal, calm = Labels(threat=1, threat_kind="legal"), Labels(threat=0)
    assert decided([legal, legal, calm]) == legal
    assert decided([legal, calm, calm]) == calm
    assert decided([legal, calm]) == Labels()
    assert decided([legal, replace(legal, threat_kind="regulator")]) == Labels(threat=1)


def test_the_models_answer_as_labels() -> None:
    score = make_score(threat=0.9, threat_kinds={"legal": 0.8}, sentiment="negative", asks_human=0.9)
    answer = answer_of(score_to_json(score))
    assert answer == Labels(0, 0, 1, 1, "legal", "negative")
    assert contradicts(Labels(frustration=1, threat=1, threat_kind="regulator"), answer) == (
        "frustration",
        "threat_kind",
    )
    assert contradicts(Labels(), answer) == ()
    assert set(BINARY) < set(LABELS)


def test_who_abstained_said_nothing_that_could_be_wrong() -> None:
    answer = answer_of(score_to_json(make_score(abstain_reason="too_short")))
    assert answer.is_empty
    assert contradicts(Labels(frustration=1, sentiment="negative"), answer) == ()
