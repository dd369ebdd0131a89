"""A disk that fills up, and is given room again: the engine says so, waits, and loses nothing.

The disk is made full for the engine and its hosts alone, by their limit on the size of files, which can be raised from outside.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

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


def _allow(pid: int, size: int) -> None:
    """Let a process and its children write files of that size."""
    process = psutil.Process(pid)
    for each in (process, *process.children(recursive=True)):
        resource.prlimit(each.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of another process can be changed on Linux only")
def test_a_full_disk_is_waited_for_and_nothing_is_lost(tmp_path: Path) -> None:
    # Given a flow whose queues need more room than there is,
    path = tmp_path / "full.flow.yaml"
    path.write_text(FLOW, encoding="utf-8")
    command = [sys.executable, "-m", "engine.cli.main", "run", str(path), "--json", "--workspace", str(tmp_path / "workspace")]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_BYTES, resource.RLIM_INFINITY)),  # noqa: PLW1509 - one system call
    )
    said: list[str] = []
    told = threading.Event()

    def listen() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            if "storage" in line or "space" in line:
                told.set()

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        # when it runs out of it, the user is told,
        assert told.wait(60), said
        time.sleep(1)
        assert process.poll() is None
        # and when there is room again, the run goes on to its end with everything there once.
        _allow(process.pid, resource.RLIM_INFINITY)
        assert process.stdout is not None
        output = process.stdout.read()
        assert process.wait(120) == 0, said
    finally:
        if process.poll() is None:
            process.kill()
        listener.join(10)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        process.wait()
    assert json.loads(output)["processors"]["out"]["in"] == MESSAGES
    lines = [json.loads(line)[0] for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(lines) == list(range(MESSAGES))
