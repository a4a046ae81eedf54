"""A mistake in a word list of the draft check stops the load and names file, line, field, found and expected."""

import re
from importlib import resources

import pytest

from service.labels import LANGUAGES
from service.risk.draft_rules import MAX_TEXT_CHARS, DraftRules, load_draft_rules, parse_draft_rules
from service.risk.fold import WORD, fold
from service.risk.loader import PolicyError
from service.risk.patterns import PatternError, compile_pattern

GOOD = """\
language: en
lists: {who: [you, they]}
calm_down: {why: w, groups: [{offer: o, any: ["calm down"]}]}
blame: {why: w, groups: [{offer: o, any: ["{who} lied"], unless: ["not"]}]}
dismissal: {why: w, groups: [{offer: o, any: ["not us"]}]}
negative_wording: {why: w, unless_draft: ["?"], groups: [{offer: o, any: ["no way"]}]}
jargon: {why: w, groups: [{offer: o, any: ["shard"]}]}
address: {why: w, groups: [{offer: o, any: ["hey you"]}]}
acronyms: {why: w, offer: o, known: [SMS]}
repetition: {why: w, offer: o, common: ["hello"]}
missing_apology: {why: w, offer: o, failure: ["broken"], soothing: ["sorry"]}
unanswered_question: {why: w, put_off: ["later"], questions: [{offer: o, asked: ["when"], answered: ["today"]}]}
learnt: {calm_down: {why: w, offer: o}, blame: {why: w, offer: o}, dismissal: {why: w, offer: o}, negative_wording: {why: w, offer: o}, jargon: {why: w, offer: o}, canned: {why: w, offer: o}}
"""

# fmt: off
MISTAKES = [  # replaced, by, line, field, found, expected
    ("language: en", "language: de", 1, "language", "'de'", "one of vi, tl, cs, en"),
    ("language: en", "language: cs", 1, "language", "'cs'", "'en', as the file is named"),
    ("lists:", "listen:", 2, "listen", "unknown key 'listen'", "lists"),
    ("[you, they]", "[you, no]", 2, "lists.who[1]", "'no' (true/false)", "a text"),
    ('any: ["calm down"]', "any: []", 3, "calm_down.groups[0].any", "a list", "at least one item"),
    ("{offer: o, any: [\"calm down\"]}", "{any: [\"calm down\"]}", 3, "calm_down.groups[0].offer", "the key is missing", "a value"),
    ("calm_down: {why: w,", "calm_down: {why: '',", 3, "calm_down.why", "''", f"1 to {MAX_TEXT_CHARS}"),
    ("{who} lied", "{whom} lied", 4, "blame.groups[0].any[0]", "{whom} lied", "{whom} is none of who"),
    ('unless: ["not"]', 'unles: ["not"]', 4, "blame.groups[0].unles", "unknown key 'unles'", "unless"),
    ("not us", "not (us", 5, "dismissal.groups[0].any[0]", "not (us", "a closing ')'"),
    ("not us", "not us)", 5, "dismissal.groups[0].any[0]", "not us)", "no ')' without them"),
    ("not us", "not | us", 5, "dismissal.groups[0].any[0]", "not | us", "brackets around alternatives"),
    ("not us", "not ()", 5, "dismissal.groups[0].any[0]", "not ()", "a word between the brackets"),
    ("not us", "[not us]", 5, "dismissal.groups[0].any[0]", "[not us]", "at least one word that every match has"),
    ("not us", "not .", 5, "dismissal.groups[0].any[0]", "not .", "at character 4"),
    ("not us", "not &", 5, "dismissal.groups[0].any[0]", "not &", "letters or digits in '&'"),
    ("unless_draft:", "unless_drafts:", 6, "negative_wording.unless_drafts", "unknown key", "unless_draft"),
    ("known: [SMS]", "known: SMS", 9, "acronyms.known", "'SMS'", "a list"),
    ('put_off: ["later"], ', "", 12, "unanswered_question.put_off", "the key is missing", "a value"),
    (", canned: {why: w, offer: o}", "", 13, "learnt.canned", "the key is missing", "a value"),
    ('asked: ["when"], ', "", 12, "unanswered_question.questions[0].asked", "the key is missing", "a value"),
]
MATCHES = [  # pattern, text, what is marked
    ("calm down", "Please CALM, down!", "CALM, down"),
    ("you (should|could) have", "you could  have", "you could  have"),
    ("you should [really] have", "you should have", "you should have"),
    ("you .. lied", "you all have lied", "you all have lied"),
    ("you .. lied", "you and all of them lied", None),
    ("you ... lied", "you and all of them lied", "you and all of them lied"),
    ("you lied", "you. lied", None),
    ("< wait", "Ok! Wait.", "Wait"),
    ("< wait", "so wait", None),
    ("wait >", "so wait", "wait"),
    ("wait >", "wait here", None),
    ("can't help", "I cant help", "cant help"),
    ("na-release", "na release", "na release"),
    ("omlouv*", "omlouváme se", "omlouváme"),
    ("be *ed", "be changed", "be changed"),
    ("ahoj", "ahojky", None),
    ("klid", "poklid", None),
    ("klidná", "Klidna noc", "Klidna"),
    ("version 2", "version 2.5", "version 2"),
]
# fmt: on


def parse(text: str) -> DraftRules:
    return parse_draft_rules("drafts/en.yaml", text.encode(), "en")


def test_the_smallest_file_loads() -> None:
    assert parse(GOOD).language == "en"


@pytest.mark.parametrize(("old", "new", "line", "field", "found", "expected"), MISTAKES)
def test_a_mistake_is_named(old: str, new: str, line: int, field: str, found: str, expected: str) -> None:
    assert GOOD.count(old) >= 1
    with pytest.raises(PolicyError) as caught:
        parse(GOOD.replace(old, new, 1))
    error = caught.value
    assert (error.file, error.line, error.field) == ("drafts/en.yaml", line, field)
    assert found in error.found
    assert expected in error.expected


@pytest.mark.parametrize(("source", "text", "marked"), MATCHES)
def test_the_language_of_the_patterns(source: str, text: str, marked: str | None) -> None:
    folded = fold(text)
    span = compile_pattern(source, {}).search(folded, frozenset(WORD.findall(folded.text)), 0, len(folded.text))
    if span is not None:
        start, end = folded.span(*span)
        assert text[start:end] == marked
    else:
        assert marked is None


def test_where_a_diacritic_makes_another_word_it_counts_if_it_is_typed() -> None:
    pattern = compile_pattern("mày", {})
    for text, matches in (("Mày đâu rồi", True), ("may dau roi", True), ("máy này chạy tốt", False)):
        folded = fold(text, marks=True)
        words = frozenset(WORD.findall(folded.text))
        assert (pattern.search(folded, words, 0, len(folded.text)) is not None) == matches, text


def test_both_ways_to_place_a_tone_are_the_same() -> None:
    assert fold("huỷ khoá xoè", marks=True).text == fold("hủy khóa xòe", marks=True).text
    assert fold("toàn thuyền", marks=True).text == "toàn thuyền"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_files_are_whole(language: str) -> None:
    rules = load_draft_rules()[language]
    for rule in rules.rules:
        for group in rule.groups:
            for pattern in (*group.patterns, *group.unless):
                re.compile((pattern.marked if rules.marks else pattern.plain).expression)
    content = (resources.files("service.risk") / "drafts" / f"{language}.yaml").read_bytes()
    assert parse_draft_rules("f", content, language) == rules


def test_a_lone_bracket_is_no_pattern() -> None:
    with pytest.raises(PatternError):
        compile_pattern("(", {})
