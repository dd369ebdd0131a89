"""Rings: steps that can send messages round to each other."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.rings import rings
from tests.engine.runtime.running import Bench, flow

OUT = "- {id: out, type: write_lines, config: {path: out.jsonl}}"
SOURCE = """- id: source
  type: python
  inputs: []
  outputs: [success]
  code: |
    def source():
        yield from range(40)
"""
PASS = "- {id: pass, type: python, code: 'def same(x): return x'}\n"
TWICE = {
    "python": "def again(x, ctx):\n    for n in (1000, 2000) if x < 1000 else (): ctx.emit('again', x + n)\n    return x\n",
    "node": (
        "module.exports = (x, ctx) => {\n  if (x < 1000) for (const n of [1000, 2000]) ctx.emit('again', x + n);\n"
        "  return x;\n};\n"
    ),
}
"""Sends every message of the source round twice."""
ALL = sorted(n + more for n in range(40) for more in (0, 1000, 2000))


@given(st.integers(1, 9).flatmap(lambda n: st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=20)))
def test_steps_share_a_ring_if_each_can_be_reached_from_the_other(links: list[tuple[int, int]]) -> None:
    steps = [str(n) for n in range(9)]
    onward: dict[str, list[str]] = {}
    for source, target in links:
        onward.setdefault(str(source), []).append(str(target))
    reached = {step: {step} for step in steps}
    for _ in steps:
        for source, targets in onward.items():
            for step in steps:
                if source in reached[step]:
                    reached[step].update(targets)
    found = rings(steps, onward)
    for one in steps:
        for other in steps:
            assert (found[one] == found[other]) == (other in reached[one] and one in reached[other])


def test_a_chain_longer_than_the_stack_is_no_ring() -> None:
    steps = [str(n) for n in range(20_000)]
    onward = {source: [target] for source, target in pairwise(steps)}
    assert len(set(rings(steps, onward).values())) == len(steps)


def again(language: str) -> str:
    """A processor that sends messages round."""
    code = "".join(f"    {line}\n" for line in TWICE[language].splitlines())
    return f"- id: again\n  type: {language}\n  outputs: [success, again, failure]\n  code: |\n{code}"


@pytest.mark.parametrize("language", ["python", "node"])
@pytest.mark.parametrize("policy", ["", " {limit: {messages: 5}}", " {fuse: false}", " {priority: lifo}"])
def test_what_a_processor_sends_to_itself_arrives(tmp_path: Path, language: str, policy: str) -> None:
    links = f"source.success -> again.in{policy}\nagain.again -> again.in{policy}\nagain.success -> out.in"
    bench = Bench(tmp_path, flow(SOURCE + again(language) + OUT, links))
    outcome = bench.run(timeout_s=60)
    assert outcome.troubles == ()
    assert sorted(bench.lines("out.jsonl")) == ALL


@pytest.mark.parametrize("language", ["python", "node"])
@pytest.mark.parametrize("policy", ["", " {limit: {messages: 5}}", " {fuse: false, limit: {messages: 5}}"])
def test_what_goes_round_several_processors_arrives(tmp_path: Path, language: str, policy: str) -> None:
    links = (
        f"source.success -> pass.in{policy}\npass.success -> again.in{policy}\n"
        f"again.again -> pass.in{policy}\nagain.success -> out.in"
    )
    bench = Bench(tmp_path, flow(SOURCE + PASS + again(language) + OUT, links))
    outcome = bench.run(timeout_s=60)
    assert outcome.troubles == ()
    assert sorted(bench.lines("out.jsonl")) == ALL


def test_a_breakpoint_holds_what_a_processor_sends_to_itself(tmp_path: Path) -> None:
    links = "source.success -> again.in\nagain.again -> again.in {breakpoint: true}\nagain.success -> out.in"
    bench = Bench(tmp_path, flow(SOURCE + again("python") + OUT, links))
    outcome = bench.run()
    assert outcome.summary["connections"]["again.again->again.in"] == {"passed": 80, "queued": 80, "expired": 0}
    assert bench.lines("out.jsonl") == list(range(40))
