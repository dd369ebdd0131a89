"""`pyfi db`: the flow database as a whole."""

from __future__ import annotations

import sys

import click

_URL = click.option(
    "--url", metavar="URL", help="Another database than that of PYFI_DATABASE_URL, the settings, or the user's data folder."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")


@click.group()
def db() -> None:
    """Set up, migrate and dump the flow database.

    It is a SQLite file in the user's data folder, which needs no set-up, unless PYFI_DATABASE_URL or the settings name another,
    such as postgresql://USER:PASSWORD@HOST/NAME.
    """


@db.command()
@_URL
@_JSON
def init(url: str | None, as_json: bool) -> None:
    """Make the tables of an empty database; harmless where they are there already."""
    _bring_up(url, as_json=as_json)


@db.command()
@_URL
@_JSON
def migrate(url: str | None, as_json: bool) -> None:
    """Bring the tables of an older PYFI up to date, in one transaction."""
    _bring_up(url, as_json=as_json)


@db.command("json")
@_URL
@click.option("--secrets", is_flag=True, help="Also the hashes of passwords, for a backup.")
def json_(url: str | None, secrets: bool) -> None:
    """Print the whole database as one JSON object, as it was at one moment."""
    from engine.client.database import dump_text

    for piece in dump_text(url, secrets=secrets):
        sys.stdout.write(piece)


def _bring_up(url: str | None, *, as_json: bool) -> None:
    from engine.cli.terminal import print_json
    from engine.client.database import bring_up

    where, version = bring_up(url)
    if as_json:
        print_json({"database": where, "version": version})
    else:
        print(f"{where} is ready, its tables at version {version}")
