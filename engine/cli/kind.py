"""`pyfi ls` and `pyfi show`: what there is, of every kind."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.target_option import AT_TARGET, at_target

_WORKSPACE = click.option(
    "--workspace", type=click.Path(path_type=Path), metavar="DIR", help="Where flows run; for queues and deployments."
)


@click.command()
@click.argument("kind", metavar="KIND")
@click.option("--flow", help="Only those of this flow: a flow file, or a stored flow's name.")
@_WORKSPACE
@AT_TARGET
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def ls(kind: str, flow: str | None, workspace: Path | None, as_json: bool) -> None:
    """List all things of a KIND.

    Kinds are flows (those in the flow database), processors, connections, types (built-in processors and your own code),
    patterns, queues, calls (of steps), deployments (also what has run on this machine), nodes, agents, workers, tasks, users
    and roles.
    """
    from engine.cli.terminal import cell, print_json, print_tables, say, table
    from engine.client.kind import Filter, kind_name, rows_of

    rows = rows_of(kind, Filter(flow, workspace, at_target()))
    if as_json:
        print_json(rows)
    elif rows:
        columns = [key for key in rows[0] if not key.endswith("_id")]
        numbers = [key for key in columns if type(rows[0][key]) in (int, float)]
        cells = [[cell(row[key]) for key in columns] for row in rows]
        print_tables(table(columns, cells, numbers=numbers))
    else:
        say(f"there are no {kind_name(kind)}")


@click.command()
@click.argument("kind", metavar="KIND")
@click.argument("name")
@click.option("--flow", help="Of this flow: a flow file, or a stored flow's name.")
@_WORKSPACE
@AT_TARGET
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def show(kind: str, name: str, flow: str | None, workspace: Path | None, as_json: bool) -> None:
    """Show one thing of a KIND by its NAME: `show type route`, `show flow triage`, `show processor triage.parse`."""
    from engine.cli import showing
    from engine.client.kind import Filter, kind_name

    plural = kind_name(kind)
    which = Filter(flow, workspace, at_target())
    if plural == "types":
        showing.show_type(name, as_json=as_json)
    elif plural == "flows":
        showing.show_flow(name, as_json=as_json)
    elif plural == "processors":
        showing.show_processor(name, which, as_json=as_json)
    elif plural == "calls":
        from engine.cli.calls import print_call
        from engine.targets import LOCAL

        print_call(name, which.target or LOCAL, workspace, as_json=as_json)
    else:
        showing.show_row(plural, name, which, as_json=as_json)
