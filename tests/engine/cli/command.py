"""Runs the real command, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

CHAIN = """
pyfi: 1
name: chain
parameters: {count: 20, bad: -1}
processors:
  - id: make
    type: python
    inputs: []
    outputs: [success]
    code: |
      def make(ctx):
          for n in range(ctx.params["count"]):
              yield {"n": n}
  - id: double
    type: python
    code: |
      def double(message, ctx):
          if message["n"] == ctx.params["bad"]:
              raise ValueError(f"{message['n']} is bad")
          return {"n": message["n"] * 2}
  - id: keep
    type: python
    outputs: [success, failure]
    code: |
      def keep(message):
          with open("kept.txt", "a") as file:
              file.write(f"{message['n']}\\n")
connections:
  - {from: make.success, to: double.in}
  - {from: double.success, to: keep.in, fuse: false}
auto_terminate: [keep.success]
"""
"""Twenty numbers, doubled, written to `kept.txt`; `--set bad=7` makes the seventh fail."""


def pyfi(*arguments: str | Path, cwd: Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """`pyfi` with arguments; what it printed and its exit status."""
    return subprocess.run(
        [sys.executable, "-m", "engine.cli.main", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).absolute().parents[3]), **environment},
        timeout=120,
        check=False,
    )


def answer(done: subprocess.CompletedProcess[str]) -> Any:
    """What a command printed with --json."""
    return json.loads(done.stdout)


def write_flow(folder: Path, text: str = CHAIN, name: str = "chain.flow.yaml") -> Path:
    """A flow file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
