"""What people install, made once for all tests of it. That takes minutes: only tests marked `long` ask for it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from release.build import build
from release.bundle import BUILD


@pytest.fixture(scope="session")
def built() -> Sequence[Path]:
    """Everything that `dev.py build` makes on this system, from this checkout. Lanes of one run of tests share it."""
    run, note = os.environ.get("PYTEST_XDIST_TESTRUNUID", ""), BUILD / "made-by-tests.txt"
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if run and note.is_file():
            made_by, *made = note.read_text(encoding="utf-8").splitlines()
            if made_by == run:
                return [Path(path) for path in made]
        found = build("all")
        note.write_text("\n".join([run, *map(str, found)]), encoding="utf-8")
        return found
