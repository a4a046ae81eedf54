"""What is sent: signatures that the public library verifies, envelopes without words, and the schedule of attempts."""

import base64
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from service import store
from service.flow import Event
from service.outgoing import (
    EVENT_TYPES,
    PING,
    SCHEDULE_S,
    WEBHOOK_DISABLED,
    Answered,
    Outcome,
    Refused,
    RefusedWhy,
    Unreachable,
    UnreachableKind,
    envelope,
    judge,
    new_secret,
    signed_headers,
)
from service.outgoing.schedule import JITTER, LONGEST_WAIT_S

# The example of the specification's reference libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KNOWN = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def now_s() -> int:
    return int(datetime.now(UTC).timestamp())


def test_a_known_message_gets_the_known_signature() -> None:
    headers = signed_headers([SECRET], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": KNOWN,
    }


def test_a_secret_has_the_prescribed_form_and_is_never_the_same() -> None:
    made = {new_secret() for _ in range(50)}
    assert len(made) == 50
    assert {len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) for secret in made} == {32}


@given(st.text(max_size=200))
def test_the_public_library_verifies_what_we_sign_and_nothing_else(text: str) -> None:
    secret, body = new_secret(), json.dumps({"text": text}, ensure_ascii=False).encode("utf-8", "replace")
    headers = signed_headers([secret], "msg_1", now_s(), body)
    assert Webhook(secret).verify(body, headers) == json.loads(body)
    for other in (body + b" ", b"{}"):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(other, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, {**headers, "webhook-id": "msg_2"})


def test_during_a_rotation_a_receiver_with_either_secret_verifies() -> None:
    old, new, third = new_secret(), new_secret(), new_secret()
    headers = signed_headers([new, old], "msg_1", now_s(), b"{}")
    assert len(headers["webhook-signature"].split(" ")) == 2
    assert Webhook(old).verify(b"{}", headers) == Webhook(new).verify(b"{}", headers) == {}
    with pytest.raises(WebhookVerificationError):
        Webhook(third).verify(b"{}", headers)


EVENT = Event(
    7,
    "alert.raised",
    "chat-1",
    1_764_576_000.25,
    {"alert_id": "a1", "turn_id": "t1", "action": "handoff", "queue": "safety", "rules": ["threat"], "level": 0.9},
)


def test_the_envelope_is_a_cloud_event() -> None:
    assert json.loads(envelope("7", EVENT, "thin")) == {
        "specversion": "1.0",
        "id": "7",
        "source": "urn:evenkeel",
        "type": "evenkeel.alert.raised",
        "subject": "chat-1",
        "time": "2025-12-01T08:00:00.250Z",
        "datacontenttype": "application/json",
        "data": {
            "conversation_id": "chat-1",
            "turn_id": "t1",
            "alert_id": "a1",
            "action": "handoff",
            "queue": "safety",
        },
    }


def test_a_full_envelope_tells_what_the_stream_tells() -> None:
    assert json.loads(envelope("7", EVENT, "full"))["data"] == {"conversation_id": "chat-1", **EVENT.data}


def test_what_is_about_no_conversation_names_none() -> None:
    told = json.loads(envelope("msg_1", Event(0, PING, "", 0.0, {"webhook_id": "wh_1"}), "thin"))
    assert ("subject" in told, told["data"], told["type"]) == (False, {"webhook_id": "wh_1"}, "evenkeel.ping")


def test_a_thin_envelope_names_nobody_of_the_staff() -> None:
    event = Event(
        8, "handoff.changed", "c", 0.0, {"status": "claimed", "owner": "jana", "by": "jana", "action": "claim"}
    )
    assert json.loads(envelope("8", event, "thin"))["data"] == {
        "conversation_id": "c",
        "status": "claimed",
        "action": "claim",
    }


UNANSWERED: list[Outcome] = [
    *(Refused(why) for why in get_args(RefusedWhy)),
    *(Unreachable(kind) for kind in get_args(UnreachableKind)),
]
outcomes = st.one_of(
    st.sampled_from(UNANSWERED),
    st.builds(
        Answered,
        st.integers(100, 599),
        st.none() | st.floats(0, 10**7, allow_nan=False),
    ),
)
chances = st.floats(0, 1)


@given(outcomes, st.integers(1, 20), chances, st.sampled_from(EVENT_TYPES))
def test_only_2xx_is_delivered_and_only_410_is_gone(outcome: Outcome, attempts: int, chance: float, type: str) -> None:
    judged = judge(outcome, type=type, attempts=attempts, chance=chance)
    status = outcome.status if isinstance(outcome, Answered) else 0
    assert (judged.verdict == "delivered") == (200 <= status < 300)
    assert (judged.verdict == "gone") == (status == 410)


@given(st.sampled_from(UNANSWERED), chances)
def test_a_failure_is_tried_as_often_as_the_schedule_says_and_within_its_jitter(
    outcome: Outcome, chance: float
) -> None:
    for attempts in range(1, len(SCHEDULE_S)):
        judged = judge(outcome, type="turn.scored", attempts=attempts, chance=chance)
        assert judged.verdict == "retry"
        assert SCHEDULE_S[attempts] <= judged.wait_s <= SCHEDULE_S[attempts] * (1 + JITTER)
    assert judge(outcome, type="turn.scored", attempts=len(SCHEDULE_S), chance=chance).verdict == "failed"


@given(st.floats(0, 10**7, allow_nan=False), st.integers(1, len(SCHEDULE_S) - 1), chances)
def test_retry_after_lengthens_a_wait_up_to_a_day_and_never_shortens_it(
    asked_s: float, attempts: int, chance: float
) -> None:
    plain = judge(Answered(503), type="turn.scored", attempts=attempts, chance=chance).wait_s
    asked = judge(Answered(503, asked_s), type="turn.scored", attempts=attempts, chance=chance).wait_s
    assert asked == max(plain, min(asked_s, LONGEST_WAIT_S))


@given(outcomes, chances)
def test_a_test_message_is_tried_once_and_disables_nothing(outcome: Outcome, chance: float) -> None:
    assert judge(outcome, type=PING, attempts=1, chance=chance).verdict in ("delivered", "failed")


def test_every_event_that_the_service_publishes_can_be_asked_for() -> None:
    sources = (Path(store.__file__).parent).glob("*.py")
    published = {name for source in sources for name in re.findall(r'News\("([a-z.]+)"', source.read_text("utf-8"))}
    assert published == set(EVENT_TYPES) - {WEBHOOK_DISABLED}


def test_the_schedule_is_the_recommended_one() -> None:
    minute, hour = 60, 3600
    assert (0, 5, 5 * minute, 30 * minute, *(hours * hour for hours in (2, 5, 10, 14, 20, 24))) == SCHEDULE_S
