"""A service in a process of its own, on a free port: started, asked, ended by a signal, started again."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx2

from tests.api.support import BOOTSTRAP_KEY, KEY_HEADER

ROOT: Final = Path(__file__).parents[2]
WAIT_S: Final = 60  # a slow machine may take this long to start or to stop; nothing waits longer than it must


def environment(**changes: str) -> dict[str, str]:
    """Return this environment without settings of its own, and with these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENKEEL_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **changes}


def run_command(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run `evenkeel ...` to its end."""
    command = [sys.executable, "-m", "service", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment(**changes), capture_output=True, text=True, timeout=WAIT_S, check=False
    )


@dataclass
class Service:
    """One data folder, and the process that serves it."""

    data_dir: Path
    bootstrap: bool = True
    settings: dict[str, str] = field(default_factory=dict)
    """Variables that it is started with."""
    module: str = "tests.api.fixed_service"
    """What is run: the command line with a scorer of the tests."""
    banner: str = ""
    process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def start(self) -> "Service":
        """Start the process, and return when it has printed its banner, that is: when it answers."""
        changes = {**({"EVENKEEL_BOOTSTRAP_KEY": BOOTSTRAP_KEY} if self.bootstrap else {}), **self.settings}
        command = [sys.executable, "-m", self.module, "serve", "--port", "0", "--data-dir"]
        with (self.data_dir.parent / "service.log").open("a") as log:
            self.process = subprocess.Popen(
                [*command, str(self.data_dir)],
                cwd=ROOT,
                env=environment(**changes),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.banner = self._read_banner()
        return self

    def _read_banner(self) -> str:
        assert self.process is not None
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if "curl -s" in line:
                break
        assert lines, self.log
        return "".join(lines)

    @property
    def url(self) -> str:
        found = re.search(r"http://[\w.:\[\]]+\d", self.banner)
        assert found
        return found[0]

    @property
    def log(self) -> str:
        return (self.data_dir.parent / "service.log").read_text()

    def client(self) -> httpx2.Client:
        """Return a client that holds the secret key."""
        return httpx2.Client(base_url=self.url, headers=KEY_HEADER, timeout=WAIT_S)

    def end(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, and return the exit code."""
        assert self.process is not None
        self.process.send_signal(with_signal)
        code = self.process.wait(WAIT_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code
