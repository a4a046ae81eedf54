"""Administrators at work: people come and go, roles hide what they may not open, the trail tells it all."""

import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from service.store import AUDITED, CHANGEABLE, VIA
from tests.browser.running_service import RunningService
from tests.browser.supervisors import do, handoff, open_chat, sign_in_as
from tests.browser.watched import Watched, follow


def person_row(page: Page, name: str) -> Locator:
    return page.locator(f'tr[data-name="{name}"]')


def settings_of(watched: Watched, service: RunningService) -> Page:
    watched.page.goto(f"{service.url}/#/settings")
    expect(watched.page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    expect(person_row(watched.page, "admin")).to_be_visible()
    return watched.page


def add_person(page: Page, name: str, role: str) -> str:
    """Add somebody through the page, and return the link that it shows."""
    page.get_by_label("Name to sign in with").fill(name)
    page.get_by_label("Role", exact=True).select_option(role)
    page.get_by_role("button", name="Add person").click()
    page.get_by_role("button", name=f"Make a sign-in link for {name}").click()
    return page.get_by_label(f"Link for {name}", exact=True).locator("input").input_value()


def test_a_supervisor_comes_works_and_goes(
    board: Watched, watch: Callable[..., Watched], service: RunningService
) -> None:
    admin = settings_of(board, service)
    link = add_person(admin, "jana", "supervisor")
    other = watch()
    jana = other.page
    follow(jana, link)
    expect(jana.locator("#person")).to_contain_text("jana")
    expect(jana.locator("#person")).to_contain_text("Supervisor")
    expect(jana.get_by_role("link", name="Board")).to_be_visible()
    expect(jana.get_by_role("link", name="Settings")).to_be_hidden()
    other.forgiven += ["403", "401"]
    jana.goto(f"{service.url}/#/settings")
    expect(jana.get_by_role("heading", name="Your role may not open this page")).to_be_visible()
    refused = jana.evaluate("""async () => (await fetch("/v1/settings", { method: "PATCH",
        headers: { "Content-Type": "application/json", "X-Evenkeel-Board": "1" }, body: "{}" })).status""")
    assert refused == 403

    service.stop()
    for watched in (board, other):
        watched.forgiven += ["ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED", "ERR_CONNECTION_RESET"]
        expect(watched.page.locator("#stream")).to_have_attribute("data-state", "reconnecting")
    service.start()
    for watched in (board, other):
        expect(watched.page.locator("#stream")).to_have_attribute("data-state", "live")
        expect(watched.page.locator("#gate")).to_be_hidden()

    person_row(admin, "jana").get_by_role("button", name="Deactivate jana").click()
    person_row(admin, "jana").get_by_role("button", name="Yes, sign out now").click()
    expect(person_row(admin, "jana")).to_contain_text("Deactivated")
    assert jana.evaluate("fetch('/v1/me').then((answer) => answer.status)") == 401
    expect(jana.get_by_label("Token or link")).to_be_visible()

    admin.get_by_role("link", name="Audit log").click()
    told = admin.locator("tbody tr")
    for action in ("person.added", "link.made", "session.began", "person.deactivated"):
        expect(told.filter(has_text=action).filter(has_text="jana").first).to_be_visible()
    admin.get_by_label("What", exact=True).select_option("person.deactivated")
    expect(told).to_have_count(1)
    expect(told).to_contain_text("admin")


def test_a_used_link_asks_again_in_the_readers_language(watch: Callable[..., Watched], service: RunningService) -> None:
    link = service.sign_in_link()
    watched = watch()
    watched.forgiven.append("401")
    follow(watched.page, link)
    expect(watched.page.locator("#person")).to_contain_text("Administrator")
    watched.page.get_by_role("button", name="Sign out").click()
    expect(watched.page.get_by_role("heading", name="Sign in")).to_be_visible()
    watched.page.goto(link)
    expect(watched.page.get_by_role("alert")).to_contain_text("used already")
    watched.page.get_by_label("Link or one-time token").fill(service.sign_in_link())
    watched.page.get_by_role("button", name="Sign in").click()
    expect(watched.page.locator("#person")).to_contain_text("admin")


def test_a_link_that_a_scanner_opened_still_signs_its_person_in(
    watch: Callable[..., Watched], service: RunningService
) -> None:
    link = service.sign_in_link()
    for _ in range(3):
        with urllib.request.urlopen(link, timeout=20) as preview:
            assert preview.status == 200
    page = watch().page
    page.goto(link)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#person")).to_contain_text("Administrator")
    assert "token" not in page.url


def test_a_link_works_where_scripts_do_not(browser: Browser, service: RunningService) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    follow(page, service.sign_in_link())
    assert page.evaluate("location.search") == ""
    page.context.close()


def test_another_site_cannot_sign_anybody_in(watch: Callable[..., Watched], service: RunningService) -> None:
    """Over plain HTTP, where a browser does not say which site a form comes from unless it is this machine's."""
    watched = watch()
    token, page = service.token(), watched.page
    form = f'<form method="post" action="{service.url}/session"><input name="token" value="{token}"><button>Go</button></form>'
    page.route("http://elsewhere.invalid/", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto("http://elsewhere.invalid/")
    watched.outside.clear()
    watched.forgiven.append("403")
    page.get_by_role("button").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.evaluate("fetch('/v1/me').then((answer) => answer.status)") == 401
    watched.forgiven.append("401")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#person")).to_contain_text("Administrator")


def test_the_only_administrator_stays_and_is_told_why(board: Watched, service: RunningService) -> None:
    page = settings_of(board, service)
    board.forgiven.append("409")
    page.get_by_label("Role of admin").select_option("agent")
    expect(page.get_by_text("this person is the only administrator")).to_be_visible()
    expect(page.get_by_label("Role of admin")).to_have_value("admin")


def test_a_person_is_renamed_by_keyboard_and_the_trail_says_so(board: Watched, service: RunningService) -> None:
    service.store.people.add("jana", "agent")
    page = settings_of(board, service)
    board.forgiven.append("422")
    rename = person_row(page, "jana").get_by_role("button", name="Rename jana")
    rename.focus()
    page.keyboard.press("Enter")
    shown = page.get_by_label("Shown name of jana")
    expect(shown).to_be_focused()
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    expect(rename).to_be_focused()
    page.keyboard.press("Enter")
    shown.fill("Jana Nováková")
    page.keyboard.press("Enter")
    expect(person_row(page, "jana").locator("th")).to_contain_text("Jana Nováková")
    expect(page.get_by_text("jana is now shown as Jana Nováková.")).to_be_visible()
    expect(rename).to_be_focused()
    rename.click()
    shown.fill("<b>")
    page.keyboard.press("Enter")
    expect(page.get_by_text("A name has 1 to 64 letters")).to_be_visible()
    person_row(page, "admin").get_by_role("button", name="Rename admin").click()
    page.get_by_label("Shown name of admin").fill("Eva")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("#person")).to_contain_text("Eva")
    page.get_by_role("link", name="Audit log").click()
    entry = page.locator('tr[data-action="person.changed"]').filter(has_text="jana")
    expect(entry.locator(".details li")).to_have_text(["Before: jana", "After: Jana Nováková", "Through: board"])


def test_keys_are_made_shown_once_and_revoked(board: Watched, service: RunningService) -> None:
    page = settings_of(board, service)
    page.get_by_label("What it is for", exact=True).fill("web shop")
    page.get_by_label("Kind", exact=True).select_option("publishable")
    page.get_by_label("Web origins, separated by spaces").fill("https://shop.example")
    page.get_by_label("Its pages are told").select_option("none")
    page.get_by_role("button", name="Make a key").click()
    secret = page.get_by_label("Key web shop", exact=True).locator("input")
    expect(secret).to_have_value(re.compile("^evk_pk_"))
    page.get_by_role("link", name="Audit log").click()
    page.get_by_role("link", name="Settings").click()
    for said in ("https://shop.example", "only that a message arrived"):
        expect(person_row(page, "web shop")).to_contain_text(said)
    expect(secret).to_have_count(0)
    person_row(page, "web shop").get_by_role("button", name="Revoke the key web shop").click()
    page.keyboard.press("Enter")  # the question has the focus
    expect(person_row(page, "web shop")).to_contain_text("Revoked")


def test_budget_and_retention_change_and_say_where_they_come_from(board: Watched, service: RunningService) -> None:
    page = settings_of(board, service)
    row = page.locator('tr[data-queue="supervisor"]')
    expect(row).to_contain_text("default")
    row.get_by_role("spinbutton").fill("20")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("set here")
    expect(row).to_contain_text("admin")
    row.get_by_role("button", name="Back to 12").click()
    expect(row).to_contain_text("default")
    page.get_by_label("Days").fill("30")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kept for 30 days")).to_be_visible()
    assert service.store.settings.value("retention_days", 90) == 30


def test_whatever_the_audit_trail_can_say_has_words_in_every_language(modules: Page) -> None:
    """The list is the store's, which writes nothing else; the page has no list of its own."""
    details = {detail for names in AUDITED.values() for detail in names}
    groups = {"action": set(AUDITED), "detail": details, "via": set(VIA)}
    settings = {"budget", *(name for name in CHANGEABLE if not name.startswith("alert_budget."))}
    expected = {f"audit.{group}.{name}" for group, names in groups.items() for name in names}
    expected |= {f"audit.subject.{name}" for name in settings}
    for language in ("en", "vi", "tl", "cs"):
        words = modules.evaluate("async (name) => (await import(`/assets/words/${name}/audit.js`)).strings", language)
        said = {key for key in words if key.split(".")[1] in {*groups, "subject"} and key.count(".") > 1}
        assert said == expected, language
        assert all(words.values()), language
    actions = modules.evaluate("async () => (await import('/assets/pages/audit.js')).ACTIONS")
    assert sorted(actions) == sorted(AUDITED)


# fmt: off
TOLD = [  # action, detail, what is shown in Czech
    ("person.role_changed", {"from": "agent", "to": "admin", "via": "session"}, [["Dříve", "Operátor"], ["Nyní", "Správce"], ["Způsob", "přehled"]]),
    ("settings.changed", {"from": None, "to": 1200, "via": "secret"}, [["Dříve", "jako při spuštění"], ["Nyní", "1\u00a0200"], ["Způsob", "klíč API"]]),
    ("handoff.resolve", {"via": "session", "from": "joined", "to": "resolved", "outcome": "solved"},
     [["Způsob", "přehled"], ["Dříve", "V chatu"], ["Nyní", "Vyřešená"], ["Výsledek", "Vyřešeno"]]),
    ("alert.dismissed", {"queue": "senior", "until": None, "justified": False}, [["Fronta", "Zkušenější kolegové"], ["Upozornění bylo oprávněné", "ne"]]),
    ("alert.snoozed", {"queue": "safety", "until": 900.0, "justified": None}, [["Fronta", "Krizový tým"], ["Do", "at 900"]]),
    ("label.corrected", {"via": "session", "labels": {"threat": 1, "abuse": 0, "threat_kind": "legal", "sentiment": None}, "model_version": "m1"},
     [["Způsob", "přehled"], ["Štítky", "Výhrůžka ano, Urážky ne, Druh výhrůžky právní kroky"], ["Model", "m1"]]),
    ("label.withdrawn", {"via": "session", "labels": None, "model_version": "m1"}, [["Způsob", "přehled"], ["Model", "m1"]]),
    ("key.created", {"kind": "publishable", "name": "shop", "origins": []}, [["Druh", "Veřejný"], ["Název", "shop"]]),
    ("of.a.newer.service", {"some_thing": "x"}, [["some thing", "x"]]),
]
# fmt: on


@pytest.mark.parametrize(("action", "detail", "shown"), TOLD)
def test_details_are_told_in_the_readers_words(
    modules: Page, action: str, detail: dict[str, object], shown: list[list[str]]
) -> None:
    found = modules.evaluate(
        """async (entry) => {
            const { chooseLanguage, keepLanguage } = await import("/assets/strings.js");
            const { detailsOf } = await import("/assets/pages/audit_details.js");
            keepLanguage("cs");
            await chooseLanguage();
            return detailsOf(entry, (seconds) => `at ${seconds}`);
        }""",
        {"action": action, "detail": detail},
    )
    assert found == shown


def offered(page: Page) -> list[str]:
    """What the open conversation offers to do: steps of the hand-off, alert actions, labels."""
    found = page.locator("#conversation").evaluate("""(pane) => [
        ...pane.querySelectorAll(".handoff .actions .button, .alert-actions > button, .label-action"),
    ].filter((made) => made.checkVisibility()).map((made) => made.dataset.action ?? made.textContent)""")
    return [str(name) for name in found]


def test_an_agent_sees_only_what_works_and_it_works(watch: Callable[..., Watched], service: RunningService) -> None:
    service.say("chat-a", "useless idiots, my lawyer will call you")
    page = sign_in_as("petr", watch, service, role="agent").page
    for name in ("Labels", "Reports", "What if", "Settings", "Audit log"):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_hidden()
    open_chat(page, service, "chat-a")
    page.reload()  # nobody is known yet when the conversation is asked for
    expect(page.locator(".alert-next")).to_contain_text("told again")
    assert offered(page) == ["claim"]
    do(page, "claim").click()
    expect(handoff(page)).to_contain_text("You have this conversation")
    expect(page.locator("#announcer")).to_have_text("Claimed: it is yours for a moment")
    expect(handoff(page).locator(".handoff-left")).to_contain_text("Yours for another 1:")
    expect(do(page, "resolve")).to_be_visible()
    assert offered(page) == ["return", "resolve"]
    do(page, "return").click()
    page.get_by_role("dialog").get_by_role("button", name="Give back").click()
    expect(handoff(page).locator(".standing")).to_have_attribute("data-status", "returned")
    assert offered(page) == ["claim"]
    do(page, "claim").click()
    do(page, "resolve").click()
    page.get_by_role("radio", name="Solved", exact=False).first.check()
    page.get_by_role("dialog").get_by_role("button", name="Resolve").click()
    expect(handoff(page).locator(".standing")).to_have_attribute("data-status", "resolved")
    service.say("chat-b", "useless idiots, my lawyer will call you")
    page.goto(f"{service.url}/#/alerts")
    expect(page.get_by_role("link", name="Open conversation chat-b")).to_be_visible()
    expect(page.locator(".alert-actions > button:visible")).to_have_count(0)


def test_a_supervisor_sees_all_of_it(watch: Callable[..., Watched], service: RunningService) -> None:
    service.say("chat-a", "useless idiots, my lawyer will call you")
    page = sign_in_as("jana", watch, service).page
    open_chat(page, service, "chat-a")
    page.reload()
    expect(page.locator(".alert-next")).to_contain_text("told again")
    steps = ["claim", "accept", "join", "resolve"]
    assert sorted(offered(page)) == sorted([*steps, "Acknowledge", "Snooze", "Dismiss", "Correct", "Right as it is"])


def test_who_signs_in_at_an_open_page_reads_it_in_their_own_role(board: Watched, service: RunningService) -> None:
    service.store.people.add("petr", "agent")
    page = board.page
    board.forgiven.append("401")
    for name, shown in ((None, page.locator(".report-card").first), ("petr", page.get_by_text("Your role may not"))):
        page.context.clear_cookies()
        page.goto(f"{service.url}/#/audit")
        page.goto(f"{service.url}/#/reports")
        page.get_by_label("Token or link").fill(service.sign_in_link(name))
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("#gate")).to_be_hidden()
        expect(shown).to_be_visible()
    expect(page.locator("#person")).to_contain_text("petr")
