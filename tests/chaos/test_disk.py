"""A disk that fills up, and is given room again: the engine says so, waits, and loses nothing.

The disk is made full for the engine and its hosts alone, by their limit on the size of files, which can be raised from outside.
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Self

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = 3000
ROOM_BYTES = 3_000_000
FLOW = f"""
pyfi: 1
name: full
processors:
  - id: source
    type: python
    inputs: []
    outputs: [success]
    code: |
      def source():
          for number in range({MESSAGES}):
              yield [number, "x" * 2000]
  - id: slow
    type: python
    code: |
      import time
      def slow(message):
          time.sleep(0.0005)
          return message
  - {{id: out, type: write_lines, config: {{path: out.jsonl}}}}
connections:
  - {{from: source.success, to: slow.in, fuse: false}}
  - {{from: slow.success, to: out.in, fuse: false}}
"""


on_linux = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of another process can be changed on Linux only")


def _allow(pid: int, size: int) -> None:
    """Let a process and its children write files of that size."""
    process = psutil.Process(pid)
    for each in (process, *process.children(recursive=True)):
        resource.prlimit(each.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


class FullRun:
    """`pyfi run` of the flow with too little room. `said` is what it wrote to stderr."""

    def __init__(self, folder: Path, room: int) -> None:
        self.path = folder / "full.flow.yaml"
        self.path.write_text(FLOW, encoding="utf-8")
        self.said: list[str] = []
        self.told = threading.Event()
        """It said that storage fails."""
        command = [sys.executable, "-m", "engine.cli.main", "run", str(self.path), "--json"]
        self.process = subprocess.Popen(
            [*command, "--workspace", str(folder / "workspace")],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY)),  # noqa: PLW1509 - one system call
        )
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self._listener.join(10)
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()
        self.process.wait()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if "storage" in line:
                self.told.set()

    def end(self) -> tuple[int, str]:
        """Wait for its end; its status and what it wrote to stdout."""
        assert self.process.stdout is not None
        output = self.process.stdout.read()
        status = self.process.wait(60)
        self._listener.join(10)
        return status, output


def _check(output: str, folder: Path) -> None:
    """Every message is there, once."""
    assert json.loads(output)["processors"]["out"]["in"] == MESSAGES
    lines = [json.loads(line)[0] for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(lines) == list(range(MESSAGES))


@on_linux
def test_a_full_disk_is_waited_for_and_nothing_is_lost(tmp_path: Path) -> None:
    # Given a flow whose queues need more room than there is,
    with FullRun(tmp_path, ROOM_BYTES) as run:
        # when it runs out of it, the user is told,
        assert run.told.wait(60), run.said
        time.sleep(1)
        assert run.process.poll() is None
        # and when there is room again, the run goes on to its end with everything there once.
        _allow(run.process.pid, resource.RLIM_INFINITY)
        status, output = run.end()
    assert status == 0, run.said
    _check(output, tmp_path)


@on_linux
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_on_a_full_disk_ends_when_it_is_told_to_and_goes_on_later(
    tmp_path: Path, number: signal.Signals, status: int
) -> None:
    # Given a run that waits for room,
    with FullRun(tmp_path, ROOM_BYTES) as run:
        assert run.told.wait(60), run.said
        # when it is to end, and there still is none,
        run.process.send_signal(number)
        # then it does, says what is wrong and that nothing is lost,
        assert run.end()[0] == status, run.said
    assert any("storage: " in line and "run it again when that is cured" in line for line in run.said), run.said
    assert not any("Traceback" in line for line in run.said), run.said
    # and the same command goes on where there is room.
    with FullRun(tmp_path, resource.RLIM_INFINITY) as again:
        done, output = again.end()
    assert done == 0, again.said
    assert 0 < json.loads(output)["processors"]["source"]["out"]["success"] <= MESSAGES
    _check(output, tmp_path)
