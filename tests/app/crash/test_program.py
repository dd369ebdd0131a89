"""The real program: a second start is taken over, a hard end is told of, an end in good order leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.api.served import wait_until
from tests.engine.cli.command import environment

FLOW = "{pyfi: 1, name: small, processors: [{id: numbers, type: generate, config: {count: 3}}]}"


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    folders = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    return {**environment(), **folders, "PYFI_WORKSPACE": str(tmp_path / "ws"), "QT_QPA_PLATFORM": "offscreen"}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "XDG_STATE_HOME" / "pyfi"


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "engine.cli.main", "app", *arguments]


@pytest.fixture
def started(home, tmp_path, state) -> Iterator[subprocess.Popen[bytes]]:
    """The desktop, once its door is open."""
    (tmp_path / "small.flow.yaml").write_text(FLOW)
    with subprocess.Popen(command("small.flow.yaml"), env=home, cwd=tmp_path, stderr=subprocess.DEVNULL) as program:
        try:
            log = state / "desktop.log"
            wait_until(lambda: program.poll() is not None or (log.exists() and "the door is open" in log.read_text()))
            yield program
        finally:
            if program.poll() is None:
                program.kill()


def test_a_second_start_with_a_flow_ends_at_once_because_the_window_has_it(started, home, tmp_path):
    def second() -> int:
        return subprocess.run(command("small.flow.yaml"), env=home, cwd=tmp_path, timeout=60, check=False).returncode

    assert second() == 0
    assert started.poll() is None


def test_a_hard_end_is_told_of_and_its_report_kept(started, home, tmp_path, state):
    os.kill(started.pid, signal.SIGSEGV)
    assert started.wait(60) == -signal.SIGSEGV
    (words,) = state.glob("fatal-*.txt")
    assert "Segmentation fault" in words.read_text()
    with subprocess.Popen(command(), env=home, cwd=tmp_path, stderr=subprocess.DEVNULL) as again:
        try:
            wait_until(lambda: bool(list(state.glob("reports/*-hard-crash.txt"))))
        finally:
            again.kill()
    (report,) = state.glob("reports/*-hard-crash.txt")
    assert "Segmentation fault" in report.read_text()
    assert not words.exists()
