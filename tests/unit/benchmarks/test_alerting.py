"""What the early-warning benchmark counts: in time, before, late, for nothing, and withdrawn."""

import numpy as np
import pytest

from benchmarks.alerting import RIVALS, Watched, beside_rivals, by_threshold, counts, measure, threshold_at
from benchmarks.alerting_parts import alert_table, forecast_table
from benchmarks.bootstrap import interval
from benchmarks.early_warning import forecast_quality, forecast_rows, watch
from service.engine import Engine
from service.risk.decide import load_policy
from tests.support import FixedScorer, make_score
from training.escalation import Line, Story

F, T, NONE = frozenset({"frustration"}), frozenset({"threat"}), frozenset()


def watched(signs: list[frozenset[str]], alerted: str, last: list[float] | None = None, *, escalated: bool = False):
    lines = tuple(Line("customer", "text", s) for s in signs)
    levels = tuple(last or [float(mark == "x") for mark in alerted])
    story = Story("id", "own", "tl", "test", escalated, lines)
    return Watched(story, tuple(mark == "x" for mark in alerted), levels, levels, ("tl", "en"))


EARLY = watched([F, F, T], "x..", escalated=True)
ON_TIME = watched([F, F, T], "..x", escalated=True)
LATE = watched([T, F, F], ".x.", escalated=True)
MISSED = watched([F, T], "..", escalated=True)
PASSED_ON = watched([NONE, NONE], ".x", escalated=True)
FALSE_AND_BACK = watched([NONE, F, NONE], "xx.")
FALSE_AND_KEPT = watched([F, NONE], "xx")
QUIET = watched([NONE, NONE], "..")
EVERY = [EARLY, ON_TIME, LATE, MISSED, PASSED_ON, FALSE_AND_BACK, FALSE_AND_KEPT, QUIET]


def value(found: dict, name: str) -> float:
    return found[name][0]


def test_in_time_is_at_or_before_the_turn_that_escalates() -> None:
    found = measure(EVERY, [w.alerted for w in EVERY])
    assert value(found, "recall") == 0.5
    assert value(found, "strictly_before") == 0.25
    assert value(found, "recall_with_passed_on") == 0.6
    assert (found["median_lead"], found["leads"], found["late"]) == (1.0, {"0": 1, "2": 1}, 1)


def test_false_alarms_are_counted_by_kind_and_those_passed_on_on_neither_side() -> None:
    found = measure(EVERY, [w.alerted for w in EVERY])
    assert (value(found, "alerted_calm"), value(found, "alerted_displeased")) == (0.0, 1.0)
    assert found["alerted_heated"] is None
    assert value(found, "false_positive_rate") == pytest.approx(2 / 3, abs=1e-4)
    assert value(found, "precision") == pytest.approx(3 / 5)


def test_recovery_is_an_alert_withdrawn_where_the_customer_came_round() -> None:
    assert value(measure(EVERY, [w.alerted for w in EVERY]), "recovery") == 0.5
    assert measure([QUIET], [QUIET.alerted])["recovery"] is None


def test_a_threshold_keeps_to_its_share_of_harmless_conversations() -> None:
    calm = [watched([NONE], ".", [p]) for p in (0.1, 0.2, 0.3, 0.4)]
    for share, alerted in ((0.0, 0), (0.25, 1), (0.49, 1), (0.5, 2), (1.0, 4)):
        limit = threshold_at(calm, RIVALS["last score"], share)
        assert sum(map(any, by_threshold(calm, RIVALS["last score"], limit))) == alerted


def test_wait_one_turn_needs_two_turns_in_a_row() -> None:
    assert watched([F, F, F], "...", [0.9, 0.2, 0.8]).deferred == (0.0, 0.2, 0.2)


def test_rivals_are_held_at_the_same_rate_of_false_positives() -> None:
    found = beside_rivals([EARLY, MISSED, FALSE_AND_BACK, QUIET])
    rates = {way: value(entry, "false_positive_rate") for way, entry in found.items() if "calm budget" not in way}
    assert len(rates) == 1 + len(RIVALS)
    assert max(rates.values()) == rates["policy"] == 0.5


def test_forecast_rows_end_at_the_escalation_and_leave_out_what_was_passed_on() -> None:
    labels, _, story = forecast_rows([EARLY, PASSED_ON, QUIET], strictly=False)
    assert (labels.tolist(), story.tolist()) == ([1, 1, 1, 0, 0], [0, 0, 0, 2, 2])
    assert forecast_rows([EARLY, QUIET], strictly=True)[0].tolist() == [1, 1, 0, 0]


def test_turns_of_a_conversation_are_drawn_together() -> None:
    labels, groups = np.repeat([0, 1], 50), np.repeat([0, 1], 50)
    alone = interval(lambda y, _: float(y.mean()), labels, labels)
    together = interval(lambda y, _: float(y.mean()), labels, labels, groups=groups)
    assert (alone.value, together.value) == (0.5, 0.5)
    assert (together.low, together.high) == (0.0, 1.0)
    assert alone.high - alone.low < 0.3


def test_a_watched_story_holds_what_the_service_would_have_answered() -> None:
    scores = {"grr": make_score(frustration=0.9), "sue": make_score(threat=0.9, threat_kinds={"legal": 0.9})}
    lines = (Line("customer", "grr", F), Line("agent", "sorry"), Line("customer", "sue", T), Line("customer", "hm"))
    seen = watch(Story("s", "own", "en", "test", True, lines), Engine(FixedScorer(scores), load_policy()))
    assert seen.alerted == (False, True, False)
    assert seen.last == (0.9, 0.9, 0.05)
    assert set(seen.phrases) == {"en"}
    assert seen.forecast[1] > seen.forecast[2] > 0.0


def test_phrases_in_a_wrong_language_are_counted_and_taglish_apart() -> None:
    story = Story("s", "own", "vi", "test", False, (Line("customer", "x"),))
    assert counts([QUIET]) | {"phrases": 2, "taglish_phrases": 1, "wrong_language_phrases": 0} == counts([QUIET])
    assert counts([Watched(story, (False,), (0.0,), (0.0,), ("vi", "tl"))])["wrong_language_phrases"] == 1


def test_the_page_shows_each_set_and_a_dash_where_nothing_was_counted() -> None:
    quality = forecast_quality(EVERY)
    entry = {"conversations": counts(EVERY), "alerts": beside_rivals(EVERY), "forecast": quality}
    alerts, forecasts = alert_table({"own test": entry}), forecast_table({"own test": entry})
    assert "| own test | policy | 0.50 (0.00–1.00) | 0.25 (0.00–0.75) | 1 | 0.00" in alerts
    assert "| last score, wait one turn, calm budget |" in alerts
    assert " | – | " in alerts
    assert "| own test | 4 | 1 | 0 | 2 | 1 | 16 (8, 0) |" in forecasts
