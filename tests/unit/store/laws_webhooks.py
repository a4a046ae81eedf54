"""Laws of webhooks in the store: what becomes a message, who sends it, and that none is lost or sent by two at once."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from service.outgoing import SCHEDULE_S, Judged
from service.store import (
    Claimed,
    DeliveryRecord,
    NewWebhook,
    Store,
    Try,
    WebhookChange,
    WebhookRecord,
    WebhookRefused,
    WebhookSpec,
)
from service.store.database import Database
from service.store.deliveries import AT_ONCE, DISABLE_AFTER_S, FAILING, LEASE_S, SCAN, Deliveries
from service.store.delivery_log import DeliveryLog
from service.store.webhooks import MAX_ENDPOINTS, OVERLAP_S, Webhooks
from tests.unit.store.examples import Stepper, a_turn
from tests.unit.store.laws_turns import at_once

DAY_S = 24 * 3600.0
BY = {"actor": "jana", "via": "session"}
FAILED = Try(0.0, "timeout", None, 15_000)
OK = Try(0.0, "answered", 204, 12)


@dataclass
class Post:
    """The webhooks of one database, by a clock that the test moves."""

    database: Database
    now: float = 1_000_000.0
    webhooks: Webhooks = field(init=False)
    deliveries: Deliveries = field(init=False)
    log: DeliveryLog = field(init=False)

    def __post_init__(self) -> None:
        def clock() -> float:
            return self.now

        self.webhooks = Webhooks(self.database, clock)
        self.deliveries = Deliveries(self.database, clock)
        self.log = DeliveryLog(self.database, clock)

    def add(self, *types: str, **fields: object) -> NewWebhook:
        spec = WebhookSpec("https://shop.example/hook?token=t0p", types or ("turn.scored",))
        return self.webhooks.add(replace(spec, **fields), **BY)  # type: ignore[arg-type]

    def sent_to(self, endpoint_id: str) -> tuple[DeliveryRecord, ...]:
        page = self.log.page(endpoint_id, limit=200)
        assert page is not None
        return page.items

    def found(self, endpoint_id: str) -> WebhookRecord:
        record = self.webhooks.find(endpoint_id)
        assert record is not None
        return record

    def claim(self) -> list[Claimed]:
        return self.deliveries.claim({})

    def fail(self, claimed: Claimed, wait_s: float = 0.0) -> bool:
        return self.deliveries.finish(claimed, Judged("retry", wait_s), FAILED)


class WebhookLaws:
    """Laws of the outgoing webhooks."""

    @pytest.fixture
    def post(self, store: Store) -> Post:
        return Post(store.webhooks.database)

    @pytest.fixture
    def turn(self, store: Store) -> Callable[..., None]:
        def record(conversation_id: str = "c1", turn_id: str = "t1", queue: str | None = None) -> None:
            turn = a_turn(turn_id, queue=queue)
            store.record_turn(turn, conversation_id, 101.0, Stepper(turn))

        return record

    def test_events_become_messages_once_and_only_those_that_are_wanted(
        self, post: Post, turn: Callable[..., None]
    ) -> None:
        turn(turn_id="before")
        wanted, other = post.add("turn.scored").record, post.add("alert.raised").record
        assert post.deliveries.fan_out() == 0
        turn(turn_id="t1")
        turn(turn_id="t2")
        assert (post.deliveries.fan_out(), post.deliveries.fan_out()) == (2, 0)
        assert [message.type for message in post.sent_to(wanted.id)] == ["turn.scored"] * 2
        assert {message.conversation_id for message in post.sent_to(wanted.id)} == {"c1"}
        assert (post.sent_to(other.id), post.found(wanted.id).pending) == ((), 2)

    def test_filters_look_at_the_conversation_of_an_event(self, post: Post, turn: Callable[..., None]) -> None:
        ids = {
            name: post.add(**fields).record.id
            for name, fields in {
                "billing": {"queues": ("billing",)},
                "czech": {"languages": ("cs",)},
                "both": {"queues": ("billing",), "languages": ("vi", "cs")},
                "tagalog": {"languages": ("tl",)},
            }.items()
        }
        turn("c1", queue="billing")
        turn("c2", queue="support")
        post.deliveries.fan_out()
        told = {name: [m.conversation_id for m in post.sent_to(id)] for name, id in ids.items()}
        assert told == {"billing": ["c1"], "czech": ["c2", "c1"], "both": ["c1"], "tagalog": []}

    def test_a_cursor_far_behind_moves_in_steps_and_skips_nothing(
        self, post: Post, turn: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("service.store.deliveries.SCAN", 3)
        assert SCAN > 3
        webhook = post.add().record
        for number in range(8):
            turn(turn_id=f"t{number}")
        assert [post.deliveries.fan_out() for _ in range(4)] == [3, 3, 2, 0]
        assert len(post.sent_to(webhook.id)) == 8

    def test_where_messages_pile_up_the_cursor_waits_and_loses_nothing(
        self, post: Post, turn: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("service.store.deliveries.MAX_WAITING", 2)
        webhook = post.add().record
        turn(turn_id="t1")
        turn(turn_id="t2")
        assert post.deliveries.fan_out() == 2
        turn(turn_id="t3")
        assert post.deliveries.fan_out() == 0
        post.deliveries.finish(post.claim()[0], Judged("delivered"), OK)
        assert (post.deliveries.fan_out(), len(post.sent_to(webhook.id))) == (1, 3)

    def test_many_workers_write_each_message_once(self, store: Store, post: Post, turn: Callable[..., None]) -> None:
        webhook = post.add().record
        for number in range(6):
            turn(turn_id=f"t{number}")
        at_once([post.deliveries.fan_out] * 4)
        assert len(post.sent_to(webhook.id)) == 6

    def test_many_workers_never_claim_the_same_message(self, post: Post, turn: Callable[..., None]) -> None:
        post.add()
        for number in range(12):
            turn(turn_id=f"t{number}")
        post.deliveries.fan_out()
        claimed = [message.delivery_id for part in at_once([post.claim] * 4) for message in part]
        while more := post.claim():
            claimed += [message.delivery_id for message in more]
        assert len(claimed) == len(set(claimed)) == 12

    def test_a_lease_that_ends_lets_another_worker_send_the_same_message(
        self, post: Post, turn: Callable[..., None]
    ) -> None:
        post.add()
        turn()
        post.deliveries.fan_out()
        (first,) = post.claim()
        assert post.claim() == []
        post.now += LEASE_S + 1
        (second,) = post.claim()
        assert (second.message_id, second.delivery_id) == (first.message_id, first.delivery_id)
        # The first worker comes back late: its report counts no more.
        assert post.deliveries.finish(first, Judged("delivered"), OK) is False
        assert post.deliveries.finish(second, Judged("delivered"), OK) is True

    def test_a_worker_has_few_attempts_at_once_and_one_where_all_fail(
        self, post: Post, turn: Callable[..., None]
    ) -> None:
        webhook = post.add().record
        for number in range(FAILING + 3):
            turn(turn_id=f"t{number}")
        post.deliveries.fan_out()
        claimed = post.claim()
        assert len(claimed) == AT_ONCE
        assert post.deliveries.claim({webhook.id: AT_ONCE}) == []
        for message in claimed:
            post.fail(message, 60.0)
        (one, *_) = claimed = post.claim()
        assert len(claimed) == AT_ONCE
        post.fail(one, 60.0)
        post.now += LEASE_S + 61
        assert len(post.claim()) == 1

    def test_a_failure_is_sent_again_when_it_is_due_under_its_old_id(
        self, post: Post, turn: Callable[..., None]
    ) -> None:
        webhook = post.add().record
        turn()
        post.deliveries.fan_out()
        (first,) = post.claim()
        post.fail(first, 300.0)
        post.now += 299.0
        assert post.claim() == []
        post.now += 1.0
        (second,) = post.claim()
        assert (second.message_id, second.attempts) == (first.message_id, 1)
        post.deliveries.finish(second, Judged("delivered"), OK)
        (message,) = post.sent_to(webhook.id)
        assert (message.status, message.attempts, message.tries) == ("delivered", 2, (FAILED, OK))
        assert post.found(webhook.id).failing_since is None

    def test_an_endpoint_that_is_gone_is_disabled_at_once_and_others_hear_of_it(
        self, store: Store, post: Post, turn: Callable[..., None]
    ) -> None:
        gone, other = post.add().record, post.add("webhook.disabled").record
        turn(turn_id="t1")
        turn(turn_id="t2")
        post.deliveries.fan_out()
        first, _ = post.claim()
        post.now += 1
        post.deliveries.finish(first, Judged("gone"), Try(0.0, "answered", 410, 5))
        record = post.found(gone.id)
        assert (record.enabled, record.disabled_reason, record.disabled_at) == (False, "gone", post.now)
        (told,) = post.claim()
        assert (told.endpoint_id, told.event.type, dict(told.event.data)) == (
            other.id,
            "webhook.disabled",
            {"webhook_id": gone.id, "reason": "gone"},
        )
        entry = store.audit_trail(1)[0]
        assert (entry.actor, entry.action, entry.subject) == ("service", "webhook.disabled", gone.id)
        assert entry.detail == {"host": "shop.example", "reason": "gone", "failures": 1}

    def test_an_endpoint_that_only_fails_for_days_is_disabled(self, post: Post, turn: Callable[..., None]) -> None:
        webhook = post.add().record
        turn()
        post.deliveries.fan_out()
        for wait_s in (*SCHEDULE_S[1:], None):
            (message,) = post.claim()
            assert post.found(webhook.id).enabled
            judged = Judged("failed") if wait_s is None else Judged("retry", wait_s)
            post.deliveries.finish(message, judged, FAILED)
            post.now += wait_s or 0.0
        record = post.found(webhook.id)
        assert sum(SCHEDULE_S) > DISABLE_AFTER_S
        assert (record.enabled, record.disabled_reason) == (False, "failing")

    def test_a_success_among_failures_keeps_an_endpoint(self, post: Post, turn: Callable[..., None]) -> None:
        webhook = post.add().record
        turn()
        for number in range(20):
            turn(turn_id=f"n{number}")
            post.deliveries.fan_out()
            message, *_ = post.claim()
            judged = Judged("delivered") if number % 7 == 6 else Judged("retry")
            post.deliveries.finish(message, judged, OK if number % 7 == 6 else FAILED)
            post.now += DAY_S
        assert post.found(webhook.id).enabled

    def test_disabled_nothing_is_sent_but_a_test_and_enabled_again_it_begins_with_now(
        self, post: Post, turn: Callable[..., None]
    ) -> None:
        webhook = post.add().record
        turn(turn_id="t1")
        post.deliveries.fan_out()
        post.webhooks.change(webhook.id, WebhookChange(enabled=False), **BY)
        (stopped,) = post.sent_to(webhook.id)
        assert (stopped.status, post.found(webhook.id).disabled_reason) == ("failed", "person")
        turn(turn_id="t2")
        assert (post.deliveries.fan_out(), post.claim()) == (0, [])
        post.log.ping(webhook.id, **BY)
        (ping,) = post.claim()
        assert (ping.event.type, ping.event.conversation_id) == ("ping", "")
        post.deliveries.finish(ping, Judged("failed"), FAILED)
        assert post.found(webhook.id).failing_since is None
        post.webhooks.change(webhook.id, WebhookChange(enabled=True), **BY)
        turn(turn_id="t3")
        assert post.deliveries.fan_out() == 1
        (message,) = post.claim()
        assert message.event.data["turn_id"] == "t3"

    def test_what_failed_is_sent_again_one_by_one_or_since_a_time(self, post: Post, turn: Callable[..., None]) -> None:
        webhook = post.add().record
        for number in range(3):
            turn(turn_id=f"t{number}")
            post.deliveries.fan_out()
            post.deliveries.finish(post.claim()[0], Judged("failed"), FAILED)
            post.now += 100
        newest, _, oldest = post.sent_to(webhook.id)
        again = post.log.retry(webhook.id, oldest.id, **BY)
        assert again is not None
        assert (again.status, again.attempts, again.message_id) == ("pending", 0, oldest.message_id)
        assert post.log.retry_failed(webhook.id, newest.created_at, **BY) == 1
        assert {message.message_id for message in post.claim()} == {newest.message_id, oldest.message_id}
        assert post.log.retry(webhook.id, 10**6, **BY) is None
        assert post.log.retry("wh_none", newest.id, **BY) is None
        assert post.log.retry_failed("wh_none", 0.0, **BY) is None

    def test_for_a_day_after_a_rotation_both_secrets_sign(self, post: Post, turn: Callable[..., None]) -> None:
        made = post.add()
        turn(turn_id="t1")
        post.deliveries.fan_out()
        rotated = post.webhooks.rotate(made.record.id, **BY)
        assert rotated is not None
        assert rotated.record.previous_until == post.now + OVERLAP_S
        (both,) = post.claim()
        assert both.secrets == (rotated.secret_once, made.secret_once)
        post.fail(both)
        post.now += OVERLAP_S
        (one,) = post.claim()
        assert one.secrets == (rotated.secret_once,)
        post.webhooks.forget_secrets(post.now + 1)
        assert post.found(made.record.id).previous_until is None

    def test_no_secret_is_in_any_record_or_repr_or_in_the_audit_trail(
        self, store: Store, post: Post, turn: Callable[..., None]
    ) -> None:
        made = post.add()
        turn()
        post.deliveries.fan_out()
        rotated = post.webhooks.rotate(made.record.id, **BY)
        (claimed,) = post.claim()
        shown = repr((made, rotated, claimed, post.webhooks.list(), post.sent_to(made.record.id)))
        kept = repr(store.audit_trail(100))
        for secret in claimed.secrets:
            assert secret.removeprefix("whsec_") not in shown + kept
        assert "shop.example" in kept
        assert "t0p" not in kept

    def test_changes_are_kept_and_told_in_the_audit_trail(self, store: Store, post: Post) -> None:
        webhook = post.add().record
        change = WebhookChange(types=("alert.raised",), queues=("billing",), payload="full", description="tickets")
        changed = post.webhooks.change(webhook.id, change, **BY)
        assert changed is not None
        assert (changed.types, changed.queues, changed.payload) == (("alert.raised",), ("billing",), "full")
        assert post.webhooks.change(webhook.id, change, **BY) == changed
        assert post.webhooks.remove(webhook.id, **BY) is True
        assert (post.webhooks.remove(webhook.id, **BY), post.webhooks.find(webhook.id)) == (False, None)
        assert [entry.action for entry in store.audit_trail(10)][::-1] == [
            "webhook.created",
            "webhook.changed",
            "webhook.removed",
        ]

    def test_there_is_a_limit_of_endpoints(self, post: Post) -> None:
        for _ in range(MAX_ENDPOINTS):
            post.add()
        with pytest.raises(WebhookRefused, match=str(MAX_ENDPOINTS)):
            post.add()

    def test_messages_leave_with_their_conversation_and_after_their_time(
        self, store: Store, post: Post, turn: Callable[..., None]
    ) -> None:
        webhook = post.add().record
        turn("c1", "t1")
        turn("c2", "t1")
        post.deliveries.fan_out()
        for message in post.claim():
            post.deliveries.finish(message, Judged("delivered"), OK)
        turn("c2", "t2")
        post.deliveries.fan_out()
        store.purge_before(102.0)
        assert post.sent_to(webhook.id) == ()
        turn("c3", "t1")
        turn("c3", "t2")
        post.deliveries.fan_out()
        post.deliveries.finish(post.claim()[0], Judged("delivered"), OK)
        assert post.log.purge(post.now + 1) is True
        (left,) = post.sent_to(webhook.id)
        assert left.status == "pending"

    def test_the_log_is_read_page_by_page(self, post: Post, turn: Callable[..., None]) -> None:
        webhook = post.add().record
        for number in range(5):
            turn(turn_id=f"t{number}")
        post.deliveries.fan_out()
        post.deliveries.finish(post.claim()[0], Judged("failed"), FAILED)
        seen, cursor = [], None
        while True:
            page = post.log.page(webhook.id, limit=2, cursor=cursor)
            assert page is not None
            seen += [message.id for message in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seen == sorted(seen, reverse=True)
        assert len(seen) == 5
        failed = post.log.page(webhook.id, "failed")
        assert failed is not None
        assert [message.id for message in failed.items] == [min(seen)]
        assert post.log.page("wh_none") is None
