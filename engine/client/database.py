"""The flow database as a whole: make it, bring it up to date, dump it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.database.dump import dump
from engine.database.migrate import current
from engine.database.session import open_database


def bring_up(url: str | None) -> tuple[str, str | None]:
    """Make tables that are missing, bring the others up to date; returns what messages call the database, and its version.

    Raises:
        UsageError: the URL is none.
        StorageError: the database cannot be reached, refuses, or was written by a newer PYFI.
    """
    database = open_database(url, create=True)
    try:
        return database.where, current(database)
    finally:
        database.close()


def dump_text(url: str | None, *, secrets: bool = False) -> Iterator[str]:
    """The database as JSON, in pieces."""
    database = open_database(url)
    try:
        yield from dump(database, secrets=secrets)
    finally:
        database.close()
