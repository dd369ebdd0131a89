"""Orders to single steps on a cluster whose nodes do not answer."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from engine.client import cluster_steps
from engine.client.answer import Ran
from engine.client.cluster import Cluster
from engine.client.flow import open_file
from engine.client.version import version
from engine.database.session import open_database
from engine.stores.slots import Me, SlotStore
from tests.engine.runtime.running import flow

pytestmark = pytest.mark.servers
STEP = """
- id: work
  type: python
  inputs: []
  code: "def work(): yield 1"
"""


def test_what_runs_once_on_a_node_that_is_lost_for_good_is_waited_for_no_longer(
    lone_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = [0.0]
    monkeypatch.setattr(cluster_steps, "time", SimpleNamespace(monotonic=lambda: now_s[0], sleep=time.sleep))
    path = tmp_path / "lost.flow.yaml"
    path.write_text(flow(STEP, "", "auto_terminate: [work.success]\n"))
    database = open_database(lone_cluster.target.database)
    store, me = SlotStore(database), Me("a", "a", "host", "Linux", 1, version(), 2, 10**9)
    id = lone_cluster.deploy(open_file(path), name="lost").id
    lone_cluster.stop("lost")
    store.join(me)
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(cluster_steps.run_once, lone_cluster, "lost", ["work"])
        while lone_cluster.store.once(id, "work") is None:
            assert not asking.done()
        assert store.take(me, {(id, "once:work", 0): "a/1"})
        with database.write() as transaction:
            transaction.execute(text("UPDATE slots SET until = clock_timestamp()"))
        now_s[0] = 1000.0
        assert asking.result(60) == [Ran("work", 0, "the node that ran it is gone; what it was at waits as before")]
    assert lone_cluster.store.once(id, "work") is None
    database.close()
