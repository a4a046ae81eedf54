"""Laws of the threshold translator: the same number of alerts, monotone, honest about ties and small samples."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.__main__ import main
from service.integrations.pairs import Pair, PairsError, grouped, read_pairs, texts_of
from service.integrations.thresholds import LEAST_ROWS, Agreement, same_rate, translate
from tests.support import FixedScorer, make_score

SCORES: Final = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60)


@given(SCORES, st.data())
def test_no_other_threshold_comes_nearer_to_the_number_of_alerts(scores: list[float], data: st.DataObject) -> None:
    alerts = data.draw(st.integers(0, len(scores)))
    found = np.asarray(scores)
    reached = int((found >= same_rate(found, alerts)).sum())
    possible = [sum(score >= threshold for score in scores) for threshold in (*scores, math.inf)]
    assert abs(reached - alerts) == min(abs(number - alerts) for number in possible)


@settings(max_examples=40)
@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60, unique=True), st.data())
def test_without_ties_the_number_of_alerts_is_the_same(scores: list[float], data: st.DataObject) -> None:
    alerts = data.draw(st.lists(st.booleans(), min_size=len(scores), max_size=len(scores)))
    found = translate(scores, alerts)
    assert found.our_alerts == found.their_alerts == sum(alerts)
    assert found.agreement.rows == found.rows == len(scores)
    assert found.agreement.only_ours == found.agreement.only_theirs


@given(SCORES, st.data())
def test_more_alerts_never_need_a_higher_threshold(scores: list[float], data: st.DataObject) -> None:
    fewer = data.draw(st.integers(0, len(scores)))
    more = data.draw(st.integers(fewer, len(scores)))
    found = np.asarray(scores)
    assert same_rate(found, more) <= same_rate(found, fewer)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 1000), min_size=5, max_size=60, unique=True), st.data())
def test_the_order_of_rows_does_not_matter_and_ranks_are_all_that_counts(ranks: list[int], data: st.DataObject) -> None:
    scores = [rank / 1000 for rank in ranks]
    alerts = data.draw(st.lists(st.booleans(), min_size=len(scores), max_size=len(scores)))
    found = translate(scores, alerts)
    again = translate(scores[::-1], alerts[::-1])
    assert (found.threshold, found.agreement) == (again.threshold, again.agreement)
    squared = translate([score**2 for score in scores], alerts)
    assert squared.agreement == found.agreement


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_the_interval_holds_the_threshold_and_is_the_same_for_the_same_seed(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.uniform(size=300).tolist()
    alerts = [score > 0.8 for score in scores]
    found = translate(scores, alerts, seed=seed)
    assert found == translate(scores, alerts, seed=seed)
    assert found.threshold is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.threshold <= found.high
    assert found.high - found.low < 0.1
    assert found.agreement.share == 1.0
    assert found.warnings == ()


def test_who_never_alerted_gets_a_threshold_that_never_alerts() -> None:
    found = translate([0.1, 1.0], [False, False])
    assert (found.threshold, found.low, found.our_alerts, found.agreement.kappa) == (None, None, 0, None)


def test_who_always_alerted_gets_one_that_always_alerts() -> None:
    assert translate([0.0, 0.4], [True, True]).our_alerts == 2


def test_small_and_tied_samples_are_warned_of() -> None:
    found = translate([0.5] * 10 + [0.9] * 10, [True] * 4 + [False] * 16)
    assert found.our_alerts == 0, "ties go to fewer alerts"
    assert [warning.split(";")[0] for warning in found.warnings] == [
        "only 20 rows",
        "only 4 rows decided the rarer way",
        "scores are tied: 0 alerts in place of 4",
    ]
    enough = translate(np.linspace(0, 1, LEAST_ROWS).tolist(), [True] * 20 + [False] * (LEAST_ROWS - 20))
    assert enough.warnings == ()


def test_the_threshold_is_written_shortly() -> None:
    assert same_rate(np.asarray([0.123456, 0.654321]), 1) == 0.39
    assert same_rate(np.asarray([0.123456, 0.123457]), 1) == 0.1234565


def test_kappa_leaves_out_what_chance_gives() -> None:
    assert Agreement(both=45, only_theirs=5, only_ours=5, neither=45).kappa == pytest.approx(0.8)
    assert Agreement(both=25, only_theirs=25, only_ours=25, neither=25).kappa == pytest.approx(0.0)


def test_as_many_scores_as_decisions_are_wanted() -> None:
    for scores, alerts in (([], []), ([0.5], [])):
        with pytest.raises(ValueError, match="as many scores as decisions"):
            translate(scores, alerts)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


WRITTEN: Final = {
    "pairs.csv": 'language,attribute,theirs,text\r\nen,TOXICITY,0.9,"idiots, all\r\nof you"\r\nfil,INSULT,0.2,salamat\r\n',
    "pairs.jsonl": '{"language": "en", "attribute": "TOXICITY", "theirs": 0.9, "text": "idiots, all\\r\\nof you"}\n\n'
    '{"language": "fil", "attribute": "INSULT", "theirs": 0.2, "text": "salamat", "ours": null}\n',
}


@pytest.mark.parametrize("name", WRITTEN)
def test_csv_and_json_lines_hold_the_same_rows(write: Callable[[str, str], Path], name: str) -> None:
    rows = read_pairs(write(name, WRITTEN[name]), {"": 0.8})
    assert rows == [
        Pair("TOXICITY", "en", alert=True, text="idiots, all\r\nof you"),
        Pair("INSULT", "tl", alert=False, text="salamat"),
    ]


def test_a_decision_stands_over_a_threshold_and_ours_over_a_text(write: Callable[[str, str], Path]) -> None:
    text = "attribute,theirs,decision,ours,text\nharassment,0.1,YES,0.7,hello\nINSULT,0.6,,0.3,\nTHREAT,0.6,,0.3,\n"
    rows = read_pairs(write("a.csv", text), {"": 0.9, "INSULT": 0.5})
    assert [(row.alert, row.ours, row.text) for row in rows] == [
        (True, 0.7, None),
        (True, 0.3, None),
        (False, 0.3, None),
    ]
    assert texts_of(rows) == []
    assert [(group.language, group.attribute) for group in grouped(rows, {}).groups] == [
        ("all", "INSULT"),
        ("all", "THREAT"),
        ("all", "harassment"),
    ]


# fmt: off
BROKEN: Final = [
    ("a.csv",   "attribute,theirs,text\nPROFANITY,0.5,kanárek\n",            "line 2, column attribute"),
    ("a.csv",   "attribute,theirs,text\nINSULT,kanárek,a\n",                 "line 2, column theirs"),
    ("a.csv",   "attribute,theirs,text\nINSULT,1.5,kanárek\n",               "line 2, column theirs"),
    ("a.csv",   "attribute,theirs,text\nINSULT,0.5,\n",                      "a text to score, or our score"),
    ("a.csv",   "attribute,text\nINSULT,kanárek\n",                          "their score in the column theirs"),
    ("a.csv",   "attribute,theirs,text\nTHREAT,0.5,kanárek\n",               "--their-threshold THREAT=0.8"),
    ("a.csv",   "attribute,decision,text\nINSULT,kanárek,a\n",               "column decision"),
    ("a.csv",   "attribute,decision,ours\nINSULT,1,nan\n",                   "column ours"),
    ("a.csv",   "",                                                          "holds no rows"),
    ("a.jsonl", "kanárek\n",                                                 "line 1: expected a JSON object"),
    ("a.jsonl", '{"attribute": "INSULT", "decision": [], "ours": 0.5}\n',    "column decision"),
    ("a.jsonl", '{"attribute": 5, "decision": true, "ours": 0.5}\n',         "column attribute"),
]
# fmt: on


@pytest.mark.parametrize(("name", "text", "says"), BROKEN)
def test_a_broken_row_is_named_and_not_quoted(
    write: Callable[[str, str], Path], name: str, text: str, says: str
) -> None:
    with pytest.raises(PairsError) as failure:
        read_pairs(write(name, text), {"INSULT": 0.5})
    assert says in str(failure.value)
    assert "kanárek" not in str(failure.value)


def test_what_cannot_be_judged_is_left_out_and_counted() -> None:
    pairs = [
        Pair("INSULT", None, alert=True, text="idiots"),
        Pair("INSULT", "en", alert=False, text="👍"),
        Pair("INSULT", "de", alert=False, text="hallo"),
    ]
    scores = {
        ("idiots", None): make_score(abuse=0.9, language="cs"),
        ("👍", "en"): make_score(abstain_reason="no_words"),
        ("hallo", None): make_score(),
    }
    found = grouped(pairs, scores)
    assert [(group.language, group.ours, group.alerts) for group in found.groups] == [("cs", (0.9,), (True,))]
    assert found.left_out == {"no_words": 1, "other_language": 1}


def test_the_command_scores_each_text_once_and_prints_no_text(
    write: Callable[[str, str], Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    class Counting(FixedScorer):
        def score(self, texts: list[str], languages: list[str | None] | None = None) -> list[object]:  # type: ignore[override]
            calls.extend(texts)
            return [make_score(abuse=int(text[4:]) / 100) for text in texts]

    monkeypatch.setattr("service.commands.thresholds.load_model", lambda settings: Counting())
    rows = [f"en,{name},{theirs / 100},text{theirs}" for theirs in range(100) for name in ("TOXICITY", "INSULT")]
    path = write("pairs.csv", "\n".join(["language,attribute,theirs,text", *rows]))
    options = ["--their-threshold", "0.9", "--their-threshold", "INSULT=0.5"]
    assert main(["thresholds", str(path), *options, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["thresholds"]
    assert len(calls) == 100
    assert [(row["attribute"], row["threshold"], row["our_alerts"]) for row in found] == [
        ("INSULT", 0.495, 50),
        ("TOXICITY", 0.9, 10),
    ]
    assert found[0]["agreement"]["share"] == 1.0
    assert main(["thresholds", str(path), *options]) == 0
    page = capsys.readouterr()
    assert page.out.splitlines()[1].split()[:6] == ["en", "INSULT", "100", "50", "50", "0.495"]
    assert "! en TOXICITY: only 100 rows" in page.out
    assert "text1" not in page.out
    assert page.err == "", "nobody watches: no bar"


@pytest.mark.parametrize("threshold", ["high", "PROFANITY=0.5", "1.5", "TOXICITY=-1", "nan"])
def test_a_wrong_threshold_is_one_line(
    write: Callable[[str, str], Path], capsys: pytest.CaptureFixture[str], threshold: str
) -> None:
    path = write("pairs.csv", "attribute,theirs,ours\nINSULT,0.5,0.5\n")
    assert main(["thresholds", str(path), "--their-threshold", threshold]) == 1
    assert capsys.readouterr().err.startswith("evenkeel: --their-threshold: expected")
