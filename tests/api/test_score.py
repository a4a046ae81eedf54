"""Laws of POST /v1/score: each turn alone, order kept, nothing stored, overload refused with a time to come back."""

import threading
from concurrent.futures import ThreadPoolExecutor

from fastapi.testclient import TestClient

from service.api.wire import ScoresOut
from tests.api.scorers import MODEL, GatedScorer, LetterScorer
from tests.api.support import MakeClient
from tests.api.test_error_shape import assert_problem


def test_the_answer_is_the_documented_one_in_order(shared_client: TestClient) -> None:
    texts = ["calm", "angry!!!!", "😡", "calm"]
    answer = shared_client.post("/v1/score", json={"turns": [{"text": text} for text in texts]}).json()
    ScoresOut.model_validate(answer, strict=True)
    assert set(answer) == set(ScoresOut.model_fields)
    assert answer["model"]["version"] == MODEL.version
    results = answer["results"]
    assert [result["status"] for result in results] == ["scored", "scored", "abstained", "scored"]
    assert [result["flags"]["frustration"] for result in results] == [False, True, False, False]
    assert results[0] == results[3]


def test_a_turn_scores_alone_as_it_does_among_others(shared_client: TestClient) -> None:
    turns = [{"text": f"turn {'!' * (i % 5)}"} for i in range(256)]
    together = shared_client.post("/v1/score", json={"turns": turns}).json()["results"]
    alone = [shared_client.post("/v1/score", json={"turns": [turn]}).json()["results"][0] for turn in turns[:5]]
    assert together[:5] == alone
    assert len(together) == 256


def test_the_hint_overrides_the_language(shared_client: TestClient) -> None:
    turns = [{"text": "ok", "language": code} for code in ("vi", "tl", "cs", "en")] + [{"text": "ok"}]
    results = shared_client.post("/v1/score", json={"turns": turns}).json()["results"]
    assert [result["language"] for result in results] == ["vi", "tl", "cs", "en", "en"]


def test_agents_and_bots_are_never_scored(make_client: MakeClient) -> None:
    scorer = LetterScorer()
    client = make_client(scorer=scorer)
    turns = [{"text": "secret of an agent", "role": "agent"}, {"text": "mine"}, {"text": "beep", "role": "bot"}]
    results = client.post("/v1/score", json={"turns": turns}).json()["results"]
    assert [result is None for result in results] == [True, False, True]
    assert scorer.calls == [["mine"]]


def test_nothing_is_stored(shared_client: TestClient) -> None:
    shared_client.post("/v1/score", json={"turns": [{"text": "a"}]})
    assert shared_client.get("/v1/conversations").json()["conversations"] == []


def test_a_smaller_limit_may_be_set(make_client: MakeClient) -> None:
    client = make_client(max_batch=2, max_turn_chars=5)
    assert_problem(client.post("/v1/score", json={"turns": [{"text": "a"}] * 3}), 422)
    assert_problem(client.post("/v1/score", json={"turns": [{"text": "sixsix"}]}), 422)
    assert client.post("/v1/score", json={"turns": [{"text": "fives"}] * 2}).status_code == 200


def test_overload_is_refused_at_once_with_a_time_to_come_back(make_client: MakeClient) -> None:
    scorer = GatedScorer()
    client = make_client(scorer=scorer, score_queue=1)
    batcher = client.app.state.runtime.batcher  # type: ignore[attr-defined]

    def send(_: int) -> int:
        return client.post("/v1/score", json={"turns": [{"text": "a"}]}).status_code

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(send, 0)
        assert scorer.entered.wait(30)
        second = pool.submit(send, 1)
        while batcher.depth < 1:
            threading.Event().wait(0.001)
        refused = client.post("/v1/conversations/c1/turns", json={"turn_id": "1", "role": "customer", "text": "a"})
        assert_problem(refused, 503)
        assert int(refused.headers["retry-after"]) >= 1
        scorer.gate.set()
        assert (first.result(), second.result()) == (200, 200)
    assert client.get("/v1/conversations/c1").status_code == 404
