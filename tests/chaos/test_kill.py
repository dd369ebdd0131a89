"""`kill -9` at any moment: engine, host, or both. Every input is in the recorded outputs exactly once, every time."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from engine.runtime.hosts import wire

MESSAGES = 3000
SHORT_RUNS, LONG_RUNS = 10, 200
ROOT = Path(__file__).resolve().parents[2]
HOSTS = str(Path(wire.__file__).parent)

FLOW = f"""
pyfi: 1
name: chaos
processors:
  - id: source
    type: python
    inputs: []
    outputs: [success]
    code: |
      def source():
          for number in range({MESSAGES}):
              yield {{"id": number, "trail": []}}
  - id: split
    type: route
    config: {{rules: {{even: "content['id'] % 2 == 0"}}, otherwise: odd}}
  - id: even
    type: python
    concurrency: 2
    retry: {{attempts: 1, penalty: 0.05s}}
    code: |
      def even(message, ctx):
          message["trail"].append("even")
          if message["id"] % 40 == 2 and ctx.attempt == 0:
              raise ValueError("the first try of some fails")
          if message["id"] % 50 == 0:
              raise ValueError("every try of some fails")
          return message
  - id: odd
    type: python
    retry: {{attempts: 1, penalty: 0.05s}}
    code: |
      def odd(message):
          message["trail"].append("odd")
          if message["id"] % 50 == 1:
              raise ValueError("every try of some fails")
          return message
  - id: pair
    type: python
    inputs: [left, right]
    code: |
      def pair(left, right):
          return {{"pair": [left["id"], right["id"]], "trail": left["trail"] + right["trail"]}}
  - {{id: out, type: write_lines, config: {{path: pairs.jsonl}}}}
  - {{id: failed, type: write_lines, config: {{path: failed.jsonl.gz}}}}
connections:
  - {{from: source.success, to: split.in}}
  - {{from: split.even, to: even.in}}
  - {{from: split.odd, to: odd.in}}
  - {{from: even.success, to: pair.left}}
  - {{from: odd.success, to: pair.right}}
  - {{from: pair.success, to: out.in}}
  - {{from: even.failure, to: failed.in}}
  - {{from: odd.failure, to: failed.in}}
"""


class Patient:
    """A flow that is run again and again until it ends by itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._flow = folder / "chaos.flow.yaml"
        self._flow.write_text(FLOW, encoding="utf-8")
        self.process = self.start()

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "engine.cli.main", "run", str(self._flow), "--json"]
        return subprocess.Popen(
            [*command, "--workspace", str(self._folder / "workspace")],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def hosts(self) -> list[psutil.Process]:
        """The host processes of the engine that runs now."""
        try:
            children = psutil.Process(self.process.pid).children(recursive=True)
            return [child for child in children if HOSTS in child.cmdline()]
        except psutil.Error:
            return []

    def kill(self, target: str, rng: random.Random) -> None:
        """End the engine, one of its hosts, or both, with no warning."""
        hosts = self.hosts()
        if target in ("host", "both") and hosts:
            _kill(rng.choice(hosts).pid)
        if target in ("engine", "both"):
            _kill(self.process.pid)
            self.process.communicate()
            self.process = self.start()

    def finish(self) -> dict[str, object]:
        """Let it end by itself; returns its summary."""
        output, errors = self.process.communicate(timeout=120)
        assert self.process.returncode == 0, errors
        return json.loads(output)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _lines(path: Path) -> list[dict[str, object]]:
    opened = (
        subprocess.run(["gzip", "-dc", path], check=True, capture_output=True).stdout
        if path.suffix == ".gz"
        else path.read_bytes()
    )
    return [json.loads(line) for line in opened.splitlines()]


@pytest.mark.timeout(3600)
def test_every_message_is_recorded_once_whatever_is_killed(tmp_path: Path, long_form: bool) -> None:
    kills: Counter[str] = Counter()
    for number in range(LONG_RUNS if long_form else SHORT_RUNS):
        rng = random.Random(number)
        folder = tmp_path / f"run-{number}"
        folder.mkdir()
        # Given a flow with routing, retries, failures and a join,
        patient = Patient(folder)
        # when it is killed one to five times, each at a random moment,
        for _ in range(rng.randint(1, 5)):
            time.sleep(rng.uniform(0.05, 1.2))
            if patient.process.poll() is not None:
                break
            target = rng.choice(["engine", "host", "both"])
            patient.kill(target, rng)
            kills[target] += 1
        summary = patient.finish()
        # then every message is in the outputs, and in them once.
        pairs = [pair["pair"] for pair in _lines(folder / "pairs.jsonl")]
        failed = [message["id"] for message in _lines(folder / "failed.jsonl.gz")]
        seen = Counter([id for pair in pairs for id in pair] + failed)  # type: ignore[attr-defined]
        assert seen == Counter(range(MESSAGES)), (number, seen - Counter(range(MESSAGES)), Counter(range(MESSAGES)) - seen)
        assert set(failed) == {id for id in range(MESSAGES) if id % 50 in (0, 1)}
        # And the counts say the same.
        processors = summary["processors"]
        assert processors["split"]["in"] == MESSAGES  # type: ignore[index]
        assert processors["pair"]["out"]["success"] == len(pairs)  # type: ignore[index]
    print(f"killed: {dict(kills)}")
