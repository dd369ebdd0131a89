"""`pyfi state`: what processors keep from task to task."""

from __future__ import annotations

import json
from pathlib import Path

import click

from engine.cli.steer import JSON, WORKSPACE
from engine.cli.target_option import AT_TARGET, at_target

_WIDTH = 120


@click.group()
def state() -> None:
    """Look into what processors keep (`ctx.state`), and have them forget it."""


@state.command()
@click.argument("flow")
@click.argument("step")
@click.option("--limit", default=100, type=click.IntRange(1, 10_000), metavar="N", help="How many rows; 100 if not given.")
@WORKSPACE
@AT_TARGET
@JSON
def show(*, flow: str, step: str, limit: int, workspace: Path | None, as_json: bool) -> None:
    """Show what STEP of FLOW keeps: keys and values."""
    from engine.cli.terminal import count, print_json, print_tables, table
    from engine.client.queues import open_queues

    with open_queues(workspace, target=at_target()) as queues:
        found = queues.state(flow, step, limit=limit)
    if as_json:
        import msgspec

        print_json(msgspec.to_builtins(found))
        return
    if found.made is not None:
        print(f"{step}: {count(found.made, 'message')} made{', and through' if found.is_through else ''}")
    if not found.rows:
        print(f"{step}: keeps nothing")
        return
    rows = [(row.key, row.type, _line(json.dumps(row.value, ensure_ascii=False))) for row in found.rows]
    print_tables(table(("key", "type", "value"), rows))
    if found.more:
        print(f"more: only the first {limit} rows are shown; --limit shows more")


@state.command()
@click.argument("flow")
@click.argument("step")
@WORKSPACE
@AT_TARGET
@JSON
def clear(*, flow: str, step: str, workspace: Path | None, as_json: bool) -> None:
    """Have STEP of FLOW, which must be stopped, forget all that it keeps.

    A source forgets where it was, too: it begins anew.
    """
    from engine.cli.terminal import count, print_json
    from engine.client.queues import open_queues

    with open_queues(workspace, write=True, target=at_target()) as queues:
        rows = queues.clear_state(flow, step)
    if as_json:
        print_json({"step": step, "rows": rows})
    else:
        print(f"{step}: {count(rows, 'row')} forgotten")


def _line(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"
