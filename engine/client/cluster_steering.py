"""The orders of `engine.client.steering` to a flow on a cluster."""

# ruff: noqa: D102 - the protocol says what each method means

from __future__ import annotations

import contextlib
from collections.abc import Generator, Sequence

from engine.client import cluster_inside, cluster_steps
from engine.client.answer import Ran
from engine.client.cluster import Cluster, open_cluster
from engine.runtime.queues import find_deployment


class ClusterSteering:
    """To a deployment."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self._cluster = cluster
        self.name = name

    def run_once(self, steps: Sequence[str], *, messages: int | None = None, timeout_s: float = 60.0) -> list[Ran]:
        return cluster_steps.run_once(self._cluster, self.name, steps, messages=messages, timeout_s=timeout_s)

    def terminate(self, steps: Sequence[str]) -> None:
        cluster_steps.terminate(self._cluster, self.name, steps)

    def replay_last(self, step: str, messages: int) -> dict[str, int]:
        return cluster_steps.replay_last(self._cluster, self.name, step, messages)

    def release(self, connection: str, messages: int | None) -> int:
        return cluster_inside.release(self._cluster, self.name, connection, messages)


@contextlib.contextmanager
def open_cluster_steering(flow: str, target: str) -> Generator[ClusterSteering]:
    """Orders to a flow there, by its name or its file; "" means the only one there is.

    Raises:
        NotFound: it has no such flow.
    """
    with open_cluster(target) as cluster:
        yield ClusterSteering(cluster, cluster.ask(lambda ledger: find_deployment(ledger, flow)))
