"""Real servers for the tests of this folder: a PostgreSQL cluster and a Redis, both thrown away afterwards.

A test is skipped when the server's programs are not installed, and fails instead of being skipped
when EVENKEEL_REQUIRE_SERVICES=1 (Debian: `apt-get install postgresql redis-server`).
"""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import pytest

PASSWORD = "tajne-heslo"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Start a cluster of its own; the value is a URL without a database name."""
    programs = _postgresql_programs()
    # A socket's path is short by law, and `postgres` must be able to enter it: hence not tmp_path.
    with TemporaryDirectory(prefix="evenkeel-pg-", ignore_cleanup_errors=True) as folder:
        _give_to_postgres(Path(folder))
        data, password_file, port = Path(folder) / "data", Path(folder) / "password", _free_port()
        password_file.write_text(PASSWORD)
        initdb = ["-D", str(data), "-U", "evenkeel", "-A", "scram-sha-256", f"--pwfile={password_file}", "-E", "UTF8"]
        _as_postgres([programs / "initdb", *initdb, "--no-sync"])
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
        _as_postgres([programs / "pg_ctl", "-D", data, "-w", "-t", "120", "-l", data / "log", "-o", options, "start"])
        try:
            yield f"postgresql://evenkeel:{PASSWORD}@127.0.0.1:{port}"
        finally:
            _as_postgres([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"])


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Start a Redis of its own."""
    program = shutil.which("redis-server") or _missing("redis-server is not installed")
    port = _free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        ready = any("Ready to accept connections" in line for line in server.stdout)
        try:
            assert ready, "redis-server ended before it accepted connections"
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()


def _missing(reason: str) -> NoReturn:
    if os.environ.get("EVENKEEL_REQUIRE_SERVICES") == "1":
        pytest.fail(f"{reason}, and EVENKEEL_REQUIRE_SERVICES=1 asks for it")
    pytest.skip(reason)


def _postgresql_programs() -> Path:
    """Find initdb and pg_ctl: on the path, or where Debian keeps them, newest version first."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    found = debian[-1:] or ([Path(on_path)] if on_path else [])
    return found[0].resolve().parent if found else _missing("PostgreSQL (initdb, pg_ctl) is not installed")


def _give_to_postgres(folder: Path) -> None:
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
    folder.chmod(0o755)


def _as_postgres(command: list[object]) -> None:
    """Run a program that refuses to be run by root."""
    user = "postgres" if os.geteuid() == 0 else None
    done = subprocess.run(
        [str(part) for part in command],
        user=user,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
