"""Laws of the comparison: nothing changes against itself, what changes is named, and the rule behind it too."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.replay.compare import KINDS, Comparison, compare, kinds_of
from service.replay.play import Alert, Conversation
from service.replay.report import Report, play_sides, report
from service.replay.rules import policy_changes
from service.risk.decide import EscalationPolicy
from tests.unit.replay.matrices import CALM, CROSS, INSULT, SHIPPED, chat, golden, heard, matrix, rule, side
from tests.unit.risk.strategies import Step, conversations

THREE = rule("three", "{streak_at_least: {frustration: 3}}")
TWO = THREE.replace("frustration: 3", "frustration: 2")
THREATENED = rule("threatened", "{flagged: [threat]}", "handoff", "safety")
INSULTED = rule("insulted", "{flagged: [abuse]}", "handoff", "supervisor")


def reported(conversations: list[Conversation], before: EscalationPolicy, after: EscalationPolicy) -> Report:
    first, second = play_sides(conversations, (side(before), side(after)))
    return report(second, first)


def compared(conversations: list[Conversation], before: EscalationPolicy, after: EscalationPolicy) -> Comparison:
    difference = reported(conversations, before, after).difference
    assert difference is not None
    return difference.comparison


def only(before: EscalationPolicy, after: EscalationPolicy, *scores):
    (case,) = compared([chat("c", *scores)], before, after).cases
    return case.kinds, case.rules


def test_a_policy_against_itself_changes_nothing() -> None:
    found = reported(golden(), SHIPPED, SHIPPED)
    assert found.difference is not None
    comparison, changes = found.difference.comparison, found.difference.changes
    assert (comparison.changed, comparison.cases, comparison.kinds, comparison.rules) == (0, (), {}, {})
    assert comparison.turns_answered_otherwise == 0
    assert found.difference.metrics == found.metrics
    assert (changes.added, changes.removed, changes.moved, changes.edits) == ((), (), (), ())
    assert any(metrics.alerts for metrics in found.metrics.values())


def test_swapping_the_sides_mirrors_the_comparison() -> None:
    weaker = matrix(THREE, INSULTED)
    there, back = compared(golden(), SHIPPED, weaker), compared(golden(), weaker, SHIPPED)
    mirror = {"appears": "disappears", "earlier": "later", "more": "fewer", "action": "action", "queue": "queue"}
    mirror |= {after: before for before, after in mirror.items()}
    assert there.changed
    assert there.changed == back.changed
    assert {kind: count for kind, count in there.kinds.items()} == {mirror[k]: c for k, c in back.kinds.items()}
    assert there.turns_answered_otherwise == back.turns_answered_otherwise
    assert there.rules == back.rules


@given(st.lists(conversations(), min_size=1, max_size=4))
def test_a_handoff_on_top_only_adds(chats: list[list[Step]]) -> None:
    """The loudest action, asked first: no conversation loses its alert, and none gets its first alert later."""
    top = matrix(rule("on-top", "{flagged: [abuse]}", "handoff", "supervisor"), THREE, THREATENED)
    played = play_sides(
        (heard(f"c{n}", steps) for n, steps in enumerate(chats)), (side(matrix(THREE, THREATENED)), side(top))
    )
    for before, after in zip(*(found.traces for found in played), strict=True):
        assert bool(after.alerts) >= bool(before.alerts)
        if before.alerts:
            assert after.alerts[0].customer_turn <= before.alerts[0].customer_turn
            assert "disappears" not in kinds_of(before.alerts, after.alerts)
        elif after.alerts:
            assert after.alerts[0].rules[0] == "on-top"


def test_each_kind_with_the_rule_that_is_responsible() -> None:
    three, two = matrix(THREE), matrix(TWO)
    assert only(three, two, CROSS, CROSS) == (("appears",), ("three",))
    assert only(two, three, CROSS, CROSS) == (("disappears",), ("three",))
    assert only(three, two, CROSS, CROSS, CROSS) == (("earlier",), ("three",))
    assert only(two, three, CROSS, CROSS, CROSS) == (("later",), ("three",))
    both = matrix(INSULTED, TWO)
    assert only(two, both, CROSS, CROSS, INSULT) == (("more",), ("insulted",))
    assert only(both, two, CROSS, CROSS, INSULT) == (("fewer",), ("insulted",))
    louder = matrix(TWO.replace("consult", "handoff").replace("three", "loud"))
    assert only(two, louder, CROSS, CROSS) == (("action",), ("three", "loud"))
    elsewhere = matrix(TWO.replace("queue: senior", "queue: finance"))
    assert only(two, elsewhere, CROSS, CROSS) == (("queue",), ("three",))


def test_a_second_alert_that_moves_is_a_move() -> None:
    late, early = (matrix(TWO, rule("turns", f"{{customer_turns_at_least: {n}}}", "handoff")) for n in (6, 4))
    # A rule further down speaks when the streak is over.
    kinds, rules = only(late, early, CROSS, CROSS, CALM, CALM, CALM, CALM)
    assert (kinds, rules) == (("earlier",), ("turns",))


def test_answers_without_an_alert_are_counted_too() -> None:
    quiet = matrix(rule("quiet", "{streak_at_least: {frustration: 1}}").replace("id: quiet", "id: other"))
    loud = matrix(rule("quiet", "{streak_at_least: {frustration: 1}}"))
    found = compared([chat("c", CROSS, CALM, CROSS)], loud, quiet)
    assert (found.changed, found.turns_answered_otherwise) == (0, 2)


def test_counts_are_of_outcomes_and_cases_come_by_kind() -> None:
    chats = [
        chat("later", CROSS, CROSS, CROSS, escalated=True),
        chat("calm", CROSS, CROSS, escalated=False),
        chat("bad", CROSS, CROSS, escalated=True),
        chat("unknown", CROSS, CROSS),
        chat("same", CALM, escalated=False),
    ]
    found = compared(chats, matrix(THREE), matrix(TWO))
    assert (found.conversations, found.changed) == (5, 4)
    counts = found.kinds["appears"]
    assert (counts.conversations, counts.escalated, counts.calm) == (3, 1, 1)
    assert [case.id for case in found.cases] == ["calm", "bad", "unknown", "later"]
    assert found.rules["three"].conversations == 4


alerts = st.lists(
    st.builds(
        Alert,
        customer_turn=st.integers(1, 4),
        turn_id=st.just("t"),
        action=st.sampled_from(("consult", "handoff")),
        queue=st.sampled_from(("senior", "safety")),
        rules=st.just(("r",)),
        level=st.just(0.5),
        band=st.just("high"),
    ),
    max_size=3,
    unique_by=lambda alert: alert.customer_turn,
).map(lambda found: tuple(sorted(found, key=lambda alert: alert.customer_turn)))


@given(alerts, alerts)
def test_there_is_a_kind_exactly_when_the_alerts_differ(before, after) -> None:
    kinds = kinds_of(before, after)
    assert bool(kinds) == (before != after)
    assert [kind for kind in KINDS if kind in kinds] == list(kinds)
    assert not {"earlier", "later"} <= set(kinds)


def test_replays_of_different_conversations_are_not_compared() -> None:
    (few,), (many,) = (play_sides(golden()[:n], (side(SHIPPED),)) for n in (1, 2))
    with pytest.raises(ValueError, match="zip"):
        compare(few.traces, many.traces)


def test_the_change_of_a_matrix_is_said_in_its_own_words() -> None:
    changed = matrix(
        INSULTED.replace("respond_within_s: 60", "respond_within_s: 90").replace('en: "-"', 'en: "+"'), TWO
    )
    changes = policy_changes(matrix(THREE, INSULTED), changed)
    assert (changes.added, changes.removed, len(changes.moved)) == ((), (), 1)
    assert [(edit.rule, edit.what, edit.before, edit.after) for edit in changes.edits] == [
        ("insulted", "respond_within_s", "60", "90"),
        ("insulted", "because", None, None),
        ("three", "streak_at_least", "frustration at least 3", "frustration at least 2"),
    ]
    more = policy_changes(matrix(THREE), matrix(THREE.replace("three", "four"), INSULTED))
    assert (more.added, more.removed, more.moved) == (("four", "insulted"), ("three",), ())
    quiet = matrix(THREE.replace("{streak_at_least", "{shouting: true, streak_at_least"))
    (edit,) = policy_changes(matrix(THREE), quiet).edits
    assert (edit.what, edit.before, edit.after) == ("shouting", None, "yes")
    deaf = replace(matrix(THREE), read_replies=False, reason_language="cs")
    assert [(edit.rule, edit.what, edit.after) for edit in policy_changes(matrix(THREE), deaf).edits] == [
        (None, "reason_language", "cs"),
        (None, "read_replies", "false"),
    ]
