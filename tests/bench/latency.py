"""One message through an idle local flow of five steps: from the line being there to the result being in the file.

A followed file is the way in, a file the way out; between them five fused Python processors and the commit. Prints p50 and p99.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.chain import STEPS
from tests.bench.measure import ROOT, report

MESSAGES = 500
PAUSE_S = 0.02
SOURCE = """
import os, time

def source():
    # A named pipe: the line is there the moment it is written.
    with open(os.environ["HOME"] + "/in.pipe", encoding="utf-8") as lines:
        for line in lines:
            yield {"sent": float(line)}
"""


def flow() -> str:
    """The chain, with a pipe at its head."""
    source = f"  - {{id: source, type: python, inputs: [], code: {json.dumps(SOURCE)}}}"
    lines = ["pyfi: 1", "name: latency", "processors:", source]
    for step in STEPS:
        code = json.dumps(f"def process(message):\n    message['{step}'] = 1\n    return message\n")
        lines.append(f"  - {{id: {step}, type: python, code: {code}}}")
    lines += ["  - {id: sink, type: write_lines, config: {path: out.jsonl}}", "connections:"]
    ends = ("source", *STEPS, "sink")
    lines += [f"  - {{from: {one}.success, to: {other}.in}}" for one, other in itertools.pairwise(ends)]
    return "\n".join(lines) + "\n"


def main() -> int:
    import os

    with tempfile.TemporaryDirectory(prefix="pyfi-bench-") as name:
        folder = Path(name)
        os.mkfifo(folder / "in.pipe")
        (folder / "latency.flow.yaml").write_text(flow(), encoding="utf-8")
        command = [sys.executable, "-m", "engine.cli.main", "run", str(folder / "latency.flow.yaml"), "--json"]
        process = subprocess.Popen(
            [*command, "--workspace", str(folder / "workspace")],
            cwd=ROOT,
            env={**os.environ, "HOME": name},
            stdout=subprocess.PIPE,
            text=True,
        )
        taken = measure(folder)
        process.communicate(timeout=60)
        assert process.returncode == 0
    taken.sort()
    p50, p99 = taken[len(taken) // 2] * 1000, taken[int(len(taken) * 0.99)] * 1000
    report("one message through the idle chain, p50", p50, "ms", "5 ms", p50 <= 5)
    report("one message through the idle chain, p99", p99, "ms", "20 ms", p99 <= 20)
    return 0


def measure(folder: Path) -> list[float]:
    """Seconds from writing a line to its result being in the file."""
    taken: list[float] = []
    out = folder / "out.jsonl"
    with (folder / "in.pipe").open("w", encoding="utf-8", buffering=1) as pipe:
        for number in range(MESSAGES + 20):
            size = out.stat().st_size if out.exists() else 0
            started = time.perf_counter()
            pipe.write(f"{started}\n")
            while not out.exists() or out.stat().st_size == size:
                time.sleep(0.0002)
            if number >= 20:
                taken.append(time.perf_counter() - started)
            time.sleep(PAUSE_S)
    return taken


if __name__ == "__main__":
    raise SystemExit(main())
