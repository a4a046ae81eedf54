"""Shared by the API tests: the key, settings of a fresh folder, and a look into a running application."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from fastapi.testclient import TestClient
from httpx2 import Response

from service.api.auth import CSRF_HEADER
from service.settings import Settings, load_settings
from service.store import Rank, Store

BOOTSTRAP_KEY: Final = "bootstrap-key-of-the-tests"
KEY_HEADER: Final = {"Authorization": f"Bearer {BOOTSTRAP_KEY}"}
CHANGES_BY_SESSION: Final = [
    ({}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({CSRF_HEADER: "1"}, True),
]
"""Headers of a change that comes with a session's cookie, and whether it is taken for our own page's."""
MakeClient = Callable[..., TestClient]


def settings_in(folder: Path) -> Settings:
    """Return settings whose data lies in this folder."""
    return load_settings({"DATA_DIR": str(folder / "data"), "BOOTSTRAP_KEY": BOOTSTRAP_KEY}, {})


def store_of(client: TestClient) -> Store:
    """Return the store of a running application."""
    found: Store = client.app.state.runtime.store  # type: ignore[attr-defined]
    return found


def sign_in(client: TestClient, role: Rank = "admin", name: str | None = None) -> str:
    """Sign the client's browser in as somebody of this role, added if new; return their name."""
    store, name = store_of(client), name or f"some {role}"
    if store.people.find(name) is None:
        store.people.add(name, role)
    link = store.sessions.mint(name)
    assert link is not None
    assert spend(client, link.token_once).status_code == 303
    return name


def spend(client: TestClient, token: str) -> Response:
    """Use a one-time token as the button of the sign-in page does."""
    return client.post("/session", data={"token": token}, headers={CSRF_HEADER: "1"}, follow_redirects=False)
