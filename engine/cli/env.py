"""`pyfi env`: the environments that code runs in."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from engine.client.environments import Kept, Progress, Recipe

_SHORT = 8
"""Digits of a name that are enough for people."""


@click.group()
def env() -> None:
    """Look after the environments that code runs in: what is in them, making them ahead, cleaning up."""


@env.command()
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def ls(as_json: bool) -> None:
    """List the environments, the one used last first."""
    import msgspec

    from engine.cli.terminal import print_json, print_tables, say, table
    from engine.client.environments import inventory

    found = inventory()
    if as_json:
        print_json(msgspec.to_builtins(found))
    elif found:
        columns = ("name", "state", "runtime", "packages", "size", "used")
        print_tables(table(columns, [_cells(each) for each in found], numbers=("size",)))
    else:
        say("there are no environments; they are made when a processor with `requirements` first runs")


def _cells(kept: Kept) -> tuple[str, ...]:
    runtime = f"{kept.runtime} {kept.python}".strip()
    used = "now" if kept.in_use else time.strftime("%Y-%m-%d %H:%M", time.localtime(kept.used_s))
    return kept.name[:_SHORT], kept.state, runtime, kept.shown, _size(kept.size_bytes), used


def _size(number: int) -> str:
    return f"{number / 1_000_000:,.1f} MB"


@env.command()
@click.argument("flow")
@click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON.")
@click.pass_context
def make(context: click.Context, flow: str, as_json: bool) -> None:
    """Make all environments that FLOW, a flow file or a stored flow, needs.

    Exit status: 0 when all are there, 1 when any cannot be made.
    """
    from engine.cli.terminal import print_json, say
    from engine.client.environments import make_all, wanted
    from engine.client.flow import open_flow

    recipes = wanted(open_flow(flow))
    with contextlib.ExitStack() as stack:
        failed = make_all(recipes, _Bars(stack))
    if as_json:
        print_json([{"name": each.name, **each.description(), "error": failed.get(each.name)} for each in recipes])
    else:
        for each in recipes:
            if each.name not in failed:
                print(f"{each.name[:_SHORT]} {each.shown()}")
        for reason in failed.values():
            say(reason)
        if not recipes:
            say("the flow needs no environment of its own")
    context.exit(1 if failed else 0)


class _Bars:
    """A bar for each environment on a terminal; elsewhere a line for each step."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        from rich.progress import Progress as Bars

        from engine.cli.terminal import console

        self._bars = stack.enter_context(Bars(console=console(sys.stderr), transient=True)) if sys.stderr.isatty() else None
        self._tasks: dict[str, int] = {}

    def __call__(self, recipe: Recipe, progress: Progress) -> None:
        from rich.progress import TaskID

        from engine.cli.terminal import say

        if self._bars is None:
            say(f"{recipe.name[:_SHORT]} {progress.done}/{progress.of}: {progress.text}")
            return
        if recipe.name not in self._tasks:
            self._tasks[recipe.name] = self._bars.add_task(recipe.shown(), total=progress.of)
        self._bars.update(TaskID(self._tasks[recipe.name]), completed=progress.done, description=progress.text)


@env.command()
@click.argument("name")
def log(name: str) -> None:
    """Print what uv or npm said while the environment NAME was made."""
    from engine.cli.terminal import print_text
    from engine.client.environments import find, log_of

    print_text(log_of(find(name).name))


@env.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
def rm(names: tuple[str, ...]) -> None:
    """Take environments away. Whoever needs one makes it anew."""
    from engine.client.environments import find, remove

    for each in [find(name) for name in names]:
        print(f"{each.name[:_SHORT]} {_size(remove(each.name))}")


@env.command()
@click.option("--unused-for", "days", metavar="DAYS", type=click.FloatRange(min=0), default=30.0, help="30; 0: all not in use.")
def clean(days: float) -> None:
    """Take away what failed, what was left half made, and what was not used for a while."""
    from engine.cli.terminal import count
    from engine.client.environments import clean as clean_up

    number, size = clean_up(days)
    print(f"{count(number, 'environment')} taken away, {_size(size)}")
