"""Laws of the pure module behind the label editor: what is shown, what a click says, and that nothing else is said."""

from typing import Any

import pytest
from playwright.sync_api import Page

SCORE = {
    "status": "scored",
    "flags": {"frustration": True, "abuse": False, "threat": True, "asks_human": False},
    "threat_kind": "legal",
    "sentiment": {"negative": 0.8, "neutral": 0.15, "positive": 0.05},
}
ANSWER = {
    "frustration": 1, "abuse": 0, "threat": 1, "asks_human": 0, "threat_kind": "legal", "sentiment": "negative",
}  # fmt: skip

# fmt: off
CLICKS = [
    # clicks, one after the other                          what is said in the end
    ([["frustration"]],                                    {"frustration": 0}),
    ([["frustration"], ["frustration"]],                   {"frustration": 1}),
    ([["abuse"]],                                          {"abuse": 1}),
    ([["threat"]],                                         {"threat": 0, "threat_kind": None}),
    ([["threat"], ["threat"]],                             {"threat": 1, "threat_kind": None}),
    ([["threat_kind", "regulator"]],                       {"threat": 1, "threat_kind": "regulator"}),
    ([["threat_kind", "regulator"], ["threat_kind", "regulator"]], {"threat": 1, "threat_kind": None}),
    ([["sentiment", "positive"]],                          {"sentiment": "positive"}),
    ([["threat_kind", "regulator"], ["threat"]],           {"threat": 0, "threat_kind": None}),
]
# fmt: on


def run(modules: Page, script: str, argument: object) -> Any:
    return modules.evaluate(
        f"async (given) => {{ const rules = await import('/assets/label_rules.js'); {script} }}", argument
    )


def test_the_answer_of_a_score(modules: Page) -> None:
    assert run(modules, "return rules.answerOf(given);", SCORE) == ANSWER
    assert run(modules, "return rules.answerOf(given);", {**SCORE, "status": "abstained"}) == {}


@pytest.mark.parametrize(("clicks", "expected"), CLICKS)
def test_a_click_says_one_label_and_no_other(modules: Page, clicks: list[list[str]], expected: dict[str, Any]) -> None:
    script = """
        const [answer, clicks] = given;
        return clicks.reduce((said, [label, value]) => rules.clicked(said, answer, label, value), {});
    """
    assert run(modules, script, [ANSWER, clicks]) == expected


def test_right_as_it_is_says_everything_that_is_shown(modules: Page) -> None:
    script = "const [said, answer] = given; return rules.confirmed(said, answer);"
    assert run(modules, script, [{}, ANSWER]) == ANSWER
    assert run(modules, script, [{"threat": 0}, ANSWER]) == {**ANSWER, "threat": 0, "threat_kind": None}
    nothing = {"frustration": 0, "abuse": 0, "threat": 0, "asks_human": 0, "threat_kind": None, "sentiment": None}
    assert run(modules, script, [{}, {}]) == nothing


def test_a_correction_is_what_differs(modules: Page) -> None:
    script = "const [said, answer] = given; return rules.corrections(said, answer);"
    assert run(modules, script, [ANSWER, ANSWER]) == []
    assert run(modules, script, [{"threat": 0, "sentiment": "neutral"}, ANSWER]) == ["threat", "sentiment"]
    assert run(modules, script, [{"threat": 1}, {}]) == [], "who abstained was not wrong"


def test_moods_go_in_a_circle(modules: Page) -> None:
    script = "return given.map(rules.nextSentiment);"
    assert run(modules, script, ["negative", "neutral", "positive", None]) == [
        "neutral",
        "positive",
        "negative",
        "negative",
    ]
