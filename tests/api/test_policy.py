"""Laws of the policy over HTTP: it is shown as it is in force, changes are tried on its text, mistakes say their line."""

import json
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from service.api.replaying import MAX_REPLAYS
from service.api.wire_policy import PolicyCheckOut, TodaysPolicyOut
from service.labels import LANGUAGES
from service.risk.decide import load_policy
from tests.api.support import CHANGES_BY_SESSION, KEY_HEADER, MakeClient, sign_in
from tests.api.test_error_shape import assert_problem
from tests.api.test_replays import CANARY, TWICE, replayed, talk

CHECK: Final = "/v1/policy/check"
LINES: Final = {"Accept": "application/x-ndjson"}
WARN_LATER: Final = {"rule": "forecast-high", "path": "when.forecast_at_least", "value": 0.7}
SHIPPED: Final = load_policy()


def checked(client: TestClient, **body: Any) -> dict[str, Any]:
    answer = client.post(CHECK, json=body)
    assert answer.status_code == 200, answer.text
    PolicyCheckOut.model_validate(answer.json())
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_policy_is_shown_in_the_readers_language(shared_client: TestClient, language: str) -> None:
    answer = shared_client.get("/v1/policy", params={"language": language}).json()
    TodaysPolicyOut.model_validate(answer)
    assert answer["policy"]["version"] == SHIPPED.version
    assert [(rule["id"], rule["because"]) for rule in answer["rules"]] == [
        (rule.id, rule.because[language]) for rule in SHIPPED.rules
    ]
    by_header = shared_client.get("/v1/policy", headers={"Accept-Language": language})
    assert by_header.json() == answer


def test_every_number_that_is_shown_can_be_changed(shared_client: TestClient) -> None:
    rules = shared_client.get("/v1/policy").json()["rules"]
    changes = [
        {"rule": rule["id"], "path": limit["path"], "value": limit["high"]}
        for rule in rules
        for condition in rule["conditions"]
        for limit in condition["limits"]
    ]
    assert len(changes) > 30
    found = checked(shared_client, changes=changes)
    assert found["mistake"] is None
    assert {edit["rule"] for edit in found["changes"]["edits"]} == {change["rule"] for change in changes}


def test_a_check_says_what_changes_and_gives_the_file(shared_client: TestClient) -> None:
    found = checked(shared_client, changes=[WARN_LATER, {"rule": "slow-burn", "path": "enabled", "value": False}])
    assert found["changes"]["removed"] == ["slow-burn"]
    (edit,) = found["changes"]["edits"]
    assert (edit["rule"], edit["what"], edit["after"]) == ("forecast-high", "forecast_at_least", "at least 0.7")
    assert edit["before"].removeprefix("at least ") in SHIPPED.text
    again = checked(shared_client, policy=found["text"])
    assert again["policy"] == found["policy"]
    assert found["against"]["version"] == SHIPPED.version
    assert checked(shared_client)["text"] == SHIPPED.text


def test_a_mistake_says_its_line_and_quotes_nothing(shared_client: TestClient) -> None:
    wrong = TWICE.replace("action: consult", f"action: {CANARY}")
    answer = shared_client.post(CHECK, json={"policy": wrong})
    mistake = answer.json()["mistake"]
    assert mistake == {"line": 5, "key": "rules[0].action", "expected": "one of none, phrase, consult, handoff"}
    assert (answer.json()["policy"], answer.json()["changes"], answer.json()["text"]) == (None, None, wrong)
    broken = checked(shared_client, policy="version: '1'\nrules: [")
    assert broken["mistake"]["line"] >= 2
    assert CANARY not in json.dumps(checked(shared_client, policy=f"{CANARY}: 1")["mistake"])


# fmt: off
REFUSED: Final = [
    ({"changes": [{"rule": "nobody", "path": "queue", "value": "agent"}]},                     "changes[0].rule"),
    ({"changes": [WARN_LATER, WARN_LATER]},                                                    "changes[1].path"),
    ({"changes": [{"rule": "slow-burn", "path": "because.en", "value": "x"}]},                 "changes[0].path"),
    ({"changes": [{"rule": "slow-burn", "path": "../etc", "value": 1}]},                       "changes[0].path"),
    ({"changes": [{"rule": CANARY, "path": "queue", "value": "agent"}]},                       "changes[0].rule"),
    ({"changes": [{"rule": "slow-burn", "path": "queue", "value": f"{CANARY}: [x"}]},          "changes[0].value"),
    ({"changes": [WARN_LATER] * 201},                                                          "changes"),
    ({"policy": ""},                                                                           "policy"),
    ({"policy": "x" * 200_001},                                                                "policy"),
]
# fmt: on


@pytest.mark.parametrize(("body", "field"), REFUSED, ids=[f"{n}-{field}" for n, (_, field) in enumerate(REFUSED)])
@pytest.mark.parametrize("path", [CHECK, "/v1/replays"])
def test_a_change_that_cannot_be_made_names_its_field(
    shared_client: TestClient, path: str, body: dict[str, Any], field: str
) -> None:
    problem = assert_problem(shared_client.post(path, json=body), 422)
    assert any(error["field"].startswith(field) for error in problem["errors"]), problem
    assert CANARY not in json.dumps(problem)


def test_changes_are_replayed_like_the_file_that_they_make(client: TestClient) -> None:
    talk(client, "c1")
    changes = [{"rule": rule.id, "path": "enabled", "value": False} for rule in SHIPPED.rules if rule.queue == "senior"]
    by_changes = replayed(client, changes=changes)
    by_file = replayed(client, policy=checked(client, changes=changes)["text"])
    assert by_changes == by_file
    assert by_changes["diff"]["changed"] == 1


def test_a_value_out_of_range_is_the_loaders_to_refuse(shared_client: TestClient) -> None:
    found = checked(shared_client, changes=[{**WARN_LATER, "value": 7}])
    assert found["mistake"]["expected"] == "a number from 0 to 1"
    assert_problem(shared_client.post("/v1/replays", json={"changes": [{**WARN_LATER, "value": 7}]}), 422)


@pytest.mark.parametrize("path", [CHECK, "/v1/replays"])
@pytest.mark.parametrize(("headers", "allowed"), CHANGES_BY_SESSION)
def test_a_supervisor_tries_a_policy_from_our_own_page_only(
    make_client: MakeClient, path: str, headers: dict[str, str], allowed: bool
) -> None:
    client = make_client(signed=False)
    sign_in(client, "supervisor")
    assert client.post(path, json={"changes": [WARN_LATER]}, headers=headers).status_code == (200 if allowed else 403)


def test_a_replay_tells_how_far_it_is(client: TestClient) -> None:
    for number in range(3):
        talk(client, f"c{number}", [("customer", "where is it!!!")])
    answer = client.post("/v1/replays", json={"policy": TWICE}, headers={**KEY_HEADER, **LINES})
    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [(line["replayed"], line["of"]) for line in lines] == [(0, 3), (3, 3), (3, 3)]
    assert [line for line in lines if "result" in line] == lines[-1:]
    assert lines[-1]["result"] == replayed(client, policy=TWICE)


def test_what_is_refused_is_refused_with_its_status_also_in_lines(client: TestClient) -> None:
    for _ in range(MAX_REPLAYS + 1):
        refused = client.post("/v1/replays", json={"policy": "x"}, headers={**KEY_HEADER, **LINES})
        assert_problem(refused, 422)


def test_what_goes_wrong_on_the_way_is_the_last_line(client: TestClient) -> None:
    body = {"conversations": ["nobody"]}
    for _ in range(MAX_REPLAYS + 1):
        answer = client.post("/v1/replays", json=body, headers={**KEY_HEADER, **LINES})
        assert answer.status_code == 200
        last = json.loads(answer.text.splitlines()[-1])
        assert last["problem"]["errors"] == [
            {"field": "conversations[0]", "message": "is not stored, and has no turns"}
        ]
        assert "result" not in last
