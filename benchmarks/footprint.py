"""A fresh slim install -> its size, time from start to first answer, and idle memory.

Needs only the standard library: it makes its own virtual environment in a temporary folder, starts
the service as `make run` does, and asks for one score. Run: `make footprint`
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.record import record

ROOT = Path(__file__).resolve().parent.parent
KEY = "footprint-benchmark-key-000000000000"
GOALS = {"install_mb": 400, "first_answer_s": 3, "idle_memory_mb": 300}


def install(folder: Path) -> tuple[Path, float]:
    """Install the locked runtime; returns the environment's `bin` and its size in MB."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / ".ci/requirements/runtime.txt")], check=True)
    subprocess.run([*pip, "--no-deps", str(ROOT)], check=True)
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file() and not f.is_symlink())
    return folder / "bin", size / 1e6


def first_answer(process: subprocess.Popen[bytes], port: int, began: float) -> float:
    """Seconds from `began` until a text was scored."""
    body = json.dumps({"turns": [{"text": "Tôi gọi 5 lần rồi mà không ai giải quyết"}]}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/score",
        body,
        {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
    )
    while time.monotonic() - began < 60 and process.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                answer.read()
                return time.monotonic() - began
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise SystemExit("footprint: the service did not answer within a minute")


def memory_mb(pid: int) -> float:
    """Resident memory of a process (Linux)."""
    fields = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in fields if line.startswith("VmRSS")).split()[1]) / 1024


def measure(folder: Path) -> dict[str, object]:
    """Install, start, ask, wait, weigh."""
    bin_folder, size = install(folder / "venv")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {k: v for k, v in os.environ.items() if not k.startswith("EVENKEEL_")} | {
        "EVENKEEL_PORT": str(port), "EVENKEEL_DATA_DIR": str(folder / "data"), "EVENKEEL_BOOTSTRAP_KEY": KEY,
        "EVENKEEL_MODEL_DIR": str(ROOT / "models"),
    }  # fmt: skip
    seconds = []
    for _ in range(3):
        began = time.monotonic()
        process = subprocess.Popen(
            [bin_folder / "evenkeel", "serve"], env=environ, cwd=folder, stdout=subprocess.DEVNULL
        )
        seconds.append(first_answer(process, port, began))
        time.sleep(3)
        idle = memory_mb(process.pid)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
    return {
        "install_mb": round(size),
        "first_answer_s": round(sorted(seconds)[1], 2),
        "first_answer_cold_s": round(seconds[0], 2),
        "idle_memory_mb": round(idle),
        "goals": GOALS,
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        record("footprint", measure(Path(scratch)))
