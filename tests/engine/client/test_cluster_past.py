"""What deployments on a cluster did, as somebody sees it who looks now and then."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.client import cluster_past
from engine.client.answer import HistoryPart
from engine.client.cluster import Cluster
from engine.client.cluster_past import ClusterPast
from engine.client.flow import open_file
from engine.cluster import chronicler
from engine.ledger.base import Commit, Counter, Ledger
from tests.engine.client.test_cluster_steps import STEP
from tests.engine.runtime.running import flow

pytestmark = pytest.mark.servers


def _work(ledger: Ledger, messages: int) -> None:
    """The step takes so many messages."""
    found = ledger.registration("seen")
    assert found is not None
    known = found[0]
    commit = Commit(known.deployment, known.plan, counters={known.steps["work"]: Counter(messages, 0, 1, 0, {})})
    ledger.exchange([commit], [])


def test_what_was_done_while_nobody_looked_is_not_shown_as_done_in_one_second(
    lone_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed_s = [0.0]
    clock = SimpleNamespace(monotonic=lambda: passed_s[0], time=lambda: 1_800_000_000.0 + passed_s[0])
    for module in (cluster_past, chronicler):
        monkeypatch.setattr(module, "time", clock)
    path = tmp_path / "seen.flow.yaml"
    path.write_text(flow(STEP, "", "auto_terminate: [work.success]\n"))
    lone_cluster.deploy(open_file(path), name="seen")
    past, parts = ClusterPast(), [HistoryPart(processor="work")]

    def look(later_s: float) -> float:
        passed_s[0] += later_s
        (found,) = past.histories(lone_cluster, "seen", parts, None)
        return sum(row[found.columns.index("in")] for row in found.rows)

    assert look(0.0) == 0
    lone_cluster.ask(lambda ledger: _work(ledger, 3))
    assert look(1.0) == 3
    lone_cluster.ask(lambda ledger: _work(ledger, 1000))
    assert look(60.0) == 0
    lone_cluster.ask(lambda ledger: _work(ledger, 4))
    assert look(1.0) == 4
