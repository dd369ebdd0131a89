"""`pyfi add` and `pyfi delete`: what of a kind is there to be changed from the shell."""

from __future__ import annotations

from pathlib import Path

import click

from engine.errors import UsageError
from engine.model.problem import did_you_mean

_KINDS = ("pattern", "patterns")


@click.command()
@click.argument("kind", metavar="KIND")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace the one that has its name.")
def add(kind: str, file: Path, replace: bool) -> None:
    """Add a thing of a KIND from a FILE: `add pattern retry.flow.yaml` puts a flow file into the pattern library."""
    _check(kind)
    from engine.cli.terminal import say
    from engine.client.pattern import add_pattern

    added = add_pattern(file, replace=replace)
    say(f"added pattern '{added.name}' as {added.path}")


@click.command()
@click.argument("kind", metavar="KIND")
@click.argument("name")
def delete(kind: str, name: str) -> None:
    """Delete one thing of a KIND by its NAME: `delete pattern "Retry with back-off"`."""
    _check(kind)
    from engine.cli.terminal import say
    from engine.client.pattern import delete_pattern, find_pattern

    pattern = find_pattern(name)
    delete_pattern(pattern)
    say(f"deleted pattern '{pattern.name}', which was {pattern.path}")


def _check(kind: str) -> None:
    if kind not in _KINDS:
        raise UsageError(
            f"nothing of the kind '{kind}' can be added or deleted{did_you_mean(kind, _KINDS) or '; only patterns'}"
        )
