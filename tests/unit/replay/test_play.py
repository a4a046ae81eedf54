"""Laws of the replay's core: it answers what the engine answers, sees no future, and needs no model where scores are there."""

import json

import pytest
from hypothesis import given

from service.engine import Engine
from service.flow import ACTIONS, ConversationState
from service.replay.play import Conversation, Moment, play, trace, with_scores, without_scores
from service.replay.present import report_to_json
from service.replay.report import play_sides, report
from service.replay.stored import StoredScores
from service.risk.alerts import ALERTING
from service.risk.policy import QUEUES
from tests.golden.conversations import Script, load_all
from tests.support import FixedScorer, make_score
from tests.unit.replay.matrices import CROSS, INSULT, SHIPPED, chat, golden, heard, matrix, rule, side
from tests.unit.risk.strategies import Step, conversations

ENGINE = Engine(StoredScores(), SHIPPED)


@given(conversations())
def test_a_replay_gives_the_engines_own_answers(steps: list[Step]) -> None:
    state = ConversationState("c")
    for step, answer in zip(steps, play(ENGINE, heard("c", steps)), strict=True):
        taken = ENGINE.advance(state, step.turn, step.score, step.turn.sent_at)
        assert (answer.before, answer.after, answer.assessment) == (state, taken.state, taken.assessment)
        state = taken.state


@given(conversations())
def test_what_comes_later_changes_no_earlier_answer_and_is_not_even_read(steps: list[Step]) -> None:
    whole = list(play(ENGINE, heard("c", steps)))
    for length in range(1, len(steps)):
        assert list(play(ENGINE, heard("c", steps[:length]))) == whole[:length]
    answers = play(ENGINE, Conversation("c", None, _Watched(heard("c", steps).moments)))  # type: ignore[arg-type]
    for number in range(1, len(steps) + 1):
        next(answers)
        assert _Watched.read == number


class _Watched(tuple):  # type: ignore[type-arg]
    """Moments that count how many of them were read."""

    read = 0

    def __iter__(self):  # type: ignore[no-untyped-def]
        for number, moment in enumerate(super().__iter__(), 1):
            _Watched.read = number
            yield moment


@given(conversations(max_turns=12))
def test_the_first_call_for_help_alerts_and_an_alert_names_the_turn_and_the_rules_of_its_answer(
    steps: list[Step],
) -> None:
    answers = [answer for answer in play(ENGINE, heard("c", steps)) if answer.moment.turn.role == "customer"]
    found = {alert.customer_turn: alert for alert in trace(heard("c", steps), play(ENGINE, heard("c", steps))).alerts}
    calls = [
        number
        for number, answer in enumerate(answers, 1)
        if answer.assessment.recommendation.action in ALERTING
        and answer.assessment.score is not None
        and answer.assessment.score.status == "scored"
    ]
    assert min(found, default=None) == min(calls, default=None)
    assert set(found) <= set(calls)
    for number, answer in enumerate(answers, 1):
        made = answer.assessment.recommendation
        if number in found:
            alert = found[number]
            # An alert that goes on keeps the gravest action and the queue furthest up so far.
            assert ACTIONS.index(alert.action) >= ACTIONS.index(made.action)
            assert QUEUES.index(alert.queue) >= QUEUES.index(made.queue)  # type: ignore[arg-type]
            assert alert.turn_id == answer.moment.turn.turn_id
            assert alert.rules == tuple(reason.rule for reason in made.reasons)
            assert (alert.level, alert.band) == (answer.assessment.risk.level, answer.assessment.risk.band)


class CountingScorer(FixedScorer):
    """Counts how often it is asked."""

    asked = 0

    def score(self, texts, languages=None):  # type: ignore[no-untyped-def]
        type(self).asked += len(texts)
        return super().score(texts, languages)


@pytest.mark.parametrize("script", load_all()[:4], ids=lambda script: script.id)
def test_texts_without_scores_are_scored_and_the_scores_serve_the_next_policy(script: Script) -> None:
    scorer = CountingScorer(script.scorer().scores)
    CountingScorer.asked = 0
    moments = tuple(Moment(message.turn, message.turn.sent_at) for message in script.messages)
    asked = Conversation(script.id, None, moments)
    answers = list(play(Engine(scorer, SHIPPED), asked))
    customers = sum(message.turn.role == "customer" for message in script.messages)
    assert CountingScorer.asked == customers
    again = list(play(Engine(scorer, SHIPPED), with_scores(asked, answers)))
    assert CountingScorer.asked == customers
    assert [a.assessment for a in again] == [a.assessment for a in answers]
    assert without_scores(with_scores(asked, answers)) == asked


def test_scores_that_are_not_there_are_not_made_up() -> None:
    with pytest.raises(LookupError, match="no score"):
        list(play(ENGINE, without_scores(chat("c", CROSS))))


def test_the_language_is_the_labelled_one_else_the_one_that_was_heard() -> None:
    czech = make_score(language="cs")
    unclear = make_score(language="other")
    for score, label, expected in ((czech, "vi", "vi"), (czech, None, "cs"), (unclear, None, "other")):
        asked = chat("c", score, language=label)
        assert trace(asked, play(ENGINE, asked)).language == expected


def test_the_same_conversations_give_the_same_bytes() -> None:
    def once() -> str:
        before, after = play_sides(golden(), (side(SHIPPED), side(SHIPPED)))
        return json.dumps(report_to_json(report(after, before)))

    assert once() == once()


def test_an_alert_that_moves_up_keeps_the_graver_action() -> None:
    policy = matrix(
        rule("insulted", "{flagged: [abuse]}", "handoff", "senior"),
        rule("cross", "{flagged: [frustration]}", "consult", "supervisor"),
    )
    asked = chat("c", INSULT, CROSS)
    found = trace(asked, play(Engine(StoredScores(), policy), asked)).alerts
    assert [(alert.customer_turn, alert.action, alert.queue, alert.rules) for alert in found] == [
        (1, "handoff", "senior", ("insulted",)),
        (2, "handoff", "supervisor", ("cross",)),
    ]
