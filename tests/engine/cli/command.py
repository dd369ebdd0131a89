"""Runs the real command, in a process of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from engine.cli.failure import guarded
from engine.cli.root import call

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


class Done(NamedTuple):
    """What a command printed, and its exit status."""

    returncode: int
    stdout: str
    stderr: str


def environment(**more: str) -> dict[str, str]:
    """The environment of a command in a process of its own."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).absolute().parents[3]), **more}


def process(*arguments: str | Path, cwd: Path, stdin: str = "", **more: str) -> Done:
    """`pyfi` with arguments, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "engine.cli.main", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        env=environment(**more),
        timeout=120,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def pyfi(*arguments: str | Path, cwd: Path) -> Done:
    """`pyfi` with arguments, all of it but the start of a process, which would take longer than the rest."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True) for _ in range(2))
    with contextlib.chdir(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = guarded(call, [str(argument) for argument in arguments])
    for stream in (out, err):
        stream.seek(0)
    return Done(status, out.read(), err.read())


def answer(done: Done) -> Any:
    """What a command printed with --json."""
    return json.loads(done.stdout)


def write_flow(folder: Path, text: str = CHAIN, name: str = "chain.flow.yaml") -> Path:
    """A flow file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
