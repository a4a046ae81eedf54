"""The contract as /docs shows it: stable operation ids, documented errors, examples, and no network needed."""

import re
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from service.api.examples import TURN_EXAMPLES
from service.labels import LANGUAGES

OPERATIONS: Final = {
    "scoreTurns": ("post", "/v1/score"),
    "addTurn": ("post", "/v1/conversations/{conversation_id}/turns"),
    "checkDraft": ("post", "/v1/conversations/{conversation_id}/draft"),
    "handOver": ("post", "/v1/conversations/{conversation_id}/handoff"),
    "getHandoff": ("get", "/v1/conversations/{conversation_id}/handoff"),
    "findSimilar": ("get", "/v1/conversations/{conversation_id}/similar"),
    "findResolutions": ("get", "/v1/resolutions"),
    "reportEscalation": ("get", "/v1/reports/escalation"),
    "listConversations": ("get", "/v1/conversations"),
    "getConversation": ("get", "/v1/conversations/{conversation_id}"),
    "replayConversations": ("post", "/v1/replays"),
    "listAlerts": ("get", "/v1/alerts"),
    "summariseAlerts": ("get", "/v1/alerts/summary"),
    "changeAlert": ("post", "/v1/alerts/{alert_id}"),
    "followEvents": ("get", "/v1/events"),
    "eraseContact": ("delete", "/v1/contacts/{contact_id}"),
    "checkHealth": ("get", "/healthz"),
    "checkReadiness": ("get", "/readyz"),
    "readMetrics": ("get", "/metrics"),
}
"""Generated clients are made of these: a change here breaks them."""


@pytest.fixture(scope="module")
def document(shared_client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = shared_client.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(method, path, found) for path, methods in document["paths"].items() for method, found in methods.items()]


def test_operation_ids_are_stable_and_unique(document: dict[str, Any]) -> None:
    found = [(operation["operationId"], (method, path)) for method, path, operation in operations(document)]
    assert dict(found) == OPERATIONS
    assert len(found) == len(OPERATIONS)


def test_every_documented_error_is_a_problem(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        errors = {status: found for status, found in operation["responses"].items() if int(status) >= 400}
        assert {"401", "403"} <= set(errors) or not path.startswith("/v1/"), (method, path)
        for found in errors.values():
            assert set(found["content"]) == {"application/problem+json"}, (method, path)
            assert found["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/ProblemOut"}


def test_every_reference_of_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in set(re.findall(r"#/components/schemas/(\w+)", str(document))):
        assert reference in document["components"]["schemas"]


def test_each_language_has_an_example_that_works(document: dict[str, Any], shared_client: TestClient) -> None:
    body = document["paths"]["/v1/conversations/{conversation_id}/turns"]["post"]["requestBody"]
    examples = body["content"]["application/json"]["examples"]
    assert set(examples) == set(LANGUAGES) == set(TURN_EXAMPLES)
    for example in examples.values():
        assert shared_client.post("/v1/conversations/docs/turns", json=example["value"]).status_code == 201


def test_the_page_needs_nothing_from_elsewhere(shared_client: TestClient) -> None:
    page = shared_client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    linked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(linked) >= 4
    for address in linked:
        answer = shared_client.get(address)
        assert answer.status_code == 200, address
        assert answer.content
    assert not re.search(r"<script(?![^>]*src=)", page.text), "inline scripts are forbidden by our own policy"
