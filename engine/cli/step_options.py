"""Options of commands that run one processor on given data."""

from __future__ import annotations

import click

data_option = click.option(
    "--data", multiple=True, metavar="JSON", help="A message's content; may be repeated. Without it, stdin is read."
)
input_option = click.option(
    "--input", "input_", metavar="PORT", help="The input that the data goes to; the first if not given."
)
limit_option = click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=10,
    metavar="N",
    show_default=True,
    help="Of a source, print this many messages; 0: all.",
)
