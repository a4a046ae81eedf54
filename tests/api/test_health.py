"""Readiness that does not lie, numbers without names, logs without words, and imports without torch."""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import Final

import pytest
from fastapi.testclient import TestClient

from service.store import StoreUnavailable
from service.telemetry import JsonFormatter, log, log_failure
from tests.api.scorers import LetterScorer
from tests.api.support import MakeClient, store_of
from tests.api.test_error_shape import assert_problem

CANARY: Final = "tajemství-zákazníka"


@dataclass(frozen=True)
class Report:
    ok: bool
    worst: float = 0.25
    tolerance: float = 0.005
    count: int = 64


class VerifiedScorer(LetterScorer):
    report = Report(ok=True)

    def verify(self) -> Report:
        return self.report


class DriftingScorer(VerifiedScorer):
    report = Report(ok=False)


@pytest.mark.parametrize("scorer", [LetterScorer(), VerifiedScorer()])
def test_ready_names_the_model_and_the_policy(make_client: MakeClient, scorer: LetterScorer) -> None:
    answer = make_client(scorer=scorer, signed=False).get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["model"]["version"] == "letters-1"
    assert answer.json()["policy"]["version"]


def test_golden_vectors_that_differ_are_not_ready(make_client: MakeClient) -> None:
    problem = assert_problem(make_client(scorer=DriftingScorer()).get("/readyz"), 503)
    (error,) = problem["errors"]
    assert error["field"] == "model"
    assert "0.25" in error["message"]
    assert "0.005" in error["message"]


def test_golden_vectors_that_differ_stop_the_scoring_and_nothing_else(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_client(scorer=DriftingScorer())
    (logged,) = [record for record in caplog.records if record.getMessage() == "model.golden_vectors_differ"]
    assert logged.levelname == "ERROR"
    assert_problem(client.post("/v1/score", json={"turns": [{"text": "a"}]}), 503)
    for role, status in (("customer", 503), ("agent", 201)):
        turn = {"turn_id": role, "role": role, "text": "a"}
        assert client.post("/v1/conversations/c1/turns", json=turn).status_code == status
    assert client.get("/v1/conversations/c1").json()["turn_count"] == 1


def test_a_database_that_is_away_is_not_ready_and_refuses_turns(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("away")

    runtime = client.app.state.runtime  # type: ignore[attr-defined]
    monkeypatch.setattr(runtime, "readiness", replace(runtime.readiness, ping=away))
    (error,) = assert_problem(client.get("/readyz"), 503)["errors"]
    assert error["field"] == "database"
    monkeypatch.setattr(store_of(client), "record_turn", away)
    answer = client.post("/v1/conversations/c1/turns", json={"turn_id": "1", "role": "agent", "text": "a"})
    assert_problem(answer, 503)
    assert int(answer.headers["retry-after"]) >= 1


def test_alive_says_nothing_else(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}


def test_numbers_are_counted_by_template_and_name_nobody(client: TestClient) -> None:
    turn = {"turn_id": CANARY.encode().hex(), "role": "customer", "text": f"{CANARY}!!!!", "contact_id": "k-77"}
    client.post("/v1/conversations/secret-id-1/turns", json=turn)
    client.get("/v1/conversations/secret-id-1")
    client.get("/nothing/secret-id-1")
    client.request("SECRET-ID-1", "/healthz")
    text = client.get("/metrics").text
    template = 'route="/v1/conversations/{conversation_id}/turns",status="201"'
    assert f'evenkeel_http_requests_total{{method="POST",{template}}} 1.0' in text
    assert 'evenkeel_turns_scored_total{language="en",status="scored"} 1.0' in text
    assert 'evenkeel_http_requests_total{method="GET",route="(none)",status="404"} 1.0' in text
    assert "evenkeel_recommendations_total{action=" in text
    for stage in ("score", "advance", "record"):
        assert f'evenkeel_stage_seconds_count{{stage="{stage}"}} 1.0' in text
    assert "evenkeel_queue_depth 0.0" in text
    for name in (CANARY, "secret-id", "SECRET-ID", "k-77", turn["turn_id"]):
        assert name not in text


def test_two_applications_count_apart(make_client: MakeClient) -> None:
    first, second = make_client(), make_client()
    first.post("/v1/score", json={"turns": [{"text": "a"}]})
    assert "evenkeel_turns_scored_total{" in first.get("/metrics").text
    assert "evenkeel_turns_scored_total{" not in second.get("/metrics").text


def test_nothing_that_a_customer_wrote_or_is_called_is_in_a_log(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client = make_client()
        for role in ("customer", "agent"):
            turn = {"turn_id": f"turn-id-{role}", "role": role, "text": CANARY, "contact_id": "contact-id"}
            assert client.post("/v1/conversations/conversation-id/turns", json=turn).status_code == 201
        client.get("/v1/conversations/conversation-id")
        client.post("/v1/score", json={"turns": [{"text": CANARY}]})
        client.delete("/v1/contacts/contact-id")
        client.get("/", params={"token": "one-time-token"})
        client.post("/session", data={"token": "one-time-token"})
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert len(ours) > 5
    lines = "\n".join(JsonFormatter().format(record) for record in ours)
    for name in (CANARY, "turn-id", "contact-id", "conversation-id", "one-time-token", "bootstrap-key"):
        assert name not in lines


def test_a_log_line_is_json_and_an_exception_only_its_type_and_place(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        log("turn.recorded", seconds=0.5, band="high")
        try:
            raise ValueError(CANARY)
        except ValueError as failure:
            log_failure("http.failed", failure, request_id="r1")
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application", exc_info=failure)
    plain, failed, server = (json.loads(JsonFormatter().format(record)) for record in caplog.records)
    assert (plain["event"], plain["seconds"], plain["band"], plain["level"]) == ("turn.recorded", 0.5, "high", "info")
    assert (failed["event"], failed["error"], failed["request_id"]) == ("http.failed", "ValueError", "r1")
    assert failed["where"].startswith("api/test_health.py:")
    assert server["error"] == "ValueError"
    assert CANARY not in json.dumps([plain, failed, server])


def test_the_application_loads_neither_torch_nor_transformers_nor_the_training() -> None:
    program = "import sys, service.api.app, service.__main__; print(*sorted(m.partition('.')[0] for m in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    assert "service" in loaded
    assert not {"torch", "transformers", "training"} & set(loaded)
