"""The drop-in routes as the official clients of Google and OpenAI call them, against a service in a process of its own."""

import json
from collections.abc import Iterator
from typing import Any, Final

import httpx2
import openai
import pytest
from googleapiclient import discovery
from googleapiclient.errors import HttpError

from tests.api.process import Service
from tests.api.support import BOOTSTRAP_KEY

SPOKEN: Final = {
    "vi": "Tôi gọi 5 lần rồi, bóc phốt các anh lên mạng",
    "tl": "Ang bastos nyo, sa DTI na po ako",
    "cs": "Pořád nic, předám to na ČOI",
    "en": "You people are useless idiots",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    found = Service(tmp_path_factory.mktemp("clients") / "data", module="tests.api.keyword_service").start()
    yield found
    assert found.end() == 0


@pytest.fixture(scope="module")
def google(service: Service) -> Iterator[Any]:
    """The client as Perspective's own documentation builds it; only the address differs."""
    address = f"{service.url}/$discovery/rest?version=v1alpha1"
    client = discovery.build(
        "commentanalyzer",
        "v1alpha1",
        developerKey=BOOTSTRAP_KEY,
        discoveryServiceUrl=address,
        static_discovery=False,
        cache_discovery=False,
    )
    yield client
    client.close()


@pytest.fixture(scope="module")
def moderator(service: Service) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{service.url}/v1", api_key=BOOTSTRAP_KEY, max_retries=0) as client:
        yield client


def refused(google: Any, body: dict[str, Any]) -> dict[str, Any]:
    with pytest.raises(HttpError) as failure:
        google.comments().analyze(body=body).execute()
    error: dict[str, Any] = json.loads(failure.value.content)["error"]
    assert failure.value.status_code == error["code"]
    assert failure.value.reason == error["message"], "the client finds its message"
    return error


def test_the_google_client_gets_scores_and_the_words_that_made_them(google: Any) -> None:
    body = {
        "comment": {"text": "😡 you idiots"},
        "requestedAttributes": {"TOXICITY": {}, "INSULT": {"scoreThreshold": 0.5}, "THREAT": {"scoreThreshold": 0.5}},
        "spanAnnotations": True,
        "doNotStore": True,
        "clientToken": "comment-17",
        "sessionId": "s",
        "communityId": "forum",
        "context": {"entries": [{"text": "before"}]},
    }
    answer = google.comments().analyze(body=body).execute()
    found = {"value": 0.96, "type": "PROBABILITY"}
    scores = {"summaryScore": found, "spanScores": [{"begin": 7, "end": 13, "score": found}]}
    assert answer["attributeScores"] == {"TOXICITY": scores, "INSULT": scores}
    assert (answer["languages"], answer["detectedLanguages"]) == (["en"], ["en"])
    assert answer["clientToken"] == "comment-17"
    assert answer["evenkeel"]["model"]["version"] == "keywords-1"


@pytest.mark.parametrize("language", SPOKEN)
def test_the_google_client_may_write_in_every_language(google: Any, language: str) -> None:
    body = {"comment": {"text": SPOKEN[language]}, "requestedAttributes": {"TOXICITY": {}}, "languages": [language]}
    answer = google.comments().analyze(body=body).execute()
    assert answer["languages"] == [language]
    assert 0.0 <= answer["attributeScores"]["TOXICITY"]["summaryScore"]["value"] <= 1.0


def test_the_google_client_reads_the_details_of_a_refusal(google: Any) -> None:
    empty = refused(google, {"comment": {"text": ""}, "requestedAttributes": {"TOXICITY": {}}})
    assert empty["details"][0]["errorType"] == "COMMENT_EMPTY"
    german = refused(google, {"comment": {"text": "a"}, "requestedAttributes": {"TOXICITY": {}}, "languages": ["de"]})
    assert german["status"] == "INVALID_ARGUMENT"
    assert german["details"][0]["languageNotSupportedByAttributeError"]["attribute"] == "TOXICITY"


def test_a_suggested_score_is_refused_with_the_way_out(google: Any) -> None:
    with pytest.raises(HttpError, match="turn_id}/labels") as failure:
        google.comments().suggestscore(body={"comment": {"text": "a"}}).execute()
    assert failure.value.status_code == 501


def test_a_document_of_another_version_does_not_exist(service: Service) -> None:
    answer = httpx2.get(f"{service.url}/$discovery/rest", params={"version": "v2"})
    assert (answer.status_code, answer.json()["error"]["status"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("text", SPOKEN.values(), ids=SPOKEN)
def test_the_openai_client_gets_a_typed_result(moderator: openai.OpenAI, text: str) -> None:
    answer = moderator.moderations.create(model="omni-moderation-latest", input=text)
    assert answer.id.startswith("modr-")
    assert answer.model == "evenkeel-keywords-1"
    [result] = answer.results
    assert result.categories.harassment is ("idiots" in text or "bastos" in text)
    assert result.flagged is result.categories.harassment
    assert result.category_scores.self_harm_intent < 0.1
    assert result.category_applied_input_types.harassment == ["text"]
    assert result.category_applied_input_types.hate == []
    type(answer).model_validate(answer.model_dump(by_alias=True), strict=True)


def test_the_openai_client_may_send_several_texts_or_parts(moderator: openai.OpenAI) -> None:
    several = moderator.moderations.create(input=["you idiots", "thank you"])
    assert [result.flagged for result in several.results] == [True, False]
    parts = moderator.moderations.create(input=[{"type": "text", "text": "you"}, {"type": "text", "text": "idiots"}])
    assert [result.flagged for result in parts.results] == [True]


def test_the_openai_client_reads_a_refusal(service: Service, moderator: openai.OpenAI) -> None:
    picture: Any = {"type": "image_url", "image_url": {"url": "https://shop.example/a.png"}}
    with pytest.raises(openai.BadRequestError, match="text only") as failure:
        moderator.moderations.create(input=[{"type": "text", "text": "a"}, picture])
    assert (failure.value.param, failure.value.code) == ("input[1].type", "unsupported_value")
    assert failure.value.request_id
    stranger = openai.OpenAI(base_url=f"{service.url}/v1", api_key="wrong", max_retries=0)
    with stranger, pytest.raises(openai.AuthenticationError) as refusal:
        stranger.moderations.create(input="a")
    assert refusal.value.code == "invalid_api_key"


def test_neither_the_key_of_the_query_nor_a_word_is_logged(service: Service, google: Any) -> None:
    google.comments().analyze(
        body={"comment": {"text": "kanárek idiots"}, "requestedAttributes": {"TOXICITY": {}}}
    ).execute()
    log = service.log
    assert '"route": "/v1alpha1/comments:analyze"' in log
    for secret in (BOOTSTRAP_KEY, "key=", "kanárek", "idiots"):
        assert secret not in log
    assert BOOTSTRAP_KEY not in httpx2.get(f"{service.url}/metrics").text
