"""Alerts over HTTP: listed by urgency, acted upon by keys and by the board, summed up, counted, kept by the clock."""

import time
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from service.api.alerting import tick_once
from service.api.wire_alerts import AlertOut, AlertsOut, AlertSummaryOut, ConversationAlertsOut
from service.flow import Action
from service.risk.policy import QUEUES
from service.scoring.batching import Overloaded
from service.store import StoreError, StoreUnavailable, Ticked
from tests.api.support import CHANGES_BY_SESSION, MakeClient, store_of
from tests.api.test_auth import headers_of
from tests.api.test_error_shape import assert_problem
from tests.unit.store.examples import Stepper, a_turn

ANGRY: Final = "nobody answers me!!!!"


def raise_alert(
    client: TestClient, conversation: str, level: float = 0.7, action: Action = "consult", queue: str = "senior"
) -> str:
    """Store a turn that opens an alert, as the policy might have decided; return the alert's id."""
    turn = a_turn()
    recorded = store_of(client).record_turn(turn, conversation, time.time(), Stepper(turn, level, action, queue=queue))
    return str(recorded.events[-1].data["alert_id"])


def act(client: TestClient, alert_id: str, action: str, expected: int = 200, **more: Any) -> dict[str, Any]:
    answer = client.post(f"/v1/alerts/{alert_id}", json={"action": action, "by": "Mai Nguyễn", **more})
    if expected != 200:
        return assert_problem(answer, expected)
    assert answer.status_code == 200, answer.text
    AlertOut.model_validate(answer.json())
    return dict(answer.json())


def listed(client: TestClient, **wanted: Any) -> list[dict[str, Any]]:
    answer = client.get("/v1/alerts", params=wanted)
    assert answer.status_code == 200, answer.text
    AlertsOut.model_validate(answer.json())
    return list(answer.json()["alerts"])


def test_an_angry_conversation_raises_one_alert_that_says_why(client: TestClient) -> None:
    for number in range(4):
        body = {"turn_id": f"t{number}", "role": "customer", "text": ANGRY}
        answer = client.post("/v1/conversations/c1/turns", json=body).json()
    (alert,) = listed(client)
    assert (alert["conversation_id"], alert["status"]) == ("c1", "raised")
    assert alert["level"] == pytest.approx(answer["risk"]["level"])
    assert set(alert["rules"]) >= {reason["rule"] for reason in answer["recommendation"]["reasons"]}
    assert alert["due_at"] == alert["raised_at"] + alert["respond_within_s"]
    assert set(alert) == set(AlertOut.model_fields)
    assert ANGRY not in str(alert)


def test_the_most_urgent_alert_is_first_on_every_page(client: TestClient) -> None:
    levels = {"c1": 0.4, "c2": 0.9, "c3": 0.7}
    for name, level in levels.items():
        raise_alert(client, name, level)
    raise_alert(client, "c4", 0.4, "handoff", "safety")
    seen, cursor = [], None
    while True:
        page = client.get("/v1/alerts", params={"limit": 1, **({"cursor": cursor} if cursor else {})}).json()
        seen += [alert["conversation_id"] for alert in page["alerts"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["c4", "c2", "c3", "c1"]
    assert [alert["conversation_id"] for alert in listed(client, queue="safety")] == ["c4"]
    assert listed(client, status="closed") == []


@pytest.mark.parametrize("language", ["vi", "tl", "cs", "en"])
def test_an_alert_says_why_in_the_language_of_who_reads_it(client: TestClient, language: str) -> None:
    for number in range(4):
        body = {"turn_id": f"t{number}", "role": "customer", "text": ANGRY}
        client.post("/v1/conversations/c1/turns", json=body)
    policy = client.app.state.runtime.engine.policy  # type: ignore[attr-defined]
    (asked,) = listed(client, language=language)
    (preferred,) = client.get("/v1/alerts", headers={"Accept-Language": language}).json()["alerts"]
    one = client.get(f"/v1/alerts/{asked['alert_id']}", params={"language": language}).json()
    taken = client.post(
        f"/v1/alerts/{asked['alert_id']}", params={"language": language}, json={"action": "acknowledge", "by": "mai"}
    ).json()
    matrix = [rule.id for rule in policy.rules if rule.id in asked["rules"]]
    assert set(matrix) == set(asked["rules"])
    expected = [{"rule": rule, "because": policy.explain(rule, language)} for rule in matrix]
    assert asked["reasons"] == preferred["reasons"] == one["reasons"] == taken["reasons"] == expected


def test_a_rule_that_is_not_in_the_policy_any_more_has_no_sentence(client: TestClient) -> None:
    raise_alert(client, "c1")
    assert [alert["reasons"] for alert in listed(client)] == [[{"rule": "rule-1", "because": None}]]


# fmt: off
HEIGHTS: Final = [
    (0.20, "agent",      "calm",     "senior"),
    (0.35, "senior",     "watch",    "supervisor"),
    (0.60, "finance",    "high",     "supervisor"),
    (0.80, "supervisor", "critical", "supervisor"),
    (0.97, "safety",     "critical", "safety"),
]
# fmt: on


@pytest.mark.parametrize(("level", "queue", "band", "climbs_to"), HEIGHTS)
def test_an_alert_says_its_band_and_whom_it_climbs_to(
    client: TestClient, level: float, queue: str, band: str, climbs_to: str
) -> None:
    alert_id = raise_alert(client, "c1", level, "handoff", queue)
    (alert,) = listed(client)
    assert (alert["band"], alert["climbs_to"]) == (band, climbs_to)
    assert act(client, alert_id, "acknowledge")["climbs_to"] is None


def test_what_climbed_as_often_as_it_may_climbs_to_nobody(client: TestClient) -> None:
    raise_alert(client, "c1")
    for _ in range(3):
        tick(client, listed(client)[0]["due_at"])
    (alert,) = listed(client)
    assert (alert["climbs"], alert["queue"], alert["climbs_to"]) == (3, "supervisor", None)


def test_ended_alerts_are_listed_by_time_on_every_page(client: TestClient) -> None:
    for name, level in {"c1": 0.95, "c2": 0.4, "c3": 0.7}.items():
        act(client, raise_alert(client, name, level), "dismiss", justified=level > 0.5)
    raise_alert(client, "c4")
    seen, cursor = [], None
    while True:
        wanted = {"status": "ended", "limit": 1, **({"cursor": cursor} if cursor else {})}
        page = client.get("/v1/alerts", params=wanted).json()
        seen += [alert["conversation_id"] for alert in page["alerts"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["c3", "c2", "c1"]
    assert listed(client, status="ended", queue="finance") == []


def test_what_has_become_of_an_alert_is_answered_after_its_end_too(client: TestClient) -> None:
    alert_id = raise_alert(client, "c1")
    gone = act(client, alert_id, "dismiss", justified=True)
    assert client.get(f"/v1/alerts/{alert_id}").json() == gone
    assert_problem(client.get("/v1/alerts/unknown"), 404)


def test_a_conversation_tells_its_alerts_live_or_ended(client: TestClient) -> None:
    first = raise_alert(client, "c1")
    raise_alert(client, "c2")
    act(client, first, "dismiss", justified=True)
    answer = client.get("/v1/conversations/c1/alerts")
    assert answer.status_code == 200
    ConversationAlertsOut.model_validate(answer.json())
    assert [(alert["alert_id"], alert["status"], alert["justified"]) for alert in answer.json()["alerts"]] == [
        (first, "closed", True)
    ]
    assert_problem(client.get("/v1/conversations/nobody/alerts"), 404)


def test_an_alert_is_acknowledged_put_to_sleep_and_dismissed(client: TestClient) -> None:
    alert_id = raise_alert(client, "c1")
    taken = act(client, alert_id, "acknowledge")
    assert (taken["status"], taken["acknowledged_by"], taken["acknowledged_in_time"]) == (
        "acknowledged",
        "Mai Nguyễn",
        True,
    )
    asleep = act(client, alert_id, "snooze", for_s=600)
    assert asleep["status"] == "snoozed"
    assert asleep["snoozed_until"] == pytest.approx(time.time() + 600, abs=60)
    until = round(time.time()) + 1200
    assert act(client, alert_id, "snooze", until=until)["snoozed_until"] == until
    gone = act(client, alert_id, "dismiss", justified=False)
    assert (gone["status"], gone["justified"]) == ("closed", False)
    assert listed(client) == []
    assert [alert["alert_id"] for alert in listed(client, status="closed")] == [alert_id]
    assert [entry.action for entry in store_of(client).audit_trail(4)] == [
        "alert.dismissed",
        "alert.snoozed",
        "alert.snoozed",
        "alert.acknowledged",
    ]


def test_what_has_ended_or_may_not_sleep_is_a_conflict(client: TestClient) -> None:
    alert_id = raise_alert(client, "c1")
    act(client, alert_id, "dismiss")
    for action in ("acknowledge", "dismiss"):
        problem = act(client, alert_id, action, expected=409)
        assert (problem["type"], "closed" in problem["detail"]) == ("urn:evenkeel:problem:alert-conflict", True)
    act(client, raise_alert(client, "c2", 0.97, "handoff", "safety"), "snooze", expected=409, for_s=60)


@pytest.mark.parametrize(("headers", "allowed"), CHANGES_BY_SESSION)
def test_the_board_acts_only_from_its_own_page(make_client: MakeClient, headers: dict[str, str], allowed: bool) -> None:
    client = make_client(signed=False)
    headers_of(client, "supervisor")
    alert_id = raise_alert(client, "c1")
    answer = client.post(f"/v1/alerts/{alert_id}", json={"action": "acknowledge"}, headers=headers)
    assert answer.status_code == (200 if allowed else 403)
    assert [alert["status"] for alert in listed(client)] == ["acknowledged" if allowed else "raised"]


def test_the_summary_says_how_good_the_alerts_were(make_client: MakeClient) -> None:
    client = make_client(alert_budget=4)
    for number, justified in enumerate((True, True, False, None)):
        alert_id = raise_alert(client, f"c{number}", 0.9)
        act(client, alert_id, "dismiss", justified=justified)
    raise_alert(client, "c9", 0.65)
    raise_alert(client, "s1", 0.97, "handoff", "safety")
    answer = client.get("/v1/alerts/summary", params={"days": 1})
    AlertSummaryOut.model_validate(answer.json())
    summary = answer.json()
    assert summary["precision"] == {"justified": 2, "judged": 3, "share": 2 / 3}
    assert [queue["queue"] for queue in summary["queues"]] == list(QUEUES)
    by_queue = {queue["queue"]: queue for queue in summary["queues"]}
    senior = by_queue["senior"]
    assert (senior["budget"], senior["used_last_hour"], senior["held"], senior["opened"]) == (4, 4, 1, 5)
    assert (senior["acknowledged"]["count"], senior["acknowledged"]["in_time_share"]) == (4, 1.0)
    oldest = min(alert["raised_at"] for alert in listed(client, status="closed"))
    assert senior["next_slot_at"] == pytest.approx(oldest + 3600.0)
    assert by_queue["finance"]["next_slot_at"] is by_queue["safety"]["next_slot_at"] is None
    assert (by_queue["safety"]["budget"], by_queue["safety"]["used_last_hour"]) == (None, 1)
    assert [(r["band"], r["from_level"], r["to_level"], r["precision"]["judged"]) for r in summary["track_record"]] == [
        ("calm", 0.0, 0.35, 0),
        ("watch", 0.35, 0.6, 0),
        ("high", 0.6, 0.8, 0),
        ("critical", 0.8, 1.0, 3),
    ]


def test_without_a_limit_no_budget_is_shown_and_none_is_held(make_client: MakeClient) -> None:
    client = make_client(alert_budget=0)
    for number in range(20):
        raise_alert(client, f"c{number}")
    summary = client.get("/v1/alerts/summary").json()
    assert summary["days"] == 7
    assert {queue["budget"] for queue in summary["queues"]} == {None}
    assert {queue["held"] for queue in summary["queues"]} == {0}


def test_the_clock_lets_an_alert_climb_and_counts_it(make_client: MakeClient) -> None:
    client = make_client(alert_budget=1, alert_tick_s=60)
    for number in range(4):
        body = {"turn_id": f"t{number}", "role": "customer", "text": ANGRY}
        assert client.post("/v1/conversations/c1/turns", json=body).status_code == 201
    (alert,) = listed(client)
    for name in ("c2", "c3"):
        raise_alert(client, name, queue="finance")
    tick(client, alert["raised_at"] + 1.0)
    assert {found["climbs"] for found in listed(client)} == {0}
    assert 'evenkeel_alerts_held{queue="finance"} 1.0' in client.get("/metrics").text
    tick(client, alert["due_at"] + 1.0)
    (climbed,) = [found for found in listed(client) if found["alert_id"] == alert["alert_id"]]
    assert climbed["climbs"] == 1
    text = client.get("/metrics").text
    assert f'evenkeel_alerts_raised_total{{queue="{alert["queue"]}"}}' in text
    assert f'evenkeel_alerts_climbed_total{{queue="{climbed["queue"]}"}}' in text
    assert "c1" not in text


def tick(client: TestClient, now: float) -> None:
    client.portal.call(tick_once, client.app.state.runtime, now)  # type: ignore[union-attr,attr-defined]


@pytest.mark.parametrize("failure", [StoreUnavailable("away"), StoreError("a value was refused"), Overloaded()])
def test_a_tick_that_fails_is_logged_and_ends_nothing(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, failure: Exception
) -> None:
    def fail(_: float) -> Ticked:
        raise failure

    monkeypatch.setattr(store_of(client), "tick_alerts", fail)
    tick(client, 0.0)
    assert "alerts.failed" in caplog.text


def test_what_became_overdue_while_nothing_ran_climbs_when_the_service_starts(make_client: MakeClient) -> None:
    before = make_client(alert_tick_s=60)
    turn = a_turn()
    store_of(before).record_turn(turn, "c1", time.time() - 100.0, Stepper(turn, 0.7, "consult"))
    client = make_client(alert_tick_s=60)
    with client.stream("GET", "/v1/events", params={"after": 0}) as stream:
        names = (line.removeprefix("event: ") for line in stream.iter_lines() if line.startswith("event: "))
        assert "alert.changed" in names
