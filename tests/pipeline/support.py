"""What the pipeline tests share: a scratch place for the offline flow, and its steps as the Makefile runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(step: str, *args: str, environ: dict[str, str]) -> dict[str, object]:
    """Run one step; returns its closing JSON line."""
    command = [sys.executable, "-m", f"training.{step}", *args]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def scratch_environ(scratch: Path, *, every: int) -> dict[str, str]:
    """An environment whose folders lie in `scratch`, with every so-many-th line of the project's transcripts."""
    transcripts = scratch / "transcripts"
    transcripts.mkdir()
    for path in (ROOT / "data" / "transcripts").glob("*.jsonl"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        (transcripts / path.name).write_text("".join(lines[::every]), encoding="utf-8")
    return os.environ | {
        "EVENKEEL_SOURCES": str(scratch / "sources"),
        "EVENKEEL_BUILD": str(scratch / "build"),
        "EVENKEEL_TRANSCRIPTS": str(transcripts),
        "EVENKEEL_MODELS": str(scratch / "models"),
    }
