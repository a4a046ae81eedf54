"""Starting and stopping: one clear line when it cannot start, a banner that works, nothing lost by `kill -9`."""

import asyncio
import shlex
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

import httpx2
import pytest

from service import __version__
from service.__main__ import main
from service.api.auth import CSRF_HEADER
from service.commands.serve import listening_socket
from service.settings import SETTINGS, load_settings
from tests.api.process import WAIT_S, Service, run_command


def assert_one_line(finished: subprocess.CompletedProcess[str], *words: str) -> None:
    assert finished.returncode == 1
    assert finished.stdout == ""
    assert finished.stderr.startswith("evenkeel: ")
    assert finished.stderr.count("\n") == 1, finished.stderr
    for word in words:
        assert word in finished.stderr


def test_answers_are_sent_as_soon_as_they_are_written(tmp_path: Path) -> None:
    """Else the kernel keeps an answer's body back until the other side has acknowledged its head: 40 ms, each time."""
    with listening_socket(load_settings({"data_dir": str(tmp_path), "port": "0"}, {})) as listener:
        assert asyncio.run(sends_at_once(listener))


async def sends_at_once(listener: socket.socket) -> bool:
    """Connect to a server on this socket; return how its end of the line is set."""
    told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(connected, sock=listener):
        _, writer = await asyncio.open_connection(*listener.getsockname())
        found = await told
        writer.close()
        await writer.wait_closed()
    return found == 1


def sign_in(client: httpx2.Client, address: str) -> int:
    """Use the token of an address as the button of the page does; the answer's status."""
    form = {"token": address.partition("token=")[2]}
    return client.post("/session", data=form, headers={CSRF_HEADER: "1"}, follow_redirects=False).status_code


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in this process: much faster, where no process of its own is needed."""
    code = main(arguments)
    printed = capsys.readouterr()
    return subprocess.CompletedProcess(arguments, code, printed.out, printed.err)


def serve(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_command("serve", "--port", "0", "--data-dir", str(tmp_path / "data"), *arguments)


def test_a_missing_model_stops_the_start(tmp_path: Path) -> None:
    assert_one_line(serve(tmp_path, "--model-dir", str(tmp_path / "none")), "no model", "--model-dir")


def test_a_broken_policy_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("version: 1\nrules: 5\n")
    assert_one_line(serve(tmp_path, "--policy", str(file)), "policy.yaml", "line 2", "rules")


@pytest.mark.parametrize("content", ["", "rules: [", "version: 1\nrules: 5\n", "- a\n- b\n", "\x00\xff"])
def test_a_broken_policy_fails_the_check_in_one_line(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(content, encoding="latin-1")
    assert_one_line(call(capsys, "policy", "check", str(file)), "policy.yaml, line ")


def test_a_port_in_use_stops_the_start(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert_one_line(run_command("serve", "--port", port, "--data-dir", str(tmp_path)), port, "in use", "--port")


@pytest.mark.parametrize("arguments", [("--port", "many"), ("--log-level", "loud"), ("--cors-origins", "*")])
def test_a_wrong_setting_stops_the_start(
    tmp_path: Path, arguments: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    name = arguments[0].strip("-").upper().replace("-", "_")
    assert_one_line(call(capsys, "serve", "--data-dir", str(tmp_path), *arguments), name)


def test_a_misspelt_variable_stops_the_start(tmp_path: Path) -> None:
    assert_one_line(run_command("version", EVENKEEL_PROT="8001"), "EVENKEEL_PROT")


def test_a_database_that_cannot_be_opened_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "not.db"
    file.write_text("this is no database, but long enough to be taken for one at first " * 20)
    finished = run_command("keys", "list", "--data-dir", str(tmp_path), "--database-url", f"sqlite:///{file}")
    assert_one_line(finished, "database")


def test_the_banner_of_a_fresh_folder_works_as_it_stands(tmp_path: Path) -> None:
    service = Service(tmp_path / "data", bootstrap=False).start()
    command = service.banner.splitlines()[-1].strip()
    answer = subprocess.run(shlex.split(command), capture_output=True, text=True, timeout=WAIT_S, check=True).stdout
    assert '"recommendation"' in answer
    address = next(word for word in service.banner.split() if "token=" in word)
    with service.client() as client:
        assert [client.get(address).status_code for _ in range(2)] == [200, 200], "looking spends nothing"
        assert [sign_in(client, address) for _ in range(2)] == [303, 401]
    key = command.split("Bearer ")[1].split('"')[0]
    assert service.end() == 0
    assert key not in service.log
    again = service.start()
    assert key not in again.banner, "a key is shown once"
    assert service.end() == 0


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8123/"),
        ("0.0.0.0", "http://127.0.0.1:8123/"),
        ("::", "http://[::1]:8123/"),
        ("::1", "http://[::1]:8123/"),
        ("chat.example", "http://chat.example:8123/"),
    ],
)
def test_a_token_comes_with_an_address_that_a_browser_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], host: str, shown: str
) -> None:
    call(capsys, "keys", "create", "--data-dir", str(tmp_path))
    printed = call(capsys, "token", "--data-dir", str(tmp_path), "--host", host, "--port", "8123").stdout
    assert printed.startswith(f"{shown}?token=")


def test_a_data_folder_that_cannot_be_written_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "data"
    folder.write_text("a file where a folder must be")
    assert_one_line(call(capsys, "token", "--data-dir", str(folder)), str(folder), "database")


def test_a_wrong_address_of_redis_stops_the_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("redis")
    finished = call(capsys, "serve", "--data-dir", str(tmp_path), "--redis-url", "redis://:geheim@h:port")
    assert_one_line(finished, "REDIS_URL is not a Redis URL")
    assert "geheim" not in finished.stderr


def test_a_token_can_be_made_for_a_running_service(tmp_path: Path) -> None:
    service = Service(tmp_path / "data").start()
    printed = run_command("token", "--data-dir", str(service.data_dir)).stdout
    with service.client() as client:
        assert sign_in(client, printed.strip()) == 303
    assert service.end() == 0


def test_what_was_answered_survives_kill_9(tmp_path: Path) -> None:
    service = Service(tmp_path / "data").start()
    answers: list[dict[str, Any]] = []
    for round_number in range(2):
        with service.client() as client:
            for index in range(4):
                turn = {"turn_id": f"t{round_number}-{index}", "role": "customer", "text": "no!" * index + "a"}
                answers.append(client.post("/v1/conversations/c1/turns", json=turn).raise_for_status().json())
            assert service.end(signal.SIGKILL) == -signal.SIGKILL
        service.start()
    with service.client() as client:
        stored = client.get("/v1/conversations/c1").json()["turns"]
        assert [row["turn_id"] for row in stored] == [answer["turn_id"] for answer in answers]
        assert [row["risk"] for row in stored] == [answer["risk"] for answer in answers]
        turn = {"turn_id": "t0-0", "role": "customer", "text": "a"}
        again = client.post("/v1/conversations/c1/turns", json=turn)
        assert (again.status_code, again.json()) == (200, answers[0])
    assert service.end() == 0


def test_bytes_that_are_no_utf_8_come_through_a_real_socket_as_a_problem(tmp_path: Path) -> None:
    service = Service(tmp_path / "data").start()
    with service.client() as client:
        headers = {"Content-Type": "application/json"}
        for content in (
            b'{"turns":[{"text":"\xff"}]}',
            b"\xff\xfe",
            b"\x00" * 100,
            '{"turns":[{"text":"a"}]}'.encode("utf-32"),
        ):
            answer = client.post("/v1/score", content=content, headers=headers)
            assert answer.status_code in (200, 400), content
            assert answer.status_code == 200 or answer.headers["content-type"] == "application/problem+json"
        assert client.get("/%ff%fe").status_code == 404
        assert client.get("/v1/conversations/%ff").status_code == 422
        assert client.get("/healthz").status_code == 200
    assert service.end() == 0


def test_keys_are_made_listed_and_revoked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ("--data-dir", str(tmp_path / "data"))
    made = call(
        capsys, "keys", "create", "--kind", "publishable", "--origin", "https://shop.example", "--name", "shop", *folder
    )
    assert made.returncode == 0
    secret = made.stdout.strip()
    listed = call(capsys, "keys", "list", *folder).stdout
    assert secret not in listed
    key_id, kind, *_ = listed.split("\t")
    assert (kind, "https://shop.example" in listed) == ("publishable", True)
    assert call(capsys, "keys", "revoke", key_id, *folder).returncode == 0
    assert "revoked" in call(capsys, "keys", "list", *folder).stdout
    assert_one_line(call(capsys, "keys", "revoke", key_id, *folder), key_id)
    assert_one_line(call(capsys, "keys", "create", "--kind", "publishable", *folder), "--origin")
    assert_one_line(call(capsys, "keys", "create", "--kind", "publishable", "--origin", "*", *folder))


def test_people_come_and_go_by_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ("--data-dir", str(tmp_path / "data"))
    added = call(capsys, "people", "add", "jana", "--role", "admin", "--display-name", "Jana Nováková", *folder)
    assert (added.returncode, "jana is admin" in added.stdout) == (0, True)
    assert call(capsys, "people", "list", *folder).stdout == "jana\tadmin\tactive\tJana Nováková\n"
    assert "?token=" in call(capsys, "token", "--person", "jana", *folder).stdout
    assert_one_line(call(capsys, "people", "add", "JANA", *folder), "name", "already")
    assert_one_line(call(capsys, "people", "deactivate", "jana", *folder), "only administrator")
    assert_one_line(call(capsys, "people", "role", "petr", "agent", *folder), "petr", "people list")
    assert_one_line(call(capsys, "token", "--person", "petr", *folder), "petr", "people list")
    assert call(capsys, "people", "add", "petr", *folder).returncode == 0
    assert "supervisor" in call(capsys, "people", "role", "petr", "supervisor", *folder).stdout
    assert call(capsys, "people", "deactivate", "petr", *folder).returncode == 0
    assert "petr\tsupervisor\tdeactivated" in call(capsys, "people", "list", *folder).stdout
    assert_one_line(call(capsys, "token", "--person", "petr", *folder), "deactivated")
    assert call(capsys, "people", "reactivate", "petr", *folder).returncode == 0
    with pytest.raises(SystemExit):
        main(("people", "add", "a/b", *folder))


def test_the_small_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "version").stdout == f"{__version__}\n"
    table = call(capsys, "settings").stdout
    assert all(setting.variable in table and setting.flag in table for setting in SETTINGS)
    shown = call(capsys, "score", "--show", "normalise", "Trờiiiiii  ƠI!!!!!!").stdout
    assert '"normalised": "trờiii ơi!!!"' in shown
    assert call(capsys, "policy", "check", "service/risk/policy.yaml").returncode == 0
    usage = run_command("serve", "--help").stdout
    assert all(setting.flag in usage for setting in SETTINGS)
