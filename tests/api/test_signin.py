"""A one-time link: whoever only looks at it spends nothing, and only our own page's button uses it."""

import re
from typing import Final

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.api.auth import COOKIE, CSRF_HEADER
from service.api.signin_form import FORM_COOKIE
from service.api.signin_page import WORDS, signin_page
from service.store import Change
from tests.api.support import MakeClient, store_of

FIELD: Final = re.compile(r'<input name="(\w+)" type="hidden" value="([^"]*)">')


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    return make_client(signed=False)


def link_of(client: TestClient, name: str | None = None) -> str:
    link = store_of(client).sessions.mint(name)
    assert link is not None
    return link.token_once


def press(client: TestClient, page: Response, **headers: str) -> Response:
    """Send the form of a page as a browser over plain HTTP does, which says nothing of where it comes from."""
    fields = dict(FIELD.findall(page.text))
    return client.post("/session", data=fields, headers={"Origin": "null", **headers}, follow_redirects=False)


def test_previews_and_scanners_spend_nothing(client: TestClient) -> None:
    token = link_of(client)
    for agent in ("Slackbot-LinkExpanding 1.0", "facebookexternalhit/1.1", "Mozilla/5.0", ""):
        looked = client.get("/", params={"token": token}, headers={"User-Agent": agent})
        assert looked.status_code == 200
        assert f"{COOKIE}=" not in looked.headers["set-cookie"]
        client.head("/", params={"token": token})
        client.options("/", params={"token": token})
    client.cookies.clear()
    answer = press(client, client.get("/", params={"token": token}))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/v1/me").json()["name"] == "admin"


def test_a_link_that_is_worth_nothing_says_so_before_anybody_clicks(client: TestClient) -> None:
    store = store_of(client)
    store.people.add("petr", "agent")
    voided, used = link_of(client, "petr"), link_of(client)
    assert press(client, client.get("/", params={"token": used})).status_code == 303
    store.people.change("petr", Change(deactivated=True))
    for token in (used, voided, "never-made", ""):
        looked = client.get("/", params={"token": token})
        assert looked.status_code == 401
        assert WORDS["en"]["wrong"] in looked.text
        assert WORDS["en"]["use"] not in looked.text


# fmt: off
SENDERS: Final = [  # headers, whether the form repeats the page's number, whether the browser has its cookie -> answer
    ({},                                                True,  True,  303),
    ({"Sec-Fetch-Site": "same-origin"},                 False, False, 303),
    ({CSRF_HEADER: "1"},                                False, False, 303),
    ({},                                                False, True,  403),
    ({},                                                True,  False, 403),
    ({},                                                False, False, 403),
    ({"Sec-Fetch-Site": "cross-site"},                  True,  True,  403),
    ({"Sec-Fetch-Site": "same-site"},                   True,  True,  403),
    ({"Sec-Fetch-Site": "none"},                        True,  True,  403),
    ({"Sec-Fetch-Site": "cross-site", CSRF_HEADER: "1"}, True, True,  403),
]
# fmt: on


@pytest.mark.parametrize(("headers", "repeats", "has_cookie", "status"), SENDERS)
def test_only_our_own_page_signs_somebody_in(
    client: TestClient, headers: dict[str, str], repeats: bool, has_cookie: bool, status: int
) -> None:
    token = link_of(client)
    fields = dict(FIELD.findall(client.get("/", params={"token": token}).text))
    if not has_cookie:
        client.cookies.clear()
    sent = fields if repeats else {"token": token}
    answer = client.post("/session", data=sent, headers=headers, follow_redirects=False)
    assert answer.status_code == status
    assert (f"{COOKIE}=" in answer.headers["set-cookie"]) is (status == 303)
    if status == 403:  # nothing is lost: the page that is shown instead has the button
        assert press(client, answer).status_code == 303


def test_a_planted_number_that_is_none_of_ours_counts_for_nothing(client: TestClient) -> None:
    for planted in ("", "x", "a" * 31, "a" * 33, "\u0660" * 32):
        headers = {"Cookie": f"{FORM_COOKIE}={planted}".encode()}
        fields = {"token": link_of(client), "nonce": planted}
        assert client.post("/session", data=fields, headers=headers, follow_redirects=False).status_code == 403  # type: ignore[arg-type]


def test_two_tabs_do_not_end_each_others_form(client: TestClient) -> None:
    first = client.get("/", params={"token": link_of(client)})
    client.get("/", params={"token": link_of(client)})
    assert press(client, first).status_code == 303


def test_the_cookie_of_the_form_is_for_our_own_pages_only(client: TestClient) -> None:
    for scheme in ("http", "https"):
        client.base_url = client.base_url.copy_with(scheme=scheme)
        cookie = client.get("/").headers["set-cookie"].lower()
        assert ("httponly" in cookie, "samesite=strict" in cookie, "secure" in cookie) == (
            True,
            True,
            scheme == "https",
        )


@pytest.mark.parametrize(
    "body", [b"", b"token=", b"\xff\xfe", b"&".join([b"token=a"] * 50), b'{"token": "a"}', b"token=" + b"x" * 5000]
)
def test_whatever_is_sent_gets_the_page_again(client: TestClient, body: bytes) -> None:
    headers = {CSRF_HEADER: "1", "Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post("/session", content=body, headers=headers, follow_redirects=False)
    assert answer.status_code == 401
    assert WORDS["en"]["wrong"] in answer.text


def test_who_pastes_the_whole_link_is_signed_in(client: TestClient) -> None:
    page = client.get("/")
    fields = dict(FIELD.findall(page.text)) | {"token": f"http://127.0.0.1:8000/?token={link_of(client)}"}
    assert client.post("/session", data=fields, follow_redirects=False).status_code == 303


def test_a_link_changes_who_is_signed_in_only_by_its_button(client: TestClient) -> None:
    store_of(client).people.add("jana", "agent")
    press(client, client.get("/", params={"token": link_of(client)}))
    looked = client.get("/", params={"token": link_of(client, "jana")})
    assert client.get("/v1/me").json()["name"] == "admin"
    assert press(client, looked).status_code == 303
    assert client.get("/v1/me").json()["name"] == "jana"


def test_the_sign_in_page_has_every_word_in_every_language_and_lets_nothing_in() -> None:
    assert {frozenset(words) for words in WORDS.values()} == {frozenset(WORDS["en"])}
    for language in WORDS:
        for token in (None, '"><script>alert(1)</script>'):
            page, found = signin_page(language, "n" * 32, token=token, refused=token is None)
            assert found == language
            assert not re.search(r"\$\w|<script|style=|\son\w+=", page)
            assert 'value="' + "n" * 32 in page


def test_the_page_of_a_link_tells_no_other_site_about_it(client: TestClient) -> None:
    looked = client.get("/", params={"token": link_of(client)})
    assert looked.headers["referrer-policy"] == "no-referrer"
    assert looked.headers["cache-control"] == "no-store"
    assert "form-action 'self'" in looked.headers["content-security-policy"]
    assert not re.search(r'(?:href|src|action)="(?!/)', looked.text), "nothing of another origin"
