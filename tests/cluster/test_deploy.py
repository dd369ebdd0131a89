"""A flow on agents: deployed, changed, stopped, scaled, and its results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.client.cluster_steps import scale, set_steps
from engine.client.flow import open_file
from engine.errors import InvalidFlow, NotFound, UsageError
from tests.cluster.site import Site, until

FLOW = """
pyfi: 1
name: {name}
processors:
  - {{id: source, type: generate, config: {{count: {count}, content: {{n: "{{n}}"}}}}}}
  - {{id: double, type: python, code: "def double(message): return {{'n': int(message['n']) * 2}}"}}
  - {{id: add, type: python, code: "def add(message): return {{'n': message['n'] + {add}}}"}}
  - {{id: keep, type: write_lines, config: {{path: out.jsonl}}}}
connections:
  - {{from: source.success, to: double.in, fuse: {fuse}}}
  - {{from: double.success, to: add.in, fuse: {fuse}}}
  - {{from: add.success, to: keep.in, fuse: {fuse}}}
"""


def flow(*, count: int = 1000, add: int = 1, fuse: bool = False, name: str = "flow") -> str:
    return FLOW.format(count=count, add=add, fuse=str(fuse).lower(), name=name)


def written(site: Site) -> list[int]:
    return sorted(json.loads(line)["n"] for line in (site.folder / "out.jsonl").read_text().splitlines())


def test_a_flow_runs_across_agents_to_its_end(site: Site) -> None:
    site.deploy(flow())
    with site.cluster() as cluster:
        summary, state = cluster.wait("flow", 60)
    assert state == "ended", site.logs()
    assert written(site) == [2 * n + 1 for n in range(1000)]
    assert summary["processors"]["add"]["in"] == 1000
    assert all(each == {"passed": 1000, "queued": 0, "expired": 0} for each in summary["connections"].values())
    until(lambda: not site.slots())


SLOW = """
pyfi: 1
name: slow
processors:
  - {{id: source, type: generate, config: {{count: {count}, rate: {rate}, content: {{n: "{{n}}"}}}}}}
  - {{id: mark, type: python, code: "def mark(message): return {{'n': int(message['n']), 'by': '{mark}'}}"}}
  - {{id: keep, type: write_lines, config: {{path: out.jsonl}}}}
connections:
  - {{from: source.success, to: mark.in, fuse: false}}
  - {{from: mark.success, to: keep.in, fuse: false}}
"""


MERGE = """
pyfi: 1
name: merge
processors:
  - {id: source, type: generate, config: {count: 25, content: "{n}"}}
  - {id: merge, type: merge, config: {count: 10}}
  - {id: keep, type: write_lines, config: {path: merged.jsonl}}
connections:
  - {from: source.success, to: merge.in}
  - {from: merge.success, to: keep.in}
"""


def slow(*, count: int = 600, rate: int = 100, mark: str = "old") -> str:
    return SLOW.format(count=count, rate=rate, mark=mark)


def marks(site: Site) -> list[dict[str, Any]]:
    path = site.folder / "out.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_changed_flow_restarts_what_changed_and_loses_nothing(site: Site) -> None:
    site.deploy(slow(), "slow")
    until(lambda: len(marks(site)) > 50, what="lines of the old one")
    before = {slot.stage: (slot.worker, slot.epoch) for slot in site.slots()}
    with site.cluster() as cluster:
        path = site.folder / "slow.flow.yaml"
        path.write_text(slow(mark="new"))
        comparison = cluster.compare(open_file(path))
        assert (comparison.restarted, comparison.begun, comparison.gone) == (("mark",), (), ())
        assert set(comparison.kept) == {"source", "keep"}
    site.deploy(slow(mark="new"), "slow")
    until(lambda: marks(site)[-1]["by"] == "new", what="lines of the new one")
    assert {slot.stage: (slot.worker, slot.epoch) for slot in site.slots()} == before, "a worker was replaced"
    with site.cluster() as cluster:
        assert cluster.wait("slow", 60)[1] == "ended", site.logs()
    assert sorted(each["n"] for each in marks(site)) == list(range(600))
    assert {each["by"] for each in marks(site)} == {"old", "new"}


def test_a_deployment_is_stopped_started_paused_and_resumed(site: Site) -> None:
    site.deploy(slow(count=400), "slow")
    with site.cluster() as cluster:
        until(lambda: len(marks(site)) > 20, what="the first lines")
        cluster.stop("slow")
        until(lambda: not site.slots(), what="all slots given back")
        stood = len(marks(site))
        assert cluster.standing("slow").state == "stopped"
        cluster.start("slow")
        until(lambda: len(marks(site)) > stood + 20, what="more lines")
        cluster.pause("slow")
        until(lambda: all(each["running"] == 0 for each in cluster.standing("slow").processors.values()))
        assert {slot.stage for slot in site.slots()} == {"", "source", "mark", "keep"}
        cluster.resume("slow")
        assert cluster.wait("slow", 60)[1] == "ended", site.logs()
    assert sorted(each["n"] for each in marks(site)) == list(range(400))


def test_single_processors_are_stopped_and_started(site: Site) -> None:
    site.deploy(slow(count=200, rate=1000), "slow")
    with site.cluster() as cluster:
        set_steps(cluster, "slow", ["mark"], running=False)
        until(lambda: cluster.standing("slow").processors["mark"]["state"] == "stopped")
        set_steps(cluster, "slow", ["mark"], running=True)
        assert cluster.wait("slow", 60)[1] == "ended", site.logs()
    assert sorted(each["n"] for each in marks(site)) == list(range(200))


def test_workers_are_scaled_by_hand_and_spread_over_nodes(site: Site) -> None:
    site.deploy(slow(count=0, rate=50), "slow")
    with site.cluster() as cluster:
        scale(cluster, "slow", "mark", 4)
        until(lambda: len(site.slots("mark")) == 4, what="four workers")
        assert sorted(str(slot.agent) for slot in site.slots("mark")) == ["a", "a", "b", "b"]
        with pytest.raises(UsageError, match="must have one worker"):
            scale(cluster, "slow", "source", 2)
        scale(cluster, "slow", "mark", 1)
        until(lambda: len(site.slots("mark")) == 1, what="one worker")
        cluster.undeploy("slow")
        with pytest.raises(NotFound):
            cluster.standing("slow")
    until(lambda: not site.slots())


def test_a_processor_waits_for_a_node_with_its_label(site: Site) -> None:
    site.deploy(flow(count=10).replace("id: double,", "id: double, requires: [gpu],"))
    with site.cluster() as cluster:
        until(lambda: any("labels gpu" in line.text for line in cluster.log("flow")), what="the sentence")
        assert not site.slots("double")
        site.agent("gpu", "--labels", "gpu")
        try:
            assert cluster.wait("flow", 60)[1] == "ended", site.logs()
        finally:
            site.agents["gpu"].stop()
    assert written(site) == [2 * n + 1 for n in range(10)]


def test_a_file_that_only_some_node_has_is_refused_with_the_cure(site: Site, tmp_path: Path) -> None:
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    elsewhere.mkdir()
    path = elsewhere / "flow.flow.yaml"
    path.write_text(flow())
    with site.cluster() as cluster, pytest.raises(InvalidFlow, match=r"'path' is a file.*requires.*--shared"):
        cluster.deploy(open_file(path))


def test_what_a_merge_holds_comes_out_at_the_end(site: Site) -> None:
    site.deploy(MERGE, "merge")
    with site.cluster() as cluster:
        assert cluster.wait("merge", 60)[1] == "ended", site.logs()
    lines = [json.loads(line) for line in (site.folder / "merged.jsonl").read_text().splitlines()]
    assert sorted(n for line in lines for n in line) == list(range(25))
    assert len(lines) == 3


def test_content_too_large_for_a_row_crosses_nodes_and_its_files_go(site: Site) -> None:
    text = flow(count=3).replace(
        "return {'n': int(message['n']) * 2}", "return {'n': int(message['n']) * 2, 'x': 'x' * 3_000_000}"
    )
    site.deploy(text)
    with site.cluster() as cluster:
        assert cluster.wait("flow", 60)[1] == "ended", site.logs()
    assert written(site) == [1, 3, 5]
    until(lambda: not [path for path in (site.folder / ".pyfi-claims").rglob("*") if path.is_file()], what="no file left")
