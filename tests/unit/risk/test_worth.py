"""Laws of what is worth a label: close calls, contradictions, moved scores; and nobody's reason fills the queue alone."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.labels import BINARY, LANGUAGES
from service.risk.corrections import Correction, Labels
from service.risk.drift import compare
from service.risk.worth import KINDS, NEAR, Candidate, Moved, Reason, boundaries_of, is_open_to, mix, reasons_for
from service.store.serialise import score_to_json
from tests.support import THRESHOLD, make_score

CALM = Labels(frustration=0, abuse=0, threat=0, asks_human=0, sentiment="neutral")
SUED = Labels(threat=1)


def turn(row: int = 1, language: str = "en", **score: object) -> Candidate:
    return Candidate(row, language, "shop", "m1", score_to_json(make_score(language=language, **score)))  # type: ignore[arg-type]


def said(by: str, labels: Labels | None) -> Correction:
    return Correction(by, 1.0, labels, "m1")


def causes(candidate: Candidate, *moved: Moved) -> list[str]:
    known = {("m1", "en", signal): THRESHOLD for signal in BINARY}
    return [reason.cause for reason in reasons_for(candidate, known, moved)]


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30))
def test_a_threshold_lies_between_what_was_flagged_and_what_was_not(scores: list[float]) -> None:
    turns = [("m1", score_to_json(make_score(threat=p))) for p in scores]
    found = boundaries_of(turns)["m1", "en", "threat"]
    assert max([p for p in scores if p < THRESHOLD], default=0.0) <= found
    assert found <= min([p for p in scores if p >= THRESHOLD], default=1.0)


def test_thresholds_are_of_a_model_and_a_language() -> None:
    turns = [("m1", score_to_json(make_score(threat=p))) for p in (0.4, 0.6)]
    other = [("m2", score_to_json(make_score(threat=0.9, language="cs")))]
    found = boundaries_of([*turns, *other, ("m1", score_to_json(make_score(abstain_reason="too_short")))])
    assert found["m1", "en", "threat"] == pytest.approx(0.5)
    assert set(found) == {(m, lang, s) for m, lang in (("m1", "en"), ("m2", "cs")) for s in BINARY}


# fmt: off
CASES = [
    (turn(),                                                                  []),
    (turn(frustration=THRESHOLD + NEAR / 2),                                  ["near_threshold"]),
    (turn(frustration=THRESHOLD - NEAR / 2),                                  ["near_threshold"]),
    (turn(asks_human=THRESHOLD + NEAR / 2),                                   ["near_threshold"]),
    (turn(frustration=THRESHOLD + NEAR * 2),                                  []),
    (turn(abstain_reason="too_short"),                                        ["abstained"]),
    (turn(abstain_reason="no_words"),                                         []),
    (replace(turn(threat=0.9), false_alarm=True),                             ["false_alarm"]),
    (replace(turn(), taken_over=True),                                        ["missed"]),
    (replace(turn(frustration=0.9), taken_over=True),                         []),
    (replace(turn(), labels=(said("mai", SUED),)),                            ["corrected"]),
    (replace(turn(), labels=(said("mai", CALM),)),                            []),
    (replace(turn(), labels=(said("mai", SUED), said("jan", CALM))),          ["contested"]),
    (replace(turn(), labels=(said("mai", SUED), said("jan", SUED))),          []),
    (replace(turn(frustration=0.52), false_alarm=True, labels=(said("mai", SUED),)), ["false_alarm", "corrected", "near_threshold"]),
]
# fmt: on


@pytest.mark.parametrize(("candidate", "expected"), CASES)
def test_why_a_turn_is_worth_a_label(candidate: Candidate, expected: list[str]) -> None:
    assert causes(candidate) == expected


def test_two_moods_alike_are_a_doubt() -> None:
    score = {**turn().score, "sentiment": {"negative": 0.46, "neutral": 0.5, "positive": 0.04}}
    (reason,) = reasons_for(replace(turn(), score=score), {}, ())
    assert (reason.kind, reason.cause, reason.facts) == (
        "uncertain",
        "mixed_mood",
        {"first": "neutral", "second": "negative"},
    )


def test_moved_scores_are_asked_for_where_they_went_and_only_in_their_group_and_model() -> None:
    drift = compare([0.05] * 200, [0.05] * 100 + [0.7] * 100)
    assert drift is not None
    moved = Moved("queue", "shop", "frustration", "m1", drift)
    high = turn(frustration=0.7)
    assert causes(high, moved) == ["moved"]
    assert causes(turn(frustration=0.05), moved) == []
    assert causes(replace(high, queue="billing"), moved) == []
    assert causes(replace(high, model_version="m2"), moved) == []
    (reason,) = reasons_for(high, {}, [moved])
    assert (reason.kind, reason.signal, reason.facts["name"]) == ("drifting", "frustration", "shop")


# fmt: off
OPEN = [
    # labels                                      mai     eva    nobody in particular
    ((),                                          True,   True,  True),
    ((said("mai", CALM),),                        False,  False, False),  # confirms the model
    ((said("mai", SUED),),                        False,  True,  False),  # a second opinion
    ((said("mai", SUED), said("jan", SUED)),      False,  False, False),
    ((said("mai", SUED), said("jan", CALM)),      False,  True,  True),   # a third one settles it
]
# fmt: on


@pytest.mark.parametrize(("labels", "mai", "eva", "nobody"), OPEN)
def test_a_labelled_turn_waits_only_where_another_opinion_settles_something(
    labels: tuple[Correction, ...], mai: bool, eva: bool, nobody: bool
) -> None:
    score = turn().score
    assert [is_open_to(by, labels, score) for by in ("mai", "eva", None)] == [mai, eva, nobody]


reasons = st.builds(Reason, st.sampled_from(KINDS), st.just("moved"), st.floats(0, 1))
queued = st.lists(st.tuples(st.sampled_from([*LANGUAGES, "other"]), reasons), max_size=40).map(
    lambda items: [(turn(row, language), (reason,)) for row, (language, reason) in enumerate(items)]
)


@given(queued)
def test_nothing_is_lost_or_doubled_and_places_rise(worth: list[tuple[Candidate, tuple[Reason, ...]]]) -> None:
    placed = mix(worth)
    assert sorted(candidate.row for _, candidate in placed) == sorted(candidate.row for candidate, _ in worth)
    assert all(one < other for (one, _), (other, _) in pairwise(placed))


@given(queued)
def test_kinds_and_languages_take_turns(worth: list[tuple[Candidate, tuple[Reason, ...]]]) -> None:
    """However many wait in one line, each other line's n-th turn comes before its n+1-th."""
    placed = mix(worth)
    line_of = {candidate.row: (why[0].kind, candidate.language) for candidate, why in worth}
    weight_of = {candidate.row: why[0].weight for candidate, why in worth}
    lines: dict[object, list[int]] = {}
    for (rounds, _), candidate in placed:
        line = lines.setdefault(line_of[candidate.row], [])
        assert rounds == len(line), "one of each line a round"
        line.append(candidate.row)
    for rows in lines.values():
        assert [weight_of[row] for row in rows] == sorted((weight_of[row] for row in rows), reverse=True)
