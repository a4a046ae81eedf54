"""The files of our own pages: typed, packed, and kept by a browser exactly as long as they are right."""

import gzip
from importlib import resources

import pytest
from fastapi.testclient import TestClient

from service.api.assets import ASK_AGAIN, FOREVER, assets_of, takes_gzip
from tests.api.test_error_shape import assert_problem

VERSION = assets_of("dashboard").version
PLAIN = {"Accept-Encoding": "identity", "Authorization": ""}


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/assets/main.js", "text/javascript; charset=utf-8"),
        ("/assets/frame.css", "text/css; charset=utf-8"),
        ("/assets/badges/1.svg", "image/svg+xml"),
        ("/widget/demo/demo.js", "text/javascript; charset=utf-8"),
        ("/widget/demo/examples/cs.json", "application/json"),
    ],
)
def test_a_file_comes_as_it_is_with_its_type(shared_client: TestClient, path: str, media_type: str) -> None:
    answer = shared_client.get(path, headers=PLAIN)
    folder, _, name = path.removeprefix("/").replace("assets", "dashboard", 1).partition("/")
    assert answer.content == resources.files("service").joinpath(folder, name).read_bytes()
    assert answer.headers["content-type"] == media_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
    head = shared_client.head(path, headers=PLAIN)
    assert (head.status_code, head.headers["etag"], head.content) == (200, answer.headers["etag"], b"")


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        (f"/assets/{VERSION}/main.js", FOREVER),
        (f"/assets/{VERSION}/words/cs/board.js", FOREVER),
        ("/assets/main.js", ASK_AGAIN),
        ("/assets/v-0000000000000000/main.js", ASK_AGAIN),
        ("/widget/demo/demo.js", ASK_AGAIN),
    ],
)
def test_only_what_names_this_very_release_is_kept_for_good(shared_client: TestClient, path: str, kept: str) -> None:
    answer = shared_client.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == kept
    again = shared_client.get(path, headers={"If-None-Match": f'"other", {answer.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["cache-control"]) == (304, b"", kept)


def test_a_large_file_is_packed_for_who_can_unpack_it(shared_client: TestClient) -> None:
    with shared_client.stream("GET", "/assets/main.js", headers={"Accept-Encoding": "br, gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    plain = shared_client.get("/assets/main.js", headers=PLAIN)
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed) == plain.content


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip; q=1", True),
        ("gzip;q=0", False),
        ("identity, gzip; q=0.000", False),
        ("x-gzip", False),
        ("identity", False),
        ("", False),
    ],
)
def test_nobody_is_sent_what_they_refuse(header: str, takes: bool) -> None:
    assert takes_gzip(header) == takes


@pytest.mark.parametrize(
    "path",
    [
        "/assets/",
        "/assets/index.html",
        "/assets/words",
        "/assets/__init__.py",
        f"/assets/{VERSION}",
        f"/assets/{VERSION}/../app.py",
        f"/assets/{VERSION}/..%2F..%2Fsettings.py",
        "/widget/demo/index.html",
        "/widget/..%2Fdashboard%2Fmain.js",
    ],
)
def test_nothing_else_is_given_away(shared_client: TestClient, path: str) -> None:
    assert_problem(shared_client.get(path), 404)
