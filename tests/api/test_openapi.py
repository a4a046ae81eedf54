"""The contract as /docs shows it: valid, stable operation ids, nothing unexplained, documented errors, examples, no network."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from service.api.examples import TURN_EXAMPLES
from service.api.openapi import TAGS, glossary
from service.labels import LANGUAGES

OPERATIONS: Final = {
    "scoreTurns": ("post", "/v1/score"),
    "analyzeComment": ("post", "/v1alpha1/comments:analyze"),
    "suggestCommentScore": ("post", "/v1alpha1/comments:suggestscore"),
    "getDiscovery": ("get", "/$discovery/rest"),
    "moderate": ("post", "/v1/moderations"),
    "addTurn": ("post", "/v1/conversations/{conversation_id}/turns"),
    "checkDraft": ("post", "/v1/conversations/{conversation_id}/draft"),
    "handOver": ("post", "/v1/conversations/{conversation_id}/handoff"),
    "getHandoff": ("get", "/v1/conversations/{conversation_id}/handoff"),
    "labelTurn": ("put", "/v1/conversations/{conversation_id}/turns/{turn_id}/labels"),
    "getLabels": ("get", "/v1/conversations/{conversation_id}/turns/{turn_id}/labels"),
    "withdrawLabels": ("delete", "/v1/conversations/{conversation_id}/turns/{turn_id}/labels"),
    "queueLabels": ("get", "/v1/labels/queue"),
    "summariseLabels": ("get", "/v1/labels/summary"),
    "exportLabels": ("get", "/v1/labels/export"),
    "findSimilar": ("get", "/v1/conversations/{conversation_id}/similar"),
    "findResolutions": ("get", "/v1/resolutions"),
    "reportEscalation": ("get", "/v1/reports/escalation"),
    "listConversations": ("get", "/v1/conversations"),
    "getConversation": ("get", "/v1/conversations/{conversation_id}"),
    "getPolicy": ("get", "/v1/policy"),
    "checkPolicy": ("post", "/v1/policy/check"),
    "replayConversations": ("post", "/v1/replays"),
    "getAlerts": ("get", "/v1/conversations/{conversation_id}/alerts"),
    "listAlerts": ("get", "/v1/alerts"),
    "summariseAlerts": ("get", "/v1/alerts/summary"),
    "getAlert": ("get", "/v1/alerts/{alert_id}"),
    "changeAlert": ("post", "/v1/alerts/{alert_id}"),
    "followEvents": ("get", "/v1/events"),
    "whoAmI": ("get", "/v1/me"),
    "listPeople": ("get", "/v1/people"),
    "addPerson": ("post", "/v1/people"),
    "changePerson": ("patch", "/v1/people/{name}"),
    "makeSignInLink": ("post", "/v1/people/{name}/sign-in-link"),
    "listKeys": ("get", "/v1/keys"),
    "createKey": ("post", "/v1/keys"),
    "revokeKey": ("delete", "/v1/keys/{key_id}"),
    "listConnections": ("get", "/v1/connections"),
    "addConnection": ("post", "/v1/connections"),
    "getConnection": ("get", "/v1/connections/{connection_id}"),
    "changeConnection": ("patch", "/v1/connections/{connection_id}"),
    "removeConnection": ("delete", "/v1/connections/{connection_id}"),
    "receiveDelivery": ("post", "/v1/integrations/{kind}/{connection_id}"),
    "getSettings": ("get", "/v1/settings"),
    "changeSettings": ("patch", "/v1/settings"),
    "readAudit": ("get", "/v1/audit"),
    "listWebhooks": ("get", "/v1/webhooks"),
    "addWebhook": ("post", "/v1/webhooks"),
    "getWebhook": ("get", "/v1/webhooks/{webhook_id}"),
    "changeWebhook": ("patch", "/v1/webhooks/{webhook_id}"),
    "removeWebhook": ("delete", "/v1/webhooks/{webhook_id}"),
    "rotateWebhookSecret": ("post", "/v1/webhooks/{webhook_id}/rotate"),
    "testWebhook": ("post", "/v1/webhooks/{webhook_id}/test"),
    "retryFailedDeliveries": ("post", "/v1/webhooks/{webhook_id}/retry"),
    "listDeliveries": ("get", "/v1/webhooks/{webhook_id}/deliveries"),
    "retryDelivery": ("post", "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/retry"),
    "eraseContact": ("delete", "/v1/contacts/{contact_id}"),
    "makePanelLink": ("post", "/v1/panel/links"),
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


FOREIGN: Final = {"/v1alpha1/": "GoogleErrorOut", "/$discovery/": "GoogleErrorOut", "/v1/moderations": "OpenAIErrorOut"}
"""Drop-in routes: their clients read errors in their own shape, and know one status for what cannot be understood."""


def test_every_documented_error_is_a_problem_or_what_the_routes_clients_read(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        errors = {status: found for status, found in operation["responses"].items() if int(status) >= 400}
        assert {"401", "403"} <= set(errors) or not path.startswith(("/v1/", "/v1alpha1/")), (method, path)
        shape = next((model for prefix, model in FOREIGN.items() if path.startswith(prefix)), "ProblemOut")
        media_type = "application/problem+json" if shape == "ProblemOut" else "application/json"
        for found in errors.values():
            assert set(found["content"]) == {media_type}, (method, path)
            assert found["content"][media_type]["schema"] == {"$ref": f"#/components/schemas/{shape}"}


def test_what_can_be_sent_wrongly_is_documented(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        statuses = set(operation["responses"])
        assert "500" in statuses, (method, path)
        foreign = path.startswith(tuple(FOREIGN))
        if "requestBody" in operation:
            assert statuses >= ({"400", "503"} if foreign else {"400", "413", "415", "422", "503"}), (method, path)
        if operation.get("parameters") and not foreign:
            assert "422" in statuses, (method, path)


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    described = {tag["name"]: tag["description"] for tag in document["tags"]}
    for method, path, operation in operations(document):
        assert operation["summary"][0].isupper(), (method, path)
        assert len(operation["summary"]) <= 40
        assert operation["description"].rstrip().endswith((".", ":", ")")), (method, path)
        assert len(operation["tags"]) == 1
        assert described[operation["tags"][0]], (method, path)
    assert set(described) <= set(TAGS)


def test_every_parameter_field_and_schema_is_explained(document: dict[str, Any]) -> None:
    silent = [name for name, found in named(document) if not str(found.get("description", "")).strip()]
    silent += [name for name, found in document["components"]["schemas"].items() if not found.get("description")]
    assert silent == [], "say it where the field is declared, or in service/api/glossary.yaml"


def test_no_word_of_the_glossary_is_stale(document: dict[str, Any]) -> None:
    known = {name for name, _ in named(document)}
    assert set(glossary()) <= known | {name.partition(".")[2] for name in known}


def named(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field and parameter, by its owner's name and its own."""
    for owner, schema in document["components"]["schemas"].items():
        for name, found in schema.get("properties", {}).items():
            yield f"{owner}.{name}", found
    for _, _, operation in operations(document):
        for found in operation.get("parameters", []):
            yield f"{operation['operationId']}.{found['name']}", found


WORDS: Final = {
    "scoreTurns",
    "addTurn",
    "checkDraft",
    "handOver",
    "replayConversations",
    "analyzeComment",
    "moderate",
} | {
    "addPerson",
    "changePerson",
}
"""Operations whose bodies carry somebody's words or name: they have an example in each language."""


def test_every_body_has_examples_that_are_valid(document: dict[str, Any]) -> None:
    asked = [operation for _, _, operation in operations(document) if "requestBody" in operation]
    assert {operation["operationId"] for operation in asked} >= WORDS
    for operation in asked:
        body = operation["requestBody"]["content"]["application/json"]
        assert body.get("examples"), operation["operationId"]
        if operation["operationId"] in WORDS:
            assert set(LANGUAGES) <= set(body["examples"]), operation["operationId"]
        validator = Draft202012Validator({**body["schema"], "components": document["components"]})
        for name, example in body["examples"].items():
            assert example["summary"]
            assert [error.message for error in validator.iter_errors(example["value"])] == [], (operation, name)


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
