from __future__ import annotations

import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.engine.cli.command import CHAIN, answer, environment, process, pyfi, write_flow

ENDLESS = """
pyfi: 1
name: endless
processors:
  - id: make
    type: python
    inputs: []
    outputs: [success]
    code: |
      import time
      def make():
          n = 0
          while True:
              n += 1
              time.sleep(0.002)
              yield n
  - id: keep
    type: python
    code: |
      def keep(n):
          with open("kept.txt", "a") as file:
              file.write(f"{n}\\n")
connections:
  - {from: make.success, to: keep.in}
auto_terminate: [keep.success]
"""


def test_the_summary_counts_everything(tmp_path):
    flow = write_flow(tmp_path)

    done = process("run", flow, "--workspace", "ws", "--json", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    summary = answer(done)
    assert (summary["flow"], summary["target"], summary["dead_letters"]) == ("chain", "local", 0)
    assert summary["processors"]["make"] | {"tasks": 0, "task_seconds": 0} == {
        "in": 0,
        "out": {"success": 20},
        "failed": 0,
        "tasks": 0,
        "task_seconds": 0,
    }
    assert summary["processors"]["double"]["in"] == 20
    assert summary["connections"]["double.success->keep.in"] == {"passed": 20, "queued": 0, "expired": 0}
    assert sorted(map(int, (tmp_path / "kept.txt").read_text().split())) == [2 * n for n in range(20)]


def test_failed_messages_are_told_and_exit_1(tmp_path):
    flow = write_flow(tmp_path)

    done = process("run", flow, "--workspace", "ws", "--set", "bad=7", cwd=tmp_path)

    assert done.returncode == 1
    assert "double: ValueError: 7 is bad" in done.stderr.splitlines()
    assert "failure 1" in done.stdout
    assert "double.success -> keep.in" in done.stdout
    assert "pyfi queue peek dead:double --flow chain.flow.yaml" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_a_terminal_gets_live_lines_and_its_cursor_back(tmp_path):
    flow = write_flow(tmp_path, ENDLESS)
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "engine.cli.main", "run", str(flow), "--workspace", "ws", "--timeout", "1.5"],
        cwd=tmp_path,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(TERM="xterm", COLUMNS="90", LINES="20"),
    )
    os.close(theirs)
    shown = _read_all(ours)

    assert running.wait(timeout=60) == 1
    assert "\x1b[?25l" in shown
    assert re.search(r"endless: [\d,]+ messages, [\d,]+/s", shown)
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")
    assert "could not finish" in shown[shown.rindex("\x1b[?25h") :]


def test_output_survives_a_terminal_without_utf8_and_without_width(tmp_path):
    flow = write_flow(tmp_path, CHAIN.replace("name: chain", "name: größe"))

    done = process("run", flow, "--workspace", "ws", cwd=tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="0", COLUMNS="3")

    assert done.returncode == 0, done.stderr
    assert "double.success -> keep.in" in done.stdout
    assert "gr??e: finished" in done.stdout
    assert done.stdout.isascii()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nowhere.flow.yaml"], "pyfi: there is no flow file "),
        (["."], "pyfi: "),
        (["chain.flow.yaml", "--set", "count"], "pyfi: 'count' sets nothing; write it as --set name=value"),
        (["chain.flow.yaml", "--set", "cuont=3"], "pyfi: flow 'chain' has no parameter 'cuont'; did you mean 'count'?"),
        (["chain.flow.yaml", "--target", "moon"], "pyfi: there is no target 'moon'; name its servers with `pyfi target add`"),
        (["chain.flow.yaml", "--timeout", "soon"], "pyfi: --timeout: "),
        (["chain.flow.yaml", "--workspace", "chain.flow.yaml"], "pyfi: the workspace "),
        ([], "pyfi: missing argument 'FLOW'; `pyfi run --help` shows how to use it"),
    ],
)
def test_wrong_use_is_one_line_with_the_cure(tmp_path, arguments, line):
    write_flow(tmp_path)

    done = pyfi("run", *arguments, cwd=tmp_path)

    assert done.returncode == (1 if "--workspace" in arguments else 2)
    assert done.stdout == ""
    assert done.stderr.startswith(line)
    assert len(done.stderr.splitlines()) == 1


def test_an_unreadable_file_is_one_line(tmp_path):
    flow = write_flow(tmp_path)
    flow.write_bytes(b"\xff\xfe\x00\xd8")

    done = pyfi("run", flow, cwd=tmp_path)

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_every_problem_is_told_at_once(tmp_path):
    flow = write_flow(
        tmp_path,
        CHAIN.replace("type: python\n    code: |\n      def double", "type: pithon\n    code: |\n      def double").replace(
            "to: keep.in", "to: keep.inn"
        ),
    )

    done = pyfi("run", flow, cwd=tmp_path)

    assert done.returncode == 2
    assert "chain.flow.yaml: processor 'double': there is no processor type 'pithon'; did you mean 'python'?" in done.stderr
    assert "keep.inn" in done.stderr


def test_a_missing_secret_is_told_before_anything_runs(tmp_path, monkeypatch):
    flow = write_flow(tmp_path, CHAIN.replace("  - id: double\n", "  - id: double\n    secrets: [TOKEN]\n"))

    without = pyfi("run", flow, "--workspace", "ws", cwd=tmp_path)
    monkeypatch.setenv("PYFI_SECRET_TOKEN", "x")
    given = pyfi("run", flow, "--workspace", "ws", "--json", cwd=tmp_path)

    assert (without.returncode, given.returncode) == (2, 0)
    assert "PYFI_SECRET_TOKEN" in without.stderr


def test_a_time_limit_leaves_the_rest_for_the_next_run(tmp_path):
    flow = write_flow(tmp_path, ENDLESS)

    first = pyfi("run", flow, "--workspace", "ws", "--timeout", "0.3", cwd=tmp_path)
    second = pyfi("run", flow, "--workspace", "ws", "--timeout", "300ms", cwd=tmp_path)

    assert (first.returncode, second.returncode) == (1, 1)
    assert "trouble: stopped at the time limit of 0.3 s" in first.stdout
    assert "having gone on with a run that was left unfinished" in second.stdout


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_gracefully_and_the_next_run_goes_on(tmp_path, number, status):
    flow = write_flow(tmp_path, ENDLESS)
    process = _start(tmp_path, flow)
    _wait_for_output(process, tmp_path)

    process.send_signal(number)
    out, err = process.communicate(timeout=60)

    assert process.returncode == status
    assert "stopping: what runs is finished" in err
    assert "stopped before its end" in out
    kept = [int(line) for line in (tmp_path / "kept.txt").read_text().split()]
    assert kept == list(range(1, len(kept) + 1)), "nothing lost, nothing twice"


def test_a_second_signal_stops_at_once(tmp_path):
    slow = "def keep(n):\n          import time\n          open('asleep', 'w').close()\n          time.sleep(60)"
    flow = write_flow(tmp_path, ENDLESS.replace("def keep(n):", slow))
    process = _start(tmp_path, flow)
    _wait_for_output(process, tmp_path, "asleep")

    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    while "stopping" not in process.stderr.readline():
        pass
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)

    assert process.returncode == 130
    assert "stopped; the same command goes on from the last commit" in err


def test_a_second_engine_is_refused(tmp_path):
    flow = write_flow(tmp_path, ENDLESS)
    process = _start(tmp_path, flow)
    _wait_for_output(process, tmp_path)

    refused = pyfi("run", flow, "--workspace", "ws", cwd=tmp_path)

    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "choose another with --workspace" in refused.stderr


def _start(folder: Path, flow: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "engine.cli.main", "run", str(flow), "--workspace", "ws"]
    return subprocess.Popen(command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())


def _read_all(terminal: int) -> str:
    """Everything that is written to a pseudo-terminal until its last writer closes it."""
    data = b""
    with contextlib.suppress(OSError):  # Linux's way to say that nobody writes any more
        while piece := os.read(terminal, 65536):
            data += piece
    os.close(terminal)
    return data.decode()


def _wait_for_output(process: subprocess.Popen[str], folder: Path, name: str = "kept.txt") -> None:
    deadline = time.monotonic() + 60
    while not (folder / name).exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
