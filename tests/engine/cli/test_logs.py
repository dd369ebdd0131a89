from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from environment import ROOT

from engine.bus.base import Event
from engine.runtime.journal import Journal
from tests.engine.cli.command import CHAIN, pyfi, write_flow

SAYING = """def double(message, ctx):
          print("printed", message["n"])
          ctx.log("told \\x07", level="warning")
"""
TALKING = CHAIN.replace("def double(message, ctx):\n", SAYING)


@pytest.fixture
def ran(tmp_path):
    """A folder in which a flow has run that says much."""
    done = pyfi("run", write_flow(tmp_path, TALKING), "--workspace", "ws", "--set", "count=3", "--set", "bad=2", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    return tmp_path


def lines(folder, *arguments):
    done = pyfi("logs", *arguments, "--workspace", "ws", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_what_processors_print_and_log_is_kept(ran):
    found = [(line["step"], line["level"], line["text"]) for line in lines(ran, "chain.flow.yaml")]
    assert [entry for entry in found if entry[2].startswith("printed")] == [
        ("double", "info", f"printed {n}") for n in range(3)
    ]
    assert [entry[2] for entry in found if entry[1] == "warning"].count("told \x07") == 3
    assert ("double", "warning", "ValueError: 2 is bad") in found


def test_filters(ran):
    assert {line["level"] for line in lines(ran, "--level", "warning")} == {"warning"}
    assert {line["step"] for line in lines(ran, "--processor", "double")} == {"double"}
    assert lines(ran, "--processor", "make") == []
    assert [line["text"] for line in lines(ran, "-n", "1", "--level", "warning")] == ["ValueError: 2 is bad"]
    assert {line["flow"] for line in lines(ran)} == {str(ran / "chain.flow.yaml")}


def test_people_get_lines_without_control_characters(ran):
    done = pyfi("logs", "--workspace", "ws", cwd=ran)
    assert "\x07" not in done.stdout
    line = next(line for line in done.stdout.splitlines() if "told" in line)
    assert line.endswith(r"warning chain.flow.yaml: double: told \x07")


def test_a_flow_is_known_by_its_name_as_long_as_no_other_has_it(ran):
    assert lines(ran, "chain") == lines(ran, "chain.flow.yaml") != []
    (ran / "other").mkdir()
    again = pyfi("run", write_flow(ran / "other", TALKING), "--workspace", "ws", "--set", "count=1", cwd=ran)
    assert again.returncode == 0, again.stderr
    done = pyfi("logs", "chain", "--workspace", "ws", cwd=ran)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"2 flows are called 'chain'; give the path of one: {ran / 'chain.flow.yaml'}, {ran / 'other'}" in done.stderr


def test_an_unknown_flow_is_said(ran):
    done = pyfi("logs", "chian", "--workspace", "ws", cwd=ran)
    assert (done.returncode, done.stdout) == (2, "")
    assert "the flow 'chian' has logged nothing in this workspace" in done.stderr
    assert pyfi("logs", "--workspace", "empty", cwd=ran).stdout == ""


def test_following_shows_what_comes_until_it_is_interrupted(tmp_path):
    logs = tmp_path / "ws" / "logs"
    write(logs, "one", "before")
    command = [sys.executable, "-m", "engine.cli.main", "logs", "--follow", "--json", "--workspace", "ws"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    following = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert following.stdout is not None
        assert json.loads(following.stdout.readline())["text"] == "before"
        write(logs, "one", "after")
        assert json.loads(following.stdout.readline())["text"] == "after"
        write(logs, "two", "another flow")
        assert json.loads(following.stdout.readline())["flow"] == "two"
        following.send_signal(signal.SIGINT)
        assert following.communicate(timeout=30)[0] == ""
        assert following.returncode == 0
    finally:
        following.kill()
        following.wait()


def write(logs: Path, flow: str, text: str) -> None:
    journal = Journal(logs)
    journal.write(Event("log", flow, 1, {"step": "a", "level": "info", "text": text}))
    journal.close()
