"""The choice of a phrase, the loader's errors, and a lint over the shipped catalogues."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.flow import ConversationState, Stage
from service.labels import LANGUAGES
from service.risk.decide import load_policy
from service.risk.loader import STAGES, PolicyError
from service.risk.phrases import SITUATIONS, TECHNIQUES, Offer, Wording, parse_phrases
from service.risk.phrases_lint import said

CATALOGUE = load_policy().catalogue
EMPTY = ConversationState("c", language="en", stage="venting")
EVERY = [wording for language in LANGUAGES for wording in CATALOGUE.wordings[language]]
BY_ID = {wording.id: wording for wording in EVERY}


def choose(offer: Offer, state: ConversationState = EMPTY):
    return CATALOGUE.choose([offer], state, {})


# --- choice -------------------------------------------------------------------------------------


@given(st.sampled_from(TECHNIQUES), st.sampled_from(SITUATIONS), st.sampled_from(STAGES), st.sampled_from(LANGUAGES))
def test_phrases_run_out_without_a_repetition(technique, situation, stage: Stage, language: str) -> None:
    state = replace(EMPTY, stage=stage, language=language)
    while chosen := choose(Offer(technique, situation), state):
        assert chosen[0].id not in state.phrases_used
        assert BY_ID[chosen[0].id].situation in (situation, "any")
        state = replace(state, phrases_used=(*state.phrases_used, chosen[0].id))
    assert len(state.phrases_used) >= 4


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_situation_comes_first_then_the_stage(language: str, stage: Stage) -> None:
    state = replace(EMPTY, stage=stage, language=language)
    phrase = choose(Offer("acknowledge", "transfers"), state)[0]
    assert BY_ID[phrase.id].situation == "transfers"
    assert choose(Offer("clarify"), state)[0].stage == stage


def test_the_choice_is_the_same_every_time_and_differs_between_conversations() -> None:
    assert choose(Offer("listen")) == choose(Offer("listen"))
    openings = {choose(Offer("listen"), replace(EMPTY, conversation_id=str(i)))[0].id for i in range(40)}
    assert len(openings) == 3  # every general wording of the stage is somebody's first


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("technique", ["set_boundary", "safety"])
def test_boundaries_and_safety_come_in_their_written_order(technique, language: str) -> None:
    written = [
        w.id
        for w in CATALOGUE.wordings[language]
        if (w.technique, w.situation, w.stage) == (technique, "any", "venting")
    ]
    state = replace(EMPTY, language=language)
    for identifier in written:
        chosen = choose(Offer(technique), state)[0]
        assert chosen.id == identifier
        state = replace(state, phrases_used=(*state.phrases_used, chosen.id))


def test_a_boundary_never_falls_back_to_warmth_and_safety_to_nothing() -> None:
    def used(*techniques: str) -> tuple[str, ...]:
        return tuple(wording.id for wording in EVERY if wording.technique in techniques)

    after_boundaries = replace(EMPTY, phrases_used=used("set_boundary"))
    assert choose(Offer("set_boundary"), after_boundaries)[0].technique == "hand_over"
    assert choose(Offer("set_boundary"), replace(EMPTY, phrases_used=used("set_boundary", "hand_over"))) == ()
    assert choose(Offer("safety"), replace(EMPTY, phrases_used=used("safety"))) == ()
    assert choose(Offer("listen"), replace(EMPTY, phrases_used=used("listen")))[0].technique == "acknowledge"


@pytest.mark.parametrize("language", [None, "other", "de"])
def test_an_unknown_language_falls_back_to_english(language: str | None) -> None:
    assert choose(Offer("own"), replace(EMPTY, language=language))[0].language == "en"


@pytest.mark.parametrize("wording", [w for w in EVERY if w.slots], ids=lambda wording: wording.id)
def test_a_slot_is_filled_or_does_without(wording: Wording) -> None:
    full = wording.filled({"name": "Lan", "issue": "faktura", "time": "5 min"})
    assert full != wording.plain
    assert "{" not in full
    assert wording.filled({}) == wording.plain
    assert wording.filled({"other": "x"}) == wording.plain


def test_a_filled_slot_is_taken_literally() -> None:
    wording = next(w for w in EVERY if w.slots == {"name"})
    assert "\\1 {issue}" in wording.filled({"name": "\\1 {issue}"})


# --- the shipped catalogues -----------------------------------------------------------------------

NUMBERS = {"115", "911", "1553", "112", "116 123"}
"""Emergency and crisis lines: Vietnam (ambulance), the Philippines, Czechia. Check them when they change."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_large_complete_and_unique(language: str) -> None:
    wordings = CATALOGUE.wordings[language]
    assert len(wordings) >= 60
    assert {w.technique for w in wordings} == set(TECHNIQUES)
    assert {w.stage for w in wordings} == set(STAGES)
    assert {w.situation for w in wordings} == set(SITUATIONS)
    assert all(w.id.startswith(f"{language}-{w.stage}-") for w in wordings)


def test_the_four_languages_say_the_same_things() -> None:
    keys = [
        {(w.id[3:], w.stage, w.technique, w.situation, w.slots) for w in CATALOGUE.wordings[language]}
        for language in LANGUAGES
    ]
    assert all(key == keys[0] for key in keys)
    assert len({w.id for w in EVERY}) == len(EVERY)


@pytest.mark.parametrize("wording", EVERY, ids=lambda wording: wording.id)
def test_a_number_in_a_phrase_is_a_line_for_help(wording: Wording) -> None:
    for text in said(wording):
        assert set(re.findall(r"\d+(?: \d+)*", text)) <= NUMBERS
        assert not re.search(r"\d", text) or wording.technique == "safety"


@pytest.mark.parametrize("rule", load_policy().rules, ids=lambda rule: rule.id)
def test_every_offer_of_the_matrix_has_words_for_its_own_situation(rule) -> None:
    for offer in rule.offers:
        for language in LANGUAGES:
            fitting = [w for w in CATALOGUE.wordings[language] if w.technique == offer.technique]
            assert any(w.situation == offer.situation for w in fitting), (rule.id, offer, language)
    assert len(set(rule.because.values())) == 4


# --- the loader ---------------------------------------------------------------------------------

GOOD = "language: en\n" + "".join(
    f"{stage}:\n"
    + "".join(f'  {t}:\n    - {{id: en-{stage}-{t}, text: "Said to {stage} by {t}."}}\n' for t in TECHNIQUES)
    for stage in STAGES
)


# fmt: off
MISTAKES = [  # replaced, by, field, found
    ("language: en", "language: de", "language", "'de'"),
    ("language: en", "language: vi", "language", "'vi'"),
    ("venting:", "raging:", "raging", "unknown key 'raging'"),
    ("  listen:", "  hug:", "venting.hug", "unknown key 'hug'"),
    ("id: en-venting-listen", "id: vi-1", "venting.listen[0].id", "'vi-1'"),
    ("id: en-venting-own", "id: en-venting-listen", "venting.own[0]", "'en-venting-listen' a second time"),
    ("id: en-venting-listen", "mood: x", "venting.listen[0].mood", "unknown key 'mood'"),
    ('"Said to venting by listen."', '""', "venting.listen[0].text", "''"),
    ('"Said to venting by listen."', '"Dear {name}"', "venting.listen[0].text", "slots"),
    ('"Said to venting by listen."', '"Dear {nick}", plain: "Dear"', "venting.listen[0].text", "{nick}"),
    ('"Said to venting by listen."', '"Dear {name", plain: "Dear"', "venting.listen[0].text", "{name"),
    ('"Said to venting by listen."', '"Dear", plain: "Dear too"', "venting.listen[0].plain", "'Dear too'"),
    ('"Said to venting by listen."', '"Dear {name}", plain: "{time}"', "venting.listen[0].plain", "{time}"),
    ('"Said to venting by listen."', '"Dear", situation: rain', "venting.listen[0].situation", "'rain'"),
    ('"Said to venting by listen."', f'"{"long " * 60}"', "venting.listen[0].text", "long"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "field", "found"), MISTAKES)
def test_a_mistake_in_a_phrase_file_is_named(old: str, new: str, field: str, found: str) -> None:
    broken = GOOD.replace(old, new, 1)
    with pytest.raises(PolicyError) as caught:
        parse_phrases("phrases/en.yaml", broken.encode(), "en")
    error = caught.value
    assert (error.file, error.field) == ("phrases/en.yaml", field)
    assert found in error.found
    assert new in broken.splitlines()[error.line - 1]


def test_a_technique_without_any_phrase_is_an_error() -> None:
    without = "".join(line for line in GOOD.splitlines(keepends=True) if "safety" not in line)
    with pytest.raises(PolicyError, match="no phrase of this technique"):
        parse_phrases("phrases/en.yaml", without.encode(), "en")
    assert len(parse_phrases("phrases/en.yaml", GOOD.encode(), "en")) == 30
