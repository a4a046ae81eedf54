"""The numbers of a replay, counted by hand on conversations that can be counted by hand."""

from service.replay.measure import lead_of, measure, rule_uses
from service.replay.report import play_sides
from tests.unit.replay.matrices import CALM, CROSS, INSULT, chat, matrix, rule, side

POLICY = matrix(
    rule("insulted", "{flagged: [abuse]}", "handoff", "supervisor"),
    rule("twice", "{streak_at_least: {frustration: 2}}"),
    rule("never", "{streak_at_least: {threat: 9}}"),
)
CHATS = [
    chat("early", CROSS, CROSS, CALM, CALM, CALM, escalated=True),  # alert at 2 of 5: lead 3
    chat("last", CALM, CALM, INSULT, escalated=True),  # alert at 3 of 3: lead 0
    chat("missed", CROSS, CALM, CROSS, escalated=True),
    chat("late", CALM, CROSS, CROSS, CALM, escalated=True, at=2),  # alert at 3, escalated at 2
    chat("noise", CROSS, CROSS, CALM, INSULT, escalated=False, language="vi"),  # two alerts
    chat("quiet", CALM, escalated=False, language="vi"),
    chat("unlabelled", CROSS, CROSS, language="vi"),
]


def traces():
    (played,) = play_sides(CHATS, (side(POLICY),))
    return played.traces


def test_the_numbers_of_all() -> None:
    found = measure(traces())["all"]
    assert (found.conversations, found.customer_turns, found.alerts) == (7, 5 + 3 + 3 + 4 + 4 + 1 + 2, 6)
    assert found.alerts_per_100_conversations == 85.7
    assert (found.alerted, found.labelled, found.escalated) == (5, 6, 4)
    assert (found.alerted_escalated, found.alerted_calm, found.late) == (3, 1, 1)
    assert found.precision == 0.75  # early, last, late against noise
    assert found.recall == 0.5  # early and last; late came too late
    assert found.false_positive_rate == 0.5
    assert (found.lead_median, found.lead_early) == (1.5, 0.5)


def test_the_numbers_per_language_add_up_and_what_cannot_be_divided_is_null() -> None:
    groups = measure(traces())
    assert list(groups) == ["all", "vi", "en"]
    for name in ("conversations", "customer_turns", "alerts", "alerted", "labelled", "escalated", "late"):
        assert getattr(groups["all"], name) == getattr(groups["vi"], name) + getattr(groups["en"], name)
    assert (groups["vi"].recall, groups["vi"].lead_median, groups["en"].false_positive_rate) == (None, None, None)
    assert measure([])["all"].alerts_per_100_conversations is None


def test_a_lead_counts_customer_turns_to_the_labelled_escalation_or_else_to_the_end() -> None:
    assert {trace.id: lead_of(trace) for trace in traces()} == {
        "early": 3,
        "last": 0,
        "missed": None,
        "late": -1,
        "noise": None,
        "quiet": None,
        "unlabelled": None,
    }


def test_dead_and_noisy_rules_are_seen() -> None:
    uses = {use.rule: use for use in rule_uses(POLICY.rules, traces())}
    assert list(uses) == ["insulted", "twice", "never"]
    twice = uses["twice"]
    assert (twice.fired, twice.decided, twice.alerts, twice.alerted_escalated, twice.alerted_calm) == (4, 4, 4, 2, 1)
    insulted = uses["insulted"]
    assert (insulted.fired, insulted.alerts, insulted.alerted_escalated, insulted.alerted_calm) == (2, 2, 1, 1)
    assert (uses["never"].fired, uses["never"].decided, uses["never"].alerts) == (0, 0, 0)
