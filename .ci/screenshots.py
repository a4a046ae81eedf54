"""Write `.ci/screenshots/*.png`: every page, in both themes, and the conversation in every language.

The real service with the released model, in this process, on a data folder that is thrown away; its clock and the
browser's stand at a fixed moment (`board_story.py`). Needs chromium, and Pillow from the extra `benchmark`. Run: `make screenshots`; `ARGS=reports`
takes only the pictures whose names begin so.
"""

import logging
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import uvicorn
from board_story import ADMIN, NOW, ROOT, Api, Clock, Story
from PIL import Image
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

CLOCK = Clock()
time.time = CLOCK.time  # before the service is imported: some of its modules take the function itself

from service.api.app import create_app  # noqa: E402
from service.client import Client  # noqa: E402
from service.settings import load_settings  # noqa: E402
from service.store import Store  # noqa: E402

TARGET = ROOT / ".ci" / "screenshots"
KEY = "for-the-pictures-only"
LOCALES = {"en": "en-GB", "vi": "vi-VN", "tl": "fil-PH", "cs": "cs-CZ"}
SIZE, NARROW = (1360, 860), (360, 780)
PLAY = (".demo-play", "#to-the-end")
MAX_BYTES = 150_000
WAIT_MS = 30_000
SETTLE_MS = 700  # fonts, charts and what a page asks for after its first answer
COLOURS = 256


@dataclass(frozen=True)
class Shot:
    """One picture: what is opened, by whom, and how wide."""

    name: str
    address: str
    ready: str
    theme: str = "light"
    language: str = "en"
    size: tuple[int, int] = SIZE
    clicks: tuple[str, ...] = ()
    scroll_to: str | None = None


def shots(chats: dict[str, str], panel_token: str) -> Iterator[Shot]:
    """Every picture; `chats` names the conversation to open, per language; the token opens the panel, once."""
    for theme in ("light", "dark"):
        yield Shot(f"board-{theme}", "/#/", ".row", theme)
        yield Shot(f"conversation-{theme}", f"/#/c/{chats['en']}", ".handoff .standing", theme)
        yield Shot(f"alerts-{theme}", "/#/alerts", "li.alert", theme)
        yield Shot(f"labels-{theme}", "/#/labels", ".page-body button", theme)
        yield Shot(f"reports-{theme}", "/#/reports", ".report-card svg", theme)
        yield Shot(f"whatif-{theme}", "/#/whatif", ".page-body button", theme)
        yield Shot(f"settings-{theme}", "/#/settings", ".page-body table", theme)
        yield Shot(f"doors-{theme}", "/#/settings", ".webhook", theme, scroll_to="#card-desks")
        yield Shot(f"audit-{theme}", "/#/audit", ".page-body tbody tr", theme)
        yield Shot(f"demo-{theme}", "/demo", ".turn:nth-child(8)", theme, clicks=PLAY)
        yield Shot(f"signin-{theme}", "", ".gate-card", theme)
    for language in ("vi", "tl", "cs"):
        address = f"/#/c/{chats[language]}"
        yield Shot(f"conversation-{language}", address, ".handoff .standing", language=language)
    yield Shot("panel", f"/panel?conversation={chats['en']}#token={panel_token}", ".phrases li", size=NARROW)
    yield Shot("board-narrow", "/#/", ".row", size=NARROW)


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, Store]]:
    """The real service on a free port, in a thread of this process."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    settings = load_settings({"data_dir": str(folder), "port": str(port), "bootstrap_key": KEY}, {})
    app = create_app(settings)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False, ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{port}"
    with Client(url, KEY) as client:
        client.wait_until_ready(120)
    yield url, app.state.runtime.store
    app.state.runtime.closing.set()
    server.should_exit = True
    thread.join(30)


def most_urgent(api: Api) -> dict[str, str]:
    """The conversation of each language that burns most."""
    found = {}
    for language in LOCALES:
        answer = api("GET", f"/v1/conversations?language={language}&resolved=false&limit=1")
        found[language] = answer["conversations"][0]["conversation_id"]
    return found


def signed_in(browser: Browser, url: str, store: Store) -> StorageState:
    """Sign the administrator in, once: the audit log is one of the pictures."""
    link = store.sessions.mint(ADMIN)
    assert link is not None, f"nobody is named {ADMIN}"
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}/?token={link.token_once}")
    page.locator("form.one-button button").click()
    page.locator("#board").wait_for(state="attached")
    state = context.storage_state()
    context.close()
    return state


def take(browser: Browser, url: str, cookies: StorageState, shot: Shot) -> None:
    """Open the page at the moment of the story, and write its picture."""
    width, height = shot.size
    context = browser.new_context(
        storage_state=cookies if shot.address else None,
        locale=LOCALES[shot.language],
        timezone_id="Europe/Prague",
        color_scheme=shot.theme,
        reduced_motion="reduce",
        viewport={"width": width, "height": height},
    )
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.clock.set_fixed_time(datetime.fromtimestamp(NOW, UTC))
    page.goto(url + shot.address)
    if shot.address.startswith("/#/"):
        expect(page.locator("#stream")).to_have_attribute("data-state", "live", timeout=WAIT_MS)
    for button in shot.clicks:
        page.locator(button).first.click()
    page.locator(shot.ready).first.wait_for()
    if shot.scroll_to:
        page.locator(shot.scroll_to).evaluate("element => element.scrollIntoView()")
    page.wait_for_timeout(SETTLE_MS)
    page.evaluate("document.activeElement?.blur()")  # a caret that blinks is not the same twice
    save(page.screenshot(), TARGET / f"{shot.name}.png")
    context.close()


def save(picture: bytes, path: Path) -> None:
    """Write it with a palette: a third of the size, and no difference that anybody sees."""
    Image.open(BytesIO(picture)).convert("RGB").quantize(
        COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
    ).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)} {size / 1000:.0f} kB", flush=True)
    if size > MAX_BYTES:
        raise SystemExit(f"{path.name} has {size} bytes, expected at most {MAX_BYTES}")


def main(prefixes: list[str]) -> None:
    """Tell the story and take the pictures."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("no chromium: `apt-get install chromium`")
    logging.disable(logging.WARNING)
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (url, store):
        api = Api(url, KEY)
        Story(api, CLOCK, store.tick_alerts).tell()
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
            cookies = signed_in(browser, url, store)
            token = api("POST", "/v1/panel/links", {"by": ADMIN})["token"]
            for shot in shots(most_urgent(api), token):
                if not prefixes or shot.name.startswith(tuple(prefixes)):
                    take(browser, url, cookies, shot)
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
