"""What administrators do over HTTP: people and their links, keys, settings without a restart, the audit trail."""

from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from service.api.auth import COOKIE, CSRF_HEADER
from service.api.retention import erase_old
from service.api.signin_page import WORDS
from service.store import BUDGETED, Change, Rank
from tests.api.support import BOOTSTRAP_KEY, KEY_HEADER, MakeClient, sign_in, spend, store_of
from tests.api.test_error_shape import assert_problem

OURS: Final = {CSRF_HEADER: "1"}


@pytest.fixture
def admin(make_client: MakeClient) -> TestClient:
    """The board of the administrator eva."""
    client = make_client(signed=False)
    client.headers.update(OURS)
    sign_in(client, "admin", "eva")
    return client


def audit_of(client: TestClient, **query: Any) -> list[tuple[str, str, str]]:
    entries = client.get("/v1/audit", params=query).raise_for_status().json()["entries"]
    return [(entry["actor"], entry["action"], entry["subject"]) for entry in entries]


def test_a_person_is_added_gets_a_link_and_signs_in(admin: TestClient) -> None:
    made = admin.post("/v1/people", json={"name": "jana", "display_name": "Jana Nováková", "role": "supervisor"})
    assert (made.status_code, made.json()["role"]) == (201, "supervisor")
    link = admin.post("/v1/people/jana/sign-in-link")
    assert link.status_code == 201
    evas = admin.cookies.get(COOKIE)
    admin.cookies.clear()  # another browser
    token = link.json()["path"].removeprefix("/?token=")
    assert spend(admin, token).status_code == 303
    assert admin.get("/v1/me").json()["display_name"] == "Jana Nováková"
    assert spend(admin, token).status_code == 401
    assert admin.get(link.json()["path"]).status_code == 401
    admin.cookies.clear()
    admin.cookies.set(COOKIE, str(evas))
    assert [person["name"] for person in admin.get("/v1/people").json()["people"]] == ["eva", "jana"]
    assert audit_of(admin)[:3] == [
        ("jana", "session.began", "jana"),
        ("eva", "link.made", "jana"),
        ("eva", "person.added", "jana"),
    ]


def test_a_token_is_in_no_list_and_no_entry(admin: TestClient) -> None:
    token = admin.post("/v1/people/eva/sign-in-link").json()["path"].partition("token=")[2]
    secret = admin.post("/v1/keys", json={"kind": "secret", "name": "desk"}).json()["secret"]
    for path in ("/v1/people", "/v1/keys", "/v1/audit", "/v1/settings"):
        answer = admin.get(path).text
        assert token not in answer
        assert secret not in answer


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"role": "agent"}, 422, "name"),
        ({"name": "petr"}, 422, "role"),
        ({"name": "petr", "role": "owner"}, 422, "role"),
        ({"name": "..", "role": "agent"}, 422, "name"),
        ({"name": "a/b", "role": "agent"}, 422, "name"),
        ({"name": "<b>", "role": "agent"}, 422, "name"),
        ({"name": "a" * 65, "role": "agent"}, 422, "name"),
        ({"name": "petr", "role": "agent", "password": "x"}, 422, "password"),
        ({"name": "EVA", "role": "agent"}, 409, "name"),
    ],
)
def test_a_person_that_cannot_be_added(admin: TestClient, body: dict[str, str], status: int, field: str) -> None:
    problem = assert_problem(admin.post("/v1/people", json=body), status)
    assert problem["errors"][0]["field"] == field
    assert len(admin.get("/v1/people").json()["people"]) == 1


def test_a_person_is_changed_and_deactivated(admin: TestClient) -> None:
    admin.post("/v1/people", json={"name": "petr", "role": "agent"})
    change = {"name": "pavel", "display_name": "Pavel", "role": "supervisor"}
    assert admin.patch("/v1/people/petr", json=change).json()["name"] == "pavel"
    assert_problem(admin.patch("/v1/people/petr", json=change), 404)
    gone = admin.patch("/v1/people/pavel", json={"deactivated": True}).json()
    assert gone["deactivated_at"] is not None
    assert_problem(admin.post("/v1/people/pavel/sign-in-link"), 409)
    assert_problem(admin.post("/v1/people/nobody/sign-in-link"), 404)
    assert admin.patch("/v1/people/pavel", json={"deactivated": False}).json()["deactivated_at"] is None


def test_a_new_shown_name_counts_at_once_and_is_in_the_trail(admin: TestClient) -> None:
    renamed = admin.patch("/v1/people/eva", json={"display_name": " Eva Malá "}).json()
    assert (renamed["name"], renamed["display_name"]) == ("eva", "Eva Malá")
    assert admin.get("/v1/me").json()["display_name"] == "Eva Malá"
    (entry,) = admin.get("/v1/audit", params={"action": "person.changed"}).json()["entries"]
    assert (entry["actor"], entry["detail"]) == ("eva", {"from": "eva", "to": "Eva Malá", "via": "session"})
    admin.patch("/v1/people/eva", json={"display_name": "Eva Malá"})
    assert len(audit_of(admin, action="person.changed")) == 1
    for wrong in ("", "  ", "<b>", "a" * 65):
        problem = assert_problem(admin.patch("/v1/people/eva", json={"display_name": wrong}), 422)
        assert problem["errors"][0]["field"] == "display_name"


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_only_an_administrator_renames_people_themselves_included(make_client: MakeClient, role: Rank) -> None:
    client = make_client(signed=False)
    client.headers.update(OURS)
    sign_in(client, role, "petr")
    assert_problem(client.patch("/v1/people/petr", json={"display_name": "Pan Petr"}), 403)
    assert client.get("/v1/me").json()["display_name"] == "petr"


@pytest.mark.parametrize("change", [{"deactivated": True}, {"role": "agent"}])
def test_the_last_administrator_stays(admin: TestClient, change: dict[str, object]) -> None:
    problem = assert_problem(admin.patch("/v1/people/eva", json=change), 409)
    assert problem["type"] == "urn:evenkeel:problem:person-conflict"
    assert problem["errors"][0]["field"] in change
    assert admin.get("/v1/me").json()["role"] == "admin"


def test_a_key_is_made_shown_once_and_revoked(admin: TestClient) -> None:
    wanted = {"kind": "publishable", "name": "shop", "origins": ["https://shop.example"], "answers": "full"}
    made = admin.post("/v1/keys", json=wanted)
    assert made.status_code == 201
    key = made.json()
    headers = {"Authorization": f"Bearer {key['secret']}", "Origin": "https://shop.example"}
    score = {"turns": [{"text": "hello"}]}
    assert admin.post("/v1/score", json=score, headers=headers).status_code == 200
    assert admin.delete(f"/v1/keys/{key['id']}").status_code == 204
    assert admin.post("/v1/score", json=score, headers=headers).status_code == 401
    assert_problem(admin.delete(f"/v1/keys/{key['id']}"), 404)
    (listed,) = admin.get("/v1/keys").json()["keys"]
    assert (listed["name"], listed["revoked_at"] is None, "secret" in listed) == ("shop", False, False)
    assert audit_of(admin)[:2] == [("eva", "key.revoked", key["id"]), ("eva", "key.created", key["id"])]


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "publishable", "name": "shop"},
        {"kind": "secret", "name": "desk", "origins": ["https://shop.example"]},
        {"kind": "publishable", "name": "shop", "origins": ["*"]},
        {"kind": "publishable", "name": "shop", "origins": ["https://shop.example/path"]},
    ],
)
def test_a_key_for_no_web_origin_is_not_made(admin: TestClient, body: dict[str, object]) -> None:
    problem = assert_problem(admin.post("/v1/keys", json=body), 422)
    assert problem["errors"][0]["field"].startswith("origins")
    assert admin.get("/v1/keys").json() == {"keys": []}


def test_settings_say_where_each_value_comes_from_and_hold_no_secret(make_client: MakeClient) -> None:
    client = make_client(handoff_join_s=301)
    settings = client.get("/v1/settings").json()
    assert settings["database"] == "sqlite"
    assert settings["retention_days"]["source"] == "default"
    assert {budget["queue"] for budget in settings["alert_budgets"]} == set(BUDGETED)
    started = {row["name"]: (row["value"], row["source"]) for row in settings["started_with"]}
    assert started["HANDOFF_JOIN_S"] == (301, "start")
    assert started["HANDOFF_ACCEPT_S"] == (120, "default")
    text = client.get("/v1/settings").text
    assert not {"DATABASE_URL", "REDIS_URL", "BOOTSTRAP_KEY", "DATA_DIR", "POLICY", "HOST"} & set(started)
    assert BOOTSTRAP_KEY not in text
    assert "evenkeel.db" not in text


def test_a_budget_counts_without_a_restart_and_is_taken_back(admin: TestClient) -> None:
    def budget(queue: str) -> tuple[int, str, str | None]:
        rows = admin.get("/v1/settings").json()["alert_budgets"]
        (row,) = [row for row in rows if row["queue"] == queue]
        return row["value"], row["source"], row["changed_by"]

    other = store_of(admin)
    assert budget("senior") == (12, "default", None)
    assert admin.patch("/v1/settings", json={"alert_budgets": {"senior": 3}}).status_code == 200
    assert budget("senior") == (3, "board", "eva")
    assert budget("supervisor") == (12, "default", None)
    assert other.alert_report(7).budgets["senior"] == 3
    admin.patch("/v1/settings", json={"alert_budgets": {"senior": 3}})
    admin.patch("/v1/settings", json={"alert_budgets": {"senior": None}})
    assert budget("senior") == (12, "default", None)
    changed = admin.get("/v1/audit", params={"action": "settings.changed"}).json()["entries"]
    assert [(entry["subject"], entry["detail"]["from"], entry["detail"]["to"]) for entry in changed] == [
        ("alert_budget.senior", 3, None),
        ("alert_budget.senior", None, 3),
    ]


def test_alerts_obey_a_changed_budget(make_client: MakeClient) -> None:
    client = make_client(alert_budget=0, alert_tick_s=60)
    client.patch("/v1/settings", json={"alert_budgets": dict.fromkeys(BUDGETED, 1)})
    for number in range(3):
        for turn in range(4):
            body = {"turn_id": f"t{turn}", "role": "customer", "text": "a!!!!!!!!"}
            client.post(f"/v1/conversations/c{number}/turns", json=body)
    held = [alert["status"] for alert in client.get("/v1/alerts").json()["alerts"]]
    assert sorted(held) == ["held", "held", "raised"]


def test_the_retention_counts_without_a_restart(client: TestClient) -> None:
    body = {"turn_id": "t1", "role": "customer", "text": "hello"}
    client.post("/v1/conversations/c1/turns", json=body)
    runtime = client.app.state.runtime  # type: ignore[attr-defined]
    at = store_of(client).list_conversations().items[0].updated_at
    client.patch("/v1/settings", json={"retention_days": 0})
    client.portal.call(erase_old, runtime, at + 1000 * 86400)  # type: ignore[union-attr]
    assert client.get("/v1/conversations/c1").status_code == 200
    client.patch("/v1/settings", json={"retention_days": 2})
    client.portal.call(erase_old, runtime, at + 1 * 86400)  # type: ignore[union-attr]
    assert client.get("/v1/conversations/c1").status_code == 200
    client.portal.call(erase_old, runtime, at + 3 * 86400)  # type: ignore[union-attr]
    assert client.get("/v1/conversations/c1").status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"retention_days": -1}, "retention_days"),
        ({"retention_days": 1.5}, "retention_days"),
        ({"alert_budgets": {"safety": 1}}, "alert_budgets"),
        ({"alert_budgets": {"senior": 100001}}, "alert_budgets"),
        ({"database_url": "sqlite:///x"}, "database_url"),
        ({"handoff_join_s": 5}, "handoff_join_s"),
    ],
)
def test_a_setting_that_cannot_be(admin: TestClient, body: dict[str, object], field: str) -> None:
    before = admin.get("/v1/settings").json()
    problem = assert_problem(admin.patch("/v1/settings", json=body), 422)
    assert problem["errors"][0]["field"].startswith(field)
    assert admin.get("/v1/settings").json() == before


def test_the_audit_trail_is_paged_and_filtered(admin: TestClient) -> None:
    for number in range(5):
        admin.post("/v1/people", json={"name": f"p{number}", "role": "agent"})
    seen, cursor = [], None
    while True:
        page = admin.get("/v1/audit", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [entry["id"] for entry in page["entries"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == len(audit_of(admin))
    added = audit_of(admin, action="person.added", actor="eva")
    assert added == [("eva", "person.added", f"p{number}") for number in reversed(range(5))]
    assert audit_of(admin, actor="nobody") == []
    assert_problem(admin.get("/v1/audit", params={"cursor": "abc"}), 422)


def test_the_audit_trail_holds_no_customers_words(make_client: MakeClient) -> None:
    client = make_client()
    canary = "kanárek tajný 0042"
    body = {"turn_id": "t1", "role": "customer", "text": canary, "contact_id": "anna-77"}
    client.post("/v1/conversations/chat-4711/turns", json=body)
    client.post(
        "/v1/conversations/chat-4711/handoff",
        json={"action": "resolve", "by": "jana", "note": canary, "outcome": "solved"},
    )
    client.delete("/v1/contacts/anna-77")
    text = client.get("/v1/audit").text
    assert ("handoff.resolve" in text, "contact.erased" in text) == (True, True)
    for hidden in ("kan", "0042", "chat-4711", "anna-77"):
        assert hidden not in text


def test_a_stream_ends_when_its_person_is_signed_out(make_client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.api.stream.CHECK_EVERY_S", 0.01)
    client = make_client(signed=False)
    name = sign_in(client, "agent")
    lines = []
    with client.stream("GET", "/v1/events") as stream:
        assert stream.status_code == 200
        for line in stream.iter_lines():
            lines.append(line)
            if len(lines) == 1:
                client.app.state.runtime.store.people.change(name, Change(deactivated=True))  # type: ignore[attr-defined]
    assert lines, "it was open, and the loop has ended"
    assert client.get("/v1/events").status_code == 401


@pytest.mark.parametrize(
    ("header", "language"), [("cs-CZ,cs;q=0.9", "cs"), ("fil-PH", "tl"), ("vi", "vi"), ("de", "en"), (None, "en")]
)
def test_the_sign_in_page_speaks_the_readers_language(
    make_client: MakeClient, header: str | None, language: str
) -> None:
    client = make_client(signed=False)
    headers = {"Accept-Language": header} if header else {"Accept-Language": ""}
    asked = client.get("/", headers=headers)
    assert asked.status_code == 401
    assert f'<html lang="{language}">' in asked.text
    assert asked.headers["content-language"] == language
    assert WORDS[language]["submit"] in asked.text  # type: ignore[index]
    assert WORDS[language]["wrong"] not in asked.text  # type: ignore[index]
    refused = client.get("/", params={"token": "used"}, headers=headers)
    assert WORDS[language]["wrong"] in refused.text  # type: ignore[index]


def test_a_key_administers_too_and_the_trail_says_by_which(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    client.post("/v1/people", json={"name": "petr", "role": "agent"}, headers=KEY_HEADER).raise_for_status()
    entry = client.get("/v1/audit", headers=KEY_HEADER).json()["entries"][0]
    assert (entry["actor"], entry["detail"]["via"]) == ("bootstrap", "secret")
