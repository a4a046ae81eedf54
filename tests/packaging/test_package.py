"""Exactly one import name is installed, with its data files; the runtime needs no torch."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Paths inside a freshly built wheel."""
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return set(zipfile.ZipFile(next(target.glob("*.whl"))).namelist())


def test_the_wheel_installs_one_import_name(names: set[str]) -> None:
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"service"}


FILES = [
    "risk/policy.yaml",
    "risk/phrases/vi.yaml",
    "dashboard/index.html",
    "api/glossary.yaml",
    "integrations/discovery.json",
    "py.typed",
    "widget/evenkeel.js",
    "widget/evenkeel.mjs",
    "widget/evenkeel.d.ts",
    "widget/evenkeel-panel.js",
    "widget/demo/examples/tl.json",
    "widget/panel/index.html",
]


@pytest.mark.parametrize("suffix", FILES)
def test_the_wheel_holds_the_data_files(names: set[str], suffix: str) -> None:
    assert f"service/{suffix}" in names


def test_the_runtime_never_loads_torch_or_training() -> None:
    code = "import sys, service.api.app, service.__main__; print([m for m in ('torch', 'transformers', 'sklearn', 'training') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_source_of_the_service_imports_training() -> None:
    offenders = [
        p
        for p in (ROOT / "service").rglob("*.py")
        if re.search(r"^\s*(import|from)\s+training\b", p.read_text(encoding="utf-8"), flags=re.M)
    ]
    assert offenders == []
