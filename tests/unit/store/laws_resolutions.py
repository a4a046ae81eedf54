"""Laws of resolutions: found by their words however these are typed, shown beside what is like them."""

import pytest

from service.risk.search import words_of
from service.store import Store
from tests.unit.store.examples import PHONE
from tests.unit.store.laws_reports import act, say

NOTES = {
    "cs": "Vrátili jsme peníze za reklamaci, 100 % částky.",
    "vi": "Đã hoàn tiền cho khách, xin lỗi vì giao trễ",
    "tl": "Na-refund na po, pinalitan ang unit",
    "en": "Refunded the order and sent a new one_way label",
}


def solve(
    store: Store, name: str, note: str | None, at: float = 500.0, text: str = "pořád nic", **more: object
) -> None:
    say(store, name, at - 100.0, text=text, **more)  # type: ignore[arg-type]
    act(store, name, at, "resolve", note, "solved")


def names(store: Store, query: str, **more: object) -> list[str]:
    return [found.conversation_id for found in store.find_resolutions(words_of(query), **more)]  # type: ignore[arg-type]


# fmt: off
SEARCHES = [
    ("vratili penize",       ["cs"]),
    ("VRÁTILI Peníze",       ["cs"]),
    ("peníze vrátili",       ["cs"]),
    ("reklam",               ["cs"]),      # how a word begins
    ("klamaci",              []),          # not how it ends
    ("vratili klobouk",      []),          # every word must occur
    ("hoan tien",            ["vi"]),
    ("hoàn tiền",            ["vi"]),
    ("Da xin loi",           ["vi"]),
    ("refund",               ["en", "tl"]),
    ("100 %",                ["cs"]),
    ("one_way",              ["en"]),
    ("100",                  ["cs"]),
    ("balik",                ["vi"]),      # what the customer came with
]
# fmt: on


class ResolutionLaws:
    """Laws of `find_resolutions` and `similar_resolutions`."""

    @pytest.mark.parametrize(("query", "expected"), SEARCHES)
    def test_a_note_is_found_by_its_words(self, store: Store, query: str, expected: list[str]) -> None:
        for at, (name, note) in enumerate(NOTES.items()):
            solve(store, name, note, 500.0 + at, "hledám svůj balík" if name == "vi" else "pořád nic")
        assert sorted(names(store, query)) == expected

    @pytest.mark.parametrize("wildcard", ["%", "_", "\\", "%_", "'", '"', "*", "r%d", "%refund", "re_unded"])
    def test_a_wildcard_is_no_wildcard(self, store: Store, wildcard: str) -> None:
        solve(store, "en", NOTES["en"])
        assert [found.conversation_id for found in store.find_resolutions((wildcard,))] == []

    def test_more_hits_come_first_then_the_latest(self, store: Store) -> None:
        solve(store, "old", "refund", 500.0)
        solve(store, "new", "refund", 600.0)
        solve(store, "twice", "refund after refund", 400.0)
        solve(store, "asked", "nothing", 700.0, "where is my refund now")
        assert names(store, "refund") == ["twice", "new", "old", "asked"]
        assert names(store, "refund", limit=2) == ["twice", "new"]
        assert [found.conversation_id for found in store.find_resolutions(limit=2)] == ["asked", "new"]

    def test_a_filter_keeps_what_matches(self, store: Store) -> None:
        solve(store, "a", "refund", queue="vip", language="en")
        solve(store, "b", "refund", queue="web", language="vi")
        assert names(store, "refund", queue="vip") == ["a"]
        assert names(store, "refund", language="vi") == ["b"]
        assert names(store, "refund", queue="vip", language="vi") == []

    def test_a_resolution_tells_who_ended_it_how_and_whether_it_lasted(self, store: Store) -> None:
        solve(store, "a", f"volali jsme na {PHONE}", rules=("asks-human",), kinds=("legal",), queue="vip")
        (found,) = store.find_resolutions(("volali",))
        assert (found.at, found.by, found.outcome, found.note) == (500.0, "jana", "solved", "volali jsme na <phone>")
        assert (found.rules, found.threat_kinds, found.queue) == (("asks-human",), ("legal",), "vip")
        assert not found.came_back
        assert store.find_resolutions(("phone",)) == ()
        say(store, "a", 500.0 + 86400.0)
        assert store.find_resolutions(("volali",))[0].came_back

    def test_every_note_of_a_conversation_is_found_and_shown(self, store: Store) -> None:
        solve(store, "a", "vrátili jsme peníze")
        act(store, "a", 600.0, "resolve", "a poslali slevu")
        (found,) = store.find_resolutions(("penize", "slevu"))
        assert (found.note, found.at, found.outcome) == ("vrátili jsme peníze\na poslali slevu", 600.0, "solved")

    def test_a_note_that_resolves_nothing_is_no_resolution(self, store: Store) -> None:
        say(store, "a", 100.0)
        act(store, "a", 200.0, "accept", "vrátíme peníze")
        act(store, "a", 300.0, "return", "vrátíme peníze")
        act(store, "a", 400.0, "resolve")
        assert store.find_resolutions() == ()

    def test_similar_are_the_same_threats_rules_and_words(self, store: Store) -> None:
        solve(store, "words", "našli jsme balík", text="můj balík leží v depu, kurýr se neukázal", language="cs")
        solve(store, "rules", None, rules=("asks-human",), kinds=("legal",), text="faktura má špatnou částku")
        solve(store, "other", "nic", text="heslo do aplikace mi nechodí")
        say(
            store, "new", 900.0, text="balík se ztratil v depu a kurýr nezvoní", rules=("asks-human",), kinds=("legal",)
        )
        found = store.similar_resolutions("new")
        assert found is not None
        assert {item.resolution.conversation_id for item in found} == {"words", "rules"}
        by_name = {item.resolution.conversation_id: item for item in found}
        assert by_name["words"].match.words == ("balik", "depu", "kuryr")
        assert by_name["words"].resolution.note == "našli jsme balík"
        assert (by_name["rules"].match.rules, by_name["rules"].match.threat_kinds) == (("asks-human",), ("legal",))
        assert all(item.match.conversation_id == item.resolution.conversation_id for item in found)
        assert [item.match.score for item in found] == sorted((item.match.score for item in found), reverse=True)
        assert store.similar_resolutions("new", limit=1) == found[:1]

    @pytest.mark.parametrize("outcome", ["unsolved", "false_alarm"])
    def test_what_solved_nothing_is_not_advised(self, store: Store, outcome: str) -> None:
        solve(store, "a", "marné", rules=("asks-human",))
        act(store, "a", 600.0, "resolve", None, outcome)  # type: ignore[arg-type]
        say(store, "new", 900.0, rules=("asks-human",))
        assert store.similar_resolutions("new") == ()
        assert names(store, "marné") == ["a"]

    def test_a_conversation_is_not_similar_to_itself_and_one_that_is_unknown_is_none(self, store: Store) -> None:
        solve(store, "a", "vyřešeno", rules=("asks-human",))
        assert store.similar_resolutions("a") == ()
        assert store.similar_resolutions("nobody") is None

    def test_without_texts_rules_and_threats_compare(self, database_url: str) -> None:
        store = Store.open(database_url, store_text=False)
        solve(store, "a", "tajemství", rules=("asks-human",), text="balík v depu nedorazil")
        say(store, "new", 900.0, rules=("asks-human",), text="balík v depu nedorazil")
        (found,) = store.similar_resolutions("new") or ()
        assert (found.resolution.note, found.match.words, found.match.rules) == (None, (), ("asks-human",))
        assert store.find_resolutions() == ()
        store.close()

    def test_erased_resolutions_are_not_advised(self, store: Store) -> None:
        solve(store, "a", "vyřešeno", rules=("asks-human",), contact="anna")
        say(store, "new", 900.0, rules=("asks-human",))
        assert len(store.similar_resolutions("new") or ()) == 1
        store.erase_contact("anna")
        assert store.similar_resolutions("new") == ()
