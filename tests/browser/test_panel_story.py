"""The agent-assist panel in another site's page: by frame and by element, live, and deaf to everybody who is not the host."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, FrameLocator, Page, expect

from tests.browser.conftest import WAIT_MS
from tests.browser.other_site import OtherSite, running_site
from tests.browser.running_service import RunningService
from tests.browser.test_board_accessibility import LOCALES, violations
from tests.browser.watched import follow

OpenDesk = Callable[..., Page]
HOSTILE = '<img src=x onerror="parent.broken=1"> useless'


def same_site(address: str) -> str:
    """Another origin than the service's, but its site: there browsers let a frame keep something."""
    return address.replace("localhost", "127.0.0.1")


@pytest.fixture(scope="module")
def desk() -> Iterator[OtherSite]:
    with running_site() as running:
        running.add("/favicon.ico", "")
        yield running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, desk: OtherSite) -> Iterator[RunningService]:
    running = RunningService(
        tmp_path_factory.mktemp("panel"), settings={"frame_ancestors": f"{desk.origin},{same_site(desk.origin)}"}
    )
    running.start()
    running.store.people.add("mai", "agent", "Mai")
    running.say("chat-a", "this is ridiculous, I want a manager")
    running.say("chatwoot-main-41", "hrozné, pořád čekám")
    running.say("chat-hostile", HOSTILE)
    yield running
    running.stop()


def serious(message: ConsoleMessage) -> bool:
    """Whether it is more than an answer that the panel deals with: signed out, nothing there yet."""
    return message.type == "error" and "Failed to load resource" not in message.text


@pytest.fixture
def open_desk(browser: Browser, desk: OtherSite) -> Iterator[OpenDesk]:
    contexts = []

    def open_page(body: str, address: Callable[[str], str] = str) -> Page:
        context = browser.new_context(locale="en-GB", viewport={"width": 900, "height": 900})
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if serious(message) else None)
        contexts.append((context, errors))
        page.goto(address(desk.add("/desk", f"<h1>A desk</h1>{body}")))
        return page

    yield open_page
    for context, errors in contexts:
        context.close()
        assert errors == []


def link(service: RunningService) -> str:
    return str(service.call("POST", "/v1/panel/links", {"by": "mai"})["token"])


def element(service: RunningService, conversation: str, token: str) -> str:
    return f"""<evenkeel-panel endpoint="{service.url}" conversation="{conversation}" token="{token}"></evenkeel-panel>
        <script src="{service.url}/widget/evenkeel-panel.js"></script>
        <script>
          const heard = [];
          for (const type of ["evenkeel:insert", "evenkeel:findings"]) document.addEventListener(type, (event) => heard.push([type, event.detail]));
          const panel = document.querySelector("evenkeel-panel");
        </script>"""


def inside(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def test_as_an_element_it_is_live_inserts_and_checks(open_desk: OpenDesk, shared: RunningService) -> None:
    page = open_desk(element(shared, "chat-a", link(shared)))
    panel = inside(page)
    expect(panel.locator(".panel-id")).to_have_text("chat-a")
    expect(panel.locator(".reasons li").first).to_be_visible()
    words = panel.locator(".phrases p").first.inner_text()
    panel.get_by_role("button", name="Insert").first.click()
    page.wait_for_function("heard.length === 1")
    assert page.evaluate("heard[0]") == ["evenkeel:insert", {"conversation": "chat-a", "text": words}]
    page.evaluate("panel.check('Please calm down.')")
    expect(panel.locator(".finding[data-kind='calm_down']")).to_be_visible()
    page.wait_for_function("heard.length === 2")
    assert page.evaluate("heard[1][1].findings[0].kind") == "calm_down"
    assert page.evaluate("document.activeElement.tagName") != "TEXTAREA", "the focus stays with the desk"
    shared.say("chat-a", "useless idiots, my lawyer will call you")
    expect(panel.locator(".badge")).to_contain_text("Critical")
    page.evaluate("panel.setAttribute('conversation', 'chat-hostile')")
    expect(panel.locator(".panel-id")).to_have_text("chat-hostile")
    page.evaluate("panel.setAttribute('conversation', 'nobody')")
    expect(panel.get_by_role("heading", name="Nothing of this conversation yet")).to_be_visible()
    shared.say("nobody", "hello")
    expect(panel.locator(".panel-id")).to_have_text("nobody")
    assert page.context.cookies() == []


def test_a_pass_goes_on_in_its_tab_and_a_used_link_is_worth_nothing_elsewhere(
    open_desk: OpenDesk, shared: RunningService
) -> None:
    body = element(shared, "chat-a", link(shared))
    page = open_desk(body)
    page.goto(same_site(page.url))
    expect(inside(page).get_by_role("alert")).to_contain_text("used already")
    page = open_desk(element(shared, "chat-a", link(shared)), address=same_site)
    expect(inside(page).locator(".panel-id")).to_be_visible()
    page.reload()  # with a link that was used meanwhile
    expect(inside(page).locator(".panel-id")).to_be_visible()
    elsewhere = page.context.new_page()
    elsewhere.goto(page.url)
    expect(inside(elsewhere).get_by_role("alert")).to_contain_text("used already")


def test_a_person_at_the_board_makes_a_code_and_pastes_it(
    open_desk: OpenDesk, shared: RunningService, browser: Browser
) -> None:
    page = open_desk(element(shared, "chat-a", ""))
    board = browser.new_context(locale="en-GB").new_page()
    board.goto(f"{shared.url}/panel")
    board.get_by_role("button", name="Make a code").click()
    expect(board.get_by_role("status").last).to_contain_text("Sign in to the board first")
    follow(board, shared.sign_in_link("mai"))
    board.goto(f"{shared.url}/panel")
    board.get_by_role("button", name="Make a code").click()
    inside(page).get_by_label("Code").fill("  " + board.locator("#panel-code").inner_text())
    inside(page).get_by_role("button", name="Connect").click()
    expect(inside(page).locator(".panel-id")).to_have_text("chat-a")
    board.context.close()


def test_who_is_signed_out_is_asked_again(open_desk: OpenDesk, shared: RunningService) -> None:
    shared.store.people.add("leaver", "agent")
    token = shared.call("POST", "/v1/panel/links", {"by": "leaver"})["token"]
    page = open_desk(element(shared, "chat-a", token))
    expect(inside(page).locator(".panel-id")).to_be_visible()
    shared.call("PATCH", "/v1/people/leaver", {"deactivated": True})
    expect(inside(page).get_by_role("heading", name="Connect this panel")).to_be_visible()


def test_as_a_chatwoot_dashboard_app_it_follows_the_conversation(open_desk: OpenDesk, shared: RunningService) -> None:
    page = open_desk(
        f"""<iframe src="{shared.url}/panel?chatwoot=main&language=cs#token={link(shared)}" width="400" height="800" title="Evenkeel"></iframe>
        <script>
          const context = (id) => JSON.stringify({{ event: "appContext", data: {{ conversation: {{ id, account_id: 1, status: "open" }}, contact: {{ id: 7 }}, currentAgent: {{ id: 3 }} }} }});
          const frame = document.querySelector("iframe").contentWindow;
          const asked = [];
          addEventListener("message", ({{ data, source }}) => {{
            asked.push(data);
            if (data === "chatwoot-dashboard-app:fetch-info") source.postMessage(context(41), "*");
          }});
        </script>"""
    )
    panel = inside(page)
    expect(panel.locator(".panel-id")).to_have_text("chatwoot-main-41")
    expect(panel.get_by_role("heading", name="Doporučení")).to_be_visible()
    expect(panel.get_by_role("button", name="Kopírovat").first).to_be_visible()  # it takes no phrases by itself
    page.evaluate("frame.postMessage(context(42), '*')")
    expect(panel.get_by_role("heading", name="O této konverzaci zatím nic nevíme")).to_be_visible()
    for nonsense in ("'{}'", "'not json'", "context('../x')", "context(-1)", "{}", "7", "null"):
        page.evaluate(f"frame.postMessage({nonsense}, '*')")
    page.evaluate("frame.postMessage(context(41), '*')")
    expect(panel.locator(".panel-id")).to_have_text("chatwoot-main-41")


def test_nobody_but_the_page_around_is_heard(open_desk: OpenDesk, shared: RunningService, desk: OtherSite) -> None:
    """Another frame of the same page speaks to the panel, and to the element as if it were the panel."""
    stranger = f"http://127.0.0.1:{desk.port}/stranger"
    desk.add(
        "/stranger",
        """<script>
          parent.frames[0].postMessage({ type: "evenkeel:conversation", conversation: "chat-hostile" }, "*");
          parent.postMessage({ type: "evenkeel:insert", text: "forged" }, "*");
          parent.postMessage("done", "*");
        </script>""",
    )
    page = open_desk(element(shared, "chat-a", link(shared)))
    expect(inside(page).locator(".panel-id")).to_have_text("chat-a")
    page.evaluate(
        """(address) => new Promise((resolve) => {
          addEventListener("message", ({ data }) => data === "done" && resolve());
          const frame = document.createElement("iframe");
          frame.src = address;
          document.body.append(frame);
        })""",
        stranger,
    )
    page.evaluate("panel.check('hello')")  # messages arrive in order: what came before was heard, or not
    page.wait_for_function("heard.length === 1")
    assert page.evaluate("heard[0][1].conversation") == "chat-a"
    expect(page.frame_locator("evenkeel-panel iframe").locator(".panel-id")).to_have_text("chat-a")


def test_a_page_that_is_not_named_cannot_show_it(browser: Browser, shared: RunningService) -> None:
    page = browser.new_page()
    with running_site() as stranger, page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        page.goto(stranger.add("/frame", f'<iframe src="{shared.url}/panel" title="x"></iframe>'))
    page.close()


def test_what_customers_wrote_stays_text(open_desk: OpenDesk, shared: RunningService) -> None:
    page = open_desk(element(shared, "chat-hostile", link(shared)))
    panel = inside(page)
    expect(panel.locator(".panel-id")).to_have_text("chat-hostile")
    panel.locator("#draft").fill(HOSTILE)
    expect(panel.locator(".draft-said")).not_to_be_empty()
    assert panel.locator("main img").count() == 0
    assert page.evaluate("window.broken") is None


@pytest.mark.parametrize(("language", "scheme", "width"), [("en", "light", 1024), ("cs", "dark", 360)])
def test_it_is_free_of_violations(
    browser: Browser, shared: RunningService, language: str, scheme: str, width: int
) -> None:
    context = browser.new_context(
        locale=LOCALES[language],
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        viewport={"width": width, "height": 860},
    )
    page = context.new_page()
    page.goto(f"{shared.url}/panel#token=worthless")
    expect(page.get_by_role("alert")).not_to_be_empty()
    found = violations(page)
    page.goto(f"{shared.url}/docs")  # only the fragment would change, and nothing be loaded
    page.goto(f"{shared.url}/panel?conversation=chat-a#token={link(shared)}")
    expect(page.locator(".panel-id")).to_be_visible()
    page.locator("#draft").fill("calm down, as I said")
    expect(page.locator(".finding").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found + violations(page) == []
    context.close()
