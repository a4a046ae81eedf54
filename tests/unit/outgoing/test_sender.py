"""The sender against real servers: what comes of a request, where it goes, and where it never does."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
import trustme

from service.outgoing import Answered, Outcome, Refused, Sender, Unreachable
from tests.receiver import Receiver, Reply

NAME = "hooks.shop.example"


def names(table: Mapping[str, Sequence[str]]) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    """A name server of our own."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        if host not in table:
            raise OSError("no such name")
        return table[host]

    return resolve


def sent(url: str, method: str = "POST", *, body: bytes = b"", answer_bytes: int = 64, **sender: Any) -> Outcome:
    """Send once, with a sender of its own."""

    async def once() -> Outcome:
        using = Sender(**sender)
        try:
            return await using.send(method, url, headers={"X-Own": "1"}, body=body, answer_bytes=answer_bytes)
        finally:
            using.close()

    return asyncio.run(once())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def test_a_request_arrives_as_it_was_written(receiver: Receiver) -> None:
    receiver.reply = lambda _: Reply(200, body=b"thanks")
    assert sent(receiver.url + "?a=1", body=b"{}", allow_private=True) == Answered(200, body=b"thanks")
    (got,) = receiver.got
    assert (got.method, got.path, got.body) == ("POST", "/hook?a=1", b"{}")
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert (got.headers["x-own"], got.headers["accept-encoding"]) == ("1", "identity")


def test_a_name_is_called_at_the_address_that_was_checked(receiver: Receiver) -> None:
    resolve = names({NAME: ["127.0.0.1"]})
    outcome = sent(f"http://{NAME}:{receiver.port}/hook", allow_private=True, resolve=resolve)
    assert outcome == Answered(204)
    assert receiver.got[0].headers["host"] == f"{NAME}:{receiver.port}"


INSIDE = [
    *(["127.0.0.1"], ["10.0.0.7"], ["169.254.169.254"], ["::1"], ["::ffff:127.0.0.1"], ["fd00:ec2::254"]),
    *(["100.64.1.1"], ["93.184.216.34", "127.0.0.1"]),
]


@pytest.mark.parametrize("addresses", INSIDE)
def test_a_name_that_points_inside_is_refused_unsent(receiver: Receiver, addresses: list[str]) -> None:
    outcome = sent(f"https://{NAME}:{receiver.port}/", resolve=names({NAME: addresses}))
    assert (outcome, receiver.got) == (Refused("address"), [])


def test_the_second_meaning_of_a_name_is_never_asked_for(receiver: Receiver) -> None:
    # Rebinding: the address that was checked first, the receiver when the name would be looked up again to connect.
    meanings = iter([["127.0.0.2"], ["127.0.0.1"]])

    async def resolve(host: str, port: int) -> Sequence[str]:
        return next(meanings)

    outcome = sent(f"http://{NAME}:{receiver.port}/hook", allow_private=True, resolve=resolve)
    assert (outcome, receiver.got, next(meanings)) == (Unreachable("connect"), [], ["127.0.0.1"])


def test_plain_http_goes_to_private_addresses_only() -> None:
    resolve = names({NAME: ["93.184.216.34"]})
    assert sent(f"http://{NAME}/", allow_private=True, resolve=resolve) == Refused("scheme")


def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    receiver.reply = lambda _: Reply(302, {"Location": "http://127.0.0.1/elsewhere"})
    outcome = sent(receiver.url, allow_private=True)
    assert isinstance(outcome, Answered)
    assert (outcome.status, outcome.ok, len(receiver.got)) == (302, False, 1)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120.0), ("Thu, 01 Jan 1970 00:01:40 GMT", 90.0), ("Thu, 01 Jan 1970 00:00:01 GMT", 0.0), ("soon", None)],
)
def test_retry_after_is_seconds_or_a_date(receiver: Receiver, header: str, seconds: float | None) -> None:
    receiver.reply = lambda _: Reply(503, {"Retry-After": header})
    assert sent(receiver.url, allow_private=True, clock=lambda: 10.0) == Answered(503, seconds)


def test_an_answer_is_read_to_its_cap_and_kept_out_of_sight(receiver: Receiver) -> None:
    receiver.reply = lambda _: Reply(200, body=b"customer" * 100_000)
    outcome = sent(receiver.url, allow_private=True, answer_bytes=10)
    assert isinstance(outcome, Answered)
    assert outcome.body == b"customercu"
    assert "customer" not in repr(outcome)


def test_a_receiver_that_hangs_is_given_up_at_the_deadline(receiver: Receiver) -> None:
    receiver.reply = lambda _: Reply(hangs=True)
    assert sent(receiver.url, allow_private=True, timeout_s=0.3) == Unreachable("timeout")


def test_a_receiver_that_hangs_up_is_a_protocol_failure(receiver: Receiver) -> None:
    receiver.reply = lambda _: Reply(drops=True)
    assert sent(receiver.url, allow_private=True) == Unreachable("protocol")


def test_where_nobody_listens_the_next_address_is_tried(receiver: Receiver) -> None:
    resolve = names({NAME: ["127.0.0.2", "127.0.0.1"]})  # the receiver listens at the second one
    outcome = sent(f"http://{NAME}:{receiver.port}/hook", allow_private=True, resolve=resolve)
    assert (outcome, len(receiver.got)) == (Answered(204), 1)


def test_where_nobody_listens_at_all_it_is_unreachable(receiver: Receiver) -> None:
    resolve = names({NAME: ["127.0.0.2"]})
    outcome = sent(f"http://{NAME}:{receiver.port}/hook", allow_private=True, resolve=resolve)
    assert outcome == Unreachable("connect")


def test_an_unknown_name_is_told_as_such() -> None:
    assert sent("https://nobody.invalid/", resolve=names({})) == Unreachable("dns")


def tls_of(authority: trustme.CA, *certified: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*certified).configure_cert(context)
    return context


def test_the_certificate_is_checked_for_the_name_not_for_the_address() -> None:
    authority, asked = trustme.CA(), []
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    server = tls_of(authority, NAME)
    server.sni_callback = lambda _, name, __: asked.append(name)
    with Receiver(tls=server) as receiver:
        resolve = names({NAME: ["127.0.0.1"], "other.shop.example": ["127.0.0.1"]})
        using: dict[str, Any] = {"allow_private": True, "resolve": resolve, "ssl_context": trusting}
        assert sent(f"https://{NAME}:{receiver.port}/", **using) == Answered(204)
        assert sent(f"https://other.shop.example:{receiver.port}/", **using) == Unreachable("tls")
        assert sent(f"https://127.0.0.1:{receiver.port}/", **using) == Unreachable("tls")
        assert len(receiver.got) == 1
    assert asked[:2] == [NAME, "other.shop.example"]


def test_an_unknown_authority_is_not_trusted() -> None:
    with Receiver(tls=tls_of(trustme.CA(), NAME)) as receiver:
        outcome = sent(f"https://{NAME}:{receiver.port}/", allow_private=True, resolve=names({NAME: ["127.0.0.1"]}))
        assert (outcome, receiver.got) == (Unreachable("tls"), [])
