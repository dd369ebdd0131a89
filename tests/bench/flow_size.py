"""A flow of 10,000 processors: import and validate, then plan. Prints seconds, medians of 5."""

from __future__ import annotations

import itertools
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.model.codec import load_flow
from engine.model.flatten import flatten
from engine.model.validation import validate
from engine.processors.registry import catalog
from engine.runtime.plan import plan
from tests.bench.measure import ROUNDS, median, report

PROCESSORS = 10_000
CHAIN = 10


def big_flow(count: int) -> str:
    """Chains of ten processors side by side: a source, code of its own in each step, a route, a sink."""
    lines = ["pyfi: 1", "name: big", "processors:"]
    links = ["connections:"]
    for chain in range(count // CHAIN):
        ids = [f"c{chain}-{place}" for place in range(CHAIN)]
        lines.append(f"  - {{id: {ids[0]}, type: generate, config: {{count: 10, content: {{n: '{{n}}'}}}}}}")
        for place, step in enumerate(ids[1:-1], 1):
            lines += [
                f"  - id: {step}",
                "    type: python",
                "    code: |",
                "      def process(message):",
                f"          message['n{place}'] = {chain}",
                "          return message",
            ]
        lines.append(f"  - {{id: {ids[-1]}, type: write_lines, config: {{path: out/{chain}.jsonl}}}}")
        links += [f"  - {{from: {one}.success, to: {other}.in}}" for one, other in itertools.pairwise(ids)]
    layout = [f"  c{chain}-0: [0, {chain * 200}]" for chain in range(count // CHAIN)]
    return "\n".join([*lines, *links, "layout:", *layout]) + "\n"


def main() -> int:
    text = big_flow(PROCESSORS)
    checked: list[float] = []
    planned: list[float] = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        flow = load_flow(text)
        problems = validate(flow, catalog(), Path.cwd())
        checked.append(time.perf_counter() - started)
        assert not problems, problems[:3]
        started = time.perf_counter()
        result = plan(flatten(flow), catalog())
        planned.append(time.perf_counter() - started)
        assert len(result.steps) == PROCESSORS
        print(f"  import and validate {checked[-1]:.2f} s, plan {planned[-1]:.2f} s", flush=True)
    report(f"import and validate {PROCESSORS:,} processors", median(checked), "s", "3 s", median(checked) <= 3)
    report(f"plan {PROCESSORS:,} processors", median(planned), "s", "1 s", median(planned) <= 1)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
