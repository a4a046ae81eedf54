"""Two workers on one PostgreSQL: every message is sent, and none of them twice."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from fastapi.testclient import TestClient

from service.api import webhooks as loop
from service.api.app import create_app
from service.flow import Policy
from tests.api.scorers import LetterScorer
from tests.api.support import KEY_HEADER, settings_in
from tests.receiver import Receiver, until

TURNS = 24


def test_two_workers_send_every_message_once(
    postgresql_server: str, tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "TICK_S", 0.01)
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE webhooks")
    url = f"{postgresql_server}/webhooks"
    settings = replace(settings_in(tmp_path), database_url=url, outgoing_private=True)
    with ExitStack() as stack, Receiver() as receiver:
        apps = [create_app(settings, scorer=LetterScorer(), policy=policy) for _ in range(2)]
        first, second = (stack.enter_context(TestClient(app, headers=KEY_HEADER)) for app in apps)
        webhook = first.post("/v1/webhooks", json={"url": receiver.url, "types": ["turn.scored"]}).json()
        for number in range(TURNS):
            body = {"turn_id": f"t{number}", "role": "customer", "text": "hello"}
            (first, second)[number % 2].post("/v1/conversations/c1/turns", json=body).raise_for_status()
        receiver.wait_for(TURNS)
        address = f"/v1/webhooks/{webhook['id']}"
        until(lambda: second.get(address).json()["pending"] == 0)
        until(lambda: len(second.get(f"{address}/deliveries?status=delivered").json()["deliveries"]) == TURNS)
        ids = [got.headers["webhook-id"] for got in receiver.got]
        assert len(ids) == len(set(ids)) == TURNS
