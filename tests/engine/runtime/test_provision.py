"""Environments of stages in real runs: packages are there, and one that cannot be made leaves the last good one in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.client.environments import wanted
from engine.client.flow import open_file
from engine.errors import EnvironmentFailed
from engine.runtime.plan import Environment, Stage
from engine.runtime.provision import provide
from engine.sources import environment as environments
from engine.sources.environment import python_of
from engine.sources.recipe import Recipe
from tests.engine.runtime.running import NUMBERS, Bench, flow
from tests.engine.sources.packages import tarball, wheel

STEP = """
- id: step
  type: python
  requirements: [NEEDS]
  code: |
    import sys

    def step(n):
        import sun
        return [n, sun.VERSION]
"""
OUT = """
- id: out
  type: write_lines
  config: {path: out.jsonl}
"""
COUNT = "parameters: {count: 2}\n"
LINKS = "numbers.success -> step.in\nstep.success -> out.in"


def said(bench: Bench, level: str) -> str:
    return "\n".join(text for step, found, text in bench.log if found == level and step == "step")


def test_an_environment_that_fails_leaves_the_last_good_one_in_use_and_says_so(packages: Path, tmp_path: Path) -> None:
    wheel(packages, "sun", "1.0")
    bench = Bench(tmp_path, flow(NUMBERS + STEP.replace("NEEDS", "sun") + OUT, LINKS, COUNT))
    assert bench.run(overrides={"count": 2}).summary["dead_letters"] == 0
    assert bench.lines("out.jsonl") == [[0, "1.0"], [1, "1.0"]]
    assert "environment 4/4: Installed 1 package" in said(bench, "info")
    bench.write(flow(NUMBERS + STEP.replace("NEEDS", "sun, comet") + OUT, LINKS, COUNT))
    bench.run(overrides={"count": 3}, fresh=True)
    assert bench.lines("out.jsonl") == [[n, "1.0"] for n in range(3)], "nothing is lost, and the flow goes on"
    assert "comet was not found" in said(bench, "error")
    assert "it goes on with the environment that worked last (sun); correct `requirements`" in said(bench, "error")


def stage_needing(*packages: str) -> Stage:
    return Stage(("step",), Environment("python", requirements=packages), 1, 0, (), {})


def test_the_last_good_one_is_of_one_flow_though_a_folder_holds_many(packages: Path, tmp_path: Path) -> None:
    wheel(packages, "sun")
    made = provide("ours", stage_needing("sun"), {}, tmp_path, lambda *_: None)
    with pytest.raises(EnvironmentFailed, match=r"(?s)processor 'step'.*comet"):
        provide("theirs", stage_needing("comet"), {}, tmp_path, lambda *_: None)
    assert provide("ours", stage_needing("comet"), {}, tmp_path, lambda *_: None) == made


def test_a_disk_that_takes_nothing_leaves_the_last_good_one_in_use(packages: Path, tmp_path: Path) -> None:
    wheel(packages, "sun")
    heard: list[str] = []
    made = provide("ours", stage_needing("sun"), {}, tmp_path, lambda *_: None)
    taken = environments.environments() / f"{Recipe(requirements=('moon',)).name}.json"
    taken.mkdir()
    assert provide("ours", stage_needing("moon"), {}, tmp_path, lambda _, text: heard.append(text)) == made
    (said,) = heard
    assert said.endswith("make it writable\nit goes on with the environment that worked last (sun)")
    with pytest.raises(EnvironmentFailed, match=r"processor 'step': cannot make .*Is a directory"):
        provide("theirs", stage_needing("moon"), {}, tmp_path, lambda *_: None)


def test_an_environment_that_cannot_be_noted_is_used_all_the_same(packages: Path, tmp_path: Path) -> None:
    wheel(packages, "sun")
    notes = environments.environments() / "last"
    notes.parent.mkdir(parents=True)
    notes.write_text("a file where the notes' folder would be")
    made = provide("ours", stage_needing("sun"), {}, tmp_path, lambda *_: None)
    assert python_of(made).exists()


def test_without_a_last_one_the_messages_wait_and_the_reason_is_said(packages: Path, tmp_path: Path) -> None:
    bench = Bench(tmp_path, flow(NUMBERS + STEP.replace("NEEDS", "comet") + OUT, LINKS, COUNT))
    bench.run(overrides={"count": 2})
    failed = said(bench, "error")
    assert failed.startswith("processor 'step': cannot install what a processor requires: ")
    assert "Using Python" not in failed
    assert failed.endswith("; correct `requirements`")
    assert [content for content, _ in bench.queue("numbers.success->step.in")] == [0, 1]


def test_packages_of_a_flow_are_there_for_all_its_python_and_node_has_its_own(packages: Path, tmp_path: Path) -> None:
    wheel(packages, "sun", "3.0")
    tarball(packages, "moon", "4.0.0")
    node = """
- id: last
  type: node
  requirements: [moon]
  code: |
    module.exports = (content) => [...content, require('moon').version];
"""
    steps = NUMBERS + STEP.replace("  requirements: [NEEDS]\n", "") + node + OUT
    text = flow(
        steps, "numbers.success -> step.in\nstep.success -> last.in\nlast.success -> out.in", COUNT + "requirements: [sun]\n"
    )
    bench = Bench(tmp_path, text)
    assert sorted(each.shown() for each in wanted(open_file(bench.path))) == ["moon", "sun"]
    bench.run(overrides={"count": 1})
    assert bench.lines("out.jsonl") == [[0, "3.0", "4.0.0"]]
