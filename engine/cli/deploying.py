"""What deploying says, and how it is waited for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from engine.model.problem import listed

if TYPE_CHECKING:
    from engine.client.cluster import Cluster, Comparison


def sentences(comparison: Comparison) -> Iterator[str]:
    """What deploying would change, a sentence each."""
    if comparison.is_new:
        yield f"'{comparison.name}' is new there: {_many(len(comparison.begun), 'stage')} begin"
        return
    if not comparison.changes and not (comparison.begun or comparison.restarted or comparison.gone):
        yield f"nothing of '{comparison.name}' changes"
        return
    parts = [each.id for each in comparison.changes]
    yield f"{_many(len(parts), 'part')} of '{comparison.name}' change: {listed(parts)}"
    for what, stages in (("begin", comparison.begun), ("restart", comparison.restarted), ("end", comparison.gone)):
        if stages:
            yield f"stages that {what}: {listed(stages)}"
    if comparison.kept:
        yield f"{_many(len(comparison.kept), 'stage')} go on untouched"
    for key, messages in comparison.held.items():
        yield f"'{key}' would go, and holds {messages:,} messages"


def run_there(flow: str, target: str, settings: Sequence[str], timeout_s: float, *, fresh: bool, as_json: bool) -> int:
    """Run a flow on a cluster to its end: go on with what is deployed of it, if that has not ended; the exit status."""
    from engine.cli.terminal import say
    from engine.client.cluster import open_cluster
    from engine.client.flow import open_flow
    from engine.model.parameters import parse_settings

    opened = open_flow(flow)
    with open_cluster(target) as cluster:
        wanted = cluster.deploy(opened, overrides=parse_settings(settings), fresh=fresh)
        try:
            return wait(cluster, wanted.name, timeout_s, as_json=as_json)
        except KeyboardInterrupt:
            cluster.stop(wanted.name)
            say(f"'{wanted.name}' is stopped; `pyfi start {wanted.name} --target {target}` goes on with it")
            return 130


def wait(cluster: Cluster, name: str, timeout_s: float, *, as_json: bool) -> int:
    """Wait for a deployment's end and print its summary; the exit status."""
    from engine.cli.run_summary import print_counts
    from engine.cli.terminal import print_json, say

    try:
        summary, state = cluster.wait(name, timeout_s)
    except TimeoutError as error:
        say(f"{error}; it goes on, `pyfi show deployment {name}` tells how it does")
        summary, state = cluster.summary(name), "running"
    if as_json:
        print_json(summary)
    else:
        print_counts(summary)
    if state == "broken":
        say(str(cluster.standing(name).trouble))
    return 0 if state == "ended" and not summary["dead_letters"] else 1


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
