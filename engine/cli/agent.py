"""`pyfi agent`: this machine joins a cluster."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def agent() -> None:
    """Have this machine run parts of flows for a cluster."""


@agent.command()
@click.option("--target", required=True, metavar="NAME", help="The cluster to join.")
@click.option("--node", default="", metavar="NAME", help="What this machine is called there; its host name if not given.")
@click.option("--labels", default="", metavar="A,B", help="What processors may ask for by `requires`: gpu, for one.")
@click.option("--cpus", default=0, type=click.IntRange(0), help="How much it takes on, against others; its processors.")
@click.option("--slots", default=0, type=click.IntRange(0), help="How many workers it runs at the most; any number.")
@click.option("--dedicated", is_flag=True, help="Run only what asks for one of its labels.")
@click.option("--folder", type=click.Path(path_type=Path), metavar="DIR", help="Where files of flows are kept here.")
def start(target: str, node: str, labels: str, cpus: int, slots: int, dedicated: bool, folder: Path | None) -> None:
    """Join a cluster as a node, until Ctrl+C or SIGTERM; then what is under way is finished or given back.

    Secrets of flows are this machine's variables PYFI_SECRET_NAME. Every node has the label node:NAME.
    """
    import asyncio

    from engine.cli.terminal import say
    from engine.client.agent import introduction, run_agent
    from engine.client.targets import Targets

    asked = [label.strip() for label in labels.split(",") if label.strip()]
    me = introduction(node, asked, cpus=cpus, most=slots, dedicated=dedicated)
    asyncio.run(run_agent(Targets().find(target), me, folder=folder, say=say))
