"""What a condition says it saw: every word of the vocabulary, found and wanted, on the facts of `test_conditions`."""

import pytest

from service.risk.conditions import CONDITIONS, Condition, parse_conditions
from service.risk.loader import open_yaml
from service.risk.seen import LOOKS_AT, see
from tests.unit.risk.test_conditions import FACTS, WORDS

# fmt: off
SAID = [  # word, value in the file, what it found, what it wanted, how far it got
    ("scored",                  "false",                            "yes",                       "no",                           0.0),
    ("flagged",                 "[frustration, abuse]",             "frustration, threat",       "all of frustration, abuse",    0.0),
    ("not_flagged",             "[threat]",                         "frustration, threat",       "none of threat",               0.0),
    ("score_at_least",          "{frustration: 0.8}",               "frustration 0.7",           "frustration at least 0.8",     0.875),
    ("score_below",             "{frustration: 0.7}",               "frustration 0.7",           "frustration under 0.7",        0.0),
    ("sentiment_at_least",      "{positive: 0.5}",                  "positive 0.05",             "positive at least 0.5",        0.1),
    ("threat_kind",             "[legal]",                          "publicity",                 "legal",                        0.0),
    ("threat_unclear",          "true",                             "no",                        "yes",                          0.0),
    ("asks_human",              "true",                             "no",                        "yes",                          0.0),
    ("shouting",                "false",                            "yes",                       "no",                           0.0),
    ("rise_at_least",           "0.625",                            "0.5",                       "at least 0.625",               0.8),
    ("jump_at_least",           "0.6",                              "0.3",                       "at least 0.6",                 0.5),
    ("level_at_least",          "{frustration: 0.875, abuse: 0.4}", "frustration 0.7, abuse 0.1", "frustration at least 0.875, abuse at least 0.4", 0.25),
    ("level_below",             "{abuse: 0.1}",                     "abuse 0.1",                 "abuse under 0.1",              0.0),
    ("peak_at_least",           "{abuse: 0.1}",                     "abuse 0",                   "abuse at least 0.1",           0.0),
    ("streak_at_least",         "{frustration: 4}",                 "frustration 2",             "frustration at least 4",       0.5),
    ("count_at_least",          "{abuse: 2}",                       "abuse 1",                   "abuse at least 2",             0.5),
    ("threat_kind_seen",        "[publicity, violence]",            "legal",                     "one of publicity, violence",   0.0),
    ("asks_human_at_least",     "2",                                "1",                         "at least 2",                   0.5),
    ("shouting_at_least",       "4",                                "2",                         "at least 4",                   0.5),
    ("repeat_contact",          "false",                            "yes",                       "no",                           0.0),
    ("transfers_at_least",      "2",                                "1",                         "at least 2",                   0.5),
    ("customer_turns_at_least", "4",                                "3",                         "at least 4",                   0.75),
    ("customer_turns_at_most",  "2",                                "3",                         "at most 2",                    0.0),
    ("waiting_at_least_s",      "240",                              "120",                       "at least 240",                 0.5),
    ("handed_over",             "true",                             "no",                        "yes",                          0.0),
    ("stage",                   "[connected]",                      "venting",                   "connected",                    0.0),
    ("trend",                   "[steady, falling]",                "rising",                    "one of steady, falling",       0.0),
    ("band",                    "[high, critical]",                 "watch",                     "one of high, critical",        0.0),
    ("language",                "[vi]",                             "cs",                        "vi",                           0.0),
]
# fmt: on


def condition(word: str, value: str) -> Condition:
    return parse_conditions(open_yaml("when", f"{word}: {value}".encode()))[0]


@pytest.mark.parametrize(("word", "value", "found", "wanted", "share"), SAID, ids=[row[0] for row in SAID])
def test_a_word_that_does_not_hold_says_what_it_found_and_wanted(
    word: str, value: str, found: str, wanted: str, share: float
) -> None:
    seen = see(condition(word, value), FACTS)
    assert (seen.word, seen.found, seen.wanted, seen.holds) == (word, found, wanted, False)
    assert seen.share == pytest.approx(share)


@pytest.mark.parametrize(("word", "yes", "no"), WORDS)
def test_what_it_says_agrees_with_whether_it_holds(word: str, yes: str, no: str) -> None:
    assert (see(condition(word, yes), FACTS).holds, see(condition(word, yes), FACTS).share) == (True, 1.0)
    assert see(condition(word, no), FACTS).share < 1.0


def test_every_word_says_what_it_looks_at() -> None:
    assert set(LOOKS_AT) == set(CONDITIONS)
