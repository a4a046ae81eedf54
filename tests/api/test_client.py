"""The Python client against the real application on a real port: what it sends, when it tries again, what it raises."""

import asyncio
import inspect
import json
from collections.abc import Callable, Iterator

import httpx2
import pytest

from service.client import ApiError, AsyncClient, Client, FieldError, Unreachable, calls
from service.client.calls import Call
from service.client.requesting import READY_POLL_S
from tests.browser.running_service import KEY, RunningService, free_port

SECRET = "kanárek tajný"
ANGRY = "This is useless!!!"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    running = RunningService(tmp_path_factory.mktemp("client") / "data")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def client(service: RunningService) -> Iterator[Client]:
    with Client(service.url, KEY) as client:
        yield client


def test_a_conversation_from_the_first_message_to_its_labels(client: Client) -> None:
    assert client.check_readiness()["status"] == "ready"
    answer = client.score(["Ahoj", "Hello"])
    assert len(answer["results"]) == 2
    assert set(answer["model"]) == {"version", "digest", "precision"}
    first = client.add_turn("client:story", ANGRY, turn_id="t1", queue="bank", sent_at=1_780_000_000.0)
    assert first == client.add_turn("client:story", ANGRY, turn_id="t1", queue="bank", sent_at=1_780_000_000.0)
    assert isinstance(client.check_draft("client:story", "Please calm down.")["findings"], list)
    assert [row["conversation_id"] for row in client.list_conversations(queue="bank")["conversations"]] == [
        "client:story"
    ]
    taken = client.hand_over("client:story", "claim", by="mai")
    assert (taken["status"], taken["owner"]) == ("claimed", "mai")
    assert client.get_handoff("client:story", language="vi")["packet"]["language"] == "vi"
    labels = client.label_turn("client:story", "t1", by="mai", frustration=1, abuse=0)
    assert [(said["frustration"], said["abuse"], said["threat"]) for said in labels["labels"]] == [(1, 0, None)]
    assert client.get_conversation("client:story", language="tl")["turn_count"] == 1
    assert isinstance(client.list_alerts(limit=1)["alerts"], list)
    assert client.erase_contact("nobody") == {"conversations": 0, "turns": 0, "model_versions": []}


def test_a_refusal_says_which_field_and_never_what_was_in_it(client: Client) -> None:
    with pytest.raises(ApiError) as failure:
        client.add_turn("client-1", SECRET, role="stranger")  # type: ignore[arg-type]
    assert failure.value.status == 422
    assert [error.field for error in failure.value.errors] == ["role"]
    assert SECRET not in str(failure.value)


def test_who_owns_a_conversation_is_in_the_refusal(client: Client) -> None:
    client.add_turn("client-2", "Hello")
    client.hand_over("client-2", "claim", by="mai")
    with pytest.raises(ApiError, match="mai") as failure:
        client.hand_over("client-2", "claim", by="emma")
    assert failure.value.status == 409


def test_a_wrong_key_is_refused_and_no_key_is_shown(service: RunningService) -> None:
    with Client(service.url, "evk_sk_wrong") as client, pytest.raises(ApiError) as failure:
        client.score(["Hello"])
    assert failure.value.status == 401
    assert "evk_sk_wrong" not in repr(client) + str(failure.value) + repr(vars(client))


def test_events_follow_each_other_also_over_a_restart(service: RunningService, tmp_path: object) -> None:
    def hurried(_: float) -> None:
        """Wait for nothing."""

    with Client(service.url, KEY, sleep=hurried, attempts=10_000) as client:
        client.add_turn("client-events", ANGRY, turn_id="e1")
        events = client.follow_events(after=0)
        seen = [next(events)]
        while seen[-1].conversation_id != "client-events":
            seen.append(next(events))
        service.stop()
        service.start()
        client.add_turn("client-events", ANGRY, turn_id="e2")
        while seen[-1].data.get("turn_id") != "e2":
            seen.append(next(events))
        events.close()
    ids = [event.id for event in seen]
    assert ids == sorted(set(ids))
    assert {event.type for event in seen} >= {"turn.scored"}


def test_the_async_client_does_the_same(service: RunningService) -> None:
    async def story() -> list[str]:
        async with AsyncClient(service.url, KEY) as client:
            sent = await asyncio.gather(*(client.add_turn("client-async", ANGRY, turn_id=f"a{n}") for n in range(5)))
            with pytest.raises(ApiError):
                await client.hand_over("client-never-seen", "claim", by="mai")
            seen = []
            async for event in client.follow_events(after=0):
                if event.conversation_id == "client-async" and event.type == "turn.scored":
                    seen.append(str(event.data["turn_id"]))
                if len(seen) == len(sent):
                    break
            return seen

    assert sorted(asyncio.run(story())) == [f"a{n}" for n in range(5)]


def test_both_clients_can_do_the_same() -> None:
    built = {
        name
        for name, of in inspect.getmembers(calls, inspect.isfunction)
        if of.__module__ == calls.__name__ and not name.startswith("_")
    }
    for kind in (Client, AsyncClient):
        public = {name for name in vars(kind) if not name.startswith("_")}
        assert public == built | {"ask", "close", "follow_events", "wait_until_ready"}


def answering(*statuses: int, headers: dict[str, str] | None = None) -> tuple[httpx2.Client, list[httpx2.Request]]:
    """A line on which these answers come, one after the other; 0 is a broken one."""
    asked: list[httpx2.Request] = []
    left = iter(statuses)

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        status = next(left)
        if status == 0:
            raise httpx2.ReadError("broken")
        return httpx2.Response(status, headers=headers, json={"detail": "later"} if status >= 400 else {"results": []})

    return httpx2.Client(transport=httpx2.MockTransport(answer)), asked


def asking(http: httpx2.Client, attempts: int = 5) -> tuple[Client, list[float]]:
    pauses: list[float] = []
    return Client("https://evenkeel.example/", KEY, http=http, attempts=attempts, sleep=pauses.append), pauses


def test_a_message_is_sent_again_as_the_same_message() -> None:
    http, asked = answering(0, 503, 429, 200, headers={"Retry-After": "2"})
    client, pauses = asking(http)
    client.add_turn("c", "Hello")
    assert len({request.content for request in asked}) == 1
    assert json.loads(asked[0].content)["turn_id"]
    assert [2.0 <= pause <= 2.25 for pause in pauses] == [False, True, True]


@pytest.mark.parametrize(
    ("call", "statuses", "error"),
    [
        (lambda c: c.hand_over("c", "claim", by="mai"), (0,), Unreachable),
        (lambda c: c.score(["a"]), (0, 0, 0), Unreachable),
        (lambda c: c.score(["a"]), (503, 503, 503), ApiError),
        (lambda c: c.score(["a"]), (500,), ApiError),
        (lambda c: c.score(["a"]), (302,), Unreachable),
    ],
)
def test_what_is_given_up(call: Callable[[Client], object], statuses: tuple[int, ...], error: type[Exception]) -> None:
    http, asked = answering(*statuses)
    client, _ = asking(http, attempts=3)
    with pytest.raises(error):
        call(client)
    assert len(asked) == len(statuses)


def test_readiness_is_waited_for_and_its_absence_explained() -> None:
    http, asked = answering(0, 503, 200)
    client, pauses = asking(http)
    client.wait_until_ready(60.0)
    assert [request.url.path for request in asked] == ["/readyz"] * 3
    assert pauses == [READY_POLL_S] * 2
    never, _ = answering(*[503] * 5)
    with pytest.raises(Unreachable, match="is not ready"):
        asking(never)[0].wait_until_ready(2.0)


def test_a_page_that_is_no_evenkeel_is_told_from_one() -> None:
    page = httpx2.Client(transport=httpx2.MockTransport(lambda request: httpx2.Response(200, html="<h1>Hello</h1>")))
    client, _ = asking(page)
    with pytest.raises(Unreachable, match="no Evenkeel"):
        client.score(["a"])
    with pytest.raises(Unreachable, match="no Evenkeel"):
        next(client.follow_events())


def test_nothing_at_the_address() -> None:
    with (
        Client(f"http://127.0.0.1:{free_port()}", KEY, attempts=1) as client,
        pytest.raises(Unreachable, match="nothing answered"),
    ):
        client.check_readiness()
    with pytest.raises(Unreachable), Client(f"http://127.0.0.1:{free_port()}", KEY, attempts=1) as client:
        next(client.follow_events())


@pytest.mark.parametrize("key", ["", " ", "two words", "evk_sk_1\n", "klíč"])
def test_a_key_that_is_none(service: RunningService, key: str) -> None:
    with pytest.raises(ValueError, match="key: expected") as failure:
        Client(service.url, key)
    assert not key.strip() or key not in str(failure.value)


def test_without_a_key_only_readiness_is_told(service: RunningService) -> None:
    with Client(service.url, None) as client:
        client.wait_until_ready(1.0)
        with pytest.raises(ApiError) as failure:
            client.list_conversations()
        assert failure.value.status == 401


@pytest.mark.parametrize("url", ["", "evenkeel.example", "ftp://evenkeel.example", "https://", "https://a:b@c.example"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ValueError, match="url: expected"):
        Client(url, KEY)


def test_an_error_reads_what_it_can() -> None:
    assert ApiError(500, {}).errors == ()
    error = ApiError(422, {"title": "Bad", "detail": "No.", "errors": [{"field": "a", "message": "b"}, "c"]})
    assert (error.errors, str(error)) == ((FieldError("a", "b"),), "422 Bad: No. a: b")


def test_an_identifier_is_one_part_of_the_path() -> None:
    call: Call[object] = calls.get_conversation("a/b?c#d")
    assert call.path == "/v1/conversations/a%2Fb%3Fc%23d"
    assert SECRET not in repr(calls.add_turn("c", SECRET))
