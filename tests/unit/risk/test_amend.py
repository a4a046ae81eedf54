"""Laws of changes to a policy's text: the place changes, nothing else does, and what the loader reads is what was meant."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.replay.rules import PolicyChanges, policy_changes
from service.risk.amend import ENABLED, Change, ChangeRefused, amend
from service.risk.conditions import CONDITIONS
from service.risk.decide import EscalationPolicy, load_policy, policy_from_text
from service.risk.describe import Limit, condition_parts
from service.risk.loader import PolicyError

SHIPPED = load_policy()
LIMITS = [
    (rule.id, limit)
    for rule in SHIPPED.rules
    for parts in map(condition_parts, rule.conditions)
    for limit in parts.limits
]
RULES = [rule.id for rule in SHIPPED.rules]
AWKWARD = """\
version: "1"   # ours
rules:
# before the first
- id: one      # its name
  when:
    score_at_least: {frustration: 0.50, threat: .25}   # two numbers

    waiting_at_least_s: 60
  action: none
  because: {vi: "á # không", tl: 'b', cs: "č", en: d}

# of the second
- {id: two, when: {shouting: true}, action: none, because: {vi: a, tl: b, cs: c, en: d}}
"""


def loaded(text: str) -> EscalationPolicy:
    return policy_from_text(text.encode(), SHIPPED.catalogue)


def changed(*changes: Change, text: str = SHIPPED.text) -> tuple[list[str], PolicyChanges]:
    """The lines that are there now, and what the loader says has changed."""
    after = amend(text, changes)
    pairs = zip(text.splitlines(), after.splitlines(), strict=True)
    return [now for then, now in pairs if then != now], policy_changes(loaded(text), loaded(after))


def test_the_shipped_policy_has_numbers_to_change() -> None:
    assert len(LIMITS) > 30
    assert {limit.unit for _, limit in LIMITS} >= {"share", "count"}


@settings(max_examples=25)
@given(st.data())
def test_a_number_is_changed_at_its_path_and_nowhere_else(data: st.DataObject) -> None:
    rule, limit = data.draw(st.sampled_from(LIMITS))
    value = data.draw(
        st.integers(int(limit.low), 50) if limit.unit != "share" else st.integers(0, 1000).map(lambda n: n / 1000)
    )
    lines, difference = changed(Change(rule, limit.path, value))
    assert len(lines) <= 1
    assert (difference.added, difference.removed, difference.moved) == ((), (), ())
    assert {(edit.rule, f"when.{edit.what}") for edit in difference.edits} <= {
        (rule, ".".join(limit.path.split(".")[:2]))
    }
    found = next(r for r in loaded(amend(SHIPPED.text, [Change(rule, limit.path, value)])).rules if r.id == rule)
    now = [
        found_limit.value
        for c in found.conditions
        for found_limit in condition_parts(c).limits
        if found_limit.path == limit.path
    ]
    assert now == [value]


@settings(max_examples=25)
@given(st.sets(st.sampled_from(RULES), min_size=1, max_size=len(RULES) - 1))
def test_rules_that_are_switched_off_are_gone_and_their_lines_are_comments(off: set[str]) -> None:
    lines, difference = changed(*(Change(rule, ENABLED, False) for rule in off))
    assert set(difference.removed) == off
    assert (difference.added, difference.moved, difference.edits) == ((), (), ())
    assert all(line.lstrip().startswith("# ") for line in lines)


def test_switching_off_and_changing_go_together() -> None:
    both = (
        Change("slow-burn", ENABLED, False),
        Change("slow-burn", "queue", "supervisor"),
        Change("forecast-high", "queue", "agent"),
    )
    lines, difference = changed(*both)
    assert difference.removed == ("slow-burn",)
    assert [(e.rule, e.what, e.before, e.after) for e in difference.edits] == [
        ("forecast-high", "queue", "senior", "agent")
    ]
    assert "    queue: agent" in lines


def test_a_file_written_by_hand_keeps_its_spelling() -> None:
    text = amend(
        AWKWARD, [Change("one", "when.score_at_least.threat", 0.3), Change("one", "when.waiting_at_least_s", 90)]
    )
    assert text == AWKWARD.replace(".25", "0.3").replace("_s: 60", "_s: 90")
    off = amend(AWKWARD, [Change("one", ENABLED, False)])
    assert [rule.id for rule in loaded(off).rules] == ["two"]
    assert "# of the second" in off.splitlines(), "the comment of the next rule is nobody else's"
    assert [rule.id for rule in loaded(amend(AWKWARD, [Change("two", ENABLED, False)])).rules] == ["one"]


def test_nothing_to_change_changes_nothing() -> None:
    assert amend(SHIPPED.text, []) == SHIPPED.text
    assert amend(": no policy at all", []) == ": no policy at all"


# fmt: off
REFUSED: list[tuple[list[Change], int, str]] = [
    ([Change("nobody", "queue", "agent")],                                                      0, "rule"),
    ([Change("threat-legal", "when.threat_kind", "legal")],                                     0, "path"),
    ([Change("threat-legal", "when.nothing_at_least", 1)],                                      0, "path"),
    ([Change("threat-legal", "when", 1)],                                                       0, "path"),
    ([Change("threat-legal", "id", "other")],                                                   0, "path"),
    ([Change("threat-legal", "because.en", "other")],                                           0, "path"),
    ([Change("threat-legal", ENABLED, True)],                                                   0, "value"),
    ([Change("threat-legal", ENABLED, 0)],                                                      0, "value"),
    ([Change("threat-legal", "queue", "agent"), Change("threat-legal", "queue", "agent")],      1, "path"),
    ([Change("threat-legal", ENABLED, False), Change("threat-legal", "when.nothing", 1)],       1, "path"),
]
# fmt: on


@pytest.mark.parametrize(("changes", "index", "part"), REFUSED)
def test_a_change_that_cannot_be_made_is_named(changes: list[Change], index: int, part: str) -> None:
    with pytest.raises(ChangeRefused) as refused:
        amend(SHIPPED.text, changes)
    assert (refused.value.index, refused.value.part) == (index, part)


def test_a_rule_in_a_flow_list_cannot_be_switched_off_by_lines() -> None:
    text = "version: '1'\nrules: [{id: one, when: {shouting: true}, action: none}]\n"
    with pytest.raises(ChangeRefused):
        amend(text, [Change("one", ENABLED, False)])


@pytest.mark.parametrize(
    ("path", "value", "line_of"),
    [
        ("when.forecast_at_least", 1.5, "- id: forecast-high"),
        ("queue", "nowhere", "queue: senior"),
        ("action", "null", "- id"),
    ],
)
def test_a_value_that_may_not_stand_there_is_the_loaders_to_refuse(path: str, value: Any, line_of: str) -> None:
    with pytest.raises(PolicyError) as refused:
        loaded(amend(SHIPPED.text, [Change("forecast-high", path, value)]))
    start = next(n for n, line in enumerate(SHIPPED.text.splitlines(), 1) if "- id: forecast-high" in line)
    assert start < refused.value.line < start + 6


@pytest.mark.parametrize("word", CONDITIONS)
def test_every_word_of_the_vocabulary_has_parts(word: str) -> None:
    values = (
        "true",
        "{frustration: 0.5}",
        "{frustration: 2}",
        "{negative: 0.5}",
        "[abuse]",
        "[legal]",
        "[venting]",
        "[calm]",
        "[rising]",
        "[vi]",
        "[money]",
        "0.5",
        "5",
    )
    rule = "version: '1'\nrules:\n- {id: x, when: {%s: %s}, action: none, because: {vi: a, tl: b, cs: c, en: d}}\n"
    readable = []
    for value in values:
        try:
            readable.append(loaded(rule % (word, value)).rules[0].conditions[0])
        except PolicyError:
            continue
    assert readable
    for condition in readable:
        parts = condition_parts(condition)
        assert sum((bool(parts.limits), bool(parts.names), parts.truth is not None)) == 1
        assert all(isinstance(limit, Limit) and limit.low <= limit.value <= limit.high for limit in parts.limits)
