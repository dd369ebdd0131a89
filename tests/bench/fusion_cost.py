"""What one more processor costs in a fused chain, and what 100 idle processors cost a running flow.

The first is the slope over chains of 1 to 21 processors: processor seconds of the whole run, divided by messages and steps. The
second compares the processor time that a flow takes with and without 100 processors that never get a message.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.measure import MESSAGE, ROOT, ROUNDS, median, report

MESSAGES = 200_000
SHORT, LONG = 1, 21
IDLE = 100


def flow(steps: int, idle: int = 0, messages: int = MESSAGES) -> str:
    """A chain of so many steps; `idle` more hang on an output that never has a message."""
    lines = ["pyfi: 1", "name: cost", "processors:", "  - id: source", "    type: python", "    inputs: []"]
    lines += ["    outputs: [success, never]", "    code: |", "      def source():", f"          for i in range({messages}):"]
    lines += [f"              yield {MESSAGE}"]
    links, before = ["connections:"], "source.success"
    for number in range(steps):
        lines += [f"  - id: s{number}", "    type: python", "    code: |", "      def step(message):"]
        lines += ["          message['n'] += 1", "          return message"]
        links.append(f"  - {{from: {before}, to: s{number}.in}}")
        before = f"s{number}.success"
    drops = [before]
    for number in range(idle):
        lines.append(f"  - {{id: idle{number}, type: python, concurrency: 2, code: 'def idle(message): return message'}}")
        links.append(f"  - {{from: source.never, to: idle{number}.in}}")
        drops.append(f"idle{number}.success")
    if not idle:
        drops.append("source.never")
    return "\n".join([*lines, *links, f"auto_terminate: [{', '.join(drops)}]"]) + "\n"


def processor_seconds(text: str, messages: int = MESSAGES) -> float:
    """User and system time of a whole run: command, engine and hosts."""
    with tempfile.TemporaryDirectory(prefix="pyfi-bench-") as folder:
        path = Path(folder) / "cost.flow.yaml"
        path.write_text(text, encoding="utf-8")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "engine.cli.main", "run", str(path), "--json", "--workspace", f"{folder}/workspace"]
        done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert json.loads(done.stdout)["processors"]["source"]["out"]["success"] == messages
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    slopes: list[float] = []
    loads: list[float] = []
    for number in range(ROUNDS):
        short, long = processor_seconds(flow(SHORT)), processor_seconds(flow(LONG))
        slopes.append((long - short) / MESSAGES / (LONG - SHORT) * 1e6)
        plain, idle = processor_seconds(flow(5)), processor_seconds(flow(5, IDLE))
        loads.append(idle - plain)
        print(f"  round {number + 1}: one more step {slopes[-1]:.3f} us; 100 idle ones {loads[-1]:+.3f} s of {plain:.2f} s")
    slope, load = median(slopes), median(loads)
    report("one more processor in a fused chain", slope, "microseconds a message", "under 0.5", slope < 0.5)
    print(f"100 idle processors: {load:+.3f} s of processor time in a run of {MESSAGES:,} messages (set-up included)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
