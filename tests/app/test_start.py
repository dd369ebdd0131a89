"""The command that opens the desktop: its options, its pictures, what it says when it cannot."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from engine.api.address import find_engine
from tests.engine.api.served import wait_until
from tests.engine.cli.command import environment

FLOW = """
pyfi: 1
name: small
processors:
  - {id: numbers, type: generate, config: {count: 3}}
  - {id: keep, type: write_lines, config: {path: kept.txt}}
connections: [{from: numbers.success, to: keep.in}]
"""


def pyfi_app(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "engine.cli.main", "app", *arguments]
    folders = {name: str(folder / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    return subprocess.run(
        command,
        cwd=folder,
        env={**environment(), **folders, "PYFI_WORKSPACE": str(folder / "ws"), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    path = tmp_path / "small.flow.yaml"
    path.write_text(FLOW, encoding="utf-8")
    return path


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_picture_shows_the_flow_in_a_theme(tmp_path, flow, theme):
    done = pyfi_app(tmp_path, str(flow), "--screenshot", "out.png", "--size", "1200x700", "--theme", theme)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    picture = QImage(str(tmp_path / "out.png"))
    assert (picture.width(), picture.height()) == (1200, 700)
    corner = picture.pixelColor(600, 8).lightness()
    assert corner < 80 if theme == "dark" else corner > 200
    colors = {picture.pixelColor(x, y).name() for x in range(0, 1200, 3) for y in range(0, 700, 3)}
    assert len(colors) > 20


def test_a_flow_that_is_not_there_is_one_sentence(tmp_path):
    done = pyfi_app(tmp_path, "missing.flow.yaml", "--screenshot", "out.png")
    assert done.returncode == 2
    assert "missing.flow.yaml" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out.png").exists()


def test_a_picture_that_cannot_be_written_is_one_sentence(tmp_path):
    done = pyfi_app(tmp_path, "--screenshot", "no/such/folder/out.png")
    assert done.returncode == 1
    assert done.stderr.startswith("pyfi: no/such/folder/out.png cannot be written")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--size", "big"], "write WIDTHxHEIGHT"), (["--size", "1x1"], "100 to 20000"), (["--theme", "pink"], "invalid choice")],
)
def test_wrong_options_exit_with_2_and_the_cure(tmp_path, arguments, words):
    done = pyfi_app(tmp_path, *arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_a_flow_is_run_for_a_picture_and_its_engine_goes_on(tmp_path, flow):
    done = pyfi_app(tmp_path, str(flow), "--screenshot", "out.png", "--run", "--wait", "1")
    address = find_engine(tmp_path / "ws")
    assert address is not None, done.stderr
    try:
        wait_until(lambda: (tmp_path / "kept.txt").exists() and (tmp_path / "kept.txt").read_text() == "0\n1\n2\n")
    finally:
        os.kill(address.pid, signal.SIGTERM)
        wait_until(lambda: not address.is_alive)
    assert done.returncode == 0, done.stderr
