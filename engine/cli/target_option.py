"""The options by which commands name a cluster."""

from __future__ import annotations

import click

_KEY = "pyfi.target"

TARGET = click.option("--target", required=True, metavar="NAME", help="The cluster; `pyfi target ls` lists those you know.")


def _keep(context: click.Context, _: click.Parameter, value: str) -> None:
    context.meta[_KEY] = value


AT_TARGET = click.option(
    "--target",
    default="",
    metavar="NAME",
    expose_value=False,
    callback=_keep,
    help="On this cluster, instead of on this machine.",
)
"""For commands that also work on this machine; `at_target` says what was given."""


def at_target() -> str:
    """The cluster that the running command was given; empty: this machine."""
    return click.get_current_context().meta.get(_KEY, "")
