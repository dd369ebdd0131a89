"""What `pyfi ls` lists of a cluster: its deployments, nodes, agents, workers, tasks and queues."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.client.cluster import Cluster, Situation, open_cluster
from engine.client.queues import open_queues
from engine.errors import UsageError
from engine.model.problem import shown

Row = dict[str, Any]


def rows(kind: str, target: str, flow: str | None) -> list[Row]:
    """Every thing of a kind on a cluster, or of one deployment there.

    Raises:
        UsageError: a cluster has no such things of its own.
    """
    if kind == "queues":
        with open_queues(target=target) as queues:
            return [
                {"flow": each.flow, "id": each.key, "kind": each.kind, "messages": each.messages, "bytes": each.bytes}
                for each in queues.list(flow or "")
            ]
    listing = _KINDS.get(kind)
    if listing is None:
        raise UsageError(
            f"{kind} are not things of a cluster; it has {', '.join([*_KINDS, 'queues', 'calls'])}: "
            f"leave {shown('--target')} out"
        )
    with open_cluster(target) as cluster:
        return list(listing(cluster, cluster.situation()))


def _deployments(cluster: Cluster, situation: Situation) -> Iterator[Row]:
    for each in situation.deployments:
        mine = [slot for slot in situation.slots if slot.deployment_id == each.id]
        held = [slot for slot in mine if slot.is_held]
        trouble = next((slot.trouble for slot in mine if slot.trouble), "")
        yield {
            "name": each.name,
            "target": cluster.target.name,
            "state": "ended" if each.ended else "broken" if trouble and each.desired == "running" else each.desired,
            "flow": each.flow_name,
            "revision": each.revision,
            "workers": f"{len(held)}/{len(mine)}",
            "nodes": " ".join(sorted({slot.agent for slot in held if slot.agent})),
            "updated": each.updated_at.isoformat(timespec="seconds"),
            "by": each.author,
            "trouble": trouble,
        }


def _nodes(_: Cluster, situation: Situation) -> Iterator[Row]:
    for agent in situation.agents:
        held = sum(slot.is_held and slot.agent == agent.name for slot in situation.slots)
        yield {
            "name": agent.node,
            "state": "gone" if not agent.is_alive else "taking work" if agent.enabled else "disabled",
            "slots": held,
            "cpus": agent.cpus,
            "memory_gb": round(agent.memory_bytes / 1e9, 1),
            "labels": " ".join(agent.labels),
            "version": agent.version,
            "system": agent.system,
            "seen": agent.seen_at.isoformat(timespec="seconds"),
        }


def _agents(_: Cluster, situation: Situation) -> Iterator[Row]:
    for agent in situation.agents:
        yield {
            "name": agent.name,
            "node": agent.node,
            "state": agent.state if agent.is_alive else "gone",
            "pid": agent.pid,
            "version": agent.version,
            "started": agent.started_at.isoformat(timespec="seconds"),
            "seen": agent.seen_at.isoformat(timespec="seconds"),
        }


def _workers(_: Cluster, situation: Situation) -> Iterator[Row]:
    names = {each.id: each.name for each in situation.deployments}
    for slot in situation.slots:
        if slot.is_held:
            yield {
                "name": slot.worker,
                "deployment": names.get(slot.deployment_id, ""),
                "stage": slot.stage or "(keeper)",
                "number": slot.number,
                "node": slot.agent,
                "state": slot.state,
                "busy": slot.busy,
                "trouble": slot.trouble,
            }


def _tasks(_: Cluster, situation: Situation) -> Iterator[Row]:
    """Those under way, by worker: what is done is counted, not listed."""
    for row in _workers(_, situation):
        for number in range(row["busy"]):
            yield {"id": f"{row['name']}#{number}", "deployment": row["deployment"], "stage": row["stage"], "node": row["node"]}


_KINDS: Mapping[str, Callable[[Cluster, Situation], Iterator[Row]]] = {
    "deployments": _deployments,
    "nodes": _nodes,
    "agents": _agents,
    "workers": _workers,
    "tasks": _tasks,
}
