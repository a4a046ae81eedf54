"""Laws of the audit trail: it says what its list names, nothing else, and all of it."""

import pytest

from service.outgoing import Judged
from service.risk.alert_actions import AlertChange
from service.risk.corrections import Labels
from service.risk.handoff import ACTIONS
from service.store import AUDITED, RETENTION_DAYS, Change, ConnectionChange, Store, Try, WebhookChange, WebhookSpec
from service.store.keys import write_audit
from tests.unit.store.examples import Stepper, a_turn


class AuditLaws:
    """Laws of what is written down, whoever did it."""

    def test_every_listed_entry_is_written_with_every_listed_detail(self, store: Store) -> None:
        _administer(store)
        _work(store)
        _tell_others(store)
        written = {entry.action: set(entry.detail) for entry in store.audit_trail(200)}
        assert written == {action: set(details) for action, details in AUDITED.items()}

    @pytest.mark.parametrize(
        ("action", "detail"),
        [
            ("person.promoted", {}),
            ("person.added", {"role": "agent"}),
            ("session.began", {"via": "session"}),
            ("link.made", {"via": "pigeon"}),
        ],
    )
    def test_what_the_list_does_not_name_is_not_written(
        self, store: Store, action: str, detail: dict[str, object]
    ) -> None:
        with pytest.raises(AssertionError, match=action), store.people.database.write() as session:
            write_audit(session, 1.0, "eva", action, "", detail)
        assert store.audit_trail() == ()


def _administer(store: Store) -> None:
    link = store.sessions.mint()
    assert link is not None
    begun = store.sessions.begin(link.token_once)
    assert begun is not None
    store.sessions.end(begun.cookie_once)
    store.people.add("petr", "agent")
    store.people.change("petr", Change("pavel", "Pavel", "supervisor", deactivated=True))
    store.people.change("pavel", Change(deactivated=False))
    store.revoke_key(store.create_key("secret", "desk").id)
    store.settings.change({RETENTION_DAYS: 30}, actor="admin", via="session")


def _work(store: Store) -> None:
    changes = (
        AlertChange("acknowledge", "jana"),
        AlertChange("snooze", "jana", until=900.0),
        AlertChange("dismiss", "jana", justified=True),
    )
    for number, change in enumerate(changes):
        turn = a_turn(f"t{number}", sent_at=100.0, contact_id="k1")
        store.record_turn(turn, f"c{number}", 100.0, Stepper(turn, 0.7, "consult"))
        for alert in store.alerts_of(f"c{number}") or ():
            store.change_alert(alert.id, change, now=101.0)
    store.labels.correct("c0", "t0", "jana", Labels(threat=1), now=102.0)
    store.labels.withdraw("c0", "t0", "jana", now=103.0)
    for at, action in enumerate(ACTIONS, 110):
        store.hand_over("c2", action, "jana", now=float(at))
    store.erase_contact("k1", now=120.0)


def _tell_others(store: Store) -> None:
    by = {"actor": "jana", "via": "session"}
    made = store.webhooks.add(WebhookSpec("https://shop.example/hook", ("turn.scored",)), **by).record.id
    store.webhooks.change(made, WebhookChange(description="The shop's"), **by)
    store.webhooks.rotate(made, **by)
    store.delivery_log.ping(made, **by)
    turn = a_turn("w1")
    store.record_turn(turn, "w", 100.0, Stepper(turn))
    store.deliveries.fan_out()
    claimed = store.deliveries.claim({})
    for each in claimed:
        store.deliveries.finish(each, Judged("gone"), Try(0.0, "answered", 410, 12))
    store.webhooks.change(made, WebhookChange(enabled=True), **by)
    store.delivery_log.retry(made, claimed[0].delivery_id, **by)
    store.webhooks.remove(made, **by)
    desk = store.connections.add("chatwoot", "shop", {"token": "t0p"}, {"account": 1}, **by).id
    store.connections.change(desk, ConnectionChange(enabled=False), **by)
    store.connections.remove(desk, **by)
