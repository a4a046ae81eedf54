"""A mistake in a policy file stops the load and names file, line, field, what was found, what was expected."""

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import service.risk
from service.flow import ACTIONS, ConversationState, Turn
from service.risk.accumulate import accumulate
from service.risk.conditions import CONDITIONS
from service.risk.decide import load_policy, policy_from_text
from service.risk.loader import MAX_FILE_BYTES, PolicyError
from service.risk.policy import QUEUES, parse_policy
from tests.support import make_score

GOOD = """\
version: "7"
rules:
  - id: first
    when: {flagged: [abuse], count_at_least: {abuse: 2}}
    action: consult
    queue: senior
    respond_within_s: 60
    offer: [{technique: set_boundary}]
    because: {vi: "lý do", tl: "dahilan", cs: "důvod", en: "reason"}
    collect: {vi: ["gì?"], tl: ["ano?"], cs: ["co?"], en: ["what?"]}
  - id: second
    when: {flagged: [frustration]}
    action: none
    because: {vi: "lý do", tl: "dahilan", cs: "důvod", en: "reason"}
"""
SHIPPED = Path(service.risk.__file__).parent

# fmt: off
MISTAKES = [  # replaced, by, line, field, found, expected
    ("version:", "verzion:", 1, "verzion", "unknown key 'verzion'", "version, rules"),
    ('"7"', "7", 1, "version", "'7' (a whole number)", "a text"),
    ('"7"', '" "', 1, "version", "' ' (text)", "a text of 1 to 40"),
    ("rules:", "read_replies: maybe\nrules:", 2, "read_replies", "'maybe'", "true or false"),
    ("rules:", "reason_language: de\nrules:", 2, "reason_language", "'de'", "one of vi, tl, cs, en"),
    ("id: first", "id: First Rule", 3, "rules[0].id", "'First Rule'", "lower-case letters"),
    ("id: second", "id: first", 11, "rules[1].id", "'first' a second time", "each id once"),
    ("action: none", "action: shout", 13, "rules[1].action", "'shout'", "one of none, phrase, consult, handoff"),
    ("action: none", "action: phrase", 13, "rules[1].action", "action 'phrase' without it", "'offer'"),
    ("action: none", "action: handoff", 13, "rules[1].action", "action 'handoff' without it", "'queue'"),
    ("action: none", "action: none\n    queue: agent", 14, "rules[1].queue", "the key 'queue'", "no such key"),
    ("queue: senior", "queue: boss", 6, "rules[0].queue", "'boss'", "agent, senior, technical, finance, supervisor, safety"),
    ("_s: 60", "_s: soon", 7, "rules[0].respond_within_s", "'soon' (text)", "a whole number"),
    ("_s: 60", "_s: 0", 7, "rules[0].respond_within_s", "'0'", "from 1 to"),
    ("_s: 60", "_s: 1.5", 7, "rules[0].respond_within_s", "'1.5' (a number)", "a whole number"),
    ("technique: set_boundary", "technique: hug", 8, "rules[0].offer[0].technique", "'hug'", "listen, acknowledge"),
    ("technique: set_boundary", "technique: own, situation: rain", 8, "rules[0].offer[0].situation", "'rain'", "any, waiting"),
    ("[{technique: set_boundary}]", "[{technique: own}, {technique: own}, {technique: own}]", 8, "rules[0].offer", "3", "at most 2"),
    ("[{technique: set_boundary}]", "[]", 8, "rules[0].offer", "a list", "at least one item"),
    (', cs: "důvod"', "", 9, "rules[0].because.cs", "the key is missing", "a value"),
    ("when: {flagged: [frustration]}", "when: {}", 12, "rules[1].when", "an empty mapping", "at least one of scored"),
    ("when: {flagged: [frustration]}", "when: {flaged: [frustration]}", 12, "rules[1].when.flaged", "unknown key 'flaged'", "flagged"),
    ("[frustration]", "frustration", 12, "rules[1].when.flagged", "'frustration' (text)", "a list"),
    ("[frustration]", "[frustration, frustration]", 12, "rules[1].when.flagged", "an item twice", "each item once"),
    ("[frustration]", "[anger]", 12, "rules[1].when.flagged[0]", "'anger'", "frustration, abuse, threat"),
    ("flagged: [frustration]", "shouting: yes", 12, "rules[1].when.shouting", "'yes'", "true or false"),
    ("flagged: [frustration]", "level_at_least: {abuse: 1.2}", 12, "rules[1].when.level_at_least.abuse", "'1.2'", "from 0 to 1"),
    ("flagged: [frustration]", "rise_at_least: .inf", 12, "rules[1].when.rise_at_least", "'.inf'", "a number"),
    ("flagged: [frustration]", "stage: [angry]", 12, "rules[1].when.stage[0]", "'angry'", "venting, receptive, connected"),
    ("flagged: [frustration]", "band: [calm], band: [high]", 12, "rules[1].when.band", "'band' a second time", "each key once"),
    ("flagged: [frustration]", "threat_kind: [karma]", 12, "rules[1].when.threat_kind[0]", "'karma'", "violence"),
    ("  - id: second", "  - id: [", 13, "(file)", "", "valid YAML"),
    ("when: {flagged: [frustration]}", "when: &a {flagged: [abuse]}\n    x: *a", 13, "(file)", "an alias", "the value itself"),
    ("when: {flagged: [frustration]}", "when: !!python/object:os.system {}", 12, "rules[1].when", "", ""),
    (', en: ["what?"]', "", 10, "rules[0].collect.en", "the key is missing", "a value"),
    ('["what?"]', '"what?"', 10, "rules[0].collect.en", "'what?' (text)", "a list with at least one item"),
    ('["what?"]', '["what?", "who?"]', 10, "rules[0].collect.en", "2", "as many facts as in 'vi'"),
    ('["gì?"]', '["a", "b", "c", "d", "e"]', 10, "rules[0].collect.vi", "5", "at most 4 facts"),
    ('["gì?"]', '[""]', 10, "rules[0].collect.vi[0]", "''", "a text of 1 to 120"),
    ("    action: none", "    action: none\n    collect: {}", 14, "rules[1].collect", "the key 'collect'", "no such key"),
    ("flagged: [frustration]", "queue: billing", 12, "rules[1].when.queue", "'billing' (text)", "a list"),
    ("flagged: [frustration]", "topic: [weather]", 12, "rules[1].when.topic[0]", "'weather'", "money, technical"),
    ("flagged: [frustration]", "bot_turns_at_least: 0", 12, "rules[1].when.bot_turns_at_least", "'0'", "from 1 to"),
    ("flagged: [frustration]", "worse_after_reply: 2", 12, "rules[1].when.worse_after_reply", "'2'", "from 0 to 1"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "line", "field", "found", "expected"), MISTAKES)
def test_a_mistake_is_named(old: str, new: str, line: int, field: str, found: str, expected: str) -> None:
    assert GOOD.count(old) >= 1
    at = GOOD.rindex(old) if "second" in old or line > 10 else GOOD.index(old)
    broken = GOOD[:at] + new + GOOD[at + len(old) :]
    with pytest.raises(PolicyError) as caught:
        parse_policy("policy.yaml", broken.encode())
    error = caught.value
    assert (error.file, error.line, error.field) == ("policy.yaml", line, field)
    assert found in error.found
    assert expected in error.expected
    assert f"policy.yaml, line {line}, field {field!r}: found {error.found}, expected {error.expected}" == str(error)


@pytest.mark.parametrize(
    ("content", "line", "expected"),
    [
        (b"", 1, "a mapping"),
        (b"# only a comment\n", 1, "a mapping"),
        (b"just text", 1, "a mapping"),
        (b"version: 1\nrules: \xff\xfe", 2, "UTF-8 text"),
        (b"version: \x07", 1, "valid YAML"),
        (b"a: 1\n---\nb: 2\n", 2, "valid YAML"),
        (b"#" * (MAX_FILE_BYTES + 1), 1, "at most"),
    ],
)
def test_a_file_that_is_no_policy_at_all_is_refused(content: bytes, line: int, expected: str) -> None:
    with pytest.raises(PolicyError, match=expected) as caught:
        parse_policy("policy.yaml", content)
    assert caught.value.line == line


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_no_file_can_do_worse_than_a_policy_error(content: bytes) -> None:
    with pytest.raises(PolicyError):
        parse_policy("policy.yaml", content)


def test_the_file_explains_every_word_that_it_may_use() -> None:
    header = (SHIPPED / "policy.yaml").read_text(encoding="utf-8").split("version:")[0]
    for name in (*CONDITIONS, *QUEUES, *ACTIONS):
        assert re.search(rf"\b{name}\b", header), name


def test_an_own_policy_is_loaded_with_the_shipped_phrases(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(GOOD, encoding="utf-8")
    policy = load_policy(path)
    assert [rule.id for rule in policy.rules] == ["first", "second"]
    assert policy.version.startswith("7+")
    assert policy.catalogue == load_policy().catalogue


def test_a_file_saved_by_a_windows_editor_is_the_same_policy() -> None:
    plain = parse_policy("policy.yaml", GOOD.encode())
    windows = parse_policy("policy.yaml", b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert [(rule.id, rule.because) for rule in windows.rules] == [(rule.id, rule.because) for rule in plain.rules]


def test_own_phrases_beside_the_policy_are_used_and_change_the_version(tmp_path: Path) -> None:
    shutil.copy(SHIPPED / "policy.yaml", tmp_path)
    shutil.copytree(SHIPPED / "phrases", tmp_path / "phrases")
    assert load_policy(tmp_path / "policy.yaml").version == load_policy().version
    english = tmp_path / "phrases" / "en.yaml"
    english.write_text(english.read_text(encoding="utf-8").replace("I'm here and", "I am here and"), encoding="utf-8")
    changed = load_policy(tmp_path / "policy.yaml")
    assert changed.version != load_policy().version
    assert any(w.text.startswith("I am here and") for w in changed.catalogue.wordings["en"])


def test_a_missing_file_is_a_policy_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"nowhere\.yaml"):
        load_policy(tmp_path / "nowhere.yaml")


def test_a_rule_edited_by_the_support_team_takes_effect(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(GOOD.replace("abuse: 2", "abuse: 1"), encoding="utf-8")
    turn, score = Turn("t", "customer", "a message", 0.0), make_score(abuse=0.9)
    state = accumulate(ConversationState("c"), turn, score, 0.0)
    assert load_policy(path).decide(state, turn, score, 0.0).action == "consult"
    path.write_text(GOOD, encoding="utf-8")
    assert load_policy(path).decide(state, turn, score, 0.0).action == "none"


@pytest.mark.parametrize(
    "bomb", ["[" * 200_000, "{a: " * 100_000, "- " * 200_000, "? " * 200_000], ids=["[", "{", "-", "?"]
)
def test_lists_inside_each_other_are_refused_before_the_parser_falls_over_them(bomb: str) -> None:
    """libyaml recurses in C: without the check this ends the process, which a policy sent over HTTP must not."""
    with pytest.raises(PolicyError, match="more than 20 lists and mappings"):
        parse_policy("policy.yaml", bomb.encode())


def test_a_number_of_thousands_of_digits_is_a_mistake_like_any_other() -> None:
    content = GOOD.replace("abuse: 2", f"abuse: {'9' * 5000}")
    with pytest.raises(PolicyError, match="a whole number from 1 to 1000"):
        parse_policy("policy.yaml", content.encode())


def test_a_policy_sent_as_text_is_the_policy_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(GOOD, encoding="utf-8")
    loaded = load_policy(path)
    sent = policy_from_text(GOOD.encode(), load_policy().catalogue)
    assert (sent.version, sent.catalogue) == (loaded.version, loaded.catalogue)
    assert [(rule.id, rule.action, rule.because) for rule in sent.rules] == [
        (rule.id, rule.action, rule.because) for rule in loaded.rules
    ]
    with pytest.raises(PolicyError, match=r"^what-if, line 1, field 'rules'"):
        policy_from_text(b"version: '1'", loaded.catalogue, name="what-if")
