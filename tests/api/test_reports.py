"""Laws of reports and resolutions over HTTP and on the command line: the documented shapes, one set of numbers, no leaks."""

import csv
import io
import json
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from service.__main__ import main
from service.api.accept import prefers
from service.api.wire_reports import EscalationReportOut, ResolutionsOut, SimilarsOut
from service.flow import Policy
from service.reports.present import COLUMNS
from tests.api.support import MakeClient

REPORT: Final = "/v1/reports/escalation"
DAY: Final = {"by": "day", "since": "2025-11-20", "until": "2025-11-23", "tz": "Europe/Prague"}
SECRET: Final = "vrátili jsme peníze paní Kanárkové"


def add(client: TestClient, name: str, minute: int, role: str = "customer", text: str = "hello", **more: Any) -> None:
    sent_at = f"2025-11-21T10:{minute:02}:00Z"
    body = {"turn_id": f"t{minute}", "role": role, "text": text, "sent_at": sent_at, **more}
    assert client.post(f"/v1/conversations/{name}/turns", json=body).status_code == 201


def resolve(client: TestClient, name: str, note: str | None = SECRET, outcome: str = "solved") -> None:
    body = {"action": "resolve", "by": "jana", "note": note, "outcome": outcome}
    assert client.post(f"/v1/conversations/{name}/handoff", json=body).status_code == 200


def fill(client: TestClient) -> None:
    """One conversation that was taken over and solved, and one that was only answered."""
    add(client, "c1", 0, text="my parcel is lost, where is it!!!!", contact_id="anna", queue="vip")
    add(client, "c1", 1, "agent", "I am sorry")
    add(client, "c1", 2, text="I want a manager now!!!!!")
    client.post("/v1/conversations/c1/handoff", json={"action": "accept", "by": "jana"})
    resolve(client, "c1")
    add(client, "c2", 5, text="hello")
    add(client, "c2", 7, "agent", "hello")


def report(client: TestClient, **parameters: str) -> dict[str, Any]:
    answer = client.get(REPORT, params={**DAY, **parameters})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_report_is_the_documented_one(client: TestClient) -> None:
    fill(client)
    answer = report(client)
    EscalationReportOut.model_validate(answer, strict=True)
    assert set(answer) == set(EscalationReportOut.model_fields)
    assert [row["period"] for row in answer["rows"]] == ["2025-11-20", "2025-11-21", "2025-11-22"]
    assert (answer["rows"][1]["begins"], answer["rows"][1]["ends"]) == (
        "2025-11-21T00:00:00+01:00",
        "2025-11-22T00:00:00+01:00",
    )
    total = answer["total"]
    assert (total["conversations"], total["escalated"], total["escalation_rate"]) == (2, 1, 0.5)
    assert total["first_response"] == {"answered": 2, "unanswered": 0, "median_s": 90.0, "p90_s": 120.0}
    assert total["first_contact_resolution"]["too_recent"] == 1
    assert total["handoffs"]["solved"] == total["alert_precision"]["right"] == 1


def test_a_filter_and_a_split_reach_the_numbers(client: TestClient) -> None:
    fill(client)
    assert report(client, queue="vip")["total"]["conversations"] == 1
    assert report(client, language="vi")["total"]["conversations"] == 0
    split = report(client, group="queue")
    assert [(group["group"], group["conversations"]) for group in split["groups"]] == [("vip", 1), (None, 1)]


@pytest.mark.parametrize(
    ("parameters", "header", "language"),
    [({}, "", "en"), ({}, "cs-CZ", "cs"), ({"reason_language": "vi"}, "cs", "vi")],
)
def test_reasons_are_explained_in_the_readers_language(
    client: TestClient, policy: Policy, parameters: dict[str, str], header: str, language: str
) -> None:
    fill(client)
    answer = client.get(REPORT, params={**DAY, **parameters}, headers={"Accept-Language": header}).json()
    reasons = answer["total"]["reasons"]
    assert reasons
    assert all(reason["because"] == policy.explain(reason["rule"], language) for reason in reasons)


@pytest.mark.parametrize(
    ("parameters", "accept", "is_csv"),
    [
        ({}, None, False),
        ({}, "*/*", False),
        ({}, "text/csv", True),
        ({}, "application/json, text/csv;q=0.5", False),
        ({}, "text/html, text/csv;q=0.9, */*;q=0.1", True),
        ({"format": "csv"}, "application/json", True),
        ({"format": "json"}, "text/csv", False),
    ],
)
def test_csv_comes_to_who_asks_for_it(
    client: TestClient, parameters: dict[str, str], accept: str | None, is_csv: bool
) -> None:
    headers = {} if accept is None else {"Accept": accept}
    answer = client.get(REPORT, params={**DAY, **parameters}, headers=headers)
    assert answer.headers["content-type"] == ("text/csv; charset=utf-8" if is_csv else "application/json")
    assert "Accept" in answer.headers["vary"]
    assert ("attachment" in answer.headers.get("content-disposition", "")) == is_csv


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, False),
        ("", False),
        (",;q=,text/csv", True),
        ("text/csv;q=0", False),
        ("text/csv;q=many", False),
        ("TEXT/CSV; Q=0.5", True),
        ("text/csv;header=present;q=0.2, application/json;q=0.3", False),
    ],
)
def test_accept_is_read_by_weight(header: str | None, wanted: bool) -> None:
    assert prefers(header, "text/csv", "application/json") == wanted


def test_the_table_has_the_numbers_of_the_json(client: TestClient) -> None:
    fill(client)
    text = client.get(REPORT, params={**DAY, "format": "csv"}).text
    *rows, total = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(total) == COLUMNS
    assert [row["period"] for row in rows] == ["2025-11-20", "2025-11-21", "2025-11-22"]
    assert (total["period"], total["conversations"], total["escalation_rate"]) == ("total", "2", "0.5")


def test_a_resolution_is_found_and_is_the_documented_one(client: TestClient) -> None:
    fill(client)
    answer = client.get("/v1/resolutions", params={"query": "VRATILI penize"}).json()
    ResolutionsOut.model_validate(answer, strict=False)
    (found,) = answer["resolutions"]
    assert (found["conversation_id"], found["note"], found["by"], found["queue"]) == ("c1", SECRET, "jana", "vip")
    assert client.get("/v1/resolutions").json() == answer
    assert client.get("/v1/resolutions", params={"query": "penize", "queue": "web"}).json() == {"resolutions": []}


def test_what_solved_a_similar_conversation_is_shown_when_one_begins(client: TestClient) -> None:
    fill(client)
    add(client, "c9", 30, text="the parcel you sent is lost again!!!!", queue="vip")
    answer = client.get("/v1/conversations/c9/similar").json()
    SimilarsOut.model_validate(answer, strict=False)
    (found,) = answer["similar"]
    assert (found["conversation_id"], found["note"]) == ("c1", SECRET)
    assert found["in_common"]["words"] == ["parcel", "lost"]
    assert found["in_common"]["same_queue"]
    assert set(found["in_common"]["rules"]) <= set(found["rules"])


def test_a_query_is_neither_logged_nor_counted(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    fill(client)
    with caplog.at_level("DEBUG"):
        client.get("/v1/resolutions", params={"query": "kanarkove"})
        client.get("/v1/resolutions", params={"query": "kanarkove " * 30})
    # The client of the tests logs addresses itself, our log never does.
    ours = [repr(vars(record)) for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert sum("/v1/resolutions" in line for line in ours) == 2
    assert "kanark" not in "".join(ours)
    assert "kanark" not in client.get("/metrics").text


def test_erased_conversations_are_in_no_report_and_advise_nobody(client: TestClient) -> None:
    fill(client)
    client.delete("/v1/contacts/anna")
    assert report(client)["total"]["conversations"] == 1
    assert client.get("/v1/resolutions").json() == {"resolutions": []}
    assert client.get("/v1/conversations/c2/similar").json() == {"conversation_id": "c2", "similar": []}


def test_without_kept_texts_there_are_reports_and_similar_ones_but_no_notes(make_client: MakeClient) -> None:
    client = make_client(store_text=False)
    fill(client)
    assert report(client)["total"]["conversations"] == 2
    assert client.get("/v1/resolutions").json() == {"resolutions": []}
    add(client, "c9", 30, text="my parcel is lost, where is it!!!!")
    (found,) = client.get("/v1/conversations/c9/similar").json()["similar"]
    assert (found["note"], found["in_common"]["words"]) == (None, [])
    assert found["in_common"]["rules"]


def test_the_command_prints_the_same_report(
    client: TestClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(client)
    flags = [word for name, value in DAY.items() for word in (f"--{name}", value)]
    where = ["--data-dir", str(tmp_path / "data")]
    assert main(["report", *flags, *where]) == 0
    assert json.loads(capsys.readouterr().out) == report(client)
    assert main(["report", *flags, *where, "--csv", "--group", "queue"]) == 0
    asked = client.get(REPORT, params={**DAY, "group": "queue", "format": "csv"})
    assert capsys.readouterr().out == asked.text


@pytest.mark.parametrize(
    ("arguments", "word"),
    [(("--tz", "Mars/Base"), "--tz"), (("--since", "soon"), "--since"), (("--until", "1970-01-01"), "--since")],
)
def test_a_question_that_cannot_be_answered_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, str], word: str
) -> None:
    assert main(["report", "--by", "day", "--since", "2026-01-01", *arguments, "--data-dir", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"evenkeel: {word} ")
    assert printed.err.count("\n") == 1
