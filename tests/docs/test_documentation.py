"""The documentation names every setting, route, rule, label, event type and make target that exists."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from service.api.app import create_app
from service.integrations.generic import read_by
from service.integrations.mapping import parse_mapping
from service.integrations.moderations import CATEGORIES
from service.integrations.perspective import ATTRIBUTES
from service.integrations.seam import Said
from service.labels import BINARY, SENTIMENTS, THREAT_KINDS
from service.outgoing import EVENT_TYPES
from service.settings import SETTINGS, load_settings
from service.store.alert_news import CHANGES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = "\n".join(
    (ROOT / page).read_text(encoding="utf-8")
    for page in ("README.md", "ARCHITECTURE.md", "service/risk/RULES.md", "data/ANNOTATION.md")
)


def test_the_generated_parts_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "write_docs.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.name)
def test_every_setting_is_in_the_readme(setting: object) -> None:
    assert f"`EVENKEEL_{setting.name}`" in README  # type: ignore[attr-defined]


def test_every_route_is_in_the_readme(tmp_path: Path) -> None:
    app = create_app(load_settings({"data-dir": str(tmp_path)}, {}))
    paths = set(app.openapi()["paths"])
    assert paths
    assert {path for path in paths if path not in README} == set()


def test_the_example_of_a_mapping_reads_the_example_of_a_body() -> None:
    part = README[README.index("#### Any other desk") :]
    mapping, body = (re.search(rf"```{kind}\n(.*?)```", part, re.DOTALL) for kind in ("yaml", "json"))
    assert mapping
    assert body
    (said,) = read_by(parse_mapping(mapping[1]), json.loads(body[1]))
    assert isinstance(said, Said)
    assert (said.conversation, said.message, said.role, said.contact) == ("7", "m1", "customer", "c9")
    assert (said.queue, said.channel, said.sent_at) == ("billing", "web", 1_795_000_000.0)


EVENTS = EVENT_TYPES  # those of webhooks include all of the live stream


@pytest.mark.parametrize("name", [*BINARY, *THREAT_KINDS, *SENTIMENTS, *EVENTS])
def test_every_label_and_event_type_is_documented(name: str) -> None:
    assert name in PAGES


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_an_alert_is_in_the_readme(change: str) -> None:
    assert f"`{change}`" in README


def test_every_attribute_and_category_of_the_drop_in_routes_is_explained() -> None:
    page = (ROOT / "service" / "integrations" / "MOVING.md").read_text(encoding="utf-8")
    assert {name for name in (*ATTRIBUTES, *CATEGORIES) if f"`{name}`" not in page} == set()


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)", README)) <= targets


def test_the_changelog_knows_the_version() -> None:
    from service import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
