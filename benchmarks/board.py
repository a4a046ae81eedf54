"""Thousands of open conversations and many turns a second -> how smooth the board is in a real browser.

The real service in a process of its own (with a scorer that takes no time, and with the released model), headless
chromium with the board open, and customers who write: three processes that share the machine. Measured are the
times between animation frames, long tasks, the page's memory, the time until everything is there, and the time
from a POST to the number that it changes on the page. Run: `make board`
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks.board_load import Desk, Sent, name_of
from benchmarks.record import record
from benchmarks.results import write_results
from service.client import Client
from service.store import Store

ROOT = Path(__file__).resolve().parents[1]
MODULES = {"fixed scorer": "benchmarks.board_service", "released model": "service"}
KEY = "board-benchmark-only"
PORT = 8765
PROBES = 8
"""Of the riskiest conversations, which are in sight: every tenth turn is one of theirs, and is waited for on the page."""
EVERY = 10
JANK_MS = 50.0

WATCH = """() => {
    window.seen = { frames: [], longTasks: [], numbers: [] };
    let last = performance.now();
    const frame = (now) => { seen.frames.push(now - last); last = now; requestAnimationFrame(frame); };
    requestAnimationFrame((now) => { last = now; requestAnimationFrame(frame); });
    new PerformanceObserver((list) => seen.longTasks.push(...list.getEntries().map((task) => task.duration))).observe({ type: "longtask" });
    const shown = (b) => seen.numbers.push([b.closest(".row").dataset.id, Number(b.textContent), Date.now() / 1000]);
    new MutationObserver((changes) => {
        for (const { target } of changes) if (target.parentElement?.className === "row-number" && target.tagName === "B") shown(target);
    }).observe(document.querySelector("#list"), { childList: true, subtree: true });
}"""


@contextmanager
def serving(module: str, data_dir: Path) -> Iterator[str]:
    """The service of this module, ready."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENKEEL_")}
    command = [sys.executable, "-m", module, "serve", "--port", str(PORT), "--data-dir", str(data_dir)]
    environment = {**kept, "EVENKEEL_BOOTSTRAP_KEY": KEY, "EVENKEEL_LOG_LEVEL": "warning"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{PORT}"
        with Client(url, KEY) as client:
            client.wait_until_ready(120)
        yield url
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def browsing() -> Iterator[Page]:
    """A page of headless chromium."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("no chromium on this machine: `apt-get install chromium`")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser.new_page(viewport={"width": 1360, "height": 860}, locale="en-GB")
        browser.close()


def sign_in_token(data_dir: Path) -> str:
    """Return a token of the first administrator, made beside the running service as `evenkeel token` does."""
    store = Store.open(f"sqlite:///{data_dir / 'evenkeel.db'}")
    try:
        link = store.sessions.mint()
    finally:
        store.close()
    assert link is not None, "without a name there is always somebody"
    return link.token_once


def measure(module: str, args: argparse.Namespace) -> dict[str, object]:
    """One run."""
    with tempfile.TemporaryDirectory() as folder, serving(module, Path(folder)) as url, browsing() as page:
        desk = Desk(PORT, KEY, args.seed)
        desk.fill(args.conversations, 1)
        token = sign_in_token(Path(folder))
        page.set_default_timeout(120_000)
        page.goto(f"{url}/?token={token}")
        page.locator("form.one-button button").click()
        everything = f"() => document.querySelector('.row[aria-setsize=\"{args.conversations}\"]') && performance.now()"
        loaded_ms = page.wait_for_function(everything).json_value()
        before = heap_mb(page)
        page.evaluate(WATCH)
        meter = page.context.new_cdp_session(page)
        meter.send("Performance.enable")
        busy_before, began = busy_s(meter), time.time()
        sent = write_while_watching(page, desk, args)
        took = time.time() - began
        busy = (busy_s(meter) - busy_before) / took
        page.wait_for_timeout(1000)  # the last numbers
        seen = page.evaluate("() => window.seen")
        return {
            "conversations": args.conversations,
            "turns_per_second": round(len(sent) / took, 1),
            "seconds": round(took, 1),
            "first_full_load_ms": round(loaded_ms),
            **summarise(seen, sent),
            "main_thread_busy": round(busy, 3),
            "heap_before_mb": before,
            "heap_after_mb": heap_mb(page),
        }


def write_while_watching(page: Page, desk: Desk, args: argparse.Namespace) -> list[Sent]:
    """Let customers write for a while; every tenth turn is of a conversation that is in sight."""
    random = Random(args.seed)
    in_sight = page.locator(".row").evaluate_all("rows => rows.map((row) => row.dataset.id)")[:PROBES]
    count = int(args.turns_per_second * args.seconds)
    anywhere = [name_of(random.randrange(args.conversations)) for _ in range(count)]
    names = [in_sight[index // EVERY % PROBES] if index % EVERY == 0 else name for index, name in enumerate(anywhere)]
    return desk.write(names, args.turns_per_second)


def summarise(seen: dict[str, Any], sent: Sequence[Sent]) -> dict[str, object]:
    """Percentiles of what the page saw."""
    frames, waits = np.array(seen["frames"]), shown_after_ms(seen["numbers"], sent)
    answered = [1e3 * (turn.answered_at - turn.at) for turn in sent]
    return {
        "frames": len(frames),
        "frame_ms": {**percentiles(frames), "longest": round(float(frames.max()), 1)},
        "frames_over_50_ms": round(float((frames > JANK_MS).mean()), 4),
        "long_tasks": len(seen["longTasks"]),
        "longest_task_ms": round(max(seen["longTasks"], default=0.0)),
        "post_ms": percentiles(answered),
        "post_to_row": len(waits),
        "post_to_row_ms": percentiles(waits),
    }


def shown_after_ms(numbers: Sequence[Sequence[Any]], sent: Sequence[Sent]) -> list[float]:
    """From the POST to the first time that the page wrote its number into its row, where it did so before the next POST."""
    waits = []
    for index, turn in enumerate(sent):
        until = next((later.at for later in sent[index + 1 :] if later.conversation_id == turn.conversation_id), np.inf)
        written = [at for name, number, at in numbers if name == turn.conversation_id and number == turn.percent]
        first = next((at for at in written if turn.at <= at < until), None)
        if first is not None:
            waits.append(1e3 * (first - turn.at))
    return waits


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds."""
    if not len(values):
        return {}
    return {f"p{q}": round(float(np.percentile(values, q)), 1) for q in (50, 95)}


def heap_mb(page: Page) -> float:
    """What the page's scripts hold after a collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return round(used / 1e6, 1)


def busy_s(meter: CDPSession) -> float:
    """For how long the page's main thread has worked so far."""
    metrics = {item["name"]: item["value"] for item in meter.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--conversations", type=int, default=2000)
    parser.add_argument("--turns-per-second", type=float, default=50.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--only", choices=sorted(MODULES), help="one scorer; then nothing is recorded")
    args = parser.parse_args()
    if args.only:
        print(measure(MODULES[args.only], args))
        return
    record("board", {name: measure(module, args) for name, module in MODULES.items()})
    write_results()


if __name__ == "__main__":
    main()
