"""The chain: a source, five Python processors that each update a field, a sink; durable, against Node-RED in memory.

    python tests/bench/chain.py [--messages N] [--rounds N]

Fused, and with every hop through a durable queue (`fuse: false`); on two cores and on one.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.measure import MESSAGE, ROUNDS, median, node_red, report, rounds, run_flow

STEPS = ("a", "b", "c", "d", "e")


def chain_flow(messages: int, *, fuse: bool) -> str:
    """The chain as a flow file."""
    lines = [
        "pyfi: 1",
        "name: chain",
        "processors:",
        "  - id: source",
        "    type: python",
        "    inputs: []",
        "    outputs: [success]",
        "    code: |",
        "      def source():",
        f"          for i in range({messages}):",
        f"              yield {MESSAGE}",
    ]
    for step in STEPS:
        lines += [
            f"  - id: {step}",
            "    type: python",
            "    code: |",
            "      def process(message):",
            "          message['n'] = message.get('n', 0) + 1",
            "          return message",
        ]
    lines += ["  - {id: sink, type: write_lines, config: {path: out.jsonl}}", "connections:"]
    ends = ("source", *STEPS, "sink")
    for source, target in itertools.pairwise(ends):
        lines.append(f"  - {{from: {source}.success, to: {target}.in, fuse: {str(fuse).lower()}}}")
    return "\n".join(lines) + "\n"


def rate(messages: int, *, fuse: bool, cores: str | None = None) -> float:
    """Messages a second through the chain."""
    summary = run_flow(chain_flow(messages, fuse=fuse), cores=cores)
    assert summary["processors"]["sink"]["in"] == messages, summary
    return summary["messages_per_second"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    n = options.messages
    results = rounds(
        {
            "Node-RED, in memory": lambda: node_red(min(n, 50_000)),
            "PYFI, fused": lambda: rate(n, fuse=True),
            "PYFI, every hop durable": lambda: rate(n, fuse=False),
            "Node-RED, one core": lambda: node_red(min(n, 50_000), cores="0"),
            "PYFI, fused, one core": lambda: rate(n, fuse=True, cores="0"),
            "PYFI, every hop durable, one core": lambda: rate(n, fuse=False, cores="0"),
        },
        options.rounds,
    )
    for name, values in results.items():
        print(f"{name}: median {median(values):,.0f} messages/s")
    peer, one_core = median(results["Node-RED, in memory"]), median(results["Node-RED, one core"])
    for name, against, least in (
        ("PYFI, fused", peer, 20),
        ("PYFI, every hop durable", peer, 4),
        ("PYFI, fused, one core", one_core, 20),
        ("PYFI, every hop durable, one core", one_core, 4),
    ):
        ratio = median(results[name]) / against
        report(f"{name} against Node-RED", ratio, "x", f"{least}x", ratio >= least)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
