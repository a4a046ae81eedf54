"""Golden conversations, a dozen and more per language, through the whole pure flow with a fixed scorer."""

import pytest

from service.engine import Engine
from service.flow import Assessment
from service.labels import LANGUAGES
from service.risk.decide import load_policy
from tests.golden.conversations import Message, Script, load, load_all

POLICY = load_policy()
SCRIPTS = load_all()


def replay(script: Script) -> list[Assessment]:
    engine, state, out = Engine(script.scorer(), POLICY), script.begin(), []
    for message in script.messages:
        step = engine.assess(state, message.turn, message.turn.sent_at)
        state = step.state
        out.append(step.assessment)
    return out


def observed(answer: Assessment, asked: Message) -> dict[str, object]:
    """What the script asks about, as it came out."""
    recommendation = answer.recommendation
    everything = {
        "action": recommendation.action,
        "rule": recommendation.reasons[0].rule if recommendation.reasons else None,
        "also": [reason.rule for reason in recommendation.reasons[1:]],
        "queue": recommendation.queue,
        "band": answer.risk.band,
        "trend": answer.risk.trend,
        "stage": answer.risk.stage,
        "techniques": [phrase.technique for phrase in recommendation.phrases],
    }
    return {name: everything[name] for name in asked.expect}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.id)
def test_each_turn_is_answered_as_the_script_expects(script: Script) -> None:
    for message, answer in zip(script.messages, replay(script), strict=True):
        if message.turn.role == "customer":
            assert {"action", "rule"} <= set(message.expect), message.turn
            assert observed(answer, message) == message.expect, message.turn.text
        else:
            assert (answer.score, answer.recommendation.action) == (None, "none")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.id)
def test_phrases_speak_the_customers_language_and_never_repeat(script: Script) -> None:
    phrases = [phrase for answer in replay(script) for phrase in answer.recommendation.phrases]
    assert {phrase.language for phrase in phrases} <= {script.language}
    assert len({phrase.text for phrase in phrases}) == len(phrases)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.id)
def test_a_replay_answers_the_same(script: Script) -> None:
    assert replay(script) == replay(script)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_scripts(language: str) -> None:
    assert len(load(language)) >= 12


def test_every_rule_of_the_matrix_decides_somewhere() -> None:
    decided = {message.expect.get("rule") for script in SCRIPTS for message in script.messages}
    assert {rule.id for rule in POLICY.rules} - decided == set()
