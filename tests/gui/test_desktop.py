"""Start to end on a screen of its own: draw, run on a real engine, see counts, undo, quit, reopen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.model.codec import load_flow

ROOT = Path(__file__).parents[2]
FLOW = """
pyfi: 1
name: drawn
processors:
  - {id: numbers, type: generate, config: {count: 40}}
layout: {numbers: [0, 0]}
"""
_END_ENGINE = """
import asyncio
from engine.client.engine import Engine

async def work():
    engine = Engine()
    await engine.shut_down(patience_s=10)
    await engine.close()

asyncio.run(work())
"""


@pytest.fixture
def display() -> Iterator[str]:
    """A private X server on a free display; ended with the test."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.fail("Xvfb is not installed; run `python packaging/dev.py setup test`, which installs it", pytrace=False)
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            yield f":{int(numbers.readline())}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def environment(display: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A user with nothing yet; the engine that the program starts is ended with the test."""
    places = {name: str(tmp_path / name.lower()) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    made = {**os.environ, **places, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
    try:
        yield made
    finally:
        subprocess.run([sys.executable, "-c", _END_ENGINE], env=made, cwd=ROOT, check=True, timeout=60)


def used(what: str, environment: dict[str, str], *arguments: Path) -> dict[str, Any]:
    """What was seen by using the program, which must have ended by itself and well."""
    command = [sys.executable, str(Path(__file__).with_name("use_desktop.py")), what, *map(str, arguments)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_what_was_drawn_runs_and_is_there_again_the_next_time(tmp_path, environment):
    path = tmp_path / "drawn.flow.yaml"
    path.write_text(FLOW)
    first = used("draw", environment, path)
    assert first["platform"] == "xcb"
    assert first["joined"]
    assert first["counts"] == {"numbers": 40, "log": 40}
    assert first["undone"]
    assert first["place"] == first["dropped"]
    again = used("reopen", environment, path)
    assert again["flow"] == first["flow"]
    assert again["place"] == first["place"]
    assert again["history"] == 0
    assert set(load_flow(again["flow"]).steps) == {"numbers", "log"}
    assert path.read_text() == FLOW  # the file is the user's; it is written when they say so


def test_a_newcomer_opens_an_example_and_sees_it_move(environment):
    seen = used("begin", environment)
    assert seen["was_green"], "all cards turned green"
    assert seen["counts"] > 20, "counts moved, several times a second"
    assert seen["queued"][0] > 5, "a queue filled and drained"
    assert seen["queued"][1] == 0
    assert seen["was_full"], "a connection was at its limit"
    assert seen["bulletins"] == 44, "the step that fails says so"
    assert seen["results"] == ["alerts.jsonl", "regions.jsonl"]
