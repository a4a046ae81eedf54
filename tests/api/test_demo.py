"""/demo: who may open it, that it answers as the live service does, and that nothing of it is kept."""

import pytest
from fastapi.testclient import TestClient

from service.api.errors import Busy
from service.api.trial import MAX_TURNS, SCORES_KEPT, TEXTS_A_SECOND, TEXTS_AT_ONCE, TrialDesk
from service.flow import Score
from tests.api.scorers import LetterScorer
from tests.api.support import KEY_HEADER, MakeClient, sign_in, store_of
from tests.api.test_error_shape import assert_problem

HERE = {"Host": "127.0.0.1:8000"}
TURNS = [
    {"role": "customer", "text": "ff", "sent_at": 100.0},
    {"role": "agent", "text": "we are looking", "sent_at": 160.0},
    {"role": "customer", "text": "aa", "sent_at": 220.0},
]


def assess(client: TestClient, turns: object = TURNS, **more: object) -> dict[str, object]:
    answer = client.post("/demo/assess", json={"turns": turns, **more}, headers=HERE)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


# fmt: off
DOORS = [
    # DEMO       HOST         headers                                 signed in, answer
    ("local",     "127.0.0.1", HERE,                                  False, 200),
    ("local",     "::1",       {"Host": "[::1]:8000"},                False, 200),
    ("local",     "127.0.0.1", {"Host": "localhost"},                 False, 200),
    ("local",     "127.0.0.1", {"Host": "evenkeel.example"},          False, 401),
    ("local",     "127.0.0.1", HERE | {"X-Forwarded-For": "1.2.3.4"}, False, 401),
    ("local",     "127.0.0.1", HERE | {"Forwarded": "for=1.2.3.4"},   False, 401),
    ("local",     "0.0.0.0",   HERE,                                  False, 401),
    ("local",     "0.0.0.0",   {"Host": "evenkeel.example"},          True,  200),
    ("signed-in", "127.0.0.1", HERE,                                  False, 401),
    ("signed-in", "127.0.0.1", HERE,                                  True,  200),
    ("public",    "0.0.0.0",   {"Host": "evenkeel.example"},          False, 200),
    ("off",       "127.0.0.1", HERE,                                  True,  404),
]
# fmt: on


@pytest.mark.parametrize(("demo", "host", "headers", "signed_in", "status"), DOORS)
def test_who_may_open_it(
    make_client: MakeClient, demo: str, host: str, headers: dict[str, str], signed_in: bool, status: int
) -> None:
    client = make_client(signed=False, demo=demo, host=host)
    if signed_in:
        sign_in(client, "agent")
    cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())} if signed_in else {}
    assert client.get("/demo", headers=headers | cookies).status_code == status
    assert client.post("/demo/assess", json={"turns": TURNS}, headers=headers | cookies).status_code == status
    draft = {"turns": TURNS, "text": "hello"}
    assert client.post("/demo/draft", json=draft, headers=headers | cookies).status_code == status


def test_the_page_holds_no_key_and_no_script_of_its_own(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    page = client.get("/demo", headers=HERE).text
    assert "evk_" not in page.replace("evk_pk_…", "")
    assert page.count("<script") == 1
    assert 'type="module" src="/widget/demo/demo.js"' in page
    assert "http://127.0.0.1:8000/widget/evenkeel.js" in page
    strange = client.get("/demo", headers={"Host": 'x"><script>alert(1)</script>'})
    assert "<script>alert" not in strange.text


def test_it_says_what_the_live_service_says(make_client: MakeClient) -> None:
    client = make_client()
    tried = assess(client)["turns"]
    assert isinstance(tried, list)
    for i, turn in enumerate(TURNS, 1):
        body = {"turn_id": f"t{i}", "role": turn["role"], "text": turn["text"], "sent_at": turn["sent_at"]}
        assert client.post("/v1/conversations/real/turns", json=body).status_code == 201
    real = client.get("/v1/conversations/real?language=en").json()["turns"]
    for mine, theirs in zip(tried, real, strict=True):
        for part in ("turn_id", "role", "text", "score", "recommendation", "model", "policy", "labels"):
            assert mine[part] == theirs[part], part
        assert mine["risk"]["band"] == theirs["risk"]["band"]


def test_nothing_is_kept(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    before = store_of(client).audit_trail()
    assess(client)
    client.post("/demo/draft", json={"turns": TURNS, "text": "calm down"}, headers=HERE)
    assert client.get("/v1/conversations", headers=KEY_HEADER).json()["conversations"] == []
    assert store_of(client).last_event_id() == 0
    assert store_of(client).list_keys() == ()
    assert store_of(client).audit_trail() == before


def test_a_text_is_scored_once(make_client: MakeClient) -> None:
    class Counting(LetterScorer):
        seen = 0

        def score(self, texts: list[str], languages: list[str | None] | None = None) -> list[Score]:
            Counting.seen += len(texts)
            return super().score(texts, languages)

    client = make_client(scorer=Counting())
    Counting.seen = 0
    for length in (1, 2, 3):
        assess(client, TURNS[:length])
    assert Counting.seen == 2


def test_too_much_is_refused(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    many = [{"role": "customer", "text": "a", "sent_at": float(i)} for i in range(MAX_TURNS + 1)]
    for turns in (
        [],
        many,
        [{"role": "bot", "text": "a", "sent_at": 1}],
        [{"role": "agent", "text": "a" * 1001, "sent_at": 1}],
    ):
        assert_problem(client.post("/demo/assess", json={"turns": turns}, headers=HERE), 422)
    assert_problem(client.post("/demo/assess", content=b"turns=1", headers=HERE | {"Content-Type": "text/plain"}), 415)


def test_the_draft_is_checked_against_the_conversation(make_client: MakeClient) -> None:
    client = make_client(signed=False)
    found = client.post(
        "/demo/draft", json={"turns": TURNS, "text": "Please calm down.", "language": "en"}, headers=HERE
    )
    assert [finding["kind"] for finding in found.json()["findings"]][:1] == ["calm_down"]


def test_all_visitors_together_cost_a_bounded_amount() -> None:
    now = 0.0
    desk = TrialDesk(clock=lambda: now)
    desk.admit(int(TEXTS_AT_ONCE))
    with pytest.raises(Busy) as refused:
        desk.admit(10)
    assert refused.value.headers == {"Retry-After": str(int(10 / TEXTS_A_SECOND) + 1)}
    now += 10 / TEXTS_A_SECOND
    desk.admit(10)


def test_scores_are_remembered_up_to_a_bound_and_no_text_is() -> None:
    desk = TrialDesk()
    [score] = LetterScorer().score(["a"])
    for i in range(SCORES_KEPT + 1):
        desk.keep(f"kanárek {i}", score)
    assert desk.known("kanárek 0") is None
    assert desk.known(f"kanárek {SCORES_KEPT}") is score
    assert "kanárek" not in repr(desk)
