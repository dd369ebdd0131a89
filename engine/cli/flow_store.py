"""`pyfi import` and `export`: flows into the flow database and out of it."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("import")
@click.argument("flow", type=click.Path(path_type=Path))
@click.option("--name", help="Store it under this name instead of its own.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def import_(flow: Path, name: str | None, as_json: bool) -> None:
    """Store a flow file in the flow database.

    A stored flow of the same name becomes equal to the file; only what differs is changed, all of it or, on an error, nothing.
    A flow that cannot run yet is stored too, with a note of its problems.
    """
    from engine.cli.terminal import count, print_json, say
    from engine.client.flow import open_file, problems
    from engine.client.store import import_flow

    opened = open_file(flow)
    stored = import_flow(opened.flow, name)
    found = problems(opened)
    for problem in found:
        say(f"note: {problem}")
    if as_json:
        print_json(
            {"flow": stored.name, "revision": stored.revision, "changes": stored.changes, "new": stored.changes is None}
            | {"problems": len(found)}
        )
    elif stored.changes is None:
        steps, links = len(opened.flow.steps), len(opened.flow.connections)
        print(f"{stored.name}: stored with {count(steps, 'processor')} and {count(links, 'connection')}")
    elif stored.changes:
        print(f"{stored.name}: {count(stored.changes, 'part')} changed, now revision {stored.revision}")
    else:
        print(f"{stored.name}: nothing has changed, still revision {stored.revision}")


@click.command()
@click.argument("name")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON with the keys of a flow file, instead of YAML.")
def export(name: str, file: Path | None, as_json: bool) -> None:
    """Write a stored flow to a flow file, or print it.

    Importing the file gives the same flow, and exporting that the same bytes. A FILE that ends with .json is written as JSON.
    """
    from engine.cli.terminal import print_json, print_text, shown_path
    from engine.client.flow import flow_text, flow_tree, save
    from engine.client.store import export_flow

    flow = export_flow(name)
    if file is not None:
        save(flow, file)
        print(f"{flow.name}: written to {shown_path(file)}")
    elif as_json:
        print_json(flow_tree(flow))
    else:
        print_text(flow_text(flow))
