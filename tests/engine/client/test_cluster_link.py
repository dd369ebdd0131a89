"""A target as the desktop speaks to it: nothing that takes long is in the way of anything else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from engine.client.answer import Ran
from engine.client.cluster import Cluster
from engine.client.cluster_link import ClusterLink
from engine.client.flow import open_file
from engine.runtime.once import ENDED
from tests.engine.client.test_cluster_steps import STEP
from tests.engine.runtime.disk import in_a_loop, until
from tests.engine.runtime.running import flow

pytestmark = pytest.mark.servers
STEPS = ("one", "two", "three", "four")


def test_what_runs_once_can_be_stopped_however_much_of_it_is_waited_for(lone_cluster: Cluster, tmp_path: Path) -> None:
    path = tmp_path / "busy.flow.yaml"
    ends = ", ".join(f"{step}.success" for step in STEPS)
    path.write_text(flow("".join(STEP.replace("work", step) for step in STEPS), "", f"auto_terminate: [{ends}]\n"))
    lone_cluster.deploy(open_file(path), name="busy")
    lone_cluster.stop("busy")

    @in_a_loop
    async def run_all() -> None:
        link = ClusterLink(lone_cluster.target)
        running = [asyncio.create_task(link.run_once("busy", [step])) for step in STEPS]
        await until(lambda: sum(slot.stage.startswith("once:") for slot in lone_cluster.situation().slots) == len(STEPS))
        await link.stop("busy")
        assert await asyncio.gather(*running) == [[Ran(step, 0, ENDED)] for step in STEPS]
        await link.close()

    run_all()
