"""One error shape, over every route and every way to fail.

    HTTP status >= 400  ->  application/problem+json with exactly
    {"type", "title", "status", "detail", "instance", "errors": [{"field", "message"}, ...]}

`status` repeats the HTTP status, `instance` repeats X-Request-Id, and nothing that was sent comes back.
Only the drop-in routes answer as their own clients read it: `assert_error` knows both.
"""

import json
import re
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.api.scorers import FailingScorer
from tests.api.support import MakeClient

CANARY: Final = "kanárek tajný 0042"
JSON: Final = {"Content-Type": "application/json"}
TURNS: Final = "/v1/conversations/c1/turns"
DRAFT: Final = "/v1/conversations/c1/draft"
REPORT: Final = "/v1/reports/escalation"
HANDOFF: Final = "/v1/conversations/c1/handoff"
ALERT: Final = "/v1/alerts/a1"
LABELS: Final = "/v1/conversations/none/turns/t1/labels"


def turn(**changes: Any) -> dict[str, Any]:
    return {"turn_id": "t1", "role": "customer", "text": CANARY, **changes}


def body(value: object) -> bytes:
    return json.dumps(value).encode()


def act(action: str = "acknowledge", **changes: Any) -> bytes:
    return body({"action": action, "by": "mai", **changes})


def label(**labels: Any) -> bytes:
    return body({"by": "mai", **labels})


LONG: Final = CANARY * 10_000
# fmt: off
CASES: Final = [
    # name                   method    path                     body                                        status field
    ("not json",             "POST",   TURNS,                   b'{"text": "' + CANARY.encode(),               400, "body"),
    ("no body",              "POST",   TURNS,                   b"",                                           422, "body"),
    ("a list",               "POST",   TURNS,                   body([CANARY]),                                422, "body"),
    ("a string",             "POST",   TURNS,                   body(CANARY),                                  422, "body"),
    ("null",                 "POST",   TURNS,                   b"null",                                       422, "body"),
    ("invalid utf-8",        "POST",   TURNS,                   b'{"text": "\xff\xfe' + CANARY.encode() + b'"}', 400, "body"),
    ("nested too deep",      "POST",   TURNS,                   b"[" * 200_000,                                400, "body"),
    ("number too long",      "POST",   TURNS,                   b'{"turn_id": ' + b"1" * 10_000 + b"}",        400, "body"),
    ("no role",              "POST",   TURNS,                   body({"turn_id": "t1", "text": CANARY}),       422, "role"),
    ("unknown role",         "POST",   TURNS,                   body(turn(role=CANARY)),                       422, "role"),
    ("empty text",           "POST",   TURNS,                   body(turn(text="")),                           422, "text"),
    ("text is a number",     "POST",   TURNS,                   body(turn(text=42)),                           422, "text"),
    ("text is null",         "POST",   TURNS,                   body(turn(text=None)),                         422, "text"),
    ("long text",            "POST",   TURNS,                   body(turn(text=LONG)),                         422, "text"),
    ("lone surrogate",       "POST",   TURNS,                   b'{"turn_id":"1","role":"customer","text":"\\ud800 ' + CANARY.encode() + b'"}', 422, "text"),
    ("surrogate in a key",   "POST",   TURNS,                   b'{"turn_id":"1","role":"customer","text":"a","\\ud800":1}', 422, "body"),
    ("nul",                  "POST",   TURNS,                   body(turn(text=f"{CANARY}\0")),                422, "text"),
    ("unknown field",        "POST",   TURNS,                   body(turn(txt="x")),                           422, "txt"),
    ("sentence as a field",  "POST",   TURNS,                   body(turn(**{CANARY: "x"})),                   422, "(unknown)"),
    ("time without a zone",  "POST",   TURNS,                   body(turn(sent_at="2026-01-01T00:00:00")),     422, "sent_at"),
    ("no time",              "POST",   TURNS,                   body(turn(sent_at=CANARY)),                    422, "sent_at"),
    ("infinite time",        "POST",   TURNS,                   b'{"turn_id":"1","role":"customer","text":"a","sent_at":Infinity}', 422, "sent_at"),
    ("odd turn id",          "POST",   TURNS,                   body(turn(turn_id=CANARY)),                    422, "turn_id"),
    ("long turn id",         "POST",   TURNS,                   body(turn(turn_id="x" * 129)),                 422, "turn_id"),
    ("odd conversation id",  "POST",   "/v1/conversations/a%20b/turns", body(turn()),                          422, "conversation_id"),
    ("empty draft",          "POST",   DRAFT,                   body({"text": ""}),                            422, "text"),
    ("long draft",           "POST",   DRAFT,                   body({"text": LONG}),                          422, "text"),
    ("draft in no language", "POST",   DRAFT,                   body({"text": CANARY, "language": "xx"}),      422, "language"),
    ("draft to nobody",      "POST",   DRAFT,                   body({"text": CANARY}),                        404, None),
    ("unknown action",       "POST",   HANDOFF,                 body({"action": CANARY, "by": "jana"}),        422, "action"),
    ("action by nobody",     "POST",   HANDOFF,                 body({"action": "claim"}),                     422, "by"),
    ("action by a blank",    "POST",   HANDOFF,                 body({"action": "claim", "by": "  "}),         422, "by"),
    ("action by a sentence", "POST",   HANDOFF,                 body({"action": "claim", "by": f"{CANARY}!\n"}), 422, "by"),
    ("outcome of a claim",   "POST",   HANDOFF,                 body({"action": "claim", "by": "jana", "outcome": "solved"}), 422, "outcome"),
    ("unknown outcome",      "POST",   HANDOFF,                 body({"action": "resolve", "by": "jana", "outcome": CANARY}), 422, "outcome"),
    ("long note",            "POST",   HANDOFF,                 body({"action": "return", "by": "jana", "note": LONG}), 422, "note"),
    ("nul in a note",        "POST",   HANDOFF,                 body({"action": "return", "by": "jana", "note": f"{CANARY}\0"}), 422, "note"),
    ("field of a hand-off",  "POST",   HANDOFF,                 body({"action": "claim", "by": "jana", CANARY: 1}), 422, "(unknown)"),
    ("claim of no chat",     "POST",   HANDOFF,                 body({"action": "claim", "by": "jana", "note": CANARY}), 404, None),
    ("packet of no chat",    "GET",    HANDOFF,                 b"",                                           404, None),
    ("packet in no language", "GET",   f"{HANDOFF}?language=de", b"",                                          422, "language"),
    ("unknown status",       "GET",    "/v1/conversations?status=closed", b"",                                 422, "status"),
    ("too many ids",         "GET",    "/v1/conversations?" + "&".join(["id=c"] * 51), b"",                          422, "id"),
    ("time without a zone",  "GET",    "/v1/conversations?active_since=2026-01-01T00:00", b"",                    422, "active_since"),
    ("odd owner",            "GET",    "/v1/conversations?owner=%0A", b"",                                     422, "owner"),
    ("body over the cap",    "POST",   TURNS,                   b" " * (8 * 2**20 + 1),                        413, None),
    ("plain words",          "POST",   "/v1/score",             CANARY.encode(),                               400, "body"),
    ("no turns",             "POST",   "/v1/score",             body({"turns": []}),                           422, "turns"),
    ("257 turns",            "POST",   "/v1/score",             body({"turns": [{"text": CANARY}] * 257}),     422, "turns"),
    ("300 turns",            "POST",   "/v1/score",             body({"turns": [{"text": CANARY}] * 300}),     422, "turns"),
    ("fourth text empty",    "POST",   "/v1/score",             body({"turns": [{"text": CANARY}] * 3 + [{"text": ""}]}), 422, "turns[3].text"),
    ("second text long",     "POST",   "/v1/score",             body({"turns": [{"text": "a"}, {"text": LONG}]}), 422, "turns[1].text"),
    ("unknown language",     "POST",   "/v1/score",             body({"turns": [{"text": CANARY, "language": "xx"}]}), 422, "turns[0].language"),
    ("unknown conversation", "GET",    "/v1/conversations/none", b"",                                          404, None),
    ("unknown band",         "GET",    "/v1/conversations?band=angry", b"",                                    422, "band"),
    ("limit too large",      "GET",    "/v1/conversations?limit=1000", b"",                                    422, "limit"),
    ("foreign cursor",       "GET",    "/v1/conversations?cursor=abc", b"",                                    422, "cursor"),
    ("labels of no turn",    "PUT",    LABELS,                  label(threat=0),                               404, None),
    ("labels by nobody",     "PUT",    LABELS,                  body({"threat": 0}),                           422, "by"),
    ("nothing said",         "PUT",    LABELS,                  label(),                                       422, "frustration"),
    ("kind of no threat",    "PUT",    LABELS,                  label(threat=0, threat_kind="legal"),          422, "threat_kind"),
    ("kind without a threat", "PUT",   LABELS,                  label(threat_kind="legal"),                    422, "threat_kind"),
    ("unknown kind",         "PUT",    LABELS,                  label(threat=1, threat_kind=CANARY),           422, "threat_kind"),
    ("half a threat",        "PUT",    LABELS,                  label(threat=0.5),                             422, "threat"),
    ("true is no label",     "PUT",    LABELS,                  label(threat=True),                            422, "threat"),
    ("unknown sentiment",    "PUT",    LABELS,                  label(sentiment=CANARY),                       422, "sentiment"),
    ("unknown label",        "PUT",    LABELS,                  label(**{CANARY: 1}),                          422, "(unknown)"),
    ("odd labelled turn",    "PUT",    "/v1/conversations/c1/turns/a%20b/labels", label(threat=0),             422, "turn_id"),
    ("whose labels",         "DELETE", LABELS,                  b"",                                           422, "by"),
    ("unknown reason",       "GET",    "/v1/labels/queue?reason=" + "kan", b"",                                  422, "reason"),
    ("queue by a line break", "GET",   "/v1/labels/queue?by=%0A", b"",                                        422, "by"),
    ("queue in no language", "GET",    "/v1/labels/queue?language=de", b"",                                   422, "language"),
    ("foreign queue cursor", "GET",    "/v1/labels/queue?cursor=abc", b"",                                    422, "cursor"),
    ("labels of no day",     "GET",    "/v1/labels/summary?days=0", b"",                                      422, "days"),
    ("unknown alert",        "POST",   ALERT,                   act(),                                         404, None),
    ("no such alert",        "GET",    ALERT,                   b"",                                           404, None),
    ("alert in Klingon",     "GET",    "/v1/alerts?language=tlh", b"",                                         422, "language"),
    ("odd alert id",         "POST",   "/v1/alerts/a%20b",      act(),                                         422, "alert_id"),
    ("unknown act",          "POST",   ALERT,                   act(CANARY),                                   422, "action"),
    ("act by nobody",        "POST",   ALERT,                   act(by=""),                                    422, "by"),
    ("act by a line break",  "POST",   ALERT,                   act(by=f"{CANARY}\n{CANARY}"),                 422, "by"),
    ("snooze for how long",  "POST",   ALERT,                   act("snooze"),                                 422, "until"),
    ("snooze twice",         "POST",   ALERT,                   act("snooze", until=4e9, for_s=60),            422, "until"),
    ("snooze into the past", "POST",   ALERT,                   act("snooze", until=1000),                     422, "until"),
    ("snooze for years",     "POST",   ALERT,                   act("snooze", until=4e9),                      422, "until"),
    ("snooze for no time",   "POST",   ALERT,                   act("snooze", for_s=0),                        422, "for_s"),
    ("until acknowledged",   "POST",   ALERT,                   act(until=4e9),                                422, "until"),
    ("justified for now",    "POST",   ALERT,                   act("snooze", for_s=60, justified=True),       422, "justified"),
    ("justified by a word",  "POST",   ALERT,                   act("dismiss", justified=CANARY),              422, "justified"),
    ("unknown alert status", "GET",    "/v1/alerts?status=angry", b"",                                         422, "status"),
    ("unknown alert queue",  "GET",    "/v1/alerts?queue=kitchen", b"",                                        422, "queue"),
    ("foreign alert cursor", "GET",    "/v1/alerts?cursor=abc", b"",                                           422, "cursor"),
    ("summary of no day",    "GET",    "/v1/alerts/summary?days=0", b"",                                       422, "days"),
    ("summary of a year",    "GET",    "/v1/alerts/summary?days=365", b"",                                     422, "days"),
    ("similar to nobody",    "GET",    "/v1/conversations/none/similar", b"",                                  404, None),
    ("too many similar",     "GET",    "/v1/conversations/none/similar?limit=21", b"",                         422, "limit"),
    ("query without a word", "GET",    "/v1/resolutions?query=%25_%3F", b"",                                   422, "query"),
    ("empty query",          "GET",    "/v1/resolutions?query=", b"",                                          422, "query"),
    ("long query",           "GET",    "/v1/resolutions?query=" + "kan%20" * 60, b"",                          422, "query"),
    ("17 words",             "GET",    "/v1/resolutions?query=" + "%20".join("abcdefghijklmnopq"), b"",        422, "query"),
    ("too many resolutions", "GET",    "/v1/resolutions?limit=101", b"",                                       422, "limit"),
    ("report by nothing",    "GET",    REPORT,                  b"",                                           422, "by"),
    ("report by year",       "GET",    REPORT + "?by=year",     b"",                                           422, "by"),
    ("no such zone",         "GET",    REPORT + "?by=day&tz=Mars/Base", b"",                                   422, "tz"),
    ("a zone elsewhere",     "GET",    REPORT + "?by=day&tz=../passwd", b"",                                   422, "tz"),
    ("since no date",        "GET",    REPORT + "?by=day&since=kan", b"",                                      422, "since"),
    ("until without offset", "GET",    REPORT + "?by=day&until=2026-01-01T00:00", b"",                         422, "until"),
    ("until before since",   "GET",    REPORT + "?by=day&since=2026-02-01&until=2026-01-01", b"",              422, "since"),
    ("too many days",        "GET",    REPORT + "?by=day&since=2000-01-01", b"",                               422, "since"),
    ("split by contact",     "GET",    REPORT + "?by=day&group=contact_id", b"",                               422, "group"),
    ("report as pdf",        "GET",    REPORT + "?by=day&format=pdf", b"",                                     422, "format"),
    ("event id no number",   "GET",    "/v1/events?after=abc",  b"",                                           422, "after"),
    ("event id negative",    "GET",    "/v1/events?after=-1",   b"",                                           422, "after"),
    ("odd contact id",       "DELETE", "/v1/contacts/a%20b",    b"",                                           422, "contact_id"),
    ("unknown route",        "GET",    "/v1/nothing",           b"",                                           404, None),
    ("unknown asset",        "GET",    "/assets/nothing.js",    b"",                                           404, None),
    ("asset outside",        "GET",    "/assets/..%2fsettings.py", b"",                                        404, None),
    ("unknown docs file",    "GET",    "/docs/nothing",         b"",                                           404, None),
    ("wrong method",         "PUT",    "/v1/score",             b"{}",                                         405, None),
    ("asset by post",        "POST",   "/assets/main.js",       b"",                                           405, None),
]
# fmt: on


def assert_problem(answer: Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "instance", "errors"}
    assert problem["type"].startswith("urn:evenkeel:problem:")
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    for error in problem["errors"]:
        assert set(error) == {"field", "message"}
        assert all(isinstance(value, str) and value for value in error.values())
    assert CANARY not in answer.text
    assert "kan" not in answer.text
    return problem


def assert_error(answer: Response, status: int) -> None:
    """Assert the shape of an error of any route; a drop-in one has a single status for what cannot be understood."""
    path = answer.request.url.path
    if path.startswith(("/v1alpha1/", "/$discovery/")):
        error = assert_foreign(answer, status)
        assert set(error) <= {"code", "message", "status", "details"}
        assert error["code"] == status
        assert error["status"].isupper()
    elif path.startswith("/v1/moderations"):
        error = assert_foreign(answer, status)
        assert set(error) == {"message", "type", "param", "code"}
        assert error["type"] == ("server_error" if status >= 500 else "invalid_request_error")
    else:
        assert_problem(answer, status)


def assert_foreign(answer: Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == {"error"}
    error: dict[str, Any] = answer.json()["error"]
    assert error["message"]
    assert "kan" not in answer.text
    return error


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "field"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_bad_input_is_a_problem_that_names_the_field(
    shared_client: TestClient, method: str, path: str, content: bytes, status: int, field: str | None
) -> None:
    answer = shared_client.request(method, path, content=content, headers=JSON)
    problem = assert_problem(answer, status)
    if field is not None:
        assert field in [error["field"] for error in problem["errors"]]
        assert field in problem["detail"] or status == 400


def routes(client: TestClient) -> list[tuple[str, str]]:
    """Every documented route, with its parameters filled in."""
    paths = client.get("/openapi.json").json()["paths"]
    return [(method.upper(), re.sub(r"\{\w+\}", "c1", path)) for path, methods in paths.items() for method in methods]


def test_every_route_refuses_strangers_and_other_methods_in_the_same_shape(make_client: MakeClient) -> None:
    stranger = make_client(signed=False)
    for method, path in routes(stranger):
        assert_error(stranger.request("TRACE", path), 405)
        if path.startswith(("/v1/", "/v1alpha1/")):
            answer = stranger.request(method, path, content=b"{", headers=JSON)
            if path.startswith("/v1/integrations/"):
                # A desk proves itself by its signature, at an address that only it knows.
                assert_error(answer, 404)
                continue
            assert_error(answer, 401)
            assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_under_another_media_type_is_told_the_right_one(shared_client: TestClient, media_type: str) -> None:
    answer = shared_client.post(
        "/v1/score", content=body({"turns": [{"text": CANARY}]}), headers={"Content-Type": media_type}
    )
    assert "application/json" in assert_problem(answer, 415)["detail"]


def test_a_wrong_method_names_the_right_ones(shared_client: TestClient) -> None:
    assert shared_client.put("/v1/score").headers["allow"] == "POST"


def comment(**changes: Any) -> bytes:
    return body({"comment": {"text": CANARY}, "requestedAttributes": {"TOXICITY": {}}, **changes})


def parts(*given: Any) -> bytes:
    return body({"input": list(given)})


ANALYZE: Final = "/v1alpha1/comments:analyze"
MODERATE: Final = "/v1/moderations"
# fmt: off
FOREIGN: Final = [
    # name                      path       body                                                             status  what it says
    ("comment: not json",       ANALYZE,   b"{" + CANARY.encode(),                                          400, "INVALID_REQUEST"),
    ("comment: a list",         ANALYZE,   body([CANARY]),                                                  400, "INVALID_REQUEST"),
    ("comment: too large",      ANALYZE,   b" " * (8 * 2**20 + 1),                                          400, "INVALID_REQUEST"),
    ("no comment",              ANALYZE,   body({"requestedAttributes": {"TOXICITY": {}}}),                 400, "COMMENT_EMPTY"),
    ("comment of nothing",      ANALYZE,   comment(comment={"text": ""}),                                   400, "COMMENT_EMPTY"),
    ("comment of blanks",       ANALYZE,   comment(comment={"text": " \n"}),                                400, "COMMENT_EMPTY"),
    ("long comment",            ANALYZE,   comment(comment={"text": LONG}),                                 400, "COMMENT_TOO_LONG"),
    ("nothing asked",           ANALYZE,   comment(requestedAttributes={}),                                 400, "NO_REQUESTED_ATTRIBUTES"),
    ("null is asked",           ANALYZE,   comment(requestedAttributes=None),                               400, "NO_REQUESTED_ATTRIBUTES"),
    ("unknown attribute",       ANALYZE,   comment(requestedAttributes={CANARY: {}}),                       400, "INVALID_REQUEST"),
    ("version of another's",    ANALYZE,   comment(requestedAttributes={"TOXICITY@6": {}}),                 400, "INVALID_REQUEST"),
    ("attribute not taught",    ANALYZE,   comment(requestedAttributes={"PROFANITY": {}}),                  400, "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"),
    ("comment in German",       ANALYZE,   comment(languages=["de"]),                                       400, "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"),
    ("partly in German",        ANALYZE,   comment(languages=["en", "de"]),                                 400, "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"),
    ("language is a sentence",  ANALYZE,   comment(languages=[CANARY]),                                     400, "INVALID_REQUEST"),
    ("comment without words",   ANALYZE,   comment(comment={"text": "?!"}),                                 400, "LANGUAGE_DETECTION_FAILED"),
    ("comment in html",         ANALYZE,   comment(comment={"text": CANARY, "type": "HTML"}),               400, "INVALID_REQUEST"),
    ("percentile",              ANALYZE,   comment(requestedAttributes={"TOXICITY": {"scoreType": "PERCENTILE"}}), 400, "INVALID_REQUEST"),
    ("threshold of nothing",    ANALYZE,   b'{"comment": {"text": "a"}, "requestedAttributes": {"TOXICITY": {"scoreThreshold": NaN}}}', 400, "INVALID_REQUEST"),
    ("threshold under a word",  ANALYZE,   comment(requestedAttributes={CANARY: {"scoreThreshold": "x"}}),  400, "INVALID_REQUEST"),
    ("two contexts",            ANALYZE,   comment(context={"entries": [], "articleAndParentComment": {}}), 400, "INVALID_REQUEST"),
    ("field of a comment",      ANALYZE,   comment(**{CANARY: 1}),                                          400, "INVALID_REQUEST"),
    ("suggested score",         "/v1alpha1/comments:suggestscore", comment(),                               501, "UNIMPLEMENTED"),
    ("unknown method",          "/v1alpha1/comments:guess", comment(),                                      404, "NOT_FOUND"),
    ("texts: not json",         MODERATE,  b"{" + CANARY.encode(),                                          400, "body"),
    ("texts: too large",        MODERATE,  b" " * (8 * 2**20 + 1),                                          400, None),
    ("no texts",                MODERATE,  b"{}",                                                           400, "input"),
    ("empty list",              MODERATE,  parts(),                                                         400, "input"),
    ("empty text",              MODERATE,  parts("a", ""),                                                  400, "input[1]"),
    ("long text",               MODERATE,  parts("a", LONG),                                                400, "input[1]"),
    ("a number",                MODERATE,  body({"input": 5}),                                              400, "input"),
    ("a number among texts",    MODERATE,  parts("a", 5),                                                   400, "input[1]"),
    ("a text among parts",      MODERATE,  parts({"type": "text", "text": "a"}, CANARY),                    400, "input[1]"),
    ("unknown part",            MODERATE,  parts({"type": CANARY}),                                         400, "input[0]"),
    ("picture",                 MODERATE,  parts({"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": CANARY}}), 400, "input[1].type"),
    ("300 texts",               MODERATE,  parts(*["a"] * 300),                                             400, "input"),
    ("field of a moderation",   MODERATE,  body({"input": "a", CANARY: 1}),                                 400, "(unknown)"),
]
# fmt: on


@pytest.mark.parametrize(("path", "content", "status", "says"), [c[1:] for c in FOREIGN], ids=[c[0] for c in FOREIGN])
def test_bad_input_of_a_drop_in_route_is_said_as_its_clients_read_it(
    shared_client: TestClient, path: str, content: bytes, status: int, says: str | None
) -> None:
    answer = shared_client.post(path, content=content, headers=JSON)
    assert_error(answer, status)
    error = answer.json()["error"]
    if path == MODERATE:
        assert error["param"] == says
    elif status == 400:
        assert error["status"] == "INVALID_ARGUMENT"
        assert error["details"][0]["errorType"] == says
    else:
        assert error["status"] == says


def test_our_own_failure_says_nothing_but_an_id_that_the_log_has(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_client(scorer=FailingScorer())
    with caplog.at_level("INFO"):
        problem = assert_problem(client.post(TURNS, json=turn()), 500)
    request_id = problem["instance"].removeprefix("urn:uuid:")
    failures = [record for record in caplog.records if record.getMessage() == "http.failed"]
    assert [record.values["request_id"] for record in failures] == [request_id]  # type: ignore[attr-defined]
    for path, content in ((ANALYZE, comment()), (MODERATE, parts(CANARY))):
        assert_error(client.post(path, content=content, headers=JSON), 500)
    assert CANARY not in caplog.text


def test_the_documented_cases_stay_clean_of_what_was_sent_in_the_log(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        for _, method, path, content, *_ in CASES:
            client.request(method, path, content=content, headers=JSON)
        for _, path, content, *_ in FOREIGN:
            client.post(path, content=content, headers=JSON)
    assert len([record for record in caplog.records if record.name == "evenkeel"]) >= len(CASES)
    for record in caplog.records:
        if record.name == "evenkeel":
            assert "kan" not in repr(vars(record)), "what was sent is in the log"
