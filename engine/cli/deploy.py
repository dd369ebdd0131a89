"""`pyfi deploy` and what becomes of deployments: start, stop, pause, resume, scale, undeploy."""

from __future__ import annotations

import click

from engine.cli.target_option import TARGET


@click.command()
@click.argument("flow")
@TARGET
@click.option("--name", default="", help="What it is called there; the flow's name if not given.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a parameter of the flow.")
@click.option("--fresh", is_flag=True, help="Discard what is queued there, state and positions.")
@click.option("--force", is_flag=True, help="Also when connections that would go hold messages.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--wait", is_flag=True, help="Wait until it has done all its work, and print the summary.")
@click.option("--timeout", default=0.0, type=click.FloatRange(0), metavar="SECONDS", help="Wait no longer; it goes on.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_context
def deploy(
    context: click.Context,
    *,
    flow: str,
    target: str,
    name: str,
    overrides: tuple[str, ...],
    fresh: bool,
    force: bool,
    dry_run: bool,
    wait: bool,
    timeout: float,
    as_json: bool,
) -> None:
    """Have FLOW, a file or a stored flow, run on a cluster; in the place of what runs there under its name.

    Of that only what changes is restarted, and nothing that is queued is lost.
    """
    from engine.cli import deploying
    from engine.cli.terminal import say
    from engine.client.cluster import open_cluster
    from engine.client.flow import open_flow
    from engine.model.parameters import parse_settings

    opened = open_flow(flow)
    values = parse_settings(overrides)
    with open_cluster(target) as cluster:
        comparison = cluster.compare(opened, name=name, overrides=values)
        for line in deploying.sentences(comparison):
            say(line)
        if dry_run:
            return
        wanted = cluster.deploy(opened, name=name, overrides=values, fresh=fresh, force=force)
        say(f"'{wanted.name}' runs on '{target}', revision {wanted.revision}")
        if wait:
            context.exit(deploying.wait(cluster, wanted.name, timeout, as_json=as_json))


@click.command()
@click.argument("name")
@TARGET
def undeploy(name: str, target: str) -> None:
    """Take the deployment NAME away from a cluster, with everything it holds there."""
    from engine.client.cluster import open_cluster

    with open_cluster(target) as cluster:
        cluster.undeploy(name)


@click.command()
@click.argument("name")
@click.argument("steps", nargs=-1, metavar="[STEP]...")
@TARGET
@click.option("--fresh", is_flag=True, help="Discard what is queued, state and positions.")
def start(name: str, steps: tuple[str, ...], target: str, fresh: bool) -> None:
    """Start the deployment NAME, or only STEPs of it that were stopped."""
    from engine.client.cluster import open_cluster
    from engine.client.cluster_steps import set_steps

    with open_cluster(target) as cluster:
        if steps:
            set_steps(cluster, name, steps, running=True)
        else:
            cluster.start(name, fresh=fresh)


@click.command()
@click.argument("name")
@click.argument("steps", nargs=-1, metavar="[STEP]...")
@TARGET
def stop(name: str, steps: tuple[str, ...], target: str) -> None:
    """Stop the deployment NAME, or only STEPs of it: what is under way is finished, everything else waits where it is."""
    from engine.client.cluster import open_cluster
    from engine.client.cluster_steps import set_steps

    with open_cluster(target) as cluster:
        if steps:
            set_steps(cluster, name, steps, running=False)
        else:
            cluster.stop(name)


@click.command()
@click.argument("name")
@TARGET
def pause(name: str, target: str) -> None:
    """Have the deployment NAME begin nothing more, with everything kept ready."""
    from engine.client.cluster import open_cluster

    with open_cluster(target) as cluster:
        cluster.pause(name)


@click.command()
@click.argument("name")
@TARGET
def resume(name: str, target: str) -> None:
    """Have the deployment NAME go on after a pause."""
    from engine.client.cluster import open_cluster

    with open_cluster(target) as cluster:
        cluster.resume(name)


@click.command()
@click.argument("name")
@click.argument("step")
@click.argument("workers", type=click.IntRange(0))
@TARGET
def scale(name: str, step: str, workers: int, target: str) -> None:
    """Have STEP of the deployment NAME run on so many WORKERS from now on."""
    from engine.client.cluster import open_cluster
    from engine.client.cluster_steps import scale as set_workers

    with open_cluster(target) as cluster:
        set_workers(cluster, name, step, workers)
