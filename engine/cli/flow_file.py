"""`pyfi validate`, `layout`, `diff`: what can be done with flow files without running them."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("flows", metavar="FLOW...", nargs=-1, required=True, type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.pass_context
def validate(context: click.Context, flows: tuple[Path, ...], as_json: bool) -> None:
    """Say everything that keeps flow files from running, and run nothing.

    Exit status: 0 when all of them can run, 2 when any cannot.
    """
    from engine.cli.terminal import print_json, say
    from engine.client.flow import check_file

    checked = {path: check_file(path) for path in flows}
    if as_json:
        listed = [
            {
                "path": str(path),
                "flow": name,
                "valid": not problems,
                "problems": [{"part": each.part, "key": each.key, "reason": each.reason} for each in problems],
            }
            for path, (name, problems) in checked.items()
        ]
        print_json({"valid": not any(problems for _, problems in checked.values()), "flows": listed})
    else:
        for path, (name, problems) in checked.items():
            if not problems:
                print(f"{path}: '{name}' is valid")
            for problem in problems:
                say(str(problem))
    context.exit(2 if any(problems for _, problems in checked.values()) else 0)


@click.command()
@click.argument("flow", type=_FILE)
@click.option("--write", is_flag=True, help="Write the positions into the file.")
@click.option("--json", "as_json", is_flag=True, help="Print the positions as JSON.")
def layout(flow: Path, write: bool, as_json: bool) -> None:
    """Place all processors of a flow file from left to right, and print where.

    Without --write the file stays as it is. With it, only the `layout` section changes; where that is not possible (in JSON,
    and with subflows) the file is written anew, which drops comments.
    """
    from engine.cli.terminal import count, print_json, print_tables, say, table
    from engine.client.flow import laid_out, open_file, save_layout

    if write:
        placed, kept = save_layout(flow)
        if not kept:
            say(f"{flow} was written anew; its comments are gone")
    else:
        placed = laid_out(open_file(flow).flow)
    positions = {key: step.position for key, step in placed.steps.items() if step.position is not None}
    if as_json:
        print_json(positions)
    elif write:
        print(f"{flow}: {count(len(positions), 'processor')} placed")
    else:
        rows = [(key, f"{x:g}", f"{y:g}") for key, (x, y) in positions.items()]
        print_tables(table(("processor", "x", "y"), rows, numbers=("x", "y")))


@click.command()
@click.argument("before")
@click.argument("after")
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
@click.option("--ignore-layout", is_flag=True, help="Leave out what only moved.")
@click.pass_context
def diff(context: click.Context, before: str, after: str, as_json: bool, ignore_layout: bool) -> None:
    """Say how two flows differ, each a flow file or the name of a stored flow.

    Exit status: 0 when they are the same, 1 when they differ, as of diff(1).
    """
    from engine.cli.difference import print_difference
    from engine.client.flow import differences, open_flow

    changes = differences(open_flow(before).flow, open_flow(after).flow)
    context.exit(1 if print_difference(changes, as_json=as_json, ignore_layout=ignore_layout) else 0)
