"""Chains of five Node processors, and of five bash processors in `mode: lines`, against Node-RED's five function nodes."""

from __future__ import annotations

import argparse
import itertools
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.measure import MESSAGE, ROUNDS, median, node_red, report, rounds, run_flow

NODE = "type: node, code: 'module.exports = (message) => { message.n = (message.n || 0) + 1; return message }'"
BASH = """type: bash, mode: lines, code: 'sed "s/\\"n\\": *[0-9]*/\\"n\\":1/"'"""


def flow(kind: str, messages: int) -> str:
    """A source, five steps of a kind, a sink."""
    steps = [f"  - {{id: s{number}, {kind}}}" for number in range(5)]
    ends = ("source", *(f"s{number}" for number in range(5)), "sink")
    links = [f"  - {{from: {one}.success, to: {other}.in}}" for one, other in itertools.pairwise(ends)]
    source = f"def source():\n          for i in range({messages}):\n              yield {MESSAGE}"
    head = (
        f"pyfi: 1\nname: runtimes\nprocessors:\n  - id: source\n    type: python\n    inputs: []\n    code: |\n      {source}\n"
    )
    sink = "  - {id: sink, type: write_lines, config: {path: out.jsonl}}\n"
    return head + "\n".join(steps) + "\n" + sink + "connections:\n" + "\n".join(links) + "\n"


def rate(kind: str, messages: int) -> float:
    """Messages a second."""
    summary = run_flow(flow(kind, messages))
    assert summary["processors"]["sink"]["in"] == messages, summary
    return summary["messages_per_second"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    results = rounds(
        {
            "Node-RED": lambda: node_red(50_000),
            "PYFI, five Node processors": lambda: rate(NODE, options.messages),
            "PYFI, five bash processors": lambda: rate(BASH, options.messages),
        },
        options.rounds,
    )
    peer = median(results["Node-RED"])
    for name, least in (("PYFI, five Node processors", 5), ("PYFI, five bash processors", 2)):
        ratio = median(results[name]) / peer
        print(f"{name}: median {median(results[name]):,.0f} messages/s")
        report(f"{name} against Node-RED", ratio, "x", f"{least}x", ratio >= least)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
