"""Which Python runs users' code: PYFI's own, or the one that the settings name."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from engine.errors import EnvironmentFailed
from engine.interpreter import is_frozen, own_python, users_python, version_of
from engine.sources.environment import environment
from engine.sources.recipe import Recipe
from tests.engine.sources.packages import wheel


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another Python, as far as a path tells."""
    path = tmp_path / "other" / "python3"
    path.parent.mkdir()
    path.symlink_to(Path(sys.executable).resolve())
    return path


def test_pyfis_own_is_used_unless_another_is_named(monkeypatch: pytest.MonkeyPatch, other: Path) -> None:
    assert not is_frozen()
    assert users_python() == own_python() == sys.executable
    monkeypatch.setenv("PYFI_PYTHON", str(other))
    assert users_python() == str(other)
    assert version_of(str(other)) == tuple(sys.version_info[:3])
    assert own_python() == sys.executable


def test_environments_are_made_from_the_python_that_is_named(
    monkeypatch: pytest.MonkeyPatch,
    other: Path,
    packages: Path,
) -> None:
    wheel(packages, "sun")
    usual = Recipe(requirements=("sun",))
    before = usual.name
    monkeypatch.setenv("PYFI_PYTHON", str(other))
    assert usual.name != before
    made = environment(usual)
    home = (made / "pyvenv.cfg").read_text(encoding="utf-8").partition("home = ")[2].splitlines()[0]
    assert Path(home) in (other.parent, Path(sys.executable).resolve().parent)
    assert Recipe(requirements=("sun",), python="3.11").name != usual.name


@pytest.mark.parametrize(
    ("program", "why"),
    [
        (None, "No such file"),
        ("#!/bin/sh\necho hello\n", "does not answer as Python does"),
        ("#!/bin/sh\necho 3 9 1\n", "is 3.9.1"),
    ],
)
def test_what_is_no_python_is_refused_with_the_cure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str | None, why: str
) -> None:
    path = tmp_path / "python"
    if program is not None:
        path.write_text(program, encoding="utf-8")
        path.chmod(0o755)
    monkeypatch.setenv("PYFI_PYTHON", os.fspath(path))
    with pytest.raises(EnvironmentFailed, match=rf"{path}.*{why}.*PYFI_PYTHON"):
        users_python()
