"""Laws of similarity: what is shared comes first and is named, nothing shared is not similar, order is stable."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.labels import THREAT_KINDS
from service.risk.similar import COMMON, Traits, issue_of, rank_similar, telling_words

PARCEL = issue_of(["dobrý den", "Balík se ztratil v depu a kurýr nezvoní", "čekám na zásilku už týden"])


def a_case(name: str = "new", issue: str = "", **fields: object) -> Traits:
    return replace(Traits(name, (), (), None, None, issue), **fields)  # type: ignore[arg-type]


traits = st.builds(
    Traits,
    conversation_id=st.sampled_from("abcdefgh"),
    rules=st.lists(st.sampled_from(["r1", "r2", "r3"]), unique=True).map(tuple),
    threat_kinds=st.lists(st.sampled_from(THREAT_KINDS), unique=True, max_size=2).map(tuple),
    queue=st.sampled_from([None, "vip", "web"]),
    language=st.sampled_from([None, "vi", "cs"]),
    issue=st.lists(st.sampled_from(["balik", "kuryr", "hoan", "tien", "je"]), max_size=6).map(
        lambda w: issue_of([" ".join(w)])
    ),
    came_back=st.booleans(),
)


@given(traits, st.lists(traits, max_size=8), st.integers(1, 5))
def test_what_is_answered_has_something_in_common_and_is_in_order(
    begun: Traits, resolved: list[Traits], limit: int
) -> None:
    found = rank_similar(begun, resolved, limit=limit)
    assert len(found) <= limit
    assert [match.score for match in found] == sorted((match.score for match in found), reverse=True)
    for match in found:
        assert match.rules or match.threat_kinds or len(match.words) >= 2
        assert set(match.rules) <= set(begun.rules)
        assert set(match.threat_kinds) <= set(begun.threat_kinds)
        assert set(match.words) <= set(telling_words(begun.issue))
    assert rank_similar(begun, resolved, limit=limit) == found


def test_the_words_of_an_issue_do_most_and_are_named() -> None:
    begun = a_case(issue=PARCEL, rules=("r1",))
    same_words = a_case("words", issue_of(["můj balík leží v depu, kurýr se neukázal"]))
    same_rule = a_case("rule", issue_of(["faktura má špatnou částku od ledna"]), rules=("r1",))
    found = rank_similar(begun, [same_rule, same_words], limit=5)
    assert [match.conversation_id for match in found] == ["words", "rule"]
    assert found[0].words == ("balik", "depu", "kuryr")
    assert (found[1].words, found[1].rules) == ((), ("r1",))


def test_without_texts_rules_and_threats_compare() -> None:
    begun = a_case(rules=("r1", "r2"), threat_kinds=("legal",))
    others = [a_case("one", rules=("r1",)), a_case("both", rules=("r1",), threat_kinds=("legal",)), a_case("none")]
    found = rank_similar(begun, others, limit=5)
    assert [match.conversation_id for match in found] == ["both", "one"]


@pytest.mark.parametrize("nearer", [{"queue": "vip"}, {"language": "cs"}])
def test_the_nearer_one_comes_first_but_is_not_similar_by_that_alone(nearer: dict[str, str]) -> None:
    begun = a_case(rules=("r1",), queue="vip", language="cs")
    far, near = a_case("far", rules=("r1",)), a_case("near", rules=("r1",), **nearer)
    assert [match.conversation_id for match in rank_similar(begun, [far, near], limit=5)] == ["near", "far"]
    assert rank_similar(begun, [a_case("other", **nearer)], limit=5) == ()


def test_what_did_not_last_comes_later() -> None:
    begun, back, held = (a_case(name, rules=("r1",)) for name in ("new", "back", "held"))
    found = rank_similar(begun, [replace(back, came_back=True), held], limit=5)
    assert [match.conversation_id for match in found] == ["held", "back"]


def test_endings_do_not_matter() -> None:
    begun = a_case(issue=issue_of(["ztratila se mi zásilka, reklamace je zamítnutá"]))
    other = a_case("other", issue_of(["chci vědět o reklamaci zásilky"]))
    assert rank_similar(begun, [other], limit=5)[0].words == ("zasilka", "reklamace")


@pytest.mark.parametrize(
    "text", ["dobrý den, prosím vás", "hello good day to you", "chào anh, cho em hỏi", "hi po ask ko lang"]
)
def test_courtesies_are_not_what_it_is_about(text: str) -> None:
    words = issue_of([f"{text} {text}"])
    assert rank_similar(a_case(issue=words), [a_case("other", words)], limit=5) == ()


def test_an_issue_skips_greetings_and_ends_when_it_says_enough() -> None:
    assert issue_of(["hello", "hi there you", "my parcel is lost again"]) == " my parcel is lost again"
    assert issue_of(["a b c d " * 20, "never read this one please"]).count("never") == 0
    assert issue_of([f"the {n} message says this" for n in ("1st", "2nd", "3rd", "4th")]).count("message") == 3
    assert issue_of([]) == issue_of(["", "?!"]) == ""
    assert issue_of(["hello", "lost parcel"]) == " hello lost parcel"


def test_common_words_are_kept_as_texts_are_compared() -> None:
    assert all(word == issue_of([f"{word} x y z"]).split()[0] for word in COMMON)
