"""`pyfi node`: whether the nodes of a cluster take work."""

from __future__ import annotations

import click

from engine.cli.target_option import TARGET


@click.group()
def node() -> None:
    """Have a node of a cluster take work, or none; drop one that is gone. `pyfi ls nodes` lists them."""


@node.command()
@click.argument("name")
@TARGET
def enable(name: str, target: str) -> None:
    """Have the node NAME take work again."""
    from engine.client.cluster import open_cluster

    with open_cluster(target) as cluster:
        cluster.enable(name, enabled=True)


@node.command()
@click.argument("name")
@TARGET
def disable(name: str, target: str) -> None:
    """Have the node NAME take no more work; what it runs goes elsewhere."""
    from engine.client.cluster import open_cluster

    with open_cluster(target) as cluster:
        cluster.enable(name, enabled=False)


@node.command()
@click.argument("name")
@TARGET
def forget(name: str, target: str) -> None:
    """Drop the node NAME, which is no more."""
    from engine.client.cluster import open_cluster

    with open_cluster(target) as cluster:
        cluster.forget_node(name)
