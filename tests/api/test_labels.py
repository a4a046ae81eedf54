"""Laws of labels over HTTP: shapes, whose labels stand, and that no answer ever changes by them."""

from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from service.api.auth import CSRF_HEADER
from service.api.examples import LABEL_EXAMPLES
from service.api.wire import ConversationDetailOut
from service.api.wire_labels import TurnLabelsOut
from tests.api.support import MakeClient, sign_in, store_of
from tests.api.test_error_shape import assert_problem

LABELS = "/v1/conversations/c1/turns/t1/labels"
CALM: dict[str, Any] = {"frustration": 0, "abuse": 0, "threat": 0, "asks_human": 0, "sentiment": "neutral"}


def add(
    client: TestClient, text: str = "no!!!!", role: str = "customer", turn_id: str = "t1", name: str = "c1"
) -> None:
    body = {"turn_id": turn_id, "role": role, "text": text}
    assert client.post(f"/v1/conversations/{name}/turns", json=body).status_code == 201


def label(client: TestClient, by: str = "mai", path: str = LABELS, **labels: Any) -> Response:
    return client.put(path, json={"by": by, **(labels or CALM)})


def test_the_answer_is_the_documented_one(client: TestClient) -> None:
    add(client)
    answer = label(client)
    assert answer.status_code == 200
    found = answer.json()
    TurnLabelsOut.model_validate(found, strict=True)
    assert set(found) == set(TurnLabelsOut.model_fields)
    (said,) = found["labels"]
    assert said == {"by": "mai", "at": said["at"], **CALM, "threat_kind": None, "model_version": "letters-1"}
    assert found["history"] == [{**said, "withdrawn": False}]
    assert client.get(LABELS).json() == found
    assert label(client).json() == found, "the same labels again change nothing"


def test_every_example_of_the_documentation_works(client: TestClient) -> None:
    add(client)
    for example in LABEL_EXAMPLES.values():
        assert client.put(LABELS, json=example["value"]).status_code == 200


def test_a_conversation_carries_what_people_say_and_its_answers_stay(client: TestClient) -> None:
    add(client)
    before = client.get("/v1/conversations/c1").json()
    label(client)
    label(client, "jan", threat=1, threat_kind="legal")
    after = client.get("/v1/conversations/c1").json()
    ConversationDetailOut.model_validate(after, strict=True)
    assert [said["by"] for said in after["turns"][0].pop("labels")] == ["mai", "jan"]
    assert before["turns"][0].pop("labels") == []
    assert {**after, "event_id": None} == {**before, "event_id": None}
    assert after["event_id"] > before["event_id"]


def test_what_was_taken_back_stays_in_the_history(client: TestClient) -> None:
    add(client)
    label(client)
    found = client.delete(LABELS, params={"by": "mai"}).json()
    assert found["labels"] == []
    assert [entry["withdrawn"] for entry in found["history"]] == [False, True]
    assert client.delete(LABELS, params={"by": "mai"}).json() == found
    assert client.delete(LABELS, params={"by": "jan"}).json() == found


def test_only_customers_turns_are_labelled(client: TestClient) -> None:
    add(client, role="agent")
    problem = assert_problem(label(client), 422)
    assert problem["errors"] == [
        {"field": "turn_id", "message": "names a turn of an agent or a bot; only customers' turns can be labelled"}
    ]
    assert_problem(label(client, path="/v1/conversations/c1/turns/t2/labels"), 404)
    assert_problem(client.get("/v1/conversations/c1/turns/t2/labels"), 404)


def test_the_board_may_label_from_its_own_page_only(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    name = sign_in(client, "supervisor")
    add(make_client())
    body = {"by": name, **CALM}
    assert_problem(client.put(LABELS, json=body, headers={"Origin": "https://evil.example"}), 403)
    answer = client.put(LABELS, json=body, headers={CSRF_HEADER: "1"})
    assert answer.status_code == 200
    assert store_of(client).audit_trail()[0].detail["via"] == "session"


def test_labels_leave_with_the_contact(client: TestClient) -> None:
    body = {"turn_id": "t1", "role": "customer", "text": "no", "contact_id": "anna"}
    assert client.post("/v1/conversations/c1/turns", json=body).status_code == 201
    label(client)
    assert client.delete("/v1/contacts/anna").status_code == 200
    assert_problem(client.get(LABELS), 404)
