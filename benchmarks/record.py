"""A measurement -> `benchmarks/results/<name>.json` with the machine and the commit it was made on."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).with_name("results")


def cpu_name() -> str:
    """The processor as the kernel names it, and whether it has VNNI (int8 speed depends on it)."""
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return platform.processor() or platform.machine()
    text = info.read_text(encoding="utf-8")
    name = next(
        (line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name")), "unknown"
    )
    return f"{name} ({'VNNI' if '_vnni' in text else 'no VNNI'})"


def commit() -> str:
    """Short hash of the checkout, with a mark when files were changed."""
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=RESULTS.parent)
    return done.stdout.strip() or "unknown"


def record(name: str, measured: dict[str, object]) -> None:
    """Write the result file and print it as one line."""
    entry = {
        "benchmark": name,
        "measured": measured,
        "machine": {"cpu": cpu_name(), "cores": os.cpu_count(), "python": platform.python_version()},
        "commit": commit(),
        "date": datetime.now(UTC).date().isoformat(),
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(entry, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(entry))
