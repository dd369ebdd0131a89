"""The import rules of pyproject.toml catch what they are for, each shown on a small engine that breaks it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from environment import ROOT

MODULES = (
    "errors",
    "bus.redis",
    "cluster.agent",
    "database.session",
    "dispatch.base",
    "dispatch.celery",
    "ledger.base",
    "ledger.sql",
    "model.flow",
    "results.sql",
    "runtime.plan",
    "runtime.hosts.host",
    "runtime.hosts.builtin.sql_write",
    "stores.flow",
)
ALLOWED = {
    "model.flow": "from engine.errors import PyfiError",
    "stores.flow": "import sqlalchemy",
    "database.session": "import sqlalchemy.orm",
    "ledger.sql": "from sqlalchemy import select",
    "results.sql": "import sqlalchemy",
    "runtime.hosts.builtin.sql_write": "import sqlalchemy",
    "cluster.agent": "import celery",
    "dispatch.celery": "import kombu",
    "runtime.plan": "import engine.model.flow",
}


def check(folder: Path, imports: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Lay out an engine of nearly empty modules with `imports` and hold it against the project's rules."""
    for name in MODULES:
        path = folder / "engine" / Path(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("class PyfiError(Exception): ...\n" + imports.get(name, "") + "\n")
    for path in [folder / "engine", *(folder / "engine").rglob("*/")]:
        (path / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", folder)
    program = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    command = [sys.executable, "-c", program, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_what_the_design_allows_passes(tmp_path: Path) -> None:
    done = check(tmp_path, ALLOWED)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "imports", "contract"),
    [
        ("runtime.plan", "import app.window", "The engine knows no desktop"),
        ("bus.redis", "from PySide6 import QtCore", "The engine knows no desktop"),
        ("cluster.agent", "import qasync", "The engine knows no desktop"),
        ("model.flow", "import engine.runtime.plan", "The model imports nothing of ours but the errors"),
        ("model.flow", "import sqlalchemy", "The model knows no database, no broker and no network"),
        ("model.flow", "import celery", "The model knows no database, no broker and no network"),
        ("model.flow", "import redis", "The model knows no database, no broker and no network"),
        ("runtime.plan", "import sqlalchemy", "touch SQLAlchemy"),
        ("ledger.base", "import sqlalchemy", "touch SQLAlchemy"),
        ("dispatch.base", "import celery", "touch Celery"),
        ("runtime.hosts.host", "from engine.errors import PyfiError", "Hosts stand alone"),
        ("runtime.hosts.host", "import engine.runtime.plan", "Hosts stand alone"),
    ],
)
def test_what_the_design_forbids_fails(tmp_path: Path, module: str, imports: str, contract: str) -> None:
    done = check(tmp_path, {module: imports})
    assert done.returncode == 1, done.stdout
    broken = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(contract in line for line in broken), broken


def test_circles_fail(tmp_path: Path) -> None:
    done = check(tmp_path, {"runtime.plan": "import engine.ledger.base", "ledger.base": "import engine.runtime.plan"})
    assert done.returncode == 1
    assert "Siblings do not import each other in circles BROKEN" in done.stdout
