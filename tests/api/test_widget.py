"""What pages of other sites get: the script itself, cacheable and checkable; and no more of an answer than they may see."""

import base64
import gzip
import hashlib

import pytest
from fastapi.testclient import TestClient

from service.api.widget_files import MEDIA_TYPES, script_element, widget_file
from service.store import Answers
from tests.api.support import KEY_HEADER, MakeClient, store_of
from tests.api.test_error_shape import assert_problem

ORIGIN = "https://shop.example"
TURNS = "/v1/conversations/c1/turns"
TURN = {"turn_id": "t1", "role": "customer", "text": "hello"}
SMALL = 10_000


@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_a_script_comes_with_its_type_for_every_origin(shared_client: TestClient, name: str) -> None:
    answer = shared_client.get(f"/widget/{name}", headers={"Origin": ORIGIN, "Authorization": ""})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == MEDIA_TYPES[name]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
    head = shared_client.head(f"/widget/{name}")
    assert (head.status_code, head.headers["etag"], head.content) == (200, answer.headers["etag"], b"")


@pytest.mark.parametrize("known", ["{}", 'W/{}, "other"', '"other", {}'])
def test_who_has_the_script_is_not_sent_it_again(shared_client: TestClient, known: str) -> None:
    tag = shared_client.get("/widget/evenkeel.js").headers["etag"].removeprefix("W/")
    again = shared_client.get("/widget/evenkeel.js", headers={"If-None-Match": known.format(tag)})
    assert (again.status_code, again.content) == (304, b"")
    assert shared_client.get("/widget/evenkeel.js", headers={"If-None-Match": '"older"'}).status_code == 200


def test_the_hash_is_that_of_what_is_served(shared_client: TestClient) -> None:
    for name in MEDIA_TYPES:
        found = widget_file(name)
        assert found is not None
        served = shared_client.get(f"/widget/{name}").content
        assert found.integrity == "sha384-" + base64.b64encode(hashlib.sha384(served).digest()).decode()
    assert 'integrity="sha384-' in script_element("https://evenkeel.example")


@pytest.mark.parametrize("name", ["__init__.py", "..%2Fsettings.py", "evenkeel", "evenkeel.js.map"])
def test_nothing_else_is_given_away(shared_client: TestClient, name: str) -> None:
    assert_problem(shared_client.get(f"/widget/{name}"), 404)


def test_the_client_is_small_and_travels_packed(shared_client: TestClient) -> None:
    length = 0
    for name in ("evenkeel.js", "evenkeel.mjs"):
        with shared_client.stream("GET", f"/widget/{name}", headers={"Accept-Encoding": "gzip"}) as answer:
            packed = b"".join(answer.iter_raw())
        plain = shared_client.get(f"/widget/{name}", headers={"Accept-Encoding": "identity"})
        assert gzip.decompress(packed) == plain.content
        assert "content-encoding" not in plain.headers
        assert answer.headers["vary"] == "Accept-Encoding"
        length += int(answer.headers["content-length"])
    assert length < SMALL


@pytest.mark.parametrize(("answers", "status"), [(None, 201), ("none", 202), ("full", 201)])
def test_a_visitor_is_told_of_the_assessment_only_if_the_key_says_so(
    make_client: MakeClient, answers: str | None, status: int
) -> None:
    client = make_client(signed=False)
    chosen = {} if answers is None else {"answers": answers}
    key = store_of(client).create_key("publishable", "shop", (ORIGIN,), **chosen).secret_once  # type: ignore[arg-type]
    headers = {"Authorization": f"Bearer {key}", "Origin": ORIGIN}
    first = client.post(TURNS, json=TURN, headers=headers)
    assert first.status_code == status
    again = client.post(TURNS, json=TURN, headers=headers)
    assert again.json() == first.json()
    if answers != "none":
        assert first.json()["risk"]["level"] >= 0.0
    else:
        assert first.json() == {"conversation_id": "c1", "turn_id": "t1"}
    # Whatever the page is told, the board sees it.
    assert client.get("/v1/conversations/c1", headers=KEY_HEADER).json()["turns"][0]["text"] == "hello"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/score", {"turns": [{"text": "hello"}]}),
        ("/v1/moderations", {"input": "hello"}),
        ("/v1alpha1/comments:analyze", {"comment": {"text": "hello"}, "requestedAttributes": {"TOXICITY": {}}}),
    ],
)
@pytest.mark.parametrize(("answers", "status"), [("full", 200), ("none", 403)])
def test_a_visitor_who_is_told_nothing_cannot_ask_for_scores_either(
    make_client: MakeClient, path: str, body: dict[str, object], answers: Answers, status: int
) -> None:
    client = make_client(signed=False)
    key = store_of(client).create_key("publishable", "shop", (ORIGIN,), answers=answers).secret_once
    headers = {"Authorization": f"Bearer {key}", "Origin": ORIGIN}
    assert client.post(path, json=body, headers=headers).status_code == status


def test_answers_are_chosen_with_the_key(make_client: MakeClient) -> None:
    client = make_client()
    shop = {"kind": "publishable", "name": "shop", "origins": [ORIGIN]}
    assert client.post("/v1/keys", json=shop).json()["answers"] == "full"
    assert client.post("/v1/keys", json=shop | {"answers": "none"}).json()["answers"] == "none"
    assert client.post("/v1/keys", json={"kind": "secret", "name": "server"}).json()["answers"] == "full"
    refused = client.post("/v1/keys", json={"kind": "secret", "name": "server", "answers": "none"})
    assert_problem(refused, 422)
    assert refused.json()["errors"][0]["field"] == "answers"
