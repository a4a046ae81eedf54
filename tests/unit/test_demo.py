"""The demonstration: the same seed plays the same piece, and no text is printed."""

import io
import json
import random
import re
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from service.__main__ import main
from service.demo import (
    Cue,
    DemoError,
    Player,
    Transcript,
    choose,
    describe,
    read_transcripts,
    script,
    usable_key,
)
from service.store import Store
from tests.browser.running_service import free_port

ANSWER: Any = {"risk": {"level": 0.875, "band": "critical", "trend": "rising"}, "recommendation": {"action": "handoff"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two languages with twelve conversations each, every other one escalated, and a single turn."""
    for language in ("vi", "cs"):
        rows = [_row(f"{language}-{i}", language, escalated=i % 2) for i in range(12)]
        rows.append({"id": "one", "language": language, "single": 1, "turns": [{"role": "customer", "text": "x"}]})
        text = "\n".join(json.dumps(row) for row in rows)
        (tmp_path / f"{language}.jsonl").write_text(text + "\n", encoding="utf-8")
    return tmp_path


def _row(row_id: str, language: str, *, escalated: int) -> dict[str, Any]:
    roles = ("customer", "agent") * 3
    turns = [{"role": role, "text": f"secret words {i}"} for i, role in enumerate(roles)]
    return {"id": row_id, "language": language, "single": 0, "escalated": escalated, "industry": "bank", "turns": turns}


def piece(folder: Path, seed: int) -> tuple[list[Transcript], list[Cue]]:
    rng = random.Random(seed)
    chosen = choose(read_transcripts(folder), 8, rng)
    return chosen, list(script(chosen, rng))


def test_the_seed_decides_everything(folder: Path) -> None:
    assert piece(folder, 7) == piece(folder, 7)
    assert piece(folder, 7) != piece(folder, 8)


def test_languages_and_outcomes_are_mixed_and_nothing_comes_twice(folder: Path) -> None:
    chosen, _ = piece(folder, 7)
    assert len({item.id for item in chosen}) == 8
    assert {(item.language, item.escalated) for item in chosen} == {
        (language, escalated) for language in ("vi", "cs") for escalated in (True, False)
    }
    assert [item.language for item in chosen].count("vi") == 4


def test_every_message_is_sent_once_in_its_own_order_while_conversations_interleave(folder: Path) -> None:
    chosen, cues = piece(folder, 7)
    assert [cue.due_s for cue in cues] == sorted(cue.due_s for cue in cues)
    for index, transcript in enumerate(chosen):
        assert [cue.line for cue in cues if cue.conversation == index] == list(range(len(transcript.lines)))
    switches = sum(a.conversation != b.conversation for a, b in pairwise(cues))
    assert switches > len(chosen)


def test_a_folder_without_conversations_is_named(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match=re.escape(str(tmp_path))):
        read_transcripts(tmp_path)


@dataclass
class FakeClient:
    """Answers everything, and keeps what was sent."""

    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def add_turn(self, conversation_id: str, text: str, **turn: str) -> dict[str, Any]:
        self.sent.append((conversation_id, {"text": text, **turn}))
        return ANSWER


@pytest.mark.parametrize("speed", [1.0, 10.0])
def test_playing_waits_until_each_message_is_due_and_prints_no_text(folder: Path, speed: float) -> None:
    chosen, cues = piece(folder, 7)
    now = [100.0]
    client, out = FakeClient(), io.StringIO()
    player = Player(client, "ab12", speed, out, clock=lambda: now[0], sleep=lambda s: now.__setitem__(0, now[0] + s))  # type: ignore[arg-type]
    assert player.play(chosen, iter(cues)) == len(cues) == len(client.sent)
    assert now[0] - 100.0 == pytest.approx(cues[-1].due_s / speed)
    assert all(conversation.startswith("demo-ab12-") for conversation, _ in client.sent)
    assert len({(conversation, turn["turn_id"]) for conversation, turn in client.sent}) == len(cues)
    assert "secret" not in out.getvalue()
    assert out.getvalue().count("\n") == len(cues)


def test_a_line_tells_risk_and_action() -> None:
    words = describe("demo-1", "customer", ANSWER).split()
    assert words == ["demo-1", "customer", "risk", "88", "critical", "rising", "handoff"]


def test_without_a_service_the_command_says_how_to_start_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"http://127.0.0.1:{free_port()}"  # nobody listens there
    assert main(["demo", "--url", url, "--key", "k", "--transcripts", str(folder), "--wait", "0.01"]) == 1
    assert "make run" in capsys.readouterr().err


def test_a_key_that_is_given_or_set_is_used() -> None:
    with usable_key("given", {"EVENKEEL_API_KEY": "set"}) as key:
        assert key == "given"
    with usable_key(None, {"EVENKEEL_BOOTSTRAP_KEY": "set"}) as key:
        assert key == "set"


def test_without_a_key_one_lives_as_long_as_the_run(tmp_path: Path) -> None:
    environ = {"EVENKEEL_DATA_DIR": str(tmp_path)}
    with usable_key(None, environ) as key:
        store = Store.open(f"sqlite:///{tmp_path / 'evenkeel.db'}")
        assert store.find_key(key) is not None
    assert store.find_key(key) is None
    store.close()


def test_without_key_and_data_folder_the_way_out_is_named(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="--key"), usable_key(None, {"EVENKEEL_DATA_DIR": str(tmp_path / "none")}):
        pass
