"""Laws of the queue, the summary and the export over HTTP, and of the command that writes the export."""

import json
import stat
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.__main__ import main
from service.api.wire_labels import ExportedOut, LabelQueueOut, LabelSummaryOut
from service.settings import Settings
from tests.api.support import MakeClient, sign_in
from tests.api.test_labels import add, label

CLOSE = "no!!"  # 0.45, where half is the threshold
PHONE = "0903 123 456"


def queue(client: TestClient, **query: str) -> list[str]:
    answer = client.get("/v1/labels/queue", params=query)
    assert answer.status_code == 200, answer.text
    return [turn["conversation_id"] for turn in answer.json()["turns"]]


def test_the_queue_is_the_documented_one(client: TestClient) -> None:
    add(client, "hello", turn_id="t0", role="agent")
    add(client, f"{PHONE} {CLOSE}")
    found = client.get("/v1/labels/queue").json()
    LabelQueueOut.model_validate(found, strict=True)
    assert found["waiting"] == {"disagreeing": 0, "uncertain": 1, "drifting": 0}
    (turn,) = found["turns"]
    assert (turn["conversation_id"], turn["turn_id"], turn["text"]) == ("c1", "t1", f"<phone> {CLOSE}")
    assert turn["before"] == [{"role": "agent", "text": "hello"}]
    (reason,) = turn["reasons"]
    assert reason == {
        "kind": "uncertain",
        "cause": "near_threshold",
        "signal": "frustration",
        "facts": {"probability": pytest.approx(0.45), "threshold": 0.5},
    }


def test_the_queue_is_filtered_and_what_was_labelled_leaves(client: TestClient) -> None:
    add(client, CLOSE)
    add(client, CLOSE, name="c2")
    assert sorted(queue(client)) == ["c1", "c2"]
    assert queue(client, language="vi") == queue(client, reason="drifting") == []
    assert sorted(queue(client, language="en", reason="uncertain")) == ["c1", "c2"]
    label(client, frustration=1)
    assert queue(client) == ["c2"]
    assert sorted(queue(client, by="jan")) == ["c1", "c2"], "mai contradicts the model: a second opinion counts"
    assert queue(client, by="mai") == ["c2"]


def test_the_board_need_not_say_who_asks(make_client: MakeClient) -> None:
    board, desk = make_client(signed=False), make_client()
    sign_in(board, "supervisor")
    name = board.get("/v1/me").json()["name"]
    add(desk, CLOSE)
    label(desk, "somebody", frustration=1)
    assert queue(board) == ["c1"]
    label(desk, name, frustration=0)
    assert queue(board) == []


def test_the_summary_is_the_documented_one(client: TestClient) -> None:
    assert client.get("/v1/labels/summary").json()["turns"] == 0
    add(client, "no!!!!")
    label(client, frustration=1)
    label(client, "jan", frustration=1, sentiment="negative")
    found = client.get("/v1/labels/summary", params={"days": 7}).json()
    LabelSummaryOut.model_validate_json(json.dumps(found), strict=True)
    assert (found["days"], found["turns"]) == (7, 1)
    frustration = found["signals"][0]
    assert frustration["precision"] == {
        "confirmed": 1, "of": 1, "share": 1.0, "low": pytest.approx(0.2065, abs=1e-4), "high": 1.0,
    }  # fmt: skip
    assert found["agreement"] == [
        {"people": ["jan", "mai"], "label": "frustration", "turns": 1, "agreed": 1, "kappa": None}
    ]


def test_the_export_streams_what_is_decided_and_no_name(client: TestClient) -> None:
    for name in ("c1", "c2", "c3"):
        add(client, f"call {PHONE}!!!!", name=name)
    label(client, "Mai Nguyễn", threat=1, threat_kind="legal")
    label(client, "Mai Nguyễn", path="/v1/conversations/c2/turns/t1/labels", threat=1)
    label(client, "Jan", path="/v1/conversations/c2/turns/t1/labels", threat=0)
    answer = client.get("/v1/labels/export")
    assert answer.headers["content-type"].startswith("application/jsonl")
    (row,) = [json.loads(line) for line in answer.text.splitlines()]
    ExportedOut.model_validate(row, strict=True)
    (turn,) = row["turns"]
    assert (row["id"], row["language"], turn["text"]) == ("c1", "en", "call <phone>!!!!")
    assert (turn["threat"], turn["threat_kinds"], turn["frustration"], turn["sentiment"]) == (1, ["legal"], None, None)
    assert "Mai" not in answer.text


def test_the_command_writes_the_same_rows_for_its_owner_alone(
    make_client: MakeClient, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = make_client()
    add(client, "no!!!!")
    add(client, "no!!!!", name="c2")
    label(client, frustration=0)
    label(client, path="/v1/conversations/c2/turns/t1/labels", threat=1)
    label(client, "jan", path="/v1/conversations/c2/turns/t1/labels", threat=0)
    out = tmp_path / "corrections.jsonl"
    arguments = ["labels", "export", "--data-dir", str(settings.data_dir), "--out"]
    assert main([*arguments, str(out)]) == 0
    assert out.read_text(encoding="utf-8") == client.get("/v1/labels/export").text
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert capsys.readouterr().err == (
        "labels: 1 turns of 1 conversations; 1 left out: no decision, no text, or a language that is not served\n"
    )
    assert main([*arguments, str(tmp_path / "nowhere" / "x.jsonl")]) == 1
    assert "cannot write" in capsys.readouterr().err
