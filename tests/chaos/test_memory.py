"""A million messages wait in a queue: they lie on the disk, not in the engine's memory, and draining them works."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = 1_000_000
EARLY = 50_000
MOST_BYTES = 50_000_000
FLOW = f"""
pyfi: 1
name: million
parameters: {{folder: ""}}
processors:
  - id: source
    type: python
    inputs: []
    outputs: [success]
    code: |
      from pathlib import Path
      def source(ctx):
          for number in range({MESSAGES}):
              if number == {EARLY}:
                  Path(ctx.params["folder"], "early").touch()
              yield {{"id": number, "text": "some forty bytes of text to carry along"}}
          Path(ctx.params["folder"], "made").touch()
  - id: gate
    type: python
    timeout: 1d
    code: |
      import time
      from pathlib import Path
      def gate(message, ctx):
          while message["id"] == 0 and not Path(ctx.params["folder"], "open").exists():
              time.sleep(0.05)
          return message["id"]
  - {{id: out, type: write_lines, config: {{path: out.txt}}}}
connections:
  - {{from: source.success, to: gate.in, fuse: false, limit: {{messages: 0, bytes: 0}}}}
  - {{from: gate.success, to: out.in}}
"""


def test_a_million_queued_messages_are_not_in_memory_and_drain(tmp_path: Path) -> None:
    # Given a flow whose second processor is held up,
    path = tmp_path / "million.flow.yaml"
    path.write_text(FLOW, encoding="utf-8")
    command = [sys.executable, "-m", "engine.cli.main", "run", str(path), "--json", "--set", f"folder={tmp_path}"]
    with subprocess.Popen(
        [*command, "--workspace", str(tmp_path / "workspace")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            engine = psutil.Process(process.pid)
            _wait_for(tmp_path / "early", process)
            before = engine.memory_info().rss
            # when a million messages have gathered before it,
            _wait_for(tmp_path / "made", process)
            grown = engine.memory_info().rss - before
            (tmp_path / "open").touch()
            output, _ = process.communicate(timeout=300)
        finally:
            if process.poll() is None:
                process.kill()
    # then the engine has not grown by them, and every one of them comes out.
    print(f"grown by {grown / 1e6:.1f} MB")
    assert grown < MOST_BYTES
    assert json.loads(output)["processors"]["gate"]["in"] == MESSAGES
    assert sum(map(int, (tmp_path / "out.txt").read_text(encoding="ascii").split())) == MESSAGES * (MESSAGES - 1) // 2


def _wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 300
    while not path.exists():
        assert process.poll() is None, "the run ended early"
        assert time.monotonic() < deadline, f"{path.name} took too long"
        time.sleep(0.05)
