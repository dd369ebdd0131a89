"""A cache and a folder of packages of each test's own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that packages are taken from, and a cache with nothing in it."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.setenv("PYFI_PACKAGES", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder
