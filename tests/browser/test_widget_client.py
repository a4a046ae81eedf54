"""The browser client on another site's page, in a real browser: it delivers, waits, resumes, and is in nobody's way."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from service.api.widget_files import script_element
from tests.browser.conftest import WAIT_MS
from tests.browser.other_site import OtherSite, running_site
from tests.browser.running_service import RunningService

TURNS = "**/v1/conversations/*/turns"
_names = count(1)


@pytest.fixture(scope="module")
def site() -> Iterator[OtherSite]:
    with running_site() as running:
        running.add("/favicon.ico", "")
        yield running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """One service for the module: each test has a conversation of its own."""
    running = RunningService(tmp_path_factory.mktemp("widget"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()
    opened.set_default_timeout(WAIT_MS)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type in ("log", "warning") else None)
    yield opened
    context.close()
    assert errors == [], "the chat's page is not disturbed, and nothing is logged"


def key_of(service: RunningService, origin: str, answers: str = "full") -> str:
    return service.store.create_key("publishable", "shop", (origin,), answers=answers).secret_once  # type: ignore[arg-type]


def open_shop(page: Page, site: OtherSite, service: RunningService, **options: str) -> str:
    """Open a page that has connected as `client`; return its conversation."""
    conversation = f"visit-{next(_names)}"
    given = {"endpoint": service.url, "publishableKey": key_of(service, site.origin), "conversation": conversation}
    page.goto(site.add("/shop", shop(service, given | options)))
    return conversation


def shop(service: RunningService, options: dict[str, str]) -> str:
    return f"""{script_element(service.url)}
        <script>
          const client = Evenkeel.connect({json.dumps(options)});
          const told = {{ states: [], pauses: [], assessments: [], failures: [], answers: [] }};
          client.onStatus((status) => (told.states.push(status.state), told.pauses.push(status.retryInMs ?? 0)));
          client.onAssessment((assessment) => told.assessments.push(assessment.turn_id));
          const say = (turn) => void client.send(turn).then((answer) => told.answers.push(answer), (f) => told.failures.push([f.name, f.code, f.status]));
        </script>"""


def told(page: Page, name: str) -> list[Any]:
    found: list[Any] = page.evaluate(f"told.{name}")
    return found


def eventually(page: Page, condition: str) -> None:
    """Wait for what the page comes to know."""
    page.wait_for_function(condition)


def stored(service: RunningService, conversation: str) -> list[tuple[str, str]]:
    found = service.store.conversation(conversation)
    return [] if found is None else [(turn.turn_id, turn.text or "") for turn in found.turns]


def test_three_lines_on_another_origin_score_a_message(page: Page, site: OtherSite, shared: RunningService) -> None:
    key = key_of(shared, site.origin)
    page.goto(
        site.add(
            "/three",
            f"""<output></output>{script_element(shared.url)}
            <script>
              const client = Evenkeel.connect({{ endpoint: "{shared.url}", publishableKey: "{key}" }});
              client.send({{ text: "this is ridiculous" }}).then(({{ risk }}) => (document.querySelector("output").textContent = risk.band));
            </script>""",
        )
    )
    expect(page.locator("output")).to_have_text("watch")
    conversation = page.evaluate("client.conversation")
    [(turn_id, text)] = stored(shared, conversation)
    assert (len(conversation), len(turn_id), text) == (36, 36, "this is ridiculous")
    assert page.context.cookies() == []
    page.reload()  # the tab keeps its conversation
    expect(page.locator("output")).not_to_be_empty()
    assert page.evaluate("client.conversation") == conversation


def test_it_is_a_module_too_and_tells_visitors_nothing_by_default(
    page: Page, site: OtherSite, shared: RunningService
) -> None:
    key = key_of(shared, site.origin, "none")
    page.goto(
        site.add(
            "/module",
            f"""<output></output><script type="module">
              import Evenkeel, {{ connect }} from "{shared.url}/widget/evenkeel.mjs";
              const client = connect({{ endpoint: "{shared.url}/", publishableKey: "{key}", conversation: "as-module" }});
              client.onAssessment(() => (document.title = "told"));
              const answer = await client.send({{ text: "useless", turnId: "one", sentAt: new Date(0) }});
              document.querySelector("output").textContent = JSON.stringify([connect === Evenkeel.connect, answer]);
            </script>""",
        )
    )
    receipt = {"conversation_id": "as-module", "turn_id": "one"}
    expect(page.locator("output")).to_have_text(json.dumps([True, receipt], separators=(",", ":")))
    assert page.title() == "A shop"
    found = shared.store.conversation("as-module")
    assert found is not None
    assert found.turns[0].sent_at == 0.0


def test_a_changed_script_is_refused_by_the_browser(page: Page, site: OtherSite, shared: RunningService) -> None:
    page.route("**/widget/evenkeel.js", lambda route: route.fulfill(
        body="globalThis.Evenkeel = 'not ours'", content_type="text/javascript", headers={"Access-Control-Allow-Origin": "*"}
    ))  # fmt: skip
    page.goto(site.add("/changed", script_element(shared.url)))
    assert page.evaluate("typeof Evenkeel") == "undefined"


def test_what_is_written_offline_arrives_in_order_and_is_forgotten(
    page: Page, site: OtherSite, shared: RunningService
) -> None:
    conversation = open_shop(page, site, shared)
    page.context.set_offline(True)
    for text in ("first", "second", "third"):
        page.evaluate("(text) => say({ text })", text)
    eventually(page, "told.states.includes('offline')")
    assert page.evaluate("Object.values(sessionStorage).filter((kept) => kept.includes('second')).length") == 1
    page.context.set_offline(False)
    eventually(page, "told.answers.length === 3")
    assert [text for _, text in stored(shared, conversation)] == ["first", "second", "third"]
    assert page.evaluate("Object.keys(sessionStorage).length + Object.keys(localStorage).length") == 0
    assert told(page, "assessments") == [turn_id for turn_id, _ in stored(shared, conversation)]
    eventually(page, "told.states.at(-1) === 'idle'")


@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_long_as_it_is_asked_and_sends_the_same_turn(
    page: Page, site: OtherSite, shared: RunningService, status: int
) -> None:
    conversation = open_shop(page, site, shared)
    sent: list[dict[str, Any]] = []
    cors = {"Access-Control-Allow-Origin": site.origin, "Access-Control-Expose-Headers": "Retry-After"}

    def refuse_once(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        sent.append(json.loads(route.request.post_data or ""))
        if len(sent) == 1:
            return route.fulfill(status=status, headers=cors | {"Retry-After": "2"}, body="{}")
        return route.continue_()

    page.route(TURNS, refuse_once)
    page.evaluate("say({ text: 'slow' })")
    eventually(page, "told.answers.length === 1")
    assert max(told(page, "pauses")) >= 2000
    assert len(sent) == 2
    assert sent[0]["turn_id"] == sent[1]["turn_id"] == stored(shared, conversation)[0][0]
    assert len(stored(shared, conversation)) == 1


def test_a_reload_in_the_middle_loses_and_doubles_nothing(page: Page, site: OtherSite, shared: RunningService) -> None:
    conversation = open_shop(page, site, shared)

    def lose_the_answer(route: Route) -> None:
        """The service hears it, the page does not hear back."""
        if route.request.method == "POST":
            route.fetch()
            return route.abort()
        return route.continue_()

    page.route(TURNS, lose_the_answer)
    for text in ("heard", "waiting"):
        page.evaluate("(text) => say({ text })", text)
    eventually(page, "told.states.includes('waiting')")
    assert [text for _, text in stored(shared, conversation)] == ["heard"]
    page.unroute(TURNS)
    page.reload()
    eventually(page, "told.assessments.length === 2")
    assert [text for _, text in stored(shared, conversation)] == ["heard", "waiting"]
    assert page.evaluate("Object.keys(sessionStorage).length") == 0


def test_two_tabs_deliver_what_one_left_behind_once(page: Page, site: OtherSite, shared: RunningService) -> None:
    conversation = open_shop(page, site, shared, storage="local")
    page.route(TURNS, lambda route: route.abort())
    page.evaluate("say({ text: 'twice?' })")
    eventually(page, "told.states.includes('waiting')")
    other = page.context.new_page()
    other.goto(page.url)
    page.unroute(TURNS)
    other.wait_for_function("told.assessments.length === 1")
    eventually(page, "told.answers.length === 1")
    assert [text for _, text in stored(shared, conversation)] == ["twice?"]
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_refused_message_is_told_and_the_next_one_goes_on(
    page: Page, site: OtherSite, shared: RunningService
) -> None:
    conversation = open_shop(page, site, shared)
    page.evaluate(
        "say({ text: 'a', turnId: 'not an id' }); say({ text: 'b', role: 'agent' }); say({ text: '' }); say({ text: 'c' })"
    )
    eventually(page, "told.answers.length === 1")
    assert sorted(told(page, "failures")) == [
        ["EvenkeelError", "misconfigured", 0],
        ["EvenkeelError", "refused", 403],
        ["EvenkeelError", "refused", 422],
    ]
    assert [text for _, text in stored(shared, conversation)] == ["c"]


def test_a_key_of_another_site_is_refused(page: Page, site: OtherSite, shared: RunningService) -> None:
    key = key_of(shared, "https://shop.example")
    conversation = open_shop(page, site, shared, publishableKey=key)
    page.evaluate("say({ text: 'x' })")
    eventually(page, "told.failures.length === 1")
    assert told(page, "failures") == [["EvenkeelError", "refused", 403]]
    assert stored(shared, conversation) == []


def test_an_origin_that_no_key_names_gets_nowhere_and_its_chat_goes_on(
    page: Page, site: OtherSite, shared: RunningService
) -> None:
    conversation = open_shop(page, site, shared)
    page.goto(page.url.replace("localhost", "127.0.0.1"))
    page.evaluate("say({ text: 'x' })")
    eventually(page, "told.states.includes('waiting')")
    assert (told(page, "answers"), told(page, "failures"), stored(shared, conversation)) == ([], [], [])


@pytest.mark.parametrize(
    "options",
    ["undefined", "{}", "{endpoint: 7}", "{endpoint: 'https://x.example', publishableKey: 'evk_sk_secret'}",
     "{endpoint: 'https://x.example', publishableKey: 'evk_pk_x', conversation: 'not an id'}",
     "{endpoint: 'https://x.example', publishableKey: 'evk_pk_x', storage: 'cookie'}"],
)  # fmt: skip
def test_wrong_options_never_throw_into_the_chat(
    page: Page, site: OtherSite, shared: RunningService, options: str
) -> None:
    page.goto(site.add("/wrong", script_element(shared.url)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    code = page.evaluate(
        f"(async () => {{ const c = Evenkeel.connect({options}); let s; c.onStatus((x) => (s = x.state));"
        " return [s, await c.send({ text: 'x' }).catch((f) => f.code), await c.send().catch((f) => f.code)]; })()"
    )
    assert code == ["misconfigured"] * 3
    assert asked == []


def test_a_closed_client_sends_nothing_and_keeps_what_it_had(
    page: Page, site: OtherSite, shared: RunningService
) -> None:
    conversation = open_shop(page, site, shared)
    page.route(TURNS, lambda route: route.abort())
    page.evaluate("say({ text: 'kept' })")
    eventually(page, "told.states.includes('waiting')")
    page.evaluate("client.close(); say({ text: 'late' })")
    eventually(page, "told.failures.length === 2")
    assert [code for _, code, _ in told(page, "failures")] == ["closed", "closed"]
    page.unroute(TURNS)
    page.reload()
    eventually(page, "told.assessments.length === 1")
    assert [text for _, text in stored(shared, conversation)] == ["kept"]


def test_a_queue_is_bounded(page: Page, site: OtherSite, shared: RunningService) -> None:
    open_shop(page, site, shared)
    page.context.set_offline(True)
    page.evaluate("for (let i = 0; i < 101; i += 1) say({ text: 'x' })")
    eventually(page, "told.failures.length === 1")
    assert told(page, "failures") == [["EvenkeelError", "full", 0]]
