"""The import rules of pyproject.toml catch what they are for, each shown on a small project that breaks it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from environment import ROOT

MODULES = (
    "app.canvas.viewer",
    "app.document.document",
    "app.window.window",
    "engine.api.remote",
    "engine.bus.redis",
    "engine.cli.main",
    "engine.client.flow",
    "engine.cluster.agent",
    "engine.database.session",
    "engine.dispatch.base",
    "engine.dispatch.celery",
    "engine.errors",
    "engine.ledger.base",
    "engine.ledger.sql",
    "engine.model.flow",
    "engine.processors.base",
    "engine.results.sql",
    "engine.runtime.hosts.builtin.sql_write",
    "engine.runtime.hosts.host",
    "engine.runtime.plan",
    "engine.sources.git",
    "engine.stores.flow",
)
ALLOWED = {
    "app.document.document": "import engine.model.flow",
    "app.window.window": "import engine.client.flow, app.canvas.viewer",
    "engine.client.flow": "import engine.runtime.plan",
    "engine.model.flow": "from engine.errors import PyfiError",
    "engine.stores.flow": "import sqlalchemy",
    "engine.database.session": "import sqlalchemy.orm",
    "engine.ledger.sql": "from sqlalchemy import select",
    "engine.results.sql": "import sqlalchemy",
    "engine.runtime.hosts.builtin.sql_write": "import sqlalchemy",
    "engine.cluster.agent": "import celery",
    "engine.dispatch.celery": "import kombu",
    "engine.runtime.plan": "import engine.model.flow",
}


def check(folder: Path, imports: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Lay out a project of nearly empty modules with `imports` and hold it against the project's rules."""
    for name in MODULES:
        path = folder / Path(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("class PyfiError(Exception): ...\n" + imports.get(name, "") + "\n")
    for package in ("app", "engine"):
        for path in [folder / package, *(folder / package).rglob("*/")]:
            (path / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", folder)
    program = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    command = [sys.executable, "-c", program, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_what_the_design_allows_passes(tmp_path: Path) -> None:
    done = check(tmp_path, ALLOWED)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "imports", "contract"),
    [
        ("engine.runtime.plan", "import app.window", "The engine knows no desktop"),
        ("engine.bus.redis", "from PySide6 import QtCore", "The engine knows no desktop"),
        ("engine.cluster.agent", "import qasync", "The engine knows no desktop"),
        ("engine.model.flow", "import engine.runtime.plan", "The model imports nothing of ours but the errors"),
        ("engine.model.flow", "import sqlalchemy", "The model knows no database, no broker and no network"),
        ("engine.model.flow", "import celery", "The model knows no database, no broker and no network"),
        ("engine.model.flow", "import redis", "The model knows no database, no broker and no network"),
        ("engine.runtime.plan", "import sqlalchemy", "touch SQLAlchemy"),
        ("engine.ledger.base", "import sqlalchemy", "touch SQLAlchemy"),
        ("engine.dispatch.base", "import celery", "touch Celery"),
        ("engine.runtime.hosts.host", "from engine.errors import PyfiError", "Hosts stand alone"),
        ("engine.runtime.hosts.host", "import engine.runtime.plan", "Hosts stand alone"),
        ("app.window.window", "import engine.runtime.plan", "The desktop reaches the engine by its client and its model"),
        ("app.window.window", "import sqlalchemy", "The desktop reaches the engine by its client and its model"),
        ("app.canvas.viewer", "import engine.model.flow", "The canvas knows neither document nor engine"),
        ("app.canvas.viewer", "import app.document.document", "The canvas knows neither document nor engine"),
    ],
)
def test_what_the_design_forbids_fails(tmp_path: Path, module: str, imports: str, contract: str) -> None:
    done = check(tmp_path, {module: imports})
    assert done.returncode == 1, done.stdout
    broken = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(contract in line for line in broken), broken


def test_circles_fail(tmp_path: Path) -> None:
    done = check(
        tmp_path, {"engine.runtime.plan": "import engine.ledger.base", "engine.ledger.base": "import engine.runtime.plan"}
    )
    assert done.returncode == 1
    assert "Siblings do not import each other in circles BROKEN" in done.stdout
