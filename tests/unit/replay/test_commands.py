"""`evenkeel replay` and `evenkeel policy explain` as people call them: real files, a real database, broken ones too."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from service.__main__ import main
from service.commands import explain as explain_command
from service.commands import replay as replay_command
from service.engine import Engine
from service.flow import Turn
from service.risk.decide import load_policy
from service.settings import Settings
from service.store import Store
from tests.api.scorers import LetterScorer

SECRET = "kanárek tajný"
SHIPPED = (Path(__file__).parents[3] / "service" / "risk" / "policy.yaml").read_text(encoding="utf-8")
ANGRY = [f"{SECRET}!!!"] * 3
CHATS = [("bad", ANGRY, 1), ("short", ANGRY[:2], 0), ("good", [SECRET] * 3, 0)]


class Called(NamedTuple):
    code: int
    out: str
    err: str


Call = Callable[..., Called]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Call:
    """Run a command in an own folder, with a scorer that counts exclamation marks."""
    monkeypatch.chdir(tmp_path)

    def model(settings: Settings) -> LetterScorer:
        return Reversed() if settings.model_dir.name == "reversed" else LetterScorer()

    for command in (replay_command, explain_command):
        monkeypatch.setattr(command, "load_model", model)

    def run(*arguments: str) -> Called:
        code = main(arguments)
        return Called(code, *capsys.readouterr())

    return run


class Reversed(LetterScorer):
    """Another model: it takes every exclamation mark for joy."""

    def score(self, texts: list[str], languages: list[str | None] | None = None) -> list[Any]:
        return super().score([text.replace("!", "") for text in texts], languages)


@pytest.fixture
def file(tmp_path: Path) -> str:
    rows = [
        {
            "id": name,
            "language": "en",
            "escalated": escalated,
            "turns": [{"role": "customer", "text": t} for t in texts],
        }
        for name, texts, escalated in CHATS
    ]
    (tmp_path / "chats.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return "chats.jsonl"


@pytest.fixture
def impatient(tmp_path: Path) -> str:
    """Write the shipped policy with one threshold changed."""
    old = "when: {streak_at_least: {frustration: 3}}\n    action: consult"
    assert old in SHIPPED
    changed = SHIPPED.replace(old, old.replace("3", "2"))
    (tmp_path / "impatient.yaml").write_text(changed, encoding="utf-8")
    return "impatient.yaml"


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Store the same conversations a minute apart, as the service does, from the first second of November 2026 on."""
    folder = tmp_path / "data"
    store, engine = Store.open(f"sqlite:///{folder / 'evenkeel.db'}"), Engine(LetterScorer(), load_policy())
    for index, (name, texts, _) in enumerate(CHATS):
        for number, text in enumerate(texts):
            at = 1793491200.0 + 86400 * index + 20 * number
            turn = Turn(f"t{number}", "customer", text, at)
            store.record_turn(turn, name, at, lambda state, turn=turn, at=at: engine.assess(state, turn, at))
    store.close()
    return str(folder)


def test_a_changed_threshold_shows_its_difference(call: Call, file: str, impatient: str) -> None:
    done = call("replay", "--conversations", file, "--policy", impatient, "--against", "current")
    assert done.code == 0
    assert "frustration-streak, streak_at_least: frustration at least 3 -> frustration at least 2" in done.out
    assert "short (en, calm): appears" in done.out
    assert "now:    turn 2 consult senior (frustration-streak)" in done.out
    assert done.err == "replay: 3 of 3 conversations\n"
    assert SECRET not in done.out + done.err


def test_the_same_call_prints_the_same_bytes_and_json_says_the_same(call: Call, file: str, impatient: str) -> None:
    arguments = ("replay", "--conversations", file, "--policy", impatient, "--against", "current", "--json")
    first = call(*arguments)
    assert first == call(*arguments)
    shown = json.loads(first.out)
    assert [case["conversation_id"] for case in shown["diff"]["cases"]] == ["short", "bad"]
    assert shown["metrics"]["all"]["conversations"] == 3
    assert SECRET not in first.out
    fewer = json.loads(call(*arguments, "--cases", "1").out)["diff"]
    assert (len(fewer["cases"]), fewer["cases_left_out"], fewer["changed"]) == (1, 1, 2)


def test_without_a_second_policy_only_the_numbers_are_shown(call: Call, file: str) -> None:
    done = call("replay", "--conversations", file, "--json", "--language", "en")
    assert json.loads(done.out)["diff"] is None
    assert json.loads(done.out)["metrics"]["all"]["alerted_escalated"] == 1


def test_stored_conversations_keep_their_scores_and_give_what_the_file_gives(
    call: Call, file: str, database: str, impatient: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_file = json.loads(
        call("replay", "--conversations", file, "--policy", impatient, "--against", "current", "--json").out
    )

    def refuse(settings: Settings) -> None:
        raise AssertionError("no model is needed")

    monkeypatch.setattr(replay_command, "load_model", refuse)
    shown = call("replay", "--stored", "--data-dir", database, "--policy", impatient, "--against", "current", "--json")
    assert shown.code == 0
    stored = json.loads(shown.out)
    names = {
        case["conversation_id"]: (case["kinds"], case["before"], case["after"]) for case in of_file["diff"]["cases"]
    }
    for case in stored["diff"]["cases"]:
        kinds, before, after = names.pop(case["conversation_id"])
        numbered = [{**alert, "turn_id": f"t{int(alert['turn_id']) - 1}"} for alert in (*before, *after)]
        assert (case["kinds"], [*case["before"], *case["after"]]) == (kinds, numbered)
    assert names == {}


@pytest.mark.parametrize(
    ("window", "count"),
    [
        ((), 3),
        (("--since", "2026-11-02"), 2),
        (("--until", "2026-11-02"), 1),
        (("--since", "2026-11-02T00:00:00Z", "--until", "2026-11-03T07:00+07:00"), 1),
        (("--limit", "2"), 2),
    ],
)
def test_a_window_of_what_is_stored(call: Call, database: str, window: tuple[str, ...], count: int) -> None:
    done = call("replay", "--stored", "--data-dir", database, "--json", *window)
    assert json.loads(done.out)["metrics"]["all"]["conversations"] == count
    assert ("--limit takes more" in done.err) == ("--limit" in window)


def test_another_model_scores_anew_and_today_keeps_its_scores(
    call: Call, file: str, database: str, tmp_path: Path
) -> None:
    (tmp_path / "models" / "reversed").mkdir(parents=True)
    (tmp_path / "models" / "reversed" / "manifest.json").write_text("{}")
    for source in (("--conversations", file), ("--stored", "--data-dir", database)):
        shown = json.loads(call("replay", *source, "--model", "reversed", "--against", "current", "--json").out)
        assert shown["metrics"]["all"]["alerts"] == 0
        assert shown["diff"]["metrics_before"]["all"]["alerts"] == 1
        assert list(shown["diff"]["kinds"]) == ["disappears"]


def test_conversations_without_texts_cannot_be_scored_anew(call: Call, tmp_path: Path) -> None:
    (tmp_path / "models" / "reversed").mkdir(parents=True)
    (tmp_path / "models" / "reversed" / "manifest.json").write_text("{}")
    store = Store.open(f"sqlite:///{tmp_path / 'd' / 'evenkeel.db'}", store_text=False)
    turn = Turn("t", "customer", SECRET, 1.0)
    store.record_turn(turn, "c", 1.0, lambda state: Engine(LetterScorer(), load_policy()).assess(state, turn, 1.0))
    store.close()
    done = call("replay", "--stored", "--data-dir", "d", "--model", "reversed", "--json")
    assert json.loads(done.out)["metrics"]["all"]["conversations"] == 0
    assert "1 conversations are left out: their texts were not kept" in done.err


# fmt: off
REFUSED = [
    (("replay", "--conversations", "none.jsonl"),                             "none.jsonl cannot be read"),
    (("replay", "--conversations", "broken.jsonl"),                           "broken.jsonl, line 2, 'turns[0].role': found another text"),
    (("replay", "--conversations", "empty.jsonl"),                            "no conversation in empty.jsonl"),
    (("replay", "--conversations", "chats.jsonl", "--language", "vi"),        "no conversation is left to replay"),
    (("replay", "--conversations", "chats.jsonl", "--policy", "none.yaml"),   "none.yaml, line 1"),
    (("replay", "--conversations", "chats.jsonl", "--against", "bad.yaml"),   "bad.yaml, line 1, field 'rules'"),
    (("replay", "--conversations", "chats.jsonl", "--model", "2020.1"),       "there is no model 2020.1 in models; it holds none"),
    (("replay", "--conversations", "chats.jsonl", "--model", "../x"),         "there is no model ../x"),
    (("replay", "--conversations", "chats.jsonl", "--since", "2026-01-01"),   "--since and --until choose among stored"),
    (("replay", "--stored", "--data-dir", "new"),                             "no conversation is left to replay"),
    (("policy", "explain", "chats.jsonl"),                                    "chats.jsonl holds 3 conversations; name one as chats.jsonl#ID"),
    (("policy", "explain", "chats.jsonl#nobody"),                             "chats.jsonl holds no conversation nobody"),
    (("policy", "explain", "none.jsonl#x"),                                   "none.jsonl cannot be read"),
    (("policy", "explain", "nobody", "--data-dir", "new"),                    "no conversation nobody is stored here"),
    (("policy", "explain", "chats.jsonl#bad", "--rule", "no-such"),           "the policy has no rule no-such; its rules are self-harm"),
]
# fmt: on


@pytest.mark.parametrize(("arguments", "message"), REFUSED, ids=[" ".join(case[0]) for case in REFUSED])
def test_what_cannot_be_replayed_is_one_line(
    call: Call, file: str, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    (tmp_path / "bad.yaml").write_text("version: '1'\n")
    broken = {"id": "x", "turns": [{"role": SECRET, "text": SECRET}]}
    (tmp_path / "broken.jsonl").write_text(f"\n{json.dumps(broken)}\n", encoding="utf-8")
    call("keys", "create", "--data-dir", "new")  # a database with nothing to replay in it
    done = call(*arguments)
    assert (done.code, done.out) == (1, "")
    assert message in done.err
    assert done.err.count("\n") == 1
    assert SECRET not in done.err


@pytest.mark.parametrize("time", ["yesterday", "2026-13-01", "2026-11-01T08:00"])
def test_a_time_that_cannot_be_read_is_explained(call: Call, time: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call("replay", "--stored", "--since", time)
    assert "zone" in capsys.readouterr().err


def test_an_explanation_says_what_fired_and_what_was_missing(call: Call, file: str) -> None:
    done = call("policy", "explain", f"{file}#bad")
    assert done.code == 0
    first, second, third = done.out.strip().split("\n\n")[1:]
    assert "turn 1, the customer's 1st, id 1" in first
    assert "scores    frustration 0.65 (flagged), abuse 0.01" in first
    assert "frustration-streak (consult): streak_at_least found frustration 2, wanted frustration at least 3" in second
    assert "answer    consult to senior within" in third
    assert "(decides)" in third
    assert SECRET not in done.out


def test_a_stored_conversation_is_explained_from_its_scores_with_its_texts_when_asked(
    call: Call, database: str
) -> None:
    quiet = call("policy", "explain", "bad", "--data-dir", database)
    assert SECRET not in quiet.out
    shown = call("policy", "explain", "bad", "--data-dir", database, "--show-text", "--rule", "self-harm")
    assert shown.out.count(f"text      {SECRET}!!!") == 3
    assert shown.out.count("rule      self-harm does not fire") == 3
    assert shown.out.count("NO  threat_kind: found none, wanted self_harm") == 3


def test_another_policy_explains_otherwise(call: Call, file: str, impatient: str) -> None:
    done = call("policy", "explain", f"{file}#short", "--policy", impatient, "--rule", "frustration-streak")
    assert (
        "rule      frustration-streak does not fire\n            NO  streak_at_least: found frustration 1" in done.out
    )
    assert "rule      frustration-streak fires\n            yes streak_at_least: found frustration 2" in done.out
