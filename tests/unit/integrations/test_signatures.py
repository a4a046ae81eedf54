"""Who sent it: each desk's own proof, with everything that a forger may leave out, change or send again."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.integrations.desks import DESKS
from service.integrations.seam import Delivery

SECRET: Final = "a-secret-of-the-desk"
BODY: Final = b'{"event":"message_created"}'
NOW: Final = 1_790_000_000.0
PROVEN: Final = {
    "chatwoot": "signing_secret",
    "zendesk": "shared_secret",
    "intercom": "client_secret",
    "rocketchat": "token",
    "liveagent": "token",
    "generic": "token",
}


def signed(key: str, message: bytes, algorithm: str = "sha256") -> str:
    return hmac.new(key.encode(), message, algorithm).hexdigest()


def headers_of(kind: str, body: bytes = BODY, at: float = NOW, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at))
    return {
        "chatwoot": {
            "x-chatwoot-timestamp": stamp,
            "x-chatwoot-signature": "sha256=" + signed(secret, stamp.encode() + b"." + body),
        },
        "zendesk": {"x-api-key": secret},
        "intercom": {"x-hub-signature": "sha1=" + signed(secret, body, "sha1")},
        "rocketchat": {"x-rocketchat-livechat-token": secret},
        "liveagent": {"x-evenkeel-token": secret},
        "generic": {"x-evenkeel-token": secret},
    }[kind]


def proves(kind: str, headers: Mapping[str, str], body: bytes = BODY, secret: str = SECRET, **options: Any) -> bool:
    return DESKS[kind].verify(Delivery(headers, body, NOW), {PROVEN[kind]: secret}, options)


@pytest.mark.parametrize("kind", list(DESKS))
def test_the_desk_itself_is_believed_and_nobody_else(kind: str) -> None:
    good = headers_of(kind)
    assert proves(kind, good)
    assert not proves(kind, headers_of(kind, secret="another-secret"))
    assert not proves(kind, {})
    for name in good:
        assert not proves(kind, {other: value for other, value in good.items() if other != name})
        assert not proves(kind, good | {name: ""})
        assert not proves(kind, good | {name: "ščř\udc80"})
    assert not proves(kind, headers_of(kind, secret=""), secret=""), "no secret proves nothing"
    assert not DESKS[kind].verify(Delivery(good, BODY, NOW), {}, {})


@pytest.mark.parametrize("kind", ["chatwoot", "intercom"])
def test_another_body_under_the_same_signature_is_refused(kind: str) -> None:
    assert not proves(kind, headers_of(kind), body=BODY + b" ")


@pytest.mark.parametrize(("age", "believed"), [(0, True), (300, True), (301, False), (-30, True), (-31, False)])
def test_what_was_overheard_cannot_be_sent_later(age: int, believed: bool) -> None:
    assert proves("chatwoot", headers_of("chatwoot", at=NOW - age)) is believed


@pytest.mark.parametrize("stamp", ["", "abc", "1e9", "-1790000000", "1790000000.5", " 1790000000", "9" * 40])
def test_a_time_that_is_none_is_refused(stamp: str) -> None:
    signature = "sha256=" + signed(SECRET, stamp.encode() + b"." + BODY)
    assert not proves("chatwoot", {"x-chatwoot-timestamp": stamp, "x-chatwoot-signature": signature})


def test_a_generic_webhook_may_sign_its_body() -> None:
    options = {"proof": "hmac-sha256", "header": "X-Shop-Signature"}
    digest = signed(SECRET, BODY)
    assert proves("generic", {"x-shop-signature": digest}, **options)
    assert proves("generic", {"x-shop-signature": f"sha256={digest}"}, **options)
    assert not proves("generic", {"x-shop-signature": SECRET}, **options)
    assert not proves("generic", {"x-shop-signature": hashlib.sha256(BODY).hexdigest()}, **options)


def test_a_token_may_come_as_a_bearer() -> None:
    assert proves("generic", {"authorization": f"Bearer {SECRET}"}, header="Authorization")


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(DESKS)),
    st.dictionaries(st.sampled_from(sorted({h for k in DESKS for h in headers_of(k)})), st.text()),
)
def test_no_header_that_somebody_makes_up_is_an_error(kind: str, headers: dict[str, str]) -> None:
    assert not proves(kind, headers)
