"""The page and the JSON of a report: readable, bounded, and without a word that somebody wrote."""

import json

from service.replay.page import report_page
from service.replay.present import report_to_json
from service.replay.report import Report, play_sides, report
from tests.unit.replay.matrices import CALM, CROSS, chat, golden, matrix, rule, side

THREE = rule("three", "{streak_at_least: {frustration: 3}}")
TWO = THREE.replace("frustration: 3", "frustration: 2")
DEAD = rule("dead", "{streak_at_least: {threat: 9}}")
CHATS = [
    chat("bad", CROSS, CROSS, CROSS, escalated=True),
    chat("calm", CALM, CROSS, CROSS, escalated=False, language="vi"),
    chat("quiet", CALM),
]
PAGE = """\
Replay under policy {policy}
                       all   vi  en
conversations            3    1   2
customer turns           7    3   4
escalated                1    0   1
alerts                   2    1   1
alerts per 100        66.7  100  50
with an alert            2    1   1
  of those escalated     1    0   1
  of those calm          1    1   0
precision              0.5    0   1
recall                   1    -   1
false-positive rate      1    1   -
lead, median turns       1    -   1
lead of 2 or more        0    -   0

rule   fired  decided  alerts  in escalated  in calm
three      3        3       2             1        1
never fired: dead

Against policy {against}
  rules added: dead
  three, streak_at_least: frustration at least 3 -> frustration at least 2
2 of 3 conversations change:
  an alert where there was none: 1 (1 calm)
  an earlier alert: 1 (1 escalated)
because of:
  three: 2 (1 escalated, 1 calm)
2 customer turns are answered otherwise, alert or not.
alerts: 1 -> 2
alerts per 100: 33.3 -> 66.7
with an alert: 1 -> 2
  of those calm: 0 -> 1
precision: 1 -> 0.5
false-positive rate: 0 -> 1
lead, median turns: 0 -> 1

calm (vi, calm): appears
  before: no alert
  now:    turn 3 consult senior (three)

1 more are not shown.
"""


def made() -> Report:
    before, after = play_sides(CHATS, (side(matrix(THREE)), side(matrix(TWO, DEAD))))
    return report(after, before)


def test_the_page_of_a_change() -> None:
    found = made()
    assert found.difference is not None
    expected = PAGE.format(policy=found.policy, against=found.difference.policy)
    assert report_page(found, cases=1) == expected


def test_the_json_has_the_counts_first_and_says_how_many_cases_are_missing() -> None:
    shown = report_to_json(made(), cases=1)
    assert list(shown) == ["policy", "metrics", "rules", "diff"]
    diff = shown["diff"]
    assert isinstance(diff, dict)
    assert list(diff)[-2:] == ["cases", "cases_left_out"]
    assert (diff["changed"], len(diff["cases"]), diff["cases_left_out"]) == (2, 1, 1)
    assert diff["cases"][0]["conversation_id"] == "calm"
    assert diff["kinds"]["appears"] == {"conversations": 1, "escalated": 0, "calm": 1}
    assert json.loads(json.dumps(shown)) == json.loads(json.dumps(shown, allow_nan=False))


def test_without_a_second_policy_there_is_no_difference() -> None:
    (played,) = play_sides(CHATS, (side(matrix(THREE)),))
    assert report_to_json(report(played))["diff"] is None
    assert "Against" not in report_page(report(played), cases=5)


def test_no_text_of_a_conversation_is_on_the_page_or_in_the_json() -> None:
    before, after = play_sides(golden(), (side(matrix(THREE)), side(matrix(TWO))))
    found = report(after, before)
    shown = report_page(found, cases=99) + json.dumps(report_to_json(found), ensure_ascii=False)
    for conversation in golden():
        for moment in conversation.moments:
            assert len(moment.turn.text) < 12 or moment.turn.text not in shown
